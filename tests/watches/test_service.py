"""Watches as a service: each result counts once, whatever runs twice, and nothing is lost."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from backend.associations import service as associations
from backend.core.db.database import Database
from backend.identity.values import Actor
from backend.notices.models import notices
from backend.supplies.errors import CentralDataError, CentralUnavailable
from backend.supplies.outcome import judge
from backend.supplies.values import CentralAnswer, LookUpOutcome, SupplyFound, SupplyUnknown
from backend.watches import service
from backend.watches.errors import WatchGone
from backend.watches.values import (
    CLAIMED_FOR,
    FOUND_NOTICE,
    INTERVALS,
    KEPT,
    OVER_NOTICE,
    PERIOD,
    Watch,
    WatchState,
    next_due,
)
from tests.samples import ALL_SUPPLIES, HOME, PROSUMER, ROOF, SHED, START, facts, wanted

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FAR = ALL_SUPPLIES[4]
REACHED = facts(HOME)
assert not FAR.reachable


async def begun(database: Database, actor: Actor, at: datetime = START) -> Watch:
    return await database.write(lambda c: service.begin(c, actor, FAR.pod, at))


async def told(database: Database) -> list[tuple[int, str]]:
    """Who was told, and what."""
    rows = await database.long_read(
        lambda c: c.execute(select(notices.c.person_id, notices.c.kind).order_by(notices.c.id)).all()
    )
    return [(row.person_id, row.kind) for row in rows]


def checked(connection: Connection, watch_id: int, answer: CentralAnswer | Exception, at: datetime) -> bool:
    """Order what is due, and conclude this watch's look-up with an answer. False where it was not due."""
    claimed = {each.watch_id: each.round for each in service.claim(connection, at)}
    if watch_id not in claimed:
        return False
    found = service.ordered(connection, watch_id, claimed[watch_id])
    assert found is not None
    watch, actor = found
    service.conclude(connection, actor, watch, answer, at)
    return True


@example([(0, PERIOD - timedelta(minutes=1)), (12, timedelta(0))])
@given(
    st.lists(st.tuples(st.integers(0, 12), st.timedeltas(timedelta(0), timedelta(days=20))), max_size=40),
)
def test_the_next_look_up_is_always_later_and_the_last_one_at_the_end(
    jumps: list[tuple[int, timedelta]],
) -> None:
    at, ends_at = START, START + PERIOD
    for step, jump in jumps:
        due = next_due(step, at, ends_at)
        assert due > at
        assert due <= ends_at or at >= ends_at
        assert due - at <= INTERVALS[-1]
        at += jump


def test_the_intervals_grow() -> None:
    assert list(INTERVALS) == sorted(set(INTERVALS))


async def test_a_watch_is_one_however_often_it_is_asked_for_and_anothers_own(
    database: Database, us: Actor, them: Actor
) -> None:
    first = await begun(database, us)
    again = await begun(database, us, START + timedelta(minutes=1))
    other = await begun(database, them)
    assert (first.id, first.due_at) == (again.id, again.due_at)
    assert other.id != first.id
    with pytest.raises(WatchGone):
        await database.write(lambda c: service.stop(c, them, first.id, START))
    with pytest.raises(WatchGone):
        await database.short_read(lambda c: service.get(c, them, first.id))
    assert [each.id for each in await database.long_read(lambda c: service.mine(c, us, 8))] == [first.id]


async def test_a_result_that_comes_twice_or_late_counts_once(
    database: Database, us: Actor, them: Actor
) -> None:
    watch = await begun(database, us)
    at = START + INTERVALS[0]
    (first,) = await database.write(lambda c: service.claim(c, at))
    assert await database.write(lambda c: service.claim(c, at)) == []  # ordered already
    late = await database.short_read(lambda c: service.ordered(c, first.watch_id, first.round))
    assert late is not None
    # Its process died: it is ordered again, and then the first one comes after all.
    at += CLAIMED_FOR
    (second,) = await database.write(lambda c: service.claim(c, at))
    found = await database.short_read(lambda c: service.ordered(c, second.watch_id, second.round))
    assert found is not None
    await database.write(partial(service.conclude, actor=us, watch=late[0], answer=REACHED, at=at))
    assert await told(database) == []
    for _ in range(2):
        await database.write(partial(service.conclude, actor=us, watch=found[0], answer=REACHED, at=at))
    assert await told(database) == [(us.person_id, FOUND_NOTICE)]
    assert await database.write(lambda c: service.claim(c, at + PERIOD)) == []
    ended = await database.short_read(lambda c: service.get(c, us, watch.id))
    assert (ended.state, ended.ended_at) == (WatchState.TOLD, at)


