"""A word on how a request ended, and the figures that come of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from backend.core.clock import ROME, ManualClock
from backend.tickets import satisfaction
from backend.tickets import service as tickets
from backend.tickets.errors import AlreadyRated, NotClosed, TicketGone
from backend.tickets.figures import Worth, figures
from backend.tickets.times import USUAL
from backend.tickets.values import Satisfaction
from tests.support import Chat, World
from tests.tickets.test_service_times import (
    ASKER,
    STAFF,
    TIMED,
    answer,
    as_person,
    ask,
    close,
    now,
    take,
    until,
)
from tests.tickets.test_tickets import write

MINUTES = timedelta(minutes=1)
CATEGORY = TIMED.category


@pytest.fixture
def world_clock() -> ManualClock:
    """A Friday afternoon at four."""
    return ManualClock(datetime(2026, 3, 27, 16, tzinfo=ROME))


@pytest.fixture
async def staff(world: World) -> AsyncIterator[Chat]:
    async with world.chat(STAFF) as chat:
        await chat.says("/start", button="📥 Richieste")
        yield chat


async def rate(world: World, number: int, word: Satisfaction, person: int = ASKER) -> None:
    await as_person(
        world, person, lambda connection, actor: satisfaction.rate(connection, actor, number, word)
    )


async def closed_in_the_chat(world: World, staff: Chat) -> None:
    """The staff closes request 1."""
    await staff.saw("Nuova richiesta n. 1")
    await staff.press("Richiesta n. 1")
    await staff.saw("Richiesta n. 1", "⏳ Aperto")
    await write(staff, "✅ Chiudi", "Come si è risolta", "Cambia il cavo", "Invia e chiudi")


async def test_who_asked_says_that_it_is_solved_once(world: World, declared: Chat, staff: Chat) -> None:
    await ask(world)
    await closed_in_the_chat(world, staff)
    closing = await declared.saw("Richiesta n. 1 chiusa", "Cambia il cavo")
    assert closing.labels[:2] == ("✅ Risolto", "❌ Non ancora")
    await declared.press("✅ Risolto", on=closing)
    await declared.saw("Grazie! Bene che sia risolto", "Richiesta n. 1 · ✅ Chiuso", on=closing)

    for forged in ("1_0", "1_2", "1", "x_1"):
        world.forge(f"1.e.ticket_rate.{forged}", message_id=closing.message_id)
    await world.settled()
    await staff.says("/richieste", button="✅ Chiuse")
    await staff.press("✅ Chiuse")
    await staff.sees("Chiuse", button="n. 1 ")
    await staff.press("n. 1 ")
    await staff.saw("✅ Il richiedente dice che è risolta")


async def test_who_is_not_content_reopens_and_is_asked_again(
    world: World, declared: Chat, staff: Chat
) -> None:
    await ask(world)
    await closed_in_the_chat(world, staff)
    closing = await declared.saw("Richiesta n. 1 chiusa")
    await declared.press("❌ Non ancora", on=closing)
    await declared.saw("Grazie di averlo detto", on=closing)
    await declared.press("🔄 Riapri", on=closing)
    await declared.saw("Richiesta n. 1 · 🛠 In Lavorazione", on=closing)
    with pytest.raises(NotClosed):
        await rate(world, 1, Satisfaction.SOLVED)
    await close(world, 1)
    again = await declared.sees("Richiesta n. 1 chiusa", "Fatto", button="✅ Risolto")
    assert again.message_id != closing.message_id
    await declared.press("✅ Risolto", on=again)
    await declared.saw("Bene che sia risolto", on=again)


async def test_the_first_word_stands_and_only_who_asked_has_one(world: World) -> None:
    await ask(world)
    with pytest.raises(NotClosed):
        await rate(world, 1, Satisfaction.SOLVED)
    await close(world, 1)
    with pytest.raises(TicketGone):
        await rate(world, 1, Satisfaction.SOLVED, person=1)
    with pytest.raises(TicketGone):
        await rate(world, 2, Satisfaction.SOLVED)
    await rate(world, 1, Satisfaction.UNSOLVED)
    with pytest.raises(AlreadyRated):
        await rate(world, 1, Satisfaction.SOLVED)
    shown = await as_person(world, STAFF, lambda connection, actor: tickets.get(connection, actor, 1))
    assert shown.satisfaction is Satisfaction.UNSOLVED


async def test_who_has_answered_already_is_told_so(world: World, declared: Chat, staff: Chat) -> None:
    await ask(world)
    await closed_in_the_chat(world, staff)
    closing = await declared.saw("Richiesta n. 1 chiusa")
    await rate(world, 1, Satisfaction.SOLVED)
    await declared.press("❌ Non ancora", on=closing)
    await declared.saw("Hai già risposto")
    shown = await as_person(world, STAFF, lambda connection, actor: tickets.get(connection, actor, 1))
    assert shown.satisfaction is Satisfaction.SOLVED


async def test_figures_are_of_working_hours_and_of_words_given(world: World) -> None:
    empty = await world.database.long_read(lambda connection: figures(connection, now(world), USUAL))
    assert (empty.open, empty.late, empty.first_answer, empty.closing) == (0, 0, None, None)

    for _ in range(4):
        await ask(world)
    await take(world, 1)
    world.later(30 * MINUTES)
    for number in (1, 2):
        await answer(world, number)
    until(world, datetime(2026, 3, 30, 9, tzinfo=ROME))  # two hours of work later than the opening
    await close(world, 1)
    await close(world, 3, person=6)
    until(world, datetime(2026, 3, 30, 12, tzinfo=ROME))
    await close(world, 2)
    await rate(world, 1, Satisfaction.SOLVED)
    await rate(world, 2, Satisfaction.UNSOLVED)
    await rate(world, 3, Satisfaction.SOLVED)

    found = await world.database.long_read(lambda connection: figures(connection, now(world), USUAL))
    assert (found.open, found.late) == (1, 1)
    assert found.first_answer == 30 * MINUTES
    assert found.closing == 120 * MINUTES
    assert found.by_category == {CATEGORY: Worth(2, 1)}
    assert found.by_operator == {"Commerciale": Worth(1, 1), "Assistenza": Worth(1, 0)}
    assert found.by_operator["Commerciale"].share == 0.5
