"""A sticker, a voice message or a picture is no answer to a question that takes text."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from backend.registrations.models import registrations
from tests.acceptance.moves import Press, Write
from tests.acceptance.scripts import SCRIPTS
from tests.acceptance.test_bad_input import png
from tests.support import Chat, World, on_sqlite

TEXT_WANTED = "Qui serve un messaggio di testo"
UNREADABLE = "Nella foto non leggo nessun codice"
"""What a picture is told that is no label, where a label would do."""
BY_TEXT = [
    name
    for name, script in SCRIPTS.items()
    if any(isinstance(m.answer, Write) for m in script.moves) and not name.startswith("ticket_")
]
"""What is said in a ticket may be a picture or a voice message."""


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Chat]:
    async with world.chat(9) as chat:
        yield chat


async def send_no_text(chat: Chat, question: str) -> None:
    """Send each of them; the same question is asked again below, and says that it takes text."""
    phone = chat.phone
    for send, words in (
        (phone.send_sticker, (TEXT_WANTED,)),
        (phone.send_voice, (TEXT_WANTED,)),
        (lambda: phone.send_file(png(), name="foto.png", kind="photo"), (TEXT_WANTED, UNREADABLE)),
    ):
        mine = await send()
        shown = await phone.wait_for(
            lambda screen, mine=mine: next(  # type: ignore[misc]  # the message of this round
                (m for m in screen.from_bot if m.message_id > mine.message_id and question in m.text), None
            ),
            20.0,
        )
        assert any(each in shown.text for each in words), shown.text
        assert shown.buttons


@on_sqlite
@pytest.mark.parametrize("name", BY_TEXT)
async def test_the_question_is_asked_again_and_says_that_text_is_wanted(world: World, name: str) -> None:
    script = SCRIPTS[name]
    if script.before is not None:
        await script.before(world)
    if script.staff is not None:
        await world.give_staff_role(script.staff, world.people[script.person].id)
    async with world.chat(script.person) as chat:
        await script.begin(chat)
        for move in script.moves:
            await chat.sees(move.question)
            if isinstance(move.answer, Write):
                await send_no_text(chat, move.question)
                await chat.type(move.answer.text)
            elif isinstance(move.answer, Press):
                await chat.press(move.answer.label)
            else:
                break  # what comes after a code in an e-mail takes no text of one's own
            await world.settled()


@on_sqlite
async def test_nothing_is_stored_for_a_field_that_was_answered_without_text(
    visitor: Chat, world: World
) -> None:
    await visitor.says("/registrati", "Tieni pronti", button="Comincia")
    await visitor.press("Comincia")
    await visitor.sees("Qual è il nome")
    await send_no_text(visitor, "nome")
    await world.settled()
    query = select(registrations.c.first_name)
    assert await world.database.long_read(lambda c: c.execute(query).scalars().all()) == [None]
    await visitor.phone.send_file(png(), name="foto.png", kind="photo", caption="Maria")
    await visitor.sees("cognome")
    await world.settled()
    assert await world.database.long_read(lambda c: c.execute(query).scalars().all()) == ["Maria"]


@on_sqlite
async def test_a_referent_is_asked_again_for_whom_the_invitation_is(world: World) -> None:
    async with world.chat(3) as referent:
        await referent.says("/squadra", "Impianti Demo", button="Invita")
        await referent.press("Invita")
        await referent.sees("Con quale ruolo?")
        await referent.press("Tecnico")
        await referent.sees("Per chi è l’invito?")
        await send_no_text(referent, "Per chi è l’invito?")
        await referent.says("carla@esempio.it", "Invito per Impianti Demo")