@on_sqlite
async def test_a_look_up_under_way_when_the_register_changes_is_made_again(
    database: Database, us: Actor
) -> None:
    watch = await begun(database, us)
    at = START + INTERVALS[0]
    (claimed,) = await database.write(lambda c: service.claim(c, at))
    found = await database.short_read(lambda c: service.ordered(c, claimed.watch_id, claimed.round))
    assert found is not None
    assert await database.write(lambda c: service.register_changed(c, at)) == 1
    await database.write(partial(service.conclude, actor=us, watch=found[0], answer=facts(FAR), at=at))
    assert await database.write(lambda c: checked(c, watch.id, REACHED, at))
    assert await told(database) == [(us.person_id, FOUND_NOTICE)]


@on_sqlite
@pytest.mark.parametrize(
    ("answer", "state", "outcome"),
    [
        (facts(HOME), WatchState.TOLD, LookUpOutcome.ELIGIBLE),
        (facts(ALL_SUPPLIES[5]), WatchState.TOLD, LookUpOutcome.UNSUITABLE_METER),
        (facts(ALL_SUPPLIES[7]), WatchState.TOLD, LookUpOutcome.NOT_REMOTELY_MANAGED),
        (SupplyUnknown(FAR.pod), WatchState.TOLD, LookUpOutcome.UNKNOWN),
        (SupplyFound(ROOF.pod, PROSUMER, (ROOF, SHED), True), WatchState.TOLD, LookUpOutcome.ELIGIBLE),
        (facts(FAR), WatchState.WATCHING, LookUpOutcome.UNREACHABLE),
        (CentralUnavailable("down"), WatchState.WATCHING, LookUpOutcome.UNAVAILABLE),
        (CentralDataError("contradiction"), WatchState.WATCHING, LookUpOutcome.INTERNAL_ERROR),
        (RuntimeError("odd"), WatchState.WATCHING, LookUpOutcome.GENERIC_ERROR),
    ],
    ids=lambda value: value.value if isinstance(value, WatchState | LookUpOutcome) else type(value).__name__,
)
async def test_each_outcome_ends_a_watch_or_lets_it_go_on(
    database: Database,
    us: Actor,
    answer: CentralAnswer | Exception,
    state: WatchState,
    outcome: LookUpOutcome,
) -> None:
    watch = await begun(database, us)
    assert await database.write(lambda c: checked(c, watch.id, answer, START + INTERVALS[0]))
    found = await database.short_read(lambda c: service.get(c, us, watch.id))
    assert (found.state, found.outcome) == (state, outcome)
    kinds = [FOUND_NOTICE] if state is WatchState.TOLD else []
    assert [kind for _, kind in await told(database)] == kinds


@on_sqlite
async def test_an_association_of_anothers_is_told_and_ones_own_is_not(
    database: Database, us: Actor, them: Actor
) -> None:
    ours = await database.write(lambda c: service.begin(c, us, HOME.pod, START))
    theirs = await database.write(lambda c: service.begin(c, them, HOME.pod, START))
    await database.write(lambda c: associations.create(c, us, wanted(), facts(), START))

    def check(connection: Connection) -> None:
        for each in service.claim(connection, START + INTERVALS[0]):
            found = service.ordered(connection, each.watch_id, each.round)
            assert found is not None
            service.conclude(connection, found[1], found[0], facts(), START + INTERVALS[0])

    await database.write(check)
    moot = await database.short_read(lambda c: service.get(c, us, ours.id))
    other = await database.short_read(lambda c: service.get(c, them, theirs.id))
    assert (moot.state, other.state) == (WatchState.MOOT, WatchState.TOLD)
    assert other.outcome is LookUpOutcome.ASSOCIATED_BY_OTHER
    assert await told(database) == [(them.person_id, FOUND_NOTICE)]


