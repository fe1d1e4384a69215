"""The declaration: asked for once per access, before the actions that it gates, and for no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.core.audit.values import AuditAction
from backend.core.clock import ManualClock
from backend.declarations.models import acceptances
from tests.acceptance.walks import MOME, PLAIN, PROSUMER
from tests.support import Chat, World, on_sqlite


async def test_the_declaration_is_asked_for_once_and_the_action_goes_on_by_itself(
    world: World, world_clock: ManualClock, chat: Chat
) -> None:
    asked = await chat.says(
        PLAIN, "Dichiarazione da parte del System Integrator", "per conto di Impianti Demo"
    )
    assert "ammissibile" not in asked.text
    assert await world.audit(AuditAction.POD_LOOKED_UP) == []

    await chat.press("Accetto")
    await chat.saw("Dichiarazione accettata, valida fino al")
    await chat.sees("Fornitura ammissibile", PLAIN)
    await chat.says(PROSUMER, "Fornitura ammissibile", PROSUMER)

    await world.settled()
    (entry,) = await world.audit(AuditAction.DECLARATION_ACCEPTED)
    assert (entry.person_name, entry.integrator_name, entry.at) == (
        "Configuratore",
        "Impianti Demo",
        world_clock.now(),
    )
    rows = await world.database.long_read(lambda connection: connection.execute(select(acceptances)).all())
    assert [(row.text_version, row.accepted_at, row.expires_at) for row in rows] == [
        (world.settings.declaration_version, world_clock.now(), world_clock.now() + timedelta(hours=12))
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (f"{PLAIN}, {PROSUMER}", "Ho trovato 2 POD"),
        (PLAIN.replace("0", "O"), f"Forse intendevi {PLAIN}?"),
        (MOME, "MOME della tua azienda"),
        ("Cerca un POD", "Scrivi o incolla il POD"),
        ("Associazioni", "Associazioni di Impianti Demo"),
        ("Ultimi POD", "Non hai ancora cercato"),
    ],
)
async def test_every_gated_action_goes_on_after_the_declaration(chat: Chat, wish: str, answer: str) -> None:
    if wish in ("Cerca un POD", "Associazioni", "Ultimi POD"):
        await chat.says("/start", "Incolla un POD")
        await chat.press(wish)
    else:
        await chat.type(wish)
    await chat.sees("Dichiarazione da parte del System Integrator")
    await chat.press("Accetto")
    await chat.sees(answer)


@on_sqlite
@pytest.mark.parametrize("way", ["button", "command"])
async def test_a_refused_declaration_stops_the_action(world: World, chat: Chat, way: str) -> None:
    await chat.says(PLAIN, "Dichiarazione da parte")
    if way == "button":
        await chat.press("Annulla")
    else:
        await chat.type("/annulla")
    await chat.sees("Annullato: non è cambiato nulla")
    await world.settled()
    assert await world.audit(AuditAction.DECLARATION_ACCEPTED, AuditAction.POD_LOOKED_UP) == []
    assert await world.dialogue() is None
    await chat.says(PLAIN, "Dichiarazione da parte")  # it is asked for again


async def test_the_declaration_expires_after_twelve_hours(world: World, declared: Chat) -> None:
    world.later(timedelta(hours=11, minutes=59))
    await declared.says(PLAIN, "Fornitura ammissibile")
    world.later(timedelta(minutes=2))
    await declared.says(PLAIN, "Dichiarazione da parte")
    await declared.press("Accetto")
    await declared.sees("Fornitura ammissibile")
    await world.settled()
    assert len(await world.audit(AuditAction.DECLARATION_ACCEPTED)) == 2


@on_sqlite
async def test_a_dialogue_is_gated_at_the_first_action_after_the_expiry(world: World, declared: Chat) -> None:
    world.later(timedelta(hours=13))
    await declared.press("Cerca un POD")
    await declared.sees("Dichiarazione da parte")
    await declared.press("Accetto")
    await declared.sees("Scrivi o incolla il POD")


@on_sqlite
async def test_a_question_whose_answer_needs_the_declaration_loses_its_buttons(
    world: World, declared: Chat
) -> None:
    world.later(timedelta(hours=11, minutes=59))
    await declared.press("Cerca un POD")
    question = await declared.sees("Scrivi o incolla il POD", button="Annulla")
    world.later(timedelta(minutes=2))

    await declared.says(PLAIN, "Dichiarazione da parte")

    await world.settled()
    assert (await declared.message(question.message_id)).labels == ()
    await declared.press("Accetto")
    await declared.sees("Fornitura ammissibile")


@on_sqlite
async def test_the_acceptance_of_one_person_does_not_count_for_a_colleague(
    world: World, declared: Chat
) -> None:
    async with world.chat(1) as colleague:
        await colleague.says(PLAIN, "Dichiarazione da parte")


@on_sqlite
@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/start", "Lavori per Impianti Demo"),
        ("/aiuto", "Che cosa posso fare"),
        ("/stato", "Dichiarazione: da accettare alla prossima operazione"),
        ("/lingua", "In quale lingua"),
        ("/annulla", "Non c’è nulla da annullare"),
    ],
)
async def test_other_commands_do_not_ask_for_the_declaration(chat: Chat, command: str, answer: str) -> None:
    shown = await chat.says(command, answer)
    assert "Accetto" not in " ".join(shown.labels)


@on_sqlite
async def test_the_state_shows_until_when_the_declaration_is_valid(declared: Chat) -> None:
    await declared.says("/stato", "Configuratore · Impianti Demo", "Dichiarazione accettata, valida fino al")
