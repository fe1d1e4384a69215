"""The worker: takes a lane, works its rows one by one, each as a turn in one transaction.

A turn that fails is tried again twice; then its row is dead-lettered with its error, the user is told with a
reference, and the lane goes on.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import traceback
from collections.abc import Collection, Mapping, Sequence
from contextvars import Context, copy_context
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError, DatabaseUnavailable, LeaseLost
from backend.core.db.signals import notify
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Lease, Row
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination
from backend.core.refusals import Refused
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices import service as notices
from backend.notices.values import DEAD_LETTERS
from bot.core.turns.addressee import last_resort
from bot.core.turns.outage import Outage
from bot.core.turns.turn import Decided, Nothing, Turns
from conversations.core import assistance
from conversations.core.prompts import Entry, Prompt, to_json
from conversations.core.texts import language_for, texts
from handlers.updates import Unreadable

log = structlog.get_logger(__name__)

Taken: TypeAlias = Sequence[tuple[Lease, Sequence[Row] | None]]
"""Lanes, each with the rows of its next turn where they could be read."""

T = TypeVar("T")

IDLE_SECONDS = 1.0
RETRY_CANDIDATE_SECONDS = 1.0
TURNS_AT_ONCE = 20  # then those that waited longer have their turn
RETRY_MS = (500, 3000)


class Worker:
    """Works the lanes of one bot, up to `workers` of them at the same time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        outage: Outage,
        turns: Turns,
        *,
        workers: int,
        turn_seconds: float,
        lease_seconds: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._outage = outage
        self._turns = turns
        self._turn_seconds = turn_seconds
        self._lease_ms = int(lease_seconds * 1000)
        self._workers = workers
        self._lanes: dict[asyncio.Task[None], Lease] = {}
        self._left: list[Lease] = []  # taken when it was too late to begin
        self._context: Context | None = None  # of the worker while it runs
        self._candidate_at = 0.0
        self._retry_candidate: asyncio.Task[None] | None = None  # works a row that was begun before

    async def run(self) -> None:
        """Take lanes as they come, until cancelled; then give the lanes back."""
        self._context, self._candidate_at = copy_context(), time.monotonic()
        try:
            while True:
                free = self._workers - len(self._lanes)
                taken = await self._claim(free) if free > 0 else []
                if len(taken) < free or free <= 0:
                    await self._database.signals.wait(inbox.SIGNAL, IDLE_SECONDS)
        finally:
            self._context = None
            await asyncio.shield(self._stop())

    async def _stop(self) -> None:
        lanes = dict(self._lanes)
        for task in lanes:
            task.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        left = [*lanes.values()]
        while True:
            # This goes behind a transaction under way that takes lanes for us still: they are left then.
            await self._give_back(left)
            if not self._left:
                return
            left, self._left = self._left, []

    async def _claim(self, free: int) -> Taken:
        """Take up to so many lanes that have work, and begin with them."""
        try:
            if not await self._database.short_read(inbox.has_work):
                return []
            return await self._database.write(partial(self._take, free=free), then=self._begin)
        except DatabaseUnavailable as error:
            log.debug("worker.waits", error=str(error))
            await asyncio.sleep(IDLE_SECONDS)
            return []

    def _take(self, connection: Connection, free: int) -> Taken:
        """A retry candidate is taken only now and then, and not just after the start: lanes that merely
        shared a process with one that kills it are served first.
        """
        rested = time.monotonic() - self._candidate_at >= RETRY_CANDIDATE_SECONDS
        candidates = 1 if rested and self._retry_candidate is None else 0
        token = secrets.token_hex(16)
        leases = inbox.claim(connection, token, self._lease_ms, free, retry_candidates=candidates)
        oldest = _oldest_rows(connection, leases)
        return [(lease, oldest.get(lease.lane)) for lease in leases]

    def _begin(self, taken: Taken) -> None:
        if self._context is None:
            self._left += [lease for lease, _ in taken]
            return
        for lease, rows in taken:
            context = self._context.copy()
            task = asyncio.create_task(
                self._work_lane(lease, rows), name=f"lane-{lease.lane}", context=context
            )
            self._lanes[task] = lease
            if lease.attempt > 1:
                self._retry_candidate, self._candidate_at = task, time.monotonic()
            task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        if (
            len(self._lanes) >= self._workers or task is self._retry_candidate
        ):  # lanes may wait for this place
            self._database.signals.notify([inbox.SIGNAL])
        if task is self._retry_candidate:
            self._retry_candidate = None
        del self._lanes[task]

    async def _work_lane(self, lease: Lease, rows: Sequence[Row] | None) -> None:
        try:
            for _ in range(TURNS_AT_ONCE):
                if rows is None:
                    rows = await self._database.short_read(partial(inbox.oldest, lane=lease.lane))
                if not rows:  # another part of an album came meanwhile: it is not whole yet
                    await self._database.write(partial(inbox.release, lease=lease))
                    break
                with structlog.contextvars.bound_contextvars(
                    correlation=rows[0].correlation, lane=lease.lane
                ):
                    if not await self._work_rows(lease, rows):
                        break
                lease, rows = Lease(lease.lane, lease.token, 1), None
            else:
                await self._give_back([lease])
        except LeaseLost:
            log.warning("lane.lost", lane=lease.lane)
        except DatabaseError as error:
            log.warning("lane.interrupted", lane=lease.lane, error=str(error.__cause__ or error))
            self._outage.met(rows or ())
            await asyncio.sleep(IDLE_SECONDS)
            await self._give_back([lease])
        except Exception:
            log.exception("lane.failed", lane=lease.lane)
            await self._give_back([lease], RETRY_MS[-1])

    async def _work_rows(self, lease: Lease, rows: Sequence[Row]) -> bool:
        """Work one turn. Returns whether the lane goes on under this lease."""
        if lease.attempt > inbox.MAX_ATTEMPTS:
            return await self._dead_letter(lease, rows, "it was begun three times and never came to an end")
        try:
            async with asyncio.timeout(self._turn_seconds):
                return await self._turn(lease, rows)
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("turn.failed", attempt=lease.attempt, row=rows[0].id)
            what = "".join(traceback.format_exception_only(error)).strip()
            if lease.attempt >= inbox.MAX_ATTEMPTS:
                return await self._dead_letter(lease, rows, what)
            await self._database.write(lambda connection: inbox.note_error(connection, rows, what))
            await self._give_back([lease], RETRY_MS[lease.attempt - 1])
            return False

    async def _give_back(self, leases: Collection[Lease], after_failure_ms: int = 0) -> None:
        """Give lanes up with their oldest rows unprocessed; after a failure with a delay."""

        def work(connection: Connection) -> None:
            for lease in leases:
                inbox.give_back(connection, lease, delay_ms=after_failure_ms, counted=after_failure_ms > 0)

        try:
            await self._database.write(work)
        except DatabaseError as error:
            log.warning("lanes.not_given_back", lanes=[lease.lane for lease in leases], error=str(error))
        else:
            self._database.signals.notify([inbox.SIGNAL])

    async def _turn(self, lease: Lease, rows: Sequence[Row]) -> bool:
        try:
            decided = await self._turns.decide(rows, self._clock.now())
        except Unreadable as error:
            log.warning("update.unreadable")
            return await self._dead_letter(lease, rows, f"unreadable: {error}", readable=False)
        try:
            return await self._commit(lease, rows, decided)
        except Refused as refusal:
            if isinstance(decided, Nothing):
                raise
            return await self._commit(lease, rows, await self._turns.decide_again(decided, refusal))

    async def _commit(self, lease: Lease, rows: Sequence[Row], decided: Decided | Nothing) -> bool:
        """The turn's one write transaction."""
        at = self._clock.now()

        def work(connection: Connection) -> bool:
            inbox.renew(connection, lease, self._lease_ms)
            if self._turns.write(connection, decided):
                notify(connection, outbox.SIGNAL)
            return inbox.end(connection, lease, rows, at)

        more = await self._database.write(work)
        if isinstance(decided, Decided):
            log.info("turn.committed", reply=type(decided.addressee.reply).__name__)
        return more

    async def _dead_letter(
        self, lease: Lease, rows: Sequence[Row], error: str, *, readable: bool = True
    ) -> bool:
        reference = "".join(secrets.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _ in range(8))
        at = self._clock.now()
        told = last_resort(rows[0])
        destination: Destination | None = None
        content: dict[str, Any] = {}
        if told is not None:
            destination, language = told
            chosen = await self._database.long_read(
                lambda connection: outbox.language_of(connection, destination.bot_id, destination.chat_id)
            )
            say = texts(language_for(chosen, language))
            ask = Entry(say("button.assistance"), assistance.MATTER, f"reference_{reference}")
            ways = ((ask,),) if destination.chat_id > 0 else ()
            content = to_json(Prompt(say("dialogue.failed", reference=reference), ways))

        def work(connection: Connection) -> bool:
            inbox.renew(connection, lease, self._lease_ms)
            if destination is not None:
                outbox.enqueue(connection, destination, content, correlation=rows[0].correlation, at=at)
            if readable:
                self._tell_staff(connection, at)
            return inbox.dead_letter(connection, lease, rows, reference, error, at)

        record = log.error if readable else log.warning  # what nobody can read is nobody's mistake here
        record("turn.dead_lettered", reference=reference, row=rows[0].id, error=error)
        return await self._database.write(work)

    def _tell_staff(self, connection: Connection, at: datetime) -> None:
        """At once, but once an hour at most: what comes after the first is told at the next full hour."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        for person_id in identity.staff_with(connection, Permission.OPERATE):
            for not_before in (hour, hour + timedelta(hours=1)):
                added = notices.add(
                    connection,
                    person_id,
                    DEAD_LETTERS,
                    {},
                    dedupe_key=f"{not_before:%Y-%m-%dT%H}",
                    at=at,
                    not_before=max(at, not_before),
                )
                if added:
                    break


def _oldest_rows(connection: Connection, leases: Sequence[Lease]) -> Mapping[str, Sequence[Row]]:
    """The oldest rows of the lanes just claimed; none if one cannot be read: that is its own lane's trouble,
    which each then finds out for itself.
    """
    try:
        return inbox.oldest_of(connection, [lease.lane for lease in leases]) if leases else {}
    except DBAPIError:
        raise
    except Exception:
        return {}