@on_sqlite
async def test_whatever_happens_a_watch_ends_once_with_one_word_and_is_never_lost(
    database: Database, us: Actor
) -> None:
    chance = random.Random(7)  # noqa: S311 - a seeded course of events, no secret
    answers: list[CentralAnswer | Exception] = [facts(FAR), facts(FAR), CentralUnavailable("down")]
    for course in range(8):
        at = START + course * timedelta(days=60)
        before = len(await told(database))
        watch = await begun(database, us, at)
        while True:
            at += timedelta(minutes=chance.choice([1, 10, 60, 600, 3000]))
            if chance.random() < 0.1:
                await database.write(lambda c, at=at: service.register_changed(c, at))  # type: ignore[misc]
            answer = REACHED if chance.random() < 0.02 else chance.choice(answers)
            if chance.random() < 0.2:  # no budget
                await database.write(partial(put_off, at=at))
            else:
                for _ in range(2):
                    await database.write(partial(checked, watch_id=watch.id, answer=answer, at=at))
            now = await database.short_read(partial(service.get, actor=us, watch_id=watch.id))
            if now.state is not WatchState.WATCHING:
                break
            assert now.due_at <= max(now.ends_at, at) + timedelta(days=1)
        kind = {WatchState.TOLD: FOUND_NOTICE, WatchState.EXPIRED: OVER_NOTICE}[now.state]
        assert (await told(database))[before:] == [(us.person_id, kind)]


def put_off(connection: Connection, at: datetime) -> None:
    """Order what is due, and find no budget for it."""
    for each in service.claim(connection, at):
        found = service.ordered(connection, each.watch_id, each.round)
        assert found is not None
        service.postpone(connection, found[0], at + timedelta(hours=1), at)


async def looked_up_for_a_period(database: Database, actor: Actor, answers: list[Exception]) -> int:
    """How many look-ups a watch takes that gets these answers, the last of them again and again."""
    watch = await begun(database, actor)
    look_ups = 0
    while watch.state is WatchState.WATCHING:
        answer = answers[min(look_ups, len(answers) - 1)]
        assert await database.write(partial(checked, watch_id=watch.id, answer=answer, at=watch.due_at))
        look_ups += 1
        watch = await database.short_read(partial(service.get, actor=actor, watch_id=watch.id))
    return look_ups


@on_sqlite
@pytest.mark.parametrize("answer", [CentralDataError("contradiction"), RuntimeError("odd")])
async def test_a_pod_whose_data_are_bad_is_looked_up_ever_more_rarely(
    database: Database, us: Actor, answer: Exception
) -> None:
    assert await looked_up_for_a_period(database, us, [answer]) == len(INTERVALS) + 26


@on_sqlite
async def test_while_the_central_system_is_away_a_watch_is_looked_up_every_hour_at_least(
    database: Database, us: Actor
) -> None:
    bad, away = CentralDataError("contradiction"), CentralUnavailable("down")
    assert await looked_up_for_a_period(database, us, [away]) == 14 * 24 * 4
    watch = await begun(database, us)
    for _ in range(9):
        await database.write(partial(checked, watch_id=watch.id, answer=bad, at=watch.due_at))
        watch = await database.short_read(partial(service.get, actor=us, watch_id=watch.id))
    assert watch.checked_at is not None
    assert watch.due_at - watch.checked_at == INTERVALS[-1]
    for _ in range(2):
        await database.write(partial(checked, watch_id=watch.id, answer=away, at=watch.due_at))
        watch = await database.short_read(partial(service.get, actor=us, watch_id=watch.id))
        assert watch.checked_at is not None
        assert watch.due_at - watch.checked_at == timedelta(hours=1)
    await database.write(partial(checked, watch_id=watch.id, answer=bad, at=watch.due_at))
    watch = await database.short_read(partial(service.get, actor=us, watch_id=watch.id))
    assert watch.checked_at is not None
    assert watch.due_at - watch.checked_at == INTERVALS[-1]


