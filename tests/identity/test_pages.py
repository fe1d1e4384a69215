"""The team, its invitations and the people who are found are read in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import Connection

from backend.identity import people
from backend.identity import service as identity
from backend.identity.permissions import Role
from backend.invitations import service as invitations
from sandbox.client import Screen, Shown
from tests.support import PATIENCE, Chat, World, on_sqlite

REFERENT, ADMINISTRATOR = 3, 8
NUMBER = 20
"""Of the rows that are added: more than two pages."""


@pytest.fixture
async def referent(world: World) -> AsyncIterator[Chat]:
    await world.database.write(lambda connection: _add(connection, world))
    async with world.chat(REFERENT) as chat:
        yield chat


def _add(connection: Connection, world: World) -> None:
    """Add members and invitations, named by their number."""
    assert world.clock is not None
    at = world.clock.now()
    actor = identity.actor_of(connection, world.people[REFERENT].id)
    assert actor is not None
    for number in range(NUMBER):
        person = people.add_person(connection, 7000 + number, f"Aggiunto {number:02}", at)
        people.enable_member(connection, person, actor.integrator_id, Role.TECHNICIAN, at, actor=actor)
        email = f"invitato-{number:02}@esempio.it"
        invitations.create(connection, actor, Role.TECHNICIAN, f"token {number}", at, email=email)


async def _walk(chat: Chat, page: Shown, title: str) -> list[str]:
    """Turn every page from this one on: the labels and texts of all."""
    seen = [page.text, *page.labels]
    while any("Precedenti" in label for label in page.labels):
        await chat.press("Precedenti")
        page = await chat.phone.wait_for(partial(_other_than, page), PATIENCE)
        assert title in page.text
        seen += [page.text, *page.labels]
    return seen


def _other_than(page: Shown, screen: Screen) -> Shown | None:
    return None if screen.from_bot[-1].raw == page.raw else screen.from_bot[-1]


def _numbers(seen: list[str], word: str) -> list[int]:
    return [number for number in range(NUMBER) if any(f"{word}{number:02}" in text for text in seen)]


async def test_every_member_is_reached_and_back_leads_to_the_same_page(referent: Chat) -> None:
    page = await referent.says("/squadra", "persone", button="Aggiunto 19")
    assert not any("Aggiunto 11" in label for label in page.labels)
    seen = await _walk(referent, page, "persone")
    assert _numbers(seen, "Aggiunto ") == list(range(NUMBER))

    await referent.says("/squadra", "persone", button="Precedenti")
    await referent.press("Precedenti")
    await referent.sees("persone", button="Aggiunto 08")
    await referent.press("Aggiunto 08")
    await referent.sees("In squadra dal", button="Nomina configuratore")
    await referent.press("Nomina configuratore")
    await referent.sees("Configuratore", button="Rimuovi dalla squadra")
    await referent.press("Rimuovi dalla squadra")
    await referent.sees("Rimuovere", button="Mantieni")
    await referent.press("Mantieni")
    await referent.sees("In squadra dal", button="Squadra")
    await referent.press("Squadra")
    await referent.sees("persone", button="Aggiunto 08 · Configuratore")
    await referent.press("Più recenti")
    await referent.sees("persone", button="Aggiunto 19")


@on_sqlite
async def test_who_may_only_look_reads_every_name_too(referent: Chat, declared: Chat) -> None:
    page = await declared.says("/squadra", "Aggiunto 19")
    assert "Aggiunto 11" not in page.text
    seen = await _walk(declared, page, "persone")
    assert _numbers(seen, "Aggiunto ") == list(range(NUMBER))


@on_sqlite
async def test_every_open_invitation_is_reached_and_back_leads_to_the_same_page(referent: Chat) -> None:
    await referent.says("/squadra", "persone", button="Inviti aperti")
    await referent.press("Inviti aperti")
    page = await referent.sees("Inviti aperti", button="invitato-19")
    seen = await _walk(referent, page, "Inviti aperti")
    assert _numbers(seen, "invitato-") == list(range(NUMBER))

    await referent.press("invitato-00")
    await referent.sees("Nessuno lo ha ancora usato", button="Ritira")
    await referent.press("Ritira")
    await referent.sees("Ritirato", button="Inviti aperti")
    await referent.press("Inviti aperti")
    page = await referent.sees("Inviti aperti", button="invitato-01")
    assert not any("invitato-00" in label for label in page.labels)


async def test_everybody_who_is_found_is_reached_and_back_leads_to_the_same_page(
    referent: Chat, world: World
) -> None:
    async with world.chat(ADMINISTRATOR) as administrator:
        await administrator.says("/persone", "Personale del servizio", button="Cerca una persona")
        await administrator.press("Cerca una persona")
        await administrator.sees("Scrivi il nome")
        page = await administrator.says("aggiunto", f"Ho trovato {NUMBER} persone", button="Aggiunto 19")
        seen = await _walk(administrator, page, f"Ho trovato {NUMBER} persone")
        assert _numbers(seen, "Aggiunto ") == list(range(NUMBER))

        await administrator.press("Aggiunto 02")
        await administrator.sees("E-mail", button="Persone")
        await administrator.press("Persone")
        await administrator.sees(f"Ho trovato {NUMBER} persone", button="Aggiunto 02")


async def test_long_words_find_people_by_how_they_begin(world: World) -> None:
    def add(connection: Connection) -> None:
        assert world.clock is not None
        people.add_person(connection, 7000, "Àà Impianti Elettrici Rossi e Figli", world.clock.now())

    await world.database.write(add)
    async with world.chat(ADMINISTRATOR) as administrator:
        await administrator.says("/persone", "Personale del servizio", button="Cerca una persona")
        await administrator.press("Cerca una persona")
        await administrator.sees("Scrivi il nome")
        await administrator.says("è" * 200, "Non ho trovato nessuno")
        words = "impianti elettrici rossi e figli"
        await administrator.says(words, "Ho trovato una persona", button="Impianti")
        await administrator.press("Impianti Elettrici")
        await administrator.sees("E-mail", button="Persone")
        await administrator.press("Persone")
        await administrator.sees("Ho trovato una persona", button="Impianti")
