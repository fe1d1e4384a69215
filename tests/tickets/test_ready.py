"""Requests that begin with what is known already."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.tickets.models import tickets
from conversations.core.assistance import MATTER, READY
from sandbox import showcase
from tests.support import Chat, World, on_sqlite

CASES = {case.title: case.pod for case in showcase.cases()}


@on_sqlite
@pytest.mark.parametrize("title", ["Servizio non disponibile", "Errore Interno", "Errore Generico"])
async def test_an_outcome_that_says_so_offers_a_request_with_its_message(
    world: World, declared: Chat, title: str
) -> None:
    world.allowed_errors.add("central.failed")
    pod = CASES[title]
    await declared.says(pod, f"{title} contattare l'assistenza", button="Chiedi assistenza")
    await declared.press("Chiedi assistenza")
    await declared.sees("Con quale dispositivo hai bisogno di aiuto?", button="Smart Info")
    await declared.press("Smart Info")
    await declared.sees(f"«{title} contattare l'assistenza» per il POD {pod}", button="Invia")
    await declared.press("✅ Invia")
    await declared.saw("Richiesta inviata", f"POD {pod}", "Smart Info")


@on_sqlite
async def test_an_eligible_supply_offers_none(declared: Chat) -> None:
    shown = await declared.says(CASES["ammissibile"], "ammissibile", button="Associa")
    assert not any("assistenza" in label for label in shown.labels)


async def to_the_codes(declared: Chat) -> None:
    await declared.says("/assistenza", button="MOME")
    for label in ("MOME", "Sezione Tecnica", "Problematiche Hardware", "Un altro problema"):
        await declared.press(label)
    await declared.press("Scrivi all’assistenza")
    await declared.sees("Descrivi il problema")
    await declared.says("Vorrei sapere una cosa in più", "Di quale fornitura", button="Nessun codice")


@on_sqlite
async def test_codes_are_checked_when_they_are_given(declared: Chat) -> None:
    await to_the_codes(declared)
    sid, other = showcase.sid("MOME", 2), showcase.nid("MOME", 3)
    await declared.says(f"{sid} {other}", "due dispositivi diversi")
    await declared.says(sid, "Vuoi allegare qualcosa?", button="Continua senza")
    await declared.press("Continua senza")
    await declared.sees(f"{sid}, {showcase.nid('MOME', 2)}", button="Invia")


async def test_a_device_of_others_is_said_to_be_none_of_theirs(declared: Chat) -> None:
    await to_the_codes(declared)
    await declared.says(showcase.sid("MOME", 502), "Vuoi allegare qualcosa?", button="Continua senza")
    await declared.press("Continua senza")
    shown = await declared.sees("non risulta fra i vostri", button="Invia")
    assert showcase.nid("MOME", 502) not in shown.text  # nothing is told of it


@on_sqlite
@pytest.mark.parametrize(
    "data",
    [
        f"unknown_{CASES['ammissibile']}",
        f"eligible_{CASES['ammissibile']}",
        "internal-error_IT",
        "reference_<b>",
        "reference_" + "A" * 30,
        "",
    ],
)
async def test_forged_matters_lead_to_the_tree(world: World, declared: Chat, data: str) -> None:
    shown = await declared.says("/assistenza", button="MOME")
    for action, argument in ((MATTER, data), (READY, data)):
        world.forge(f"1.e.{action}.{argument}"[:64], message_id=shown.message_id)
        await world.settled()
    rows = await world.database.long_read(lambda c: c.execute(select(tickets)).all())
    assert rows == []
    await declared.saw("Con quale dispositivo")
