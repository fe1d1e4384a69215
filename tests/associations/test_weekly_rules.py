"""Weekly reports, as a service: whose they are, what begins them, what the notice holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from backend.associations import report, subscriptions
from backend.associations.errors import SubscriptionsSpent
from backend.associations.models import association_subscriptions
from backend.associations.report import Criteria
from backend.associations.subscriptions import AT_ONCE, MOST, NOTICE, Subscription
from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.jobs.values import Job
from backend.core.outbox.values import Destination
from backend.core.periods import Period
from backend.core.searches.models import searches
from backend.identity import service as identity
from backend.identity.models import memberships, persons, staff
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor, Address
from backend.notices.values import Notice
from bot.core.jobs.asker import asker_of
from conversations.associations.weekly import WeeklyReport
from conversations.core.prompts import MOST_OF_AN_ALBUM, Prompt
from conversations.core.texts import texts
from tests.associations.test_report_service import add
from tests.associations.test_weekly import LIVE, MONDAY, WEEK, looked, subscribed
from tests.samples import START, THEIR_CODE

T = TypeVar("T")
Write = Callable[[Connection], T]


def becomes_staff(person_id: int) -> Write[object]:
    """Give a person a role among the staff."""
    values = {"person_id": person_id, "role": StaffRole.COMMERCIAL.value, "created_at": START}
    return lambda connection: connection.execute(insert(staff).values(values))


def joins(actor: Actor, number: int = 1) -> Write[Actor]:
    """Add a person to the other company too; returns them as they act there."""
    return lambda connection: identity.add_member(
        connection,
        telegram_user_id=number,
        display_name=actor.name,
        integrator_code=THEIR_CODE,
        role=Role.CONFIGURATOR,
        enabled=True,
        at=START,
    )


def acting_there(connection: Connection, us: Actor, them: Actor) -> Actor:
    """One of us, in the company of the others."""
    joins(us)(connection)
    found = identity.acting_for(connection, us.person_id, them.integrator_id)
    assert found is not None
    return found


async def due_dates(database: Database) -> list[datetime]:
    query = select(association_subscriptions.c.due_at).order_by(association_subscriptions.c.id)
    return await database.long_read(lambda connection: list(connection.scalars(query)))


async def test_a_company_s_report_stays_its_own_when_its_owner_joins_the_staff(
    database: Database, us: Actor, them: Actor
) -> None:
    made = await subscribed(database, us)

    def prepare(connection: Connection) -> None:
        add(connection, 1, us.integrator_id, us.person_id, START)
        add(connection, 2, them.integrator_id, them.person_id, START)
        becomes_staff(us.person_id)(connection)

    await database.write(prepare)
    found = await database.long_read(partial(subscriptions.find, subscription_id=made.id))
    assert found is not None
    _, actor = found
    rows = await database.long_read(lambda c: report.newest(c, actor, LIVE, MONDAY, 8))
    assert [each.integrator_id for each in rows] == [us.integrator_id]


async def test_a_report_of_the_staff_ends_with_the_role(database: Database, us: Actor) -> None:
    await database.write(becomes_staff(us.person_id))
    actor = await database.short_read(partial(identity.actor_of, telegram_user_id=1))
    assert actor is not None
    made = await subscribed(database, actor)
    assert made.integrator_id is None
    assert await looked(database, MONDAY) == [(made.id, MONDAY)]
    await database.write(lambda connection: connection.execute(delete(staff)))
    assert await database.short_read(partial(subscriptions.find, subscription_id=made.id)) is None
    assert await looked(database, MONDAY + WEEK) == []
    assert await due_dates(database) == []


async def test_each_place_has_its_own_and_all_are_listed_everywhere(
    database: Database, us: Actor, them: Actor
) -> None:
    there = await database.write(lambda connection: acting_there(connection, us, them))
    everywhere = replace(us, staff_roles=frozenset({StaffRole.SUPPORT}))
    places = (us, there, everywhere)
    made = [await subscribed(database, actor) for actor in places]
    assert [each.integrator_id for each in made] == [us.integrator_id, them.integrator_id, None]
    assert [await subscribed(database, actor) for actor in places] == made
    await subscribed(database, them)  # somebody else's
    for actor in places:
        listed = partial(subscriptions.of_actor, actor=actor)
        assert await database.short_read(listed) == made
    assert await database.write(partial(subscriptions.end, actor=us, subscription_id=made[1].id)) == made[1]


async def test_who_is_suspended_gets_nothing_until_they_are_let_in_again(
    database: Database, us: Actor
) -> None:
    made = await subscribed(database, us)

    def suspended(at: datetime | None) -> Write[object]:
        return lambda connection: connection.execute(update(persons).values(suspended_at=at))

    await database.write(suspended(START))
    assert await looked(database, MONDAY) == []
    assert await database.short_read(partial(subscriptions.find, subscription_id=made.id)) is None
    await database.write(suspended(None))
    assert await database.short_read(partial(subscriptions.find, subscription_id=made.id)) is not None
    assert await looked(database, MONDAY) == []
    assert await looked(database, MONDAY + WEEK) == [(made.id, MONDAY + WEEK)]


async def test_what_a_later_version_wrote_keeps_nothing_else_waiting(database: Database, us: Actor) -> None:
    made = await subscribed(database, us)
    unreadable = {
        "person_id": us.person_id,
        "integrator_id": us.integrator_id,
        "criteria": {"colour": "blue"},
        "created_at": START,
        "due_at": MONDAY - timedelta(minutes=1),
    }
    rows = [unreadable] * AT_ONCE
    await database.write(lambda connection: connection.execute(insert(association_subscriptions), rows))
    begun = await looked(database, MONDAY) + await looked(database, MONDAY)
    assert begun == [(made.id, MONDAY)]
    assert min(await due_dates(database)) >= MONDAY


async def test_what_another_scheduler_has_begun_meanwhile_is_left_to_it(
    database: Database, us: Actor
) -> None:
    await subscribed(database, us)
    await subscribed(database, us, Criteria(live=False))

    def look(connection: Connection) -> list[int]:
        begun = list[int]()

        def begin(connection: Connection, each: Subscription, due: datetime, to: Address) -> None:
            begun.append(each.id)
            if len(begun) == 1:  # the other one looks between a read and a change
                subscriptions.begin_due(connection, MONDAY, begin)

        subscriptions.begin_due(connection, MONDAY, begin)
        return begun

    assert await database.write(look) == [1, 2]


async def test_a_search_of_a_later_version_is_as_good_as_none(database: Database, us: Actor) -> None:
    number = await database.write(lambda c: report.keep(c, us, LIVE, START))
    assert await database.short_read(lambda c: report.kept(c, us, number)) == LIVE
    await database.write(lambda c: c.execute(update(searches).values(criteria={"colour": "blue"})))
    assert await database.short_read(lambda c: report.kept(c, us, number)) is None


async def test_a_job_is_for_the_company_in_which_it_was_asked_for(
    database: Database, us: Actor, them: Actor
) -> None:
    there = await database.write(lambda connection: acting_there(connection, us, them))

    def chosen(connection: Connection) -> None:
        identity.choose_membership(connection, us, there.acting_for.id)

    await database.write(chosen)
    asked = partial(
        Job,
        id=1,
        kind="associations_export",
        arguments={},
        destination=Destination.of(1, 1),
        user_id=1,
        language="it",
        card_id=None,
        attempt=1,
        token="x",
        correlation="x",
    )
    here = asked(membership_id=us.acting_for.id)
    actor = await asker_of(database, here)
    assert actor is not None
    assert actor.integrator_id == us.integrator_id
    actor = await asker_of(database, asked())
    assert actor is not None
    assert actor.integrator_id == them.integrator_id
    await database.write(lambda c: c.execute(delete(memberships).where(memberships.c.id == us.acting_for.id)))
    assert await asker_of(database, here) is None


async def test_the_notice_holds_the_files_that_are_there_and_fit(
    database: Database, us: Actor, them: Actor
) -> None:
    made = await subscribed(database, us)
    digest = await blobs.store(database, b"x", "text/csv")

    async def worded(*digests: str, person: Actor = us) -> Prompt | None:
        files = [[each, f"{number}.csv"] for number, each in enumerate(digests)]
        argument = {"subscription": made.id, "files": files, "lines": 3, "day": str(date(2026, 5, 4))}
        notice = Notice(1, person.person_id, 1, "it", NOTICE, argument, "x")
        return await database.short_read(lambda c: WeeklyReport().word(c, notice, texts("it")))

    one, most, more = [await worded(*[digest] * number) for number in (1, MOST_OF_AN_ALBUM, 11)]
    assert one is not None
    assert most is not None
    assert more is not None
    assert one.document is not None
    assert most.album is not None
    assert len(most.album.files) == 10
    for bare in (more, await worded(), await worded("0" * 64), await worded(digest, "0" * 64)):
        assert bare is not None
        assert (bare.document, bare.album) == (None, None)
        assert "3 associazioni" in bare.text
    assert await worded(digest, person=them) is None


async def test_only_so_many_are_a_person_s_wherever_they_have_them(
    database: Database, us: Actor, them: Actor
) -> None:
    there = await database.write(lambda connection: acting_there(connection, us, them))
    for days in range(1, MOST + 1):
        await subscribed(database, us if days % 2 else there, Criteria(created=Period(days=days)))
    for actor in (us, there):
        with pytest.raises(SubscriptionsSpent):
            await subscribed(database, actor)
