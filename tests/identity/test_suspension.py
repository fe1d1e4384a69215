"""Administrators suspend people and give roles among the staff."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from backend.core.audit.values import AuditAction
from tests.acceptance.walks import PLAIN
from tests.support import Chat, World

ADMINISTRATOR = 8


@pytest.fixture
async def administrator(world: World) -> AsyncIterator[Chat]:
    async with world.chat(ADMINISTRATOR) as chat:
        await chat.says("/start", "personale del servizio", button="Persone")
        yield chat


async def find(administrator: Chat, words: str, name: str) -> None:
    await administrator.says("/persone", "Personale del servizio", button="Cerca una persona")
    await administrator.press("Cerca una persona")
    await administrator.sees("Scrivi il nome")
    await administrator.says(words, "Ho trovato", button=name)
    await administrator.press(name)


async def test_a_suspended_person_may_nothing_from_the_next_message_on_also_in_an_open_dialogue(
    administrator: Chat, declared: Chat, world: World
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await declared.press("Associa un dispositivo")
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")

    await find(administrator, "config", "Configuratore")
    await administrator.sees("E-mail", button="Sospendi")
    await administrator.press("Sospendi")
    await administrator.sees("Utenza sospesa dal", button="Riammetti")

    await declared.says("MOM00000000000001", "sospesa")
    await world.settled()
    assert await world.dialogue() is None
    await declared.says(PLAIN, "sospesa")
    await administrator.press("Riammetti")
    await administrator.sees("E-mail", button="Sospendi")
    await declared.says(PLAIN, "Fornitura ammissibile")
    assert len(await world.audit(AuditAction.PERSON_SUSPENDED, AuditAction.PERSON_RESTORED)) == 2


async def test_a_question_that_needs_no_permission_stops_a_suspended_person_too(
    administrator: Chat, declared: Chat, world: World
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await declared.press("Associa un dispositivo")
    await declared.sees("Che dispositivo è?", button="MOME")
    await find(administrator, "config", "Configuratore")
    await administrator.sees("E-mail", button="Sospendi")
    await administrator.press("Sospendi")
    await administrator.sees("Utenza sospesa dal", button="Riammetti")

    await declared.press("MOME")
    told = await declared.sees("La tua utenza è sospesa")
    assert told.labels == ("🏠 Inizio",)
    await world.settled()
    assert await world.dialogue() is None
    first = await declared.says("/start", "La tua utenza è sospesa", button="Profilo")
    assert first.labels == ("👤 Profilo", "❓ Aiuto")


async def test_an_administrator_gives_a_role_and_takes_it(
    administrator: Chat, declared: Chat, world: World
) -> None:
    await find(administrator, "config", "Configuratore")
    await administrator.sees("E-mail", button="Nomina Commerciale")
    await administrator.press("Nomina Commerciale")
    await administrator.sees("Personale: Commerciale", button="Togli Commerciale")
    await declared.says("/contratti", "Nessun contratto")
    await administrator.press("Togli Commerciale")
    await administrator.sees("E-mail", button="Nomina Commerciale")
    await declared.says("/contratti", "riservata al personale")


async def test_administrators_cannot_lock_themselves_out(administrator: Chat) -> None:
    await administrator.says("/persone", "Personale del servizio", button="Amministratore")
    await administrator.press("Amministratore")
    await administrator.sees("Personale: Amministratore", button="Sospendi")
    await administrator.press("Sospendi")
    await administrator.sees("Non puoi farlo a te stesso")


async def test_nobody_else_manages_people(declared: Chat, world: World) -> None:
    await declared.says("/persone", "riservata al personale")
    async with world.chat(5) as commercial:
        await commercial.says("/persone", "riservata al personale")


async def test_whom_nobody_finds_is_said(administrator: Chat) -> None:
    await administrator.says("/persone", "Personale del servizio", button="Cerca una persona")
    await administrator.press("Cerca una persona")
    await administrator.sees("Scrivi il nome")
    await administrator.says("%%", "Non ho trovato nessuno")
    await administrator.says("x", "almeno due caratteri")
