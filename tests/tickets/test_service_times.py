"""Tickets past their targets: who is told, when, and once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, delete, func, select

from backend.core.clock import ROME, ManualClock
from backend.identity import preferences
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.identity.preferences import QuietHours
from backend.identity.values import Actor
from backend.notices.models import notices
from backend.tickets import digest, lateness
from backend.tickets import service as tickets
from backend.tickets.models import ticket_digests
from backend.tickets.models import tickets as rows
from backend.tickets.times import USUAL
from backend.tickets.values import NewTicket, Ticket
from bot.core.scheduler import Scheduler
from bot.tickets.feature import ticket_checks
from tests.identity.prepared import TICKET
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_tickets import open_one, said_to

T = TypeVar("T")

ASKER, STAFF, OTHER_STAFF, ADMINISTRATOR = 0, 5, 6, 8
HOUR = timedelta(hours=1)
TIMED = replace(TICKET, answer_minutes=4 * 60, solve_minutes=18 * 60)
LATE, ESCALATED, DAY = lateness.LATE_NOTICE, lateness.ESCALATED_NOTICE, digest.DIGEST_NOTICE


def rome(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ROME)


@pytest.fixture
def world_clock() -> ManualClock:
    """A Wednesday at ten, in the week at whose end the clocks change."""
    return ManualClock(rome(3, 25, 10))


@pytest.fixture
async def staff(world: World) -> AsyncIterator[Chat]:
    """A persona who answers requests, and was here."""
    async with world.chat(STAFF) as chat:
        await chat.says("/start", button="📥 Richieste")
        yield chat


@pytest.fixture(autouse=True)
async def day_begun(world: World) -> None:
    """The day has begun, with nothing to be told of. That on which the world was made is yet to come."""
    await world.database.write(lambda connection: connection.execute(delete(ticket_digests)))
    await looked(world)


def now(world: World) -> datetime:
    assert world.clock is not None
    return world.clock.now()


def until(world: World, at: datetime) -> None:
    """Let time pass up to this moment."""
    world.later(at - now(world))


async def as_person(world: World, person: int, work: Callable[[Connection, Actor], T]) -> T:
    """Do something as one of the people, in one transaction."""

    def done(connection: Connection) -> T:
        actor = identity.actor_of(connection, world.people[person].id)
        assert actor is not None
        return work(connection, actor)

    return await world.database.write(done)


async def ask(world: World, wanted: NewTicket = TIMED) -> Ticket:
    return await as_person(
        world, ASKER, lambda connection, actor: tickets.open_ticket(connection, actor, wanted, now(world))
    )


async def take(world: World, number: int, person: int = STAFF) -> Ticket:
    return await as_person(
        world, person, lambda connection, actor: tickets.take(connection, actor, number, now(world))
    )


async def answer(world: World, number: int, person: int = STAFF) -> Ticket:
    return await as_person(
        world, person, lambda connection, actor: tickets.answer(connection, actor, number, "Sì", now(world))
    )


async def close(world: World, number: int, person: int = STAFF) -> Ticket:
    return await as_person(
        world, person, lambda connection, actor: tickets.close(connection, actor, number, "Fatto", now(world))
    )


async def looked(world: World) -> None:
    """Look at what is due, as the scheduler would within half a minute, and let it be told."""
    assert world.clock is not None
    await Scheduler(world.database, world.clock, ticket_checks(timedelta(days=730), USUAL)).look()
    await world.settled()


async def told(world: World, *kinds: str) -> list[tuple[int, str, str]]:
    """Who was told what since the beginning: persona, kind, and the stage or day."""
    rows = await world.database.long_read(
        lambda connection: connection.execute(
            select(notices.c.person_id, notices.c.kind, notices.c.dedupe_key)
            .where(notices.c.kind.in_(kinds or (LATE, ESCALATED)))
            .order_by(notices.c.id)
        ).all()
    )
    people = {await person_id(world, number): number for number in range(len(world.people) - 1)}
    return [(people[row.person_id], row.kind, _stage(row.dedupe_key, row.kind)) for row in rows]


def _stage(key: str, kind: str) -> str:
    return key if kind == DAY else "-".join(key.split("-")[:3])


async def person_id(world: World, person: int) -> int:
    return await as_person(world, person, lambda connection, actor: actor.person_id)


REMINDED = [(STAFF, LATE, "1-answer-1"), (OTHER_STAFF, LATE, "1-answer-1")]
ESCALATED_TO_ALL = [
    (STAFF, LATE, "1-answer-2"),
    (OTHER_STAFF, LATE, "1-answer-2"),
    (ADMINISTRATOR, ESCALATED, "1-answer-2"),
]


async def test_a_request_that_waits_too_long_is_told_to_all_and_then_to_administrators(
    world: World, declared: Chat, staff: Chat
) -> None:
    await open_one(declared)
    await staff.saw("Nuova richiesta n. 1")
    await staff.press("Richiesta n. 1")
    await staff.saw(
        "Prima risposta entro il 25/03/2026 14:00", "Soluzione entro il 27/03/2026 10:00", "⏳ Aperto"
    )
    assert "Prima risposta entro" not in await said_to(declared)
    async with world.chat(ADMINISTRATOR) as administrator:
        await administrator.says("/start", button="Persone")
        world.later(4 * HOUR - timedelta(seconds=1))
        await looked(world)
        assert await told(world) == []
        world.later(timedelta(seconds=1))
        await looked(world)
        await looked(world)
        await staff.saw("Richiesta n. 1: manca la prima risposta", "14:00", "Non è in carico a nessuno")
        assert await told(world) == REMINDED
        world.later(2 * HOUR)
        await looked(world)
        await looked(world)
        await staff.saw("Richiesta n. 1 in forte ritardo", "manca la prima risposta")
        shown = await administrator.saw("Richiesta n. 1 in forte ritardo", "Configurazione massiva")
        assert shown.labels == ()
    assert await told(world) == [*REMINDED, *ESCALATED_TO_ALL]
    assert "ritardo" not in await said_to(declared)


@on_sqlite
async def test_who_works_at_it_is_told_alone_and_nobody_once_it_is_answered(
    world: World, staff: Chat
) -> None:
    await ask(world)
    await ask(world)
    for number in (1, 2):
        await take(world, number)
    await answer(world, 2)
    world.later(4 * HOUR)
    await looked(world)
    await staff.saw("Richiesta n. 1: manca la prima risposta", "Commerciale")
    assert await told(world) == [(STAFF, LATE, "1-answer-1")]
    await close(world, 1)
    until(world, rome(3, 27, 10))
    await looked(world)
    await staff.saw("Richiesta n. 2: la soluzione era attesa entro il 27/03/2026 10:00")
    assert await told(world) == [(STAFF, LATE, "1-answer-1"), (STAFF, LATE, "2-solve-1")]


@on_sqlite
async def test_after_an_outage_of_three_days_the_newest_stage_is_told_in_the_next_working_minute(
    world: World,
) -> None:
    until(world, rome(3, 26, 10))
    await ask(world)
    await world.stop()
    until(world, rome(3, 29, 20))  # a Sunday; its night was an hour shorter
    await world.start()
    await looked(world)
    until(world, rome(3, 30, 8, 29))
    await looked(world)
    assert await told(world) == []
    until(world, rome(3, 30, 8, 30))
    await looked(world)
    await looked(world)
    assert await told(world) == ESCALATED_TO_ALL  # the reminder before it, missed, is not told any more
    until(world, rome(3, 30, 10))
    await looked(world)
    assert [each for _, _, each in await told(world)][3:] == ["1-solve-1", "1-solve-1"]


@on_sqlite
async def test_an_outage_past_both_targets_is_told_once_and_administrators_hear_of_what_escalated(
    world: World,
) -> None:
    await ask(world)
    await world.stop()
    until(world, rome(3, 27, 12))
    await world.start()
    await looked(world)
    assert await told(world) == [
        (STAFF, LATE, "1-solve-1"),
        (OTHER_STAFF, LATE, "1-solve-1"),
        (ADMINISTRATOR, ESCALATED, "1-answer-2"),
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (rome(3, 27, 15), rome(3, 30, 10)),  # a weekend in which an hour is missing
        (rome(4, 3, 15), rome(4, 7, 10)),  # Easter
        (rome(10, 23, 15), rome(10, 26, 10)),  # a weekend with an hour more
        (rome(12, 24, 15), rome(12, 28, 10)),  # Christmas, and a weekend
    ],
)
async def test_what_is_asked_before_free_days_is_due_after_them(
    world: World, asked: datetime, due: datetime
) -> None:
    until(world, asked)
    await ask(world)
    for at in (due - 24 * HOUR, due - timedelta(seconds=1)):
        until(world, at)
        await looked(world)
    assert await told(world) == []
    until(world, due)
    await looked(world)
    assert await told(world) == REMINDED


async def test_a_process_that_dies_before_the_commit_has_told_nothing_and_the_next_one_tells(
    world: World,
) -> None:
    await ask(world)
    world.later(4 * HOUR)

    def dies(connection: Connection) -> None:
        assert lateness.remind(connection, now(world), USUAL) == 1
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await world.database.write(dies)
    assert await told(world) == []
    await looked(world)
    assert await told(world) == REMINDED


async def test_of_two_who_look_at_once_one_tells(world: World) -> None:
    for _ in range(3):
        await ask(world)
    world.later(4 * HOUR)
    await asyncio.gather(*(looked(world) for _ in range(4)))
    await looked(world)
    assert sorted(stage for _, _, stage in await told(world)) == sorted(
        2 * [f"{number}-answer-1" for number in (1, 2, 3)]
    )


@on_sqlite
async def test_a_reopened_request_has_its_targets_anew(world: World, staff: Chat) -> None:
    await ask(world)
    world.later(4 * HOUR)
    await looked(world)
    await close(world, 1)
    until(world, rome(4, 1, 9))
    await looked(world)
    assert await told(world) == REMINDED
    again = await as_person(
        world, ASKER, lambda connection, actor: tickets.reopen(connection, actor, 1, now(world))
    )
    assert again.answer_due_at == rome(4, 1, 13)
    assert again.solve_due_at == rome(4, 3, 9)
    until(world, rome(4, 1, 13))
    await looked(world)
    await staff.saw("Richiesta n. 1: manca la prima risposta", "01/04/2026 13:00")
    assert await told(world) == [*REMINDED, (STAFF, LATE, "1-answer-1")]


@on_sqlite
async def test_a_request_without_targets_is_never_late(world: World, staff: Chat) -> None:
    await ask(world, TICKET)
    until(world, rome(6, 1, 10))
    await looked(world)
    await staff.saw("Richieste di assistenza, oggi")
    assert await told(world) == []
    await staff.says("/richieste", "Da prendere in carico", button="In ritardo")
    await staff.press("In ritardo")
    await staff.sees("Nessuna richiesta in ritardo")


async def test_the_late_queue_begins_with_what_is_overdue_most(world: World, staff: Chat) -> None:
    slow = replace(TIMED, answer_minutes=9 * 60, solve_minutes=9 * 60)
    await ask(world, slow)
    for _ in range(8):
        await ask(world)
    await close(world, 9)
    world.later(5 * HOUR)  # to 15:00; the quick ones were due at 14:00
    await answer(world, 4)
    await looked(world)
    await staff.saw("Richiesta n. 8: manca la prima risposta")
    await staff.saw("Richiesta n. 4 · non consegnato")  # a notice leaves behind answers
    await staff.says("/richieste", button="🔴 In ritardo")
    await staff.press("🔴 In ritardo")
    shown = await staff.sees("In ritardo, prima quelle")
    assert [label.split(" · ")[:2] for label in shown.labels if "n. " in label] == [
        ["🔴 1 h", f"n. {number}"] for number in (2, 3, 5, 6, 7, 8)
    ]
    until(world, rome(3, 27, 10, 30))  # everything is late, number 1 since yesterday at ten
    await looked(world)
    await staff.saw("Richiesta n. 1 in forte ritardo")
    await staff.saw("Richiesta n. 8: la soluzione era attesa")
    await staff.saw("Richieste di assistenza, oggi")
    await staff.says("/richieste", button="🔴 In ritardo")
    await staff.press("🔴 In ritardo")
    shown = await staff.sees("In ritardo, prima quelle")
    late = [label.split(" · ")[:2] for label in shown.labels if "n. " in label]
    assert late[0] == ["🔴 14 h", "n. 2"]
    assert late[-2:] == [["🔴 9 h", "n. 1"], ["🔴 meno di 1 h", "n. 4"]]
    await staff.press("n. 1 ")
    await staff.saw(
        "Prima risposta in ritardo di 9 ore lavorative", "Soluzione in ritardo di 9 ore lavorative"
    )


@on_sqlite
async def test_a_long_late_queue_has_pages(world: World, staff: Chat) -> None:
    for _ in range(9):
        await ask(world)
    world.later(5 * HOUR)
    await looked(world)
    await staff.saw("Richiesta n. 9: manca la prima risposta")
    await staff.says("/richieste", button="🔴 In ritardo")
    await staff.press("🔴 In ritardo")
    await staff.sees("In ritardo, prima", button="Seguenti")
    await staff.press("Seguenti")
    shown = await staff.sees("In ritardo, prima", button="Dall’inizio")
    assert [label for label in shown.labels if "n. " in label] == [
        label for label in shown.labels if "n. 9 " in label
    ]
    await staff.press("Dall’inizio")
    await staff.sees("In ritardo, prima", button="n. 1 ")


def day_of(month: int, day: int) -> str:
    return rome(month, day).date().isoformat()


async def test_the_day_begins_with_what_waits_once_for_each(world: World, staff: Chat) -> None:
    for _ in range(3):
        await ask(world)
    await take(world, 2)
    await close(world, 3)
    until(world, rome(3, 26, 8, 29))
    await looked(world)
    assert await told(world, DAY) == []
    until(world, rome(3, 26, 8, 30))
    await looked(world)
    until(world, rome(3, 26, 12))
    await looked(world)
    await staff.saw(
        "Richieste di assistenza, oggi",
        "Da prendere in carico: 1",
        "In carico a te: 1",
        "In ritardo: 2",
        "Chiuse dal 25/03/2026 a ieri: 1",
        "ancora aperta: n. 1, del 25/03/2026 10:00",
    )
    await staff.press("🔴 In ritardo")
    await staff.sees("In ritardo, prima quelle", button="n. 2 ")
    assert await told(world, DAY) == [(STAFF, DAY, day_of(3, 26)), (OTHER_STAFF, DAY, day_of(3, 26))]


@on_sqlite
async def test_days_that_nobody_looked_at_are_left_out_and_so_are_nights_and_holidays(world: World) -> None:
    await ask(world, TICKET)
    await world.stop()
    until(world, rome(4, 3, 11))  # the Friday before Easter: the days before are not made up for
    await world.start()
    await looked(world)
    for at in (rome(4, 3, 18), rome(4, 4, 9), rome(4, 6, 9), rome(4, 7, 17, 30)):
        until(world, at)
        await looked(world)
    until(world, rome(4, 8, 8, 30))
    await looked(world)
    assert await told(world, DAY) == [
        (person, DAY, day_of(4, day)) for day in (3, 8) for person in (STAFF, OTHER_STAFF)
    ]


@on_sqlite
async def test_a_day_without_anything_to_do_begins_without_a_word(world: World) -> None:
    until(world, rome(3, 26, 8, 30))
    await looked(world)
    await ask(world)
    until(world, rome(3, 26, 9))
    await looked(world)
    assert await told(world, DAY) == []


@on_sqlite
async def test_who_does_without_the_digest_is_left_alone_and_an_old_one_is_not_read(
    world: World, staff: Chat
) -> None:
    await ask(world, TICKET)
    await staff.saw("Nuova richiesta n. 1")
    await staff.says("/profilo", "Avvisi facoltativi", button="Avvisi")
    await staff.press("Avvisi")
    await staff.sees("Tocca un avviso", button="Richieste di assistenza, ogni mattina")
    await staff.press("Richieste di assistenza, ogni mattina")
    await staff.sees("Tocca un avviso", button="⚪️ Richieste di assistenza, ogni mattina")
    until(world, rome(3, 26, 8, 30))
    await looked(world)
    await world.settled()
    until(world, rome(3, 27, 8, 30))
    await looked(world)
    await world.settled()
    assert "oggi" not in await said_to(staff)
    assert not await world.database.long_read(
        lambda connection: digest.is_newest(connection, rome(3, 26).date())
    )
    assert await world.database.long_read(lambda connection: digest.is_newest(connection, rome(3, 27).date()))


@on_sqlite
async def test_who_left_the_staff_keeps_nothing(world: World, staff: Chat) -> None:
    await ask(world)
    await ask(world)
    for number in (1, 2):
        await take(world, number, OTHER_STAFF)
    await close(world, 2, OTHER_STAFF)
    await staff.says("/richieste", "Nessuna richiesta da prendere in carico")

    def leaves(connection: Connection) -> None:
        identity.remove_staff(
            connection,
            telegram_user_id=world.people[OTHER_STAFF].id,
            role=StaffRole.SUPPORT,
            at=now(world),
        )

    await world.database.write(leaves)
    world.later(4 * HOUR)
    await looked(world)
    await staff.saw("Richiesta n. 1: manca la prima risposta", "Non è in carico a nessuno")
    await as_person(world, ASKER, lambda connection, actor: tickets.reopen(connection, actor, 2, now(world)))
    await staff.saw("Richiesta n. 2 riaperta")
    await as_person(
        world, ASKER, lambda connection, actor: tickets.add_word(connection, actor, 2, "Ecco", now(world))
    )
    await staff.saw("Richiesta n. 2", "scrive:", "Ecco")
    await staff.type("/richieste")
    queue = await staff.saw("Da prendere in carico")  # a notice may leave behind it
    assert any("n. 1 " in label for label in queue.labels)
    await staff.press("n. 2 ", on=queue)
    await staff.press("Prendi in carico")
    await staff.saw("Richiesta n. 2", "👤 Commerciale")
    assert (await take(world, 1)).operator == "Commerciale"


@on_sqlite
async def test_reopening_is_not_opening_however_many_are_open(world: World) -> None:
    first = await ask(world)
    await close(world, first.id)
    for _ in range(tickets.MOST_OPEN):
        await ask(world)
    await as_person(
        world, ASKER, lambda connection, actor: tickets.reopen(connection, actor, first.id, now(world))
    )
    open_now = await world.database.long_read(
        lambda connection: connection.scalar(select(func.count(rows.c.id)).where(rows.c.closed_at.is_(None)))
    )
    assert open_now == tickets.MOST_OPEN + 1


@pytest.fixture
def bot_settings(request: pytest.FixtureRequest) -> Mapping[str, object]:
    """The service's hours, where a test has others."""
    return getattr(request, "param", {})


