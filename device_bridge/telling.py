"""Telling the server what the journal holds, once, in place of a bridge that runs."""

from __future__ import annotations

import asyncio
import ssl

from device_bridge.home import Home
from device_bridge.journal import Journal
from device_bridge.link import Link, NoLink, opened
from device_bridge.wire.messages import Answer, Command, Jobs, Received

TELL_SECONDS = 20.0


async def tell(
    home: Home, journal: Journal, *, seconds: float = TELL_SECONDS, context: ssl.SSLContext | None = None
) -> int:
    """Tell everything that the server does not know yet, and take its word on the jobs. Returns how much was
    told. Raises NoLink, NotOurServer, TurnedAway and NotPaired; what was told before then is told.
    """
    async with opened(home.pairing(), home.key(), context=context) as link:
        for key in link.keys:
            home.trust(key)
        untold = journal.untold()
        try:
            async with asyncio.timeout(seconds):
                for message in untold:
                    await link.send(message)
                await _taken(link, journal)
        except TimeoutError as error:
            raise NoLink("not received in time") from error
        return len(untold)


async def _taken(link: Link, journal: Journal) -> None:
    """Wait until the server has all of it."""
    jobs = False
    while journal.untold() or not jobs:
        match await link.receive():
            case Received() as received:
                journal.received(received)
            case Jobs(jobs=orders):
                journal.hold(orders)
                jobs = True
            case Command(command=command):
                await link.send(Answer(command=command, result={}, reason="busy"))
            case _:
                raise NoLink("an unexpected message")
