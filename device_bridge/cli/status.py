"""`status`: whom the laptop is paired with, whether the service can be reached, what waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from device_bridge.cli.common import JsonOption, sentences, show, show_json, why_stopped, words
from device_bridge.home import AtWork, Home, NotPaired, Pairing
from device_bridge.journal import JobState, Journal, results_of
from device_bridge.link import NoLink, NotOurServer, TurnedAway, greet, opened
from device_bridge.wire.pairing import fingerprint_of, grouped

OfflineOption = Annotated[bool, typer.Option("--offline", help="Do not connect to the service.")]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a connection showed. `error` is None where all is well; `clock` the server's (seconds since the
    Unix epoch), None where it did not say.
    """

    error: NoLink | NotOurServer | TurnedAway | None = None
    clock: int | None = None


def status(offline: OfflineOption = False, as_json: JsonOption = False) -> None:
    """Say whom this laptop is paired with, what it holds, and whether the service can be reached."""
    with sentences():
        home = Home.usual()
        said = status_json(home)
        if not said["paired"]:
            show_json(said) if as_json else show(words()("status.not_paired", folder=said["folder"]))
            return
        reached = None if offline else reach(home, alone=not said["at_work"])
    if as_json:
        show_json({**said, **_reached_json(reached)})
    else:
        _show(said, reached)


def status_json(home: Home) -> dict[str, Any]:
    """The state of the laptop as JSON, without a network. Raises OSError or sqlite3.Error."""
    try:
        pairing, key = home.pairing(), home.key()
    except NotPaired:
        return {"paired": False, "folder": str(home.folder)}
    journal = Journal(home.journal)
    states = Counter(job.state for job in journal.jobs())
    return {
        "paired": True,
        "folder": str(home.folder),
        "gateway": pairing.gateway,
        "person": pairing.person,
        "key": grouped(fingerprint_of(key.public_key.public_bytes_raw())),
        "loader": pairing.loader,
        "at_work": is_at_work(home),
        "jobs": {state.value: states[state] for state in JobState},
        "untold": len(results_of(journal)),
    }


def is_at_work(home: Home) -> bool:
    """True if another process of this laptop works. Raises OSError or sqlite3.Error."""
    try:
        with home.at_work():
            return False
    except AtWork:
        return True


def reach(home: Home, *, alone: bool) -> Reached:
    """Connect to the gateway, and hang up. Where another process of this laptop is connected (not `alone`),
    say no name, so that it stays so. Raises NotPaired.
    """

    async def connect(pairing: Pairing) -> int | None:
        if not alone:
            await greet(pairing)
            return None
        async with opened(pairing, home.key()) as link:
            for key in link.keys:
                home.trust(key)
            return link.welcome.now

    try:
        return Reached(clock=asyncio.run(connect(home.pairing())))
    except (NoLink, NotOurServer, TurnedAway) as error:
        return Reached(error)


def _reached_json(reached: Reached | None) -> dict[str, Any]:
    if reached is None:
        return {"reachable": None, "why": ""}
    match reached.error:
        case None:
            return {"reachable": True, "why": ""}
        case NoLink(word=word):
            return {"reachable": False, "why": word}
        case TurnedAway(reason=reason):
            return {"reachable": True, "why": reason}
        case _:
            return {"reachable": False, "why": "other"}


def _show(said: dict[str, Any], reached: Reached | None) -> None:
    say, jobs = words(), said["jobs"]
    lines = [
        say("status.paired", person=said["person"], gateway=said["gateway"]),
        say("status.key", fingerprint=said["key"]),
    ]
    if reached is not None:
        lines.append(say("status.reached") if reached.error is None else why_stopped(reached.error, say))
    if said["at_work"]:
        lines.append(say("status.at_work"))
    lines += [
        say("status.jobs", open=jobs["waiting"] + jobs["failed"], running=jobs["running"], done=jobs["done"]),
        say("status.untold", number=said["untold"]),
        say("status.loader", loader=said["loader"]),
        say("status.folder", folder=said["folder"]),
    ]
    for line in lines:
        show(line)
