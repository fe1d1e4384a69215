"""Weekly reports: asked for, delivered once each week whatever happens, ended."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, delete, func, select

from backend.associations import subscriptions
from backend.associations.errors import SubscriptionsSpent
from backend.associations.models import association_subscriptions
from backend.associations.report import Criteria
from backend.associations.subscriptions import MADE_UP_FOR, MOST, Subscription, as_of, next_time
from backend.core.audit.values import AuditAction
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.core.periods import Period
from backend.identity import service as identity
from backend.identity.models import memberships
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor, Address, Membership
from bot.associations.export import AssociationExports
from bot.associations.feature import associations_feature
from bot.core.scheduler import Scheduler
from conversations.associations.weekly import of_the_week
from sandbox import showcase
from sandbox.client import Shown
from tests.acceptance.walks import PLAIN, associate
from tests.associations.test_report import filtered, to_the_report
from tests.associations.test_report_service import add
from tests.fixtures.services import VAULT_KEY
from tests.samples import START
from tests.support import Chat, World, on_sqlite

STAFF = -1
"""A persona who belongs to no company."""
LIVE = Criteria(live=True)
WEEK = timedelta(days=7)
MONDAY = datetime(2025, 3, 17, 7, 0, tzinfo=UTC)
"""The first Monday after START, at eight in Rome."""


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (MONDAY - WEEK - timedelta(seconds=1), MONDAY - WEEK),
        (MONDAY - WEEK, MONDAY),
        (MONDAY - timedelta(days=1), MONDAY),
        # the Monday after the clocks were changed
        (datetime(2025, 3, 28, tzinfo=UTC), datetime(2025, 3, 31, 6, 0, tzinfo=UTC)),
    ],
)
def test_the_next_report_is_due_on_monday_at_eight_in_rome(after: datetime, due: datetime) -> None:
    assert next_time(after) == due


async def subscribed(database: Database, actor: Actor, wanted: Criteria = LIVE) -> Subscription:
    return await database.write(partial(subscriptions.subscribe, actor=actor, wanted=wanted, at=START))


async def looked(database: Database, at: datetime) -> list[tuple[int, datetime]]:
    """What a look of the scheduler begins."""

    def look(connection: Connection) -> list[tuple[int, datetime]]:
        begun = list[tuple[int, datetime]]()

        def begin(connection: Connection, each: Subscription, due: datetime, to: Address) -> None:
            begun.append((each.id, due))

        subscriptions.begin_due(connection, at, begin)
        return begun

    return await database.write(look)


async def test_a_report_is_begun_once_a_week_and_late_for_each_week_in_which_nobody_looked(
    database: Database, us: Actor
) -> None:
    made = await subscribed(database, us)
    assert made.due_at == MONDAY
    assert await looked(database, MONDAY - timedelta(seconds=1)) == []
    assert await looked(database, MONDAY) == [(made.id, MONDAY)]
    assert await looked(database, MONDAY + timedelta(days=6)) == []
    summer = timedelta(hours=1)
    late = MONDAY + 3 * WEEK + timedelta(days=2)
    missed = [MONDAY + WEEK, MONDAY + 2 * WEEK - summer, MONDAY + 3 * WEEK - summer]
    assert [await looked(database, late) for _ in range(4)] == [*([(made.id, due)] for due in missed), []]
    assert await looked(database, late + timedelta(days=1)) == []
    assert await looked(database, MONDAY + 4 * WEEK - summer) == [(made.id, MONDAY + 4 * WEEK - summer)]
    years = MONDAY + 104 * WEEK  # far too late: only the last weeks are made up for
    assert await looked(database, years) == []
    weeks = [years - number * WEEK for number in (3, 2, 1, 0)]
    assert [await looked(database, years) for _ in range(5)] == [*([(made.id, due)] for due in weeks), []]
    most = years + WEEK + MADE_UP_FOR  # the oldest that is made up for
    assert await looked(database, most) == [(made.id, years + WEEK)]


def test_the_last_seven_days_of_two_reports_leave_no_day_out() -> None:
    week = Period(days=7)
    first, second = (week.on(as_of(due).astimezone(ROME).date()) for due in (MONDAY, MONDAY + WEEK))
    assert first == Period(MONDAY.date() - WEEK, MONDAY.date() - timedelta(days=1))
    assert second == Period(MONDAY.date(), MONDAY.date() + timedelta(days=6))


async def test_two_schedulers_begin_a_report_once(database: Database, us: Actor) -> None:
    made = await subscribed(database, us)
    async with Database(database.url) as other:
        begun = await asyncio.gather(*(looked(each, MONDAY) for each in (database, other, database, other)))
    assert [each for each in begun if each] == [[(made.id, MONDAY)]]


async def test_a_report_is_delivered_once_however_often_it_is_made(database: Database, us: Actor) -> None:
    made = await subscribed(database, us)

    async def delivered(due: datetime) -> bool:
        deliver = partial(subscriptions.deliver, subscription_id=made.id, due=due, files=(), lines=0, at=due)
        return await database.write(deliver)

    assert await delivered(MONDAY)
    assert not await delivered(MONDAY)  # a job that ran twice
    assert await delivered(MONDAY + WEEK)
    await database.write(partial(subscriptions.end, actor=us, subscription_id=made.id))
    assert not await delivered(MONDAY + 2 * WEEK)
    assert await looked(database, MONDAY + 3 * WEEK) == []


async def test_each_has_their_own_and_only_so_many(database: Database, us: Actor, them: Actor) -> None:
    made = await subscribed(database, us)
    assert await subscribed(database, us) == made  # a press twice
    for number in range(1, MOST):
        await subscribed(database, us, Criteria(created=Period(days=number)))
    with pytest.raises(SubscriptionsSpent):
        await subscribed(database, us, Criteria(confirmed=True))
    assert await database.short_read(partial(subscriptions.of_actor, actor=them)) == []
    end = partial(subscriptions.end, actor=them, subscription_id=made.id)
    assert await database.write(end) is None
    assert len(await database.short_read(partial(subscriptions.of_actor, actor=us))) == MOST


async def test_who_has_left_the_company_gets_nothing_more(database: Database, us: Actor) -> None:
    await subscribed(database, us)
    await database.write(
        lambda connection: connection.execute(delete(memberships).where(memberships.c.id == us.acting_for.id))
    )
    assert await looked(database, MONDAY) == []
    left = select(func.count()).select_from(association_subscriptions)
    assert await database.short_read(lambda connection: connection.scalar(left)) == 0


async def look(world: World) -> None:
    """Look at what is due, as the scheduler would within half a minute, and let it come."""
    assert world.clock is not None
    exports = AssociationExports(
        database=world.database, clock=world.clock, bot_id=world.bot.id, vault=Vault([VAULT_KEY])
    )
    await Scheduler(world.database, world.clock, associations_feature(exports).due_checks).look()
    await world.settled()


async def until_monday(world: World, weeks: int = 0) -> None:
    """Let time pass to the next Monday after eight, and further."""
    assert world.clock is not None
    world.later(next_time(world.clock.now()) - world.clock.now() + weeks * WEEK)


def files_in(chat_messages: Sequence[Shown]) -> int:
    return sum(
        message.kind == "document" and "Report settimanale" in message.text for message in chat_messages
    )


async def test_a_weekly_report_is_asked_for_comes_with_its_file_and_is_ended_in_the_chat(
    world: World, declared: Chat
) -> None:
    await associate(declared)
    await to_the_report(declared)
    await declared.press("Report settimanali")
    await declared.sees("Non hai report settimanali", button="Report associazioni")
    await declared.press("Report associazioni")
    await filtered(declared, "Stato", "Quali associazioni cerchi?", "In essere", "Stato: In essere")
    await declared.press("🔎 Cerca")
    await declared.sees("2 associazioni trovate")
    await declared.press("Ricevilo ogni settimana")
    await declared.sees(
        "ricevi qui questo report ogni lunedì alle 8, in CSV",
        "Ricevi ogni volta tutte le associazioni trovate",
        "Stato: In essere",
        button="Non riceverlo più",
    )
    await world.settled()

    await until_monday(world)
    await look(world)
    message, content = await declared.document("Report settimanale del ", "Impianti Demo: 2 associazioni")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert PLAIN in [row["POD"] for row in rows]
    entries = await world.audit(AuditAction.ASSOCIATIONS_EXPORTED)
    assert [entry.detail for entry in entries] == [{"format": "csv", "lines": 2, "weekly": 1}]
    await look(world)
    assert files_in((await declared.screen()).from_bot) == 1

    await world.stop()  # two Mondays pass
    await until_monday(world, weeks=1)
    await world.start()
    for _ in range(3):
        await look(world)
    await declared.sees("Report settimanale del ", button="Apri il report")
    told = [each.text for each in (await declared.screen()).from_bot if "Report settimanale del" in each.text]
    assert len(told) == len(set(told)) == 3
    assert files_in((await declared.screen()).from_bot) == 3
    await declared.press("Apri il report")
    await declare_again(declared)
    await declared.sees("2 associazioni trovate", "Stato: In essere")

    await declared.press("Non riceverlo più", on=message)
    await declared.sees("terminato", button="Report settimanali")
    await declared.press("Non riceverlo più", on=message)
    await declared.sees("non c’è più")
    await until_monday(world)
    await look(world)
    assert files_in((await declared.screen()).from_bot) == 3


@pytest.mark.parametrize(
    ("period", "weekly"),
    [
        (None, None),
        (Period(), Period()),
        (Period(date(2025, 1, 1)), Period(date(2025, 1, 1))),
        (Period(days=7), Period(days=7)),
        (Period(days=1), Period(days=7)),
        (Period(days=30), Period(days=7)),
        (Period(date(2025, 1, 1), date(2025, 2, 1)), Period(days=7)),
        (Period(None, date(2025, 2, 1)), Period(days=7)),
    ],
)
def test_a_period_that_is_no_week_and_has_an_end_gives_way_to_the_week(
    period: Period | None, weekly: Period | None
) -> None:
    assert of_the_week(Criteria(live=True, created=period)) == Criteria(live=True, created=weekly)


@on_sqlite
async def test_a_weekly_report_is_of_the_week_whatever_the_date_was(world: World, declared: Chat) -> None:
    await associate(declared)
    await world.settled()
    for typed, said in (
        ("oggi", "il filtro Data associazione che avevi non vale qui"),
        ("dal 1/1/2024 al 3/2/2024", "il filtro Data associazione che avevi non vale qui"),
        ("dal 1/1/2024", "Ricevi ogni volta tutte le associazioni trovate"),
    ):
        await to_the_report(declared)
        await declared.press("Data associazione")
        await declared.sees("Associate da quando?")
        await declared.says(typed, "Data associazione: ", button="🔎 Cerca")
        await declared.press("🔎 Cerca")
        await declared.sees("trovat")
        await declared.press("Ricevilo ogni settimana")
        await declared.sees("ogni lunedì", said)

    def wanted(connection: Connection) -> list[Criteria]:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        return [each.wanted for each in subscriptions.of_actor(connection, actor)]

    kept = await world.database.short_read(wanted)  # the first two are the same report
    assert kept == [Criteria(created=Period(days=7)), Criteria(created=Period(date(2024, 1, 1)))]


async def declare_again(chat: Chat) -> None:
    """Accept the declaration, which was asked for again after weeks."""
    await chat.sees("Dichiarazione", button="Accetto")
    await chat.press("Accetto")


@on_sqlite
async def test_weekly_reports_are_listed_and_ended_one_by_one(world: World, declared: Chat) -> None:
    await to_the_report(declared)
    for choice, told in (("In essere", "Stato: In essere"), ("Eliminate", "Stato: Eliminate")):
        await filtered(declared, "Stato", "Quali associazioni cerchi?", choice, told)
        await declared.press("🔎 Cerca")
        await declared.sees("trovat")
        await declared.press("Ricevilo ogni settimana")
        await declared.sees("ogni lunedì", "Ricevi ogni volta tutte le associazioni trovate", told)
        await declared.press("‹ Ai risultati")
        await declared.sees("trovat", told, button="Ricevilo ogni settimana")
        await declared.press("Ricevilo ogni settimana")
        await declared.sees("ogni lunedì", told)
        await declared.press("Report associazioni")
        await declared.sees(told, button="☑️ Stato")  # the search's own filters
        await declared.press("Nuova ricerca")
        await declared.sees("Imposta almeno un filtro")
    await declared.press("Report settimanali")
    await declared.sees(
        "I tuoi report settimanali",
        "Il prossimo invio è lunedì ",
        " alle 8.",
        "Stato: In essere",
        "Stato: Eliminate",
    )
    await declared.press("Termina il n. 1")
    await declared.sees("terminato")
    await declared.press("Report settimanali")
    shown = await declared.sees("I tuoi report settimanali", "Stato: Eliminate")
    assert "In essere" not in shown.text


@on_sqlite
async def test_a_report_of_another_company_is_listed_with_its_name_and_ended_from_here(
    world: World, declared: Chat
) -> None:
    def prepare(connection: Connection) -> None:
        for code in (showcase.OTHERS, showcase.OURS):
            actor = identity.add_member(
                connection,
                telegram_user_id=world.people[0].id,
                display_name="Configuratore",
                integrator_code=code,
                role=Role.CONFIGURATOR,
                enabled=True,
                at=START,
            )
            there = replace(actor, membership=_member_of(connection, actor, code))
            subscriptions.subscribe(connection, there, LIVE, START)
        staff = replace(there, staff_roles=frozenset({StaffRole.COMMERCIAL}))
        subscriptions.subscribe(connection, staff, Criteria(live=False), START)

    await world.database.write(prepare)
    await to_the_report(declared)
    await declared.press("Report settimanali")
    shown = await declared.sees("I tuoi report settimanali", "Stato: Eliminate")
    theirs, ours = (showcase.INTEGRATORS[code] for code in (showcase.OTHERS, showcase.OURS))
    assert f"1. {theirs}" in shown.text
    assert "3. Tutte le aziende" in shown.text
    assert ours not in shown.text
    world.forge("1.e.weekly_now.1", message_id=shown.message_id)
    await declared.saw("è di un’altra azienda")
    await declared.press("Termina il n. 1")
    await declared.sees("terminato")
    await declared.press("Report settimanali")
    shown = await declared.sees("I tuoi report settimanali", "Stato: In essere")
    assert theirs not in shown.text


def _member_of(connection: Connection, actor: Actor, code: str) -> Membership:
    return next(each for each in identity.memberships_of(connection, actor) if each.integrator_code == code)


@on_sqlite
async def test_a_weekly_report_ends_with_the_evening_before(world: World, declared: Chat) -> None:
    assert world.clock is not None
    monday = next_time(world.clock.now())
    evening = as_of(monday).astimezone(ROME).replace(hour=23, minute=59)

    def prepare(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        for number, at in enumerate((evening, evening + timedelta(minutes=1)), start=9_000_000):
            add(connection, number, actor.integrator_id, actor.person_id, at.astimezone(UTC))
        wanted = Criteria(created=Period(days=7))
        subscriptions.subscribe(connection, actor, wanted, monday - WEEK)

    await world.database.write(prepare)
    await until_monday(world)
    await look(world)
    _, content = await declared.document("Report settimanale del ", "associazion")
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    made = [row["DATA ASSOCIAZIONE"] for row in rows if row["POD"].startswith("IT001E0900000")]
    assert made == [f"{evening:%d/%m/%Y %H:%M}"]


@on_sqlite
async def test_the_staff_gets_all_companies_in_its_weekly_report(world: World, declared: Chat) -> None:
    await associate(declared)
    await world.settled()
    await world.give_staff_role(StaffRole.COMMERCIAL, world.people[STAFF].id)
    async with world.chat(STAFF) as staff:
        await staff.says("/start", button="📊 Report associazioni")
        await to_the_report(staff)
        await filtered(staff, "Stato", "Quali associazioni cerchi?", "In essere", "Stato: In essere")
        await staff.press("🔎 Cerca")
        await staff.sees("associazioni trovate")
        await staff.press("Ricevilo ogni settimana")
        await staff.sees("ogni lunedì")
        await until_monday(world)
        await look(world)
        _, content = await staff.document("Report settimanale del ", " associazioni")
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        assert len({row["DITTA CONFIGURATRICE"] for row in rows}) == 2


@on_sqlite
async def test_a_report_that_could_not_be_made_is_told_and_can_be_opened(
    world: World, declared: Chat
) -> None:
    def give_up(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        assert world.clock is not None
        at = world.clock.now()
        made = subscriptions.subscribe(connection, actor, LIVE, at)
        assert subscriptions.deliver(connection, made.id, made.due_at, (), None, at)

    await world.database.write(give_up)
    await declared.sees("Non sono riuscito a preparare il report settimanale", button="Apri il report")
    await declared.press("Apri il report")
    await declared.sees("Un’associazione trovata", "Stato: In essere")
