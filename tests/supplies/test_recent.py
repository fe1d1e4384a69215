"""The record of look-ups and the last PODs of a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from backend.audit.search import search
from backend.core.audit.values import AuditAction
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.identity.errors import NotPermitted
from backend.identity.values import Actor
from backend.supplies.service import RECENT, recent_pods, record_look_up
from backend.supplies.values import LookUpOutcome
from tests.samples import HOME, PROSUMER, not_enabled, pod


async def test_the_last_ten_pods_are_newest_first_and_each_once(
    database: Database, us: Actor, them: Actor, clock: ManualClock
) -> None:
    looked_up = [pod(f"IT001E3000000{number:X}") for number in range(12)] + [pod("IT001E300000059")]
    for one in looked_up:
        clock.advance(timedelta(seconds=1))
        await database.write(
            lambda c, one=one: record_look_up(c, us, one, LookUpOutcome.ELIGIBLE, clock.now())  # type: ignore[misc]
        )
    recent = await database.long_read(lambda c: recent_pods(c, us))
    expected = ["IT001E300000059", *(f"IT001E3000000{number:X}" for number in (11, 10, 9, 8, 7, 6, 4, 3, 2))]
    assert [found.code for found in recent] == expected
    assert len(recent) == RECENT
    assert await database.long_read(lambda c: recent_pods(c, them)) == []
    navigates = replace(us, membership=them.membership)
    assert await database.long_read(lambda c: recent_pods(c, navigates)) == []


async def test_a_look_up_is_audited_under_random_ids(
    database: Database, us: Actor, clock: ManualClock
) -> None:
    with structlog.contextvars.bound_contextvars(correlation="turn-7"):
        await database.write(
            lambda c: record_look_up(c, us, HOME.pod, LookUpOutcome.UNREACHABLE, clock.now())
        )
    await database.write(lambda c: record_look_up(c, us, PROSUMER.pod, LookUpOutcome.ELIGIBLE, clock.now()))
    (entry,) = await database.long_read(lambda c: list(search(c, pod=HOME.pod)))
    assert (entry.action, entry.outcome, entry.at) == (AuditAction.POD_LOOKED_UP, "unreachable", clock.now())
    assert (entry.person_subject, entry.person_name) == (us.subject, "Configuratore 1")
    assert (entry.integrator_name, entry.point) == ("Installatore Uno", HOME.point)
    assert entry.correlation == "turn-7"
    assert entry.sequence is None
    assert HOME.point not in (entry.pod_subject or "")


async def test_a_member_who_is_not_enabled_looks_nothing_up(
    database: Database, us: Actor, clock: ManualClock
) -> None:
    with pytest.raises(NotPermitted):
        await database.write(
            lambda c: record_look_up(c, not_enabled(us), HOME.pod, LookUpOutcome.ELIGIBLE, clock.now())
        )
    assert await database.long_read(lambda c: list(search(c, pod=HOME.pod))) == []
