"""Turns that need nothing but the database, worked in the very transaction that stores their updates.

Nothing is acknowledged before that transaction is on disk, so no such turn can be lost or made twice. What
raises, would have to wait, is part of an album, or comes into a lane that has something else to do is stored
as it came; the worker works it, with its tries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from backend.core.clock import Clock
from backend.core.db.database import Database, MustWait, finish
from backend.core.db.engines import concerns_everybody, undo_to, waited_in_vain
from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.signals import notify
from backend.core.db.statements import plain
from backend.core.db.together import settle
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Arrived, Incoming
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Post
from bot.core.sending.sender import Beginning, Sender
from bot.core.turns.turn import Decided, Nothing, Turns

log = structlog.get_logger(__name__)


class TurnFailed(Exception):
    """A turn failed after it had written: the transaction is undone, and made again with more care."""


@dataclass
class Stored:
    """What a transaction has stored: whether each update was new, the turns that it has worked (by the
    updates' correlations), and the posts whose first sends have begun in it.
    """

    fresh: Sequence[bool]
    done: dict[str, Decided | Nothing] = field(default_factory=dict)
    begun: list[Post] = field(default_factory=list)


class TurnsAtOnce:
    """Stores updates and works their turns, in one transaction. `sender` begins the first sends of their
    answers in it where it is the elected one.
    """

    def __init__(self, database: Database, clock: Clock, turns: Turns, sender: Sender) -> None:
        self._database = database
        self._clock = clock
        self._turns = turns
        self._sender = sender
        self._storing: set[asyncio.Task[Stored]] = set()

    async def store(self, rows: Sequence[Incoming], check: Callable[[Connection], None]) -> Stored:
        """Store updates in this order, work what can be worked, and begin to send the answers. Returns once
        all is on disk. `check` runs first in the transaction.

        Raises DatabaseUnavailable, and what `check` raises.
        """
        # Whoever stops waiting leaves the transaction under way: what its end decides must still be done.
        storing = asyncio.create_task(self._write(rows, check), name="store")
        self._storing.add(storing)
        storing.add_done_callback(self._ended)
        return await asyncio.shield(storing)

    def _ended(self, storing: asyncio.Task[Stored]) -> None:
        self._storing.discard(storing)
        if not storing.cancelled():
            storing.exception()  # heard, also where nobody waits for it any more

    async def _write(self, rows: Sequence[Incoming], check: Callable[[Connection], None]) -> Stored:
        with self._sender.beginning() as beginning:

            def work(connection: Connection, carefully: bool) -> Stored:
                check(connection)
                self._sender.look(connection, beginning)
                return self._store(connection, rows, beginning, carefully=carefully)

            def then(stored: Stored) -> None:
                self._sender.start(stored.begun, beginning)

            try:
                try:
                    return await self._database.write(partial(work, carefully=False), then=then)
                except TurnFailed:
                    return await self._database.write(partial(work, carefully=True), then=then)
            except DatabaseUnavailable:
                self._sender.take_back(beginning)
                raise

    def _store(
        self,
        connection: Connection,
        rows: Sequence[Incoming],
        beginning: Beginning,
        *,
        carefully: bool,
    ) -> Stored:
        """`carefully`: each turn is in a savepoint of its own, so that one that fails is undone alone. Else
        raises TurnFailed there.
        """
        arrived = inbox.arrive(connection, rows)
        stored, left, first_sends = Stored(arrived.fresh), list[Incoming](), dict[int, int]()
        # They are numbered before what their turns put into the lanes behind them.
        tried = _that_may_be_worked(arrived)
        at = self._clock.now()  # once the lanes are locked: what ended in them before ended earlier
        inbox.keep(connection, arrived, {row.correlation for row in tried}, at)
        for row in tried:
            worked = None
            if all(earlier.lane != row.lane for earlier in left):
                worked = self._worked(connection, row, at, first_sends, carefully=carefully)
            if worked is None:
                left.append(row)
            else:
                stored.done[row.correlation] = worked
        inbox.leave(connection, left)
        stored.begun = self._sender.begin_in(connection, first_sends, beginning)
        if len(stored.begun) < len(first_sends):
            notify(connection, outbox.SIGNAL)
        return stored

    def _worked(
        self,
        connection: Connection,
        row: Incoming,
        at: datetime,
        first_sends: dict[int, int],
        *,
        carefully: bool,
    ) -> Decided | Nothing | None:
        """Work a turn, and add its first sends. None where it is left to the worker: that costs nothing where
        the turn has neither written yet nor met an error of the database.
        """
        if carefully:
            plain(connection, "SAVEPOINT turn")
        undo = False
        with (
            structlog.contextvars.bound_contextvars(correlation=row.correlation, lane=row.lane),
            self._database.inside(connection) as inside,
        ):
            try:
                decided = finish(self._turns.decide([row], at))
                undo = True
                posts = self._turns.write(connection, decided)
                settle(connection)
            except MustWait:
                undo = inside.broken
            except Exception as error:
                if isinstance(error, DBAPIError) and concerns_everybody(error) and not waited_in_vain(error):
                    raise
                log.info("turn.left_to_worker", error=type(error).__name__)
                undo = undo or inside.broken
            else:
                if carefully:
                    plain(connection, "RELEASE turn")
                if isinstance(decided, Decided):
                    first_sends |= dict.fromkeys(posts, decided.addressee.destination.chat_id)
                return decided
        if carefully:
            undo_to(connection, "turn")
        elif undo:
            raise TurnFailed
        return None


def _that_may_be_worked(arrived: Arrived) -> list[Incoming]:
    """The new updates of lanes with nothing else to do, each up to the first part of an album."""
    busy, found = set[str](), list[Incoming]()
    for row in arrived.new:
        if row.lane not in arrived.idle or row.album:
            busy.add(row.lane)
        if row.lane not in busy:
            found.append(row)
    return found
