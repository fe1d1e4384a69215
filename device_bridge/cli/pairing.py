"""`pair`: the laptop gets a key, and a technician who answers for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from device_bridge import link
from device_bridge.cli.common import STOPS, JsonLinesOption, fail, sentences, show, show_json_line, words
from device_bridge.home import Home, NotPaired, Pairing
from device_bridge.journal import Journal, results_of
from device_bridge.link import TurnedAway
from device_bridge.loaders.registry import loader_named
from device_bridge.log import BridgeLog, logging_to
from device_bridge.wire.address import address
from device_bridge.wire.pairing import PairingCode, fingerprint_of, grouped, read_code


def pair(
    gateway: Annotated[str, typer.Argument(help="The service's address: the chat says it.")],
    code: Annotated[str, typer.Argument(help="The pairing code: the chat says it.")],
    again: Annotated[bool, typer.Option("--again", help="In place of the pairing that there is.")] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="With --again: give up the results that were not told yet.")
    ] = False,
    loader: Annotated[str, typer.Option("--loader", help="The way to load SCP files.")] = "",
    as_json: JsonLinesOption = False,
) -> None:
    """Pair this laptop with the service. The code comes from the chat: /portatili."""
    read = _read(gateway, code)
    with sentences():
        if loader:
            loader_named(loader)
        home = Home.usual()
        with home.at_work(), logging_to(home.logs, "pair", expected=STOPS) as log:
            before = _before(home, again=again, anyway=anyway)
            kept = loader or (before.loader if before is not None else "")
            _pair(home, gateway, read, kept, log, as_json=as_json)


def _read(gateway: str, code: str) -> PairingCode:
    """The code. An address or a code that is none is said, and ends the program."""
    say = words()
    with sentences():
        try:
            address(gateway)
        except ValueError:
            fail(say("pair.address", gateway=gateway))
    try:
        return read_code(code)
    except ValueError:
        fail(say("pair.malformed"))


def _before(home: Home, *, again: bool, anyway: bool) -> Pairing | None:
    """The pairing from before. It is kept where nobody wants another, and where it has something to tell."""
    say = words()
    try:
        before = home.pairing()
    except NotPaired:
        return None
    if not again:
        fail(say("pair.already", person=before.person, gateway=before.gateway))
    untold = len(results_of(Journal(home.journal)))
    if untold and not anyway:
        fail(say("pair.untold", number=untold))
    return before


def _pair(home: Home, gateway: str, code: PairingCode, loader: str, log: BridgeLog, *, as_json: bool) -> None:
    say, key = words(), Ed25519PrivateKey.generate()
    host = link.about().host
    fingerprint = grouped(fingerprint_of(key.public_key().public_bytes_raw()))

    def waiting() -> None:
        log.heard("pairing_asked", {})
        if as_json:
            show_json_line({"event": "waiting", "host": host, "fingerprint": fingerprint})
        else:
            show(say("pair.waiting", host=host, fingerprint=fingerprint))

    try:
        pairing, welcome = asyncio.run(link.pair(gateway, code, key, waiting=waiting))
    except TurnedAway as away:
        log.heard("not_paired", {"reason": away.reason})
        raise
    except KeyboardInterrupt:
        fail(say("pair.given_up"))
    if loader:
        pairing = replace(pairing, loader=loader)
    home.forget()
    home.pair(pairing, key)
    log.heard("paired", {})
    if as_json:
        show_json_line({"event": "paired", "person": welcome.person, "gateway": pairing.gateway})
    else:
        show(say("pair.done", person=welcome.person))
