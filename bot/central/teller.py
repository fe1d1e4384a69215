"""Tells the central system of associations, in one process at a time."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from backend.associations import service as associations
from backend.associations import telling
from backend.associations.reconciling import Reconciliation, reconcile
from backend.associations.registry import AssociationRegistry, RegistryAway, RegistryError, RegistryFailed
from backend.associations.values import Association
from backend.core.clock import Clock
from backend.core.db.database import Database
from bot.core.leadership import LeadershipLease

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Calls at the same time; no two are of one supply point or device."""
IDLE_SECONDS = 1.0
PAUSE_SECONDS = 2.0
"""After calls of which none met a central system that works: in an outage, not everything that is to be told
is tried.
"""
WAKE_EVERY = timedelta(seconds=30)
"""What waits for the central system to work again is not tried more often than this each time that it works:
there are associations that make it fail.
"""
RECONCILE_EVERY = timedelta(hours=24)
RECONCILE_AGAIN = timedelta(minutes=2)
"""After a comparison that failed."""


@dataclass(frozen=True, slots=True)
class _Call:
    """An association as it is told, and the revision of that."""

    association: Association
    revision: int


class Teller:
    """Tells a registry what the rows of `backend.associations.telling` say, and compares both sides at the
    start and once a day.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        registry: AssociationRegistry,
        chance: random.Random | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._chance = chance or random.SystemRandom()
        self._nobody_there = False
        """Of the last round: no call met a central system that works."""
        self._wake_at = clock.now()

    async def run(self, leadership: LeadershipLease) -> None:
        """Tell what is due until cancelled, or until the leadership is lost."""
        compare_at = self._clock.now()
        while True:
            if self._clock.now() >= compare_at:
                compare_at = self._clock.now() + await self.compare()
            if not await self.tell(leadership):
                await self._database.signals.wait(telling.SIGNAL, IDLE_SECONDS)
            elif self._nobody_there:
                await asyncio.sleep(PAUSE_SECONDS)

    async def compare(self) -> timedelta:
        """Compare both sides, and have told again what differs. Returns when to do so again."""
        try:
            found = await reconcile(self._database, self._registry, self._clock.now())
        except RegistryError as error:
            log.warning("central.not_reconciled", reason=error.reason)
            return RECONCILE_AGAIN
        report(found)
        return RECONCILE_EVERY

    async def tell(self, leadership: LeadershipLease) -> bool:
        """Tell a few associations that are due. Returns whether there were any."""
        at = self._clock.now()
        ids = await self._database.long_read(partial(telling.due, at=at, most=AT_ONCE))
        if not ids:
            return False

        def begin(connection: Connection) -> list[_Call]:
            leadership.check(connection)
            revisions = telling.begin(connection, ids)
            found = associations.of_ids_of_any(connection, revisions)
            return [_Call(found[number], revision) for number, revision in revisions.items()]

        calls = await self._database.write(begin)
        leadership.ensure()
        failures = dict(
            zip(
                (call.association.id for call in calls),
                await asyncio.gather(*(self._call(call) for call in calls)),
                strict=True,
            )
        )

        def conclude(connection: Connection) -> None:
            leadership.check(connection)
            if wakes:  # and not what has failed beside the call that succeeded
                telling.is_back(connection, ended_at)
            for call in calls:
                self._conclude(connection, call, failures[call.association.id], ended_at)

        ended_at = self._clock.now()
        wakes = None in failures.values() and ended_at >= self._wake_at
        await self._database.write(conclude)
        if wakes:
            self._wake_at = ended_at + WAKE_EVERY
        for call in calls:
            _log(call, failures[call.association.id])
        self._nobody_there = all(
            isinstance(failure, RegistryAway | RegistryFailed) for failure in failures.values()
        )
        return True

    async def _call(self, call: _Call) -> RegistryError | None:
        """Make a call. Returns how it failed."""
        try:
            if call.association.deleted_at is None:
                await self._registry.put(call.association, call.revision)
            else:
                await self._registry.delete(call.association.id, call.revision)
        except RegistryError as error:
            return error
        return None

    def _conclude(
        self, connection: Connection, call: _Call, failure: RegistryError | None, at: datetime
    ) -> None:
        number = call.association.id
        if failure is None:
            telling.succeeded(connection, number, call.revision, at)
        else:
            telling.failed(connection, number, call.revision, failure, at, self._chance)


def _log(call: _Call, failure: RegistryError | None) -> None:
    number, live = call.association.id, call.association.deleted_at is None
    if failure is None:
        log.info("central.told", association=number, revision=call.revision, live=live)
        return
    note = log.info if isinstance(failure, RegistryAway) else log.warning
    note("central.not_told", association=number, revision=call.revision, live=live, reason=failure.reason)


def report(found: Reconciliation) -> None:
    """Put a comparison into the log."""
    if found.agrees:
        log.info("central.reconciled", compared=found.compared, pending=found.pending)
    else:
        log.warning("central.reconciled", compared=found.compared, pending=found.pending, **found.counted)
