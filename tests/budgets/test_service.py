"""Budgets of look-ups: their windows, their counts, and what a check costs."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.models import look_up_budgets_spent, look_up_counts
from backend.budgets.values import DAY, Budget, Limits, Spent, hour_of, room_at, start_of
from backend.core.audit.models import audit_entries
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.db.together import settle
from backend.identity import service as identity
from backend.identity.permissions import Role
from backend.identity.values import Actor
from backend.notices.values import Notice
from backend.supplies import service as supplies
from backend.supplies.values import LookUpOutcome
from conversations.core.texts import texts
from conversations.operations.notices import LookUpsSpent
from tests.samples import HOME, OUR_CODE, START
from tests.statements import plans_of, seen

NOW = hour_of(START)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
LIMITS: Limits = {
    Budget.PERSON_HOUR: 5,
    Budget.PERSON_DAY: 12,
    Budget.INTEGRATOR_HOUR: 6,
    Budget.INTEGRATOR_DAY: 20,
}

counts_by_hour = st.dictionaries(st.integers(NOW - 2 * DAY, NOW), st.integers(1, 30))
moments = st.integers(0, 2**31).map(lambda second: datetime.fromtimestamp(second, ROME))


def in_window(counts: Mapping[int, int], at: int, hours: int) -> int:
    return sum(number for hour, number in counts.items() if at - hours < hour <= at)


@given(counts_by_hour, st.integers(1, 40), st.integers(1, 40), st.sampled_from(Budget))
def test_room_is_named_for_the_first_hour_that_has_it(
    counts: dict[int, int], number: int, limit: int, budget: Budget
) -> None:
    room = room_at(counts, number, NOW, budget, limit)
    if number > limit:
        assert room is None
        return
    assert room is not None
    assert NOW <= room <= NOW + budget.hours
    fits = [in_window(counts, at, budget.hours) + number <= limit for at in range(NOW, room + 1)]
    assert fits == [False] * (room - NOW) + [True]


@given(moments)
def test_an_hour_is_a_clock_hour_in_utc_whatever_summer_time_does(moment: datetime) -> None:
    begin = start_of(hour_of(moment))
    assert begin == moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    assert hour_of(begin) == hour_of(begin + HOUR - SECOND) == hour_of(begin + HOUR) - 1


async def mate(database: Database) -> Actor:
    """A colleague of ours."""
    return await database.write(
        lambda connection: identity.add_member(
            connection,
            telegram_user_id=77,
            display_name="Collega",
            integrator_code=OUR_CODE,
            role=Role.CONFIGURATOR,
            enabled=True,
            at=START,
        )
    )


async def refusal(
    database: Database, actor: Actor, at: datetime, limits: Limits, number: int = 1
) -> Spent | None:
    """Why a check is refused; None where it is not."""
    try:
        await database.short_read(partial(budgets.check, actor=actor, number=number, at=at, limits=limits))
    except BudgetSpent as spent:
        return spent.spent
    return None


async def test_a_check_agrees_with_the_counts_of_two_days_and_names_when_there_is_room(
    database: Database, us: Actor, them: Actor
) -> None:
    colleague, chance, at = await mate(database), Random(486), START  # noqa: S311 - nothing secret
    counted = Counter[tuple[int, int]]()
    refused = Counter[Budget]()
    for _ in range(200):
        at += timedelta(minutes=chance.choice((1, 5, 10, 200)))
        actor, number = chance.choice((us, colleague)), chance.randint(1, 3)

        def used(budget: Budget, at: datetime = at, actor: Actor = actor) -> int:
            return sum(
                n
                for (person, hour), n in counted.items()
                if hour_of(at) - budget.hours < hour <= hour_of(at)
                and (budget.whose == "integrator" or person == actor.person_id)
            )

        over = {budget for budget, limit in LIMITS.items() if used(budget) + number > limit}
        spent = await refusal(database, actor, at, LIMITS, number)
        assert (spent is None) == (not over)
        if spent is None:
            await database.write(partial(budgets.count, actor=actor, number=number, at=at))
            counted[actor.person_id, hour_of(at)] += number
            continue
        assert spent.budget in over
        assert spent.until is not None
        assert await refusal(database, actor, spent.until, LIMITS, number) is None
        assert await refusal(database, actor, spent.until - SECOND, LIMITS, number) is not None
        refused[spent.budget] += 1
    assert set(refused) == set(Budget)
    assert await refusal(database, them, at, LIMITS, 5) is None


async def test_a_day_is_the_last_24_clock_hours(database: Database, us: Actor) -> None:
    limits = {Budget.PERSON_DAY: 2}
    for at in (START + timedelta(minutes=59), START + 5 * HOUR):
        await database.write(partial(budgets.count, actor=us, number=1, at=at))
    spent = await refusal(database, us, START + 23.9 * HOUR, limits)
    assert spent == Spent(Budget.PERSON_DAY, 2, 1, START + 24 * HOUR)
    assert await refusal(database, us, START + 24 * HOUR, limits) is None


async def test_more_at_once_than_the_limit_never_has_room(database: Database, us: Actor) -> None:
    spent = await refusal(database, us, START, LIMITS, 6)
    assert spent == Spent(Budget.PERSON_HOUR, 5, 6, None)


async def test_a_limit_of_zero_is_none(database: Database, us: Actor) -> None:
    await database.write(partial(budgets.count, actor=us, number=1_000_000, at=START))
    assert await refusal(database, us, START, dict.fromkeys(Budget, 0), 1_000_000) is None
    assert await refusal(database, us, START, {}) is None
    assert await refusal(database, us, START, {Budget.PERSON_HOUR: 1}, 0) is None


async def test_counts_of_several_turns_at_once_add_up(
    database: Database, database_url: str, us: Actor, them: Actor
) -> None:
    async with Database(database_url) as other:
        await asyncio.gather(
            *(
                place.write(partial(budgets.count, actor=actor, number=number, at=START))
                for number in range(1, 11)
                for actor in (us, them)
                for place in (database, other)
            )
        )
    rows = await database.long_read(lambda c: c.execute(select(look_up_counts)).all())
    assert {(row.person_id, row.hour, row.number) for row in rows} == {
        (us.person_id, NOW, 110),
        (them.person_id, NOW, 110),
    }


async def test_a_look_up_costs_one_statement_for_its_check_and_few_for_its_record(
    database: Database, us: Actor
) -> None:
    def look_up(connection: Connection) -> tuple[list[str], list[str]]:
        with seen(connection.dialect) as checked:
            budgets.check(connection, us, 1, START, LIMITS)
        with seen(connection.dialect) as recorded:
            supplies.record_look_up(connection, us, HOME.pod, LookUpOutcome.ELIGIBLE, START)
            settle(connection)
        return checked, recorded

    await database.write(look_up)  # the point is mentioned for the first time
    checked, recorded = await database.write(look_up)
    assert [statement.split()[0] for statement in checked] == ["SELECT"]
    changes = re.findall(
        r"INTO audit_entries|INTO look_up_counts|(?:INTO|FROM) recent_pods", " ".join(recorded)
    )
    assert Counter(changes) >= Counter(
        ("INTO audit_entries", "INTO look_up_counts", "INTO recent_pods", "FROM recent_pods")
    )
    assert len(recorded) == (4 if database.is_sqlite else 1)
    (plan,) = await database.write(lambda connection: plans_of(connection, checked))
    assert "SCAN look_up_counts" not in plan
    assert "Seq Scan" not in plan


async def test_a_spent_budget_is_recorded_once_an_hour_of_each_person_and_integrator(
    database: Database, us: Actor, them: Actor
) -> None:
    colleague = await mate(database)
    person = BudgetSpent(Spent(Budget.PERSON_HOUR, 5, 1, START + HOUR))
    company = BudgetSpent(Spent(Budget.INTEGRATOR_DAY, 20, 1, START + HOUR))
    async with asyncio.TaskGroup() as group:
        for actor in (us, colleague, them):
            for refused in (person, company) * 2:
                for at in (START, START + HOUR):
                    record = partial(budgets.record_spent, actor=actor, refusal=refused, at=at)
                    group.create_task(database.write(record))
    found = await database.long_read(
        lambda c: c.execute(
            select(audit_entries.c.detail).where(audit_entries.c.action == "look-up-budget-spent")
        ).all()
    )
    # In each of two hours: three persons, two integrators.
    assert Counter(row.detail["whose"] for row in found) == {"person": 6, "integrator": 4}
    assert {row.detail["whose"]: (row.detail["per"], row.detail["limit"]) for row in found} == {
        "person": ("hour", 5),
        "integrator": ("day", 20),
    }


async def test_what_is_two_days_old_is_forgotten(database: Database, us: Actor) -> None:
    refused = BudgetSpent(Spent(Budget.PERSON_HOUR, 5, 1, START + HOUR))
    for at in (START, START + HOUR):
        await database.write(partial(budgets.count, actor=us, number=3, at=at))
        await database.write(partial(budgets.record_spent, actor=us, refusal=refused, at=at))
    later = START + timedelta(days=2)
    assert await database.write(partial(budgets.forget_old, at=later)) == 0
    assert await database.write(partial(budgets.forget_old, at=later + HOUR)) == 2
    for table in (look_up_counts, look_up_budgets_spent):
        left = await database.long_read(
            lambda c, table=table: c.scalar(select(func.count()).select_from(table))  # type: ignore[misc]
        )
        assert left == 1


@pytest.mark.parametrize("budget", Budget)
async def test_the_staff_are_told_of_whom_there_still_is(
    database: Database, us: Actor, budget: Budget
) -> None:
    def ask(connection: Connection) -> list[str | None]:
        found: list[str | None] = []
        for subject in (us.subject, "erased", None):
            argument = {"subject": subject, "integrator": "Impianti Uno", "budget": budget, "limit": 7}
            notice = Notice(1, 1, 1, "it", LookUpsSpent.name, argument, correlation="c")
            prompt = LookUpsSpent().word(connection, notice, texts("it"))
            found.append(None if prompt is None else prompt.text)
        return found

    theirs, erased, companys = await database.long_read(ask)
    assert theirs is not None
    assert us.name in theirs
    assert "7 ricerche" in theirs
    assert erased is None
    assert companys is not None
    assert us.name not in companys