@on_sqlite
@pytest.mark.parametrize("bot_settings", [{"support_hours": "mon-sat 7:00-13:00"}], indirect=True)
async def test_hours_that_were_set_count_from_the_chat_on(world: World, declared: Chat, staff: Chat) -> None:
    await open_one(declared)
    await staff.saw("Nuova richiesta n. 1")
    await staff.press("Richiesta n. 1")
    await staff.saw("Prima risposta entro il 26/03/2026 08:00", "Soluzione entro il 28/03/2026 10:00")


@on_sqlite
async def test_a_reminder_that_waited_says_nothing_of_a_target_that_was_set_anew(
    world: World, staff: Chat
) -> None:
    await staff.says("/profilo", "Ore di silenzio", button="Ore di silenzio")
    await as_person(
        world,
        STAFF,
        lambda connection, actor: preferences.keep_quiet(connection, actor, QuietHours(12 * 60, 15 * 60)),
    )
    await ask(world)
    await staff.saw("Nuova richiesta n. 1")
    world.later(4 * HOUR)
    await looked(world)
    await close(world, 1)
    await as_person(world, ASKER, lambda connection, actor: tickets.reopen(connection, actor, 1, now(world)))
    until(world, rome(3, 25, 15, 30))
    await as_person(
        world, ASKER, lambda connection, actor: tickets.add_word(connection, actor, 1, "Ecco", now(world))
    )
    await staff.saw("scrive:", "Ecco")
    assert "manca la prima risposta" not in await said_to(staff)
    assert await told(world) == REMINDED
