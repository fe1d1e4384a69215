"""What every command shares: the consoles, the options, sentences for what stops a command."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from device_bridge.home import AtWork, Home, NotPaired
from device_bridge.link import NoLink, NotOurServer, TurnedAway
from device_bridge.loaders.registry import NoSuchLoader, names
from device_bridge.reasons import Reason
from device_bridge.texts import MissingTextError, Texts, spoken, texts
from device_bridge.wire.address import Unencrypted

console = Console()
errors = Console(stderr=True)

STOPS = (
    AtWork,
    NoLink,
    NoSuchLoader,
    NotOurServer,
    NotPaired,
    OSError,
    TurnedAway,
    Unencrypted,
    sqlite3.Error,
    typer.Exit,
)
"""What a command may end with; anything else is a defect."""
MOST_CLOCK_DIFFERENCE = 120
"""Seconds between the laptop's clock and the server's before it is said."""

PortArgument = Annotated[str, typer.Argument(help="The serial port; none: the only one that there is.")]
PortsOption = Annotated[
    list[str] | None, typer.Option("--port", help="A serial port, several times for several; none: all.")
]
LoaderOption = Annotated[
    str, typer.Option("--loader", help="The way to load SCP files; none: that of the pairing.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for other programs.")]
JsonLinesOption = Annotated[bool, typer.Option("--json", help="Write one JSON object a line.")]


def words() -> Texts:
    """The texts in the language of this machine's user."""
    return texts(spoken())


def show(line: str) -> None:
    """Write a line as it is."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def show_json(what: object) -> None:
    """Write JSON, to be read by people too."""
    console.print_json(json.dumps(what))


def show_json_line(what: object) -> None:
    """Write JSON on one line, at once."""
    typer.echo(json.dumps(what))


def warn(message: str) -> None:
    """Write a warning, apart from what is asked for."""
    errors.print(message, style="yellow", highlight=False, markup=False, soft_wrap=True)


def fail(message: str) -> NoReturn:
    """Say what is wrong, and end the program with 1."""
    errors.print(message, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(1)


@contextmanager
def sentences() -> Iterator[None]:
    """What stops a command is said in a sentence, with what to do, and ends the program with 1."""
    try:
        yield
    except STOPS as error:
        if isinstance(error, typer.Exit):
            raise
        fail(why_stopped(error, words()))


def why_stopped(error: Exception, say: Texts) -> str:
    """The sentence for one of STOPS."""
    match error:
        case NotPaired():
            return say("home.not_paired")
        case AtWork():
            return say("home.at_work")
        case TurnedAway(reason=reason):
            return say(f"away.{reason}")
        case NotOurServer():
            return say("server.other")
        case NoLink(word=word):
            return say(f"nolink.{word}")
        case Unencrypted():
            return say("server.unencrypted")
        case NoSuchLoader():
            return say("loader.unknown", name=str(error), names=", ".join(names()))
        case _:
            return say("home.unusable", folder=str(Home.usual().folder), error=str(error))


def why(reason: Reason, say: Texts) -> str:
    """The sentence for a reason: what went wrong, and what to do about it."""
    return say(reason.word, **reason.values)


def link_of(said: str, say: Texts) -> str:
    """Whether a meter is reached, from what a report says: "ok", or why not."""
    if said == "ok":
        return say("link.ok")
    try:
        return say(f"nack.{said}")
    except MissingTextError:
        return say("nack.unknown", code=said.removeprefix("code "))


def local(seconds: int) -> str:
    """A time of the server's (seconds since the Unix epoch) on this machine's clock on the wall."""
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%d/%m/%Y %H:%M}"


def minutes_apart(server_clock: int) -> int:
    """By how many minutes the laptop's clock differs from the server's, where that is too much; else 0."""
    apart = abs(int(datetime.now(UTC).timestamp()) - server_clock)
    return apart // 60 if apart > MOST_CLOCK_DIFFERENCE else 0