@on_sqlite
@pytest.mark.parametrize("until", [None, START + PERIOD + timedelta(hours=3)])
async def test_a_look_up_without_a_budget_is_put_off_to_the_end_of_the_period_at_most(
    database: Database, us: Actor, until: datetime | None
) -> None:
    watch = await begun(database, us)
    at = watch.ends_at - timedelta(hours=1)
    await database.write(lambda c: service.postpone(c, watch, until, at))
    put = await database.short_read(lambda c: service.get(c, us, watch.id))
    assert (put.state, put.due_at) == (WatchState.WATCHING, watch.ends_at)


async def test_a_watch_is_of_the_integrator_that_its_person_acts_for(
    database: Database, us: Actor, them: Actor
) -> None:
    elsewhere = replace(us, membership=them.membership)
    here, there = await begun(database, us), await begun(database, elsewhere)
    assert here.id != there.id
    for actor, own, other in ((us, here, there), (elsewhere, there, here)):
        listed = await database.long_read(partial(service.mine, actor=actor, limit=8))
        assert [each.id for each in listed] == [own.id]
        with pytest.raises(WatchGone):
            await database.short_read(partial(service.get, actor=actor, watch_id=other.id))
    by_hand = judge(FAR.pod, facts(replace(FAR, reachable=True)), None)
    await database.write(lambda c: service.looked_up(c, us, by_hand, START))
    assert (await database.short_read(lambda c: service.get(c, us, here.id))).ended_at == START
    assert (await database.short_read(lambda c: service.get(c, elsewhere, there.id))).ended_at is None


async def test_who_has_found_out_by_hand_is_not_told(database: Database, us: Actor, them: Actor) -> None:
    watch, other = await begun(database, us), await begun(database, them)
    at = START + INTERVALS[0]
    claimed = {each.watch_id: each.round for each in await database.write(lambda c: service.claim(c, at))}
    under_way = await database.short_read(lambda c: service.ordered(c, watch.id, claimed[watch.id]))
    assert under_way is not None
    for nothing_new in (facts(FAR), CentralUnavailable("down"), CentralDataError("odd")):
        look_up = judge(FAR.pod, nothing_new, None)
        await database.write(partial(service.looked_up, actor=us, look_up=look_up, at=at))
        assert (await database.short_read(lambda c: service.get(c, us, watch.id))).ended_at is None
    look_up = judge(FAR.pod, facts(replace(FAR, reachable=True)), None)
    await database.write(lambda c: service.looked_up(c, us, look_up, at))
    await database.write(
        lambda c: service.looked_up(c, us, look_up, at + timedelta(hours=1))
    )  # once is enough
    await database.write(partial(service.conclude, actor=us, watch=under_way[0], answer=REACHED, at=at))
    assert await told(database) == []
    ended = await database.short_read(lambda c: service.get(c, us, watch.id))
    assert (ended.state, ended.ended_at, ended.outcome) == (WatchState.TOLD, at, LookUpOutcome.ELIGIBLE)
    assert (await database.short_read(lambda c: service.get(c, them, other.id))).ended_at is None


@on_sqlite
async def test_who_looks_a_production_pod_up_has_seen_its_exchange(database: Database, us: Actor) -> None:
    watched = [
        await database.write(partial(service.begin, actor=us, pod=each.pod, at=START))
        for each in (ROOF, PROSUMER)
    ]
    look_up = judge(ROOF.pod, SupplyFound(ROOF.pod, PROSUMER, (ROOF, SHED), True), None)
    await database.write(lambda c: service.looked_up(c, us, look_up, START))
    for watch in watched:
        found = await database.short_read(partial(service.get, actor=us, watch_id=watch.id))
        assert found.state is WatchState.TOLD


@on_sqlite
async def test_watches_that_ended_are_forgotten_after_a_while(database: Database, us: Actor) -> None:
    watch = await begun(database, us)
    await database.write(lambda c: service.stop(c, us, watch.id, START))
    again = await begun(database, us)
    assert await database.write(lambda c: service.forget_old(c, START + KEPT)) == 0
    assert await database.write(lambda c: service.forget_old(c, START + KEPT + timedelta(seconds=1))) == 1
    assert again.id != watch.id
    with pytest.raises(WatchGone):
        await database.short_read(lambda c: service.get(c, us, watch.id))
    assert (await database.short_read(lambda c: service.get(c, us, again.id))).state is WatchState.WATCHING
