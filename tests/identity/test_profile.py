"""The profile in the chat: who somebody is, for whom they act, how they are told of things."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.core.clock import ROME
from backend.core.mail.mailer import MemoryMailer
from backend.identity.models import muted_notices, persons
from backend.identity.preferences import mail_address_of
from backend.identity.service import person_id_of
from conversations.core.feature import Feature
from conversations.product import FEATURES
from sandbox import showcase
from tests.acceptance import probe
from tests.identity.test_companies import joins
from tests.notices.test_notices import checks_made, states
from tests.registrations.walks import EMAIL, MOBILE, begin, fill, load_contract, verify
from tests.support import Chat, World, on_sqlite

BOTH = "Installazioni confermate in campo, Configurazione massiva elaborata"
"""The notices that members may do without."""


@pytest.fixture
def features() -> Sequence[Feature]:
    return (*FEATURES, probe.FEATURE)


@pytest.fixture(autouse=True)
async def table_of_notes(world: World) -> None:
    await world.database.write(lambda connection: probe.notes.create(connection))


ADMINISTRATOR = 8
VISITOR = 9


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Chat]:
    async with world.chat(VISITOR) as chat:
        yield chat


async def test_a_member_sees_who_they_are_and_which_contract_enabled_them(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Utenza abilitata")
    assert world.clock is not None
    today = world.clock.now().astimezone(ROME).strftime("%d/%m/%Y")
    shown = await visitor.says(
        "/profilo",
        "Maria De Rossi",
        EMAIL,
        MOBILE,
        "Ora lavori per Impianti Nuovi S.r.l.",
        "Ruolo: Referente",
        f"Nel servizio dal {today}",
        "Contratto n. C-1",
        "Lingua: italiano",
        f"Avvisi facoltativi: {BOTH}",
        "Ore di silenzio: nessuna",
    )
    assert not any("Cambia azienda" in label for label in shown.labels)
    await visitor.says("/start", "Lavori per", button="Profilo")
    await visitor.press("Profilo")
    await visitor.sees("Maria De Rossi", button="Privacy")
    await visitor.press("Privacy")
    await visitor.sees("I tuoi dati", button="I miei dati")


@on_sqlite
async def test_who_waits_for_a_decision_has_a_profile_too(visitor: Chat, mailer: MemoryMailer) -> None:
    await visitor.says("/profilo", "riservato ai System Integrator")
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await visitor.says("/start", "Registrazione in attesa", button="Profilo")
    await visitor.press("Profilo")
    await visitor.sees("Maria De Rossi", "non lavori per nessuna azienda")


@on_sqlite
async def test_every_company_is_shown_and_for_which_one_the_person_acts(chat: Chat, world: World) -> None:
    ours, theirs = showcase.INTEGRATORS[showcase.OURS], showcase.INTEGRATORS[showcase.OTHERS]
    await world.database.write(joins(world, showcase.OTHERS, enabled=False))
    await chat.says(
        "/profilo", f"Ora lavori per {ours}", theirs, "Non ancora abilitato", button="Cambia azienda"
    )
    await chat.press("Cambia azienda")
    await chat.press(theirs)
    await chat.sees(f"Da ora lavori per {theirs}")
    await chat.says("/profile", f"Ora lavori per {theirs}")


@on_sqlite
async def test_staff_see_their_roles_and_are_offered_no_notice_that_they_never_get(world: World) -> None:
    async with world.chat(ADMINISTRATOR) as administrator:
        await administrator.says("/profilo", "Nel personale del servizio: Amministratore", button="Avvisi")
        await administrator.press("Avvisi")
        shown = await administrator.sees("Tocca un avviso", button="Novità nelle cartelle che segui")
        assert not any("massiva" in label for label in shown.labels)


@on_sqlite
async def test_an_optional_notice_is_switched_off_and_on(chat: Chat, world: World) -> None:
    await chat.says(
        "/profilo",
        f"Avvisi facoltativi: {BOTH}",
        button="Avvisi",
    )
    await chat.press("Avvisi")
    await chat.press("✅ Configurazione massiva elaborata")
    await chat.sees("Tocca un avviso", button="⚪️ Configurazione massiva elaborata")
    await chat.says("/profilo", "Avvisi facoltativi: Installazioni confermate in campo", button="Avvisi")
    await chat.press("Avvisi")
    await chat.sees("Tocca un avviso", button="⚪️ Conf")
    await chat.press("⚪️ Configurazione massiva elaborata")
    shown = await chat.sees("Tocca un avviso", button="✅ Configurazione massiva elaborata")
    assert not any("e-mail" in label for label in shown.labels)  # no address was verified
    for forged in ("off_dead_letter", "off_nothing", "off_mail", "on_", "x"):
        world.forge(f"1.e.notices.{forged}", message_id=shown.message_id)
        await world.settled()
    await chat.says("/profilo", f"Avvisi facoltativi: {BOTH}")
    assert await world.database.long_read(lambda c: c.execute(select(muted_notices)).all()) == []


@on_sqlite
async def test_mail_is_switched_off_by_who_has_an_address(chat: Chat, world: World) -> None:
    number = world.people[0].id
    await world.database.write(
        lambda c: c.execute(update(persons).where(persons.c.telegram_user_id == number).values(email=EMAIL))
    )

    async def address() -> str | None:
        return await world.database.long_read(lambda c: mail_address_of(c, person_id_of(c, number) or 0))

    assert await address() == EMAIL
    await chat.says("/profilo", EMAIL, button="Avvisi")
    await chat.press("Avvisi")
    await chat.press("✅ Anche per e-mail")
    await chat.sees("Tocca un avviso", button="⚪️ Anche per e-mail")
    assert await address() is None
    await chat.press("⚪️ Anche per e-mail")
    await chat.sees("Tocca un avviso", button="✅ Anche per e-mail")
    assert await address() == EMAIL


@on_sqlite
async def test_quiet_hours_are_chosen_with_one_press_or_typed(chat: Chat) -> None:
    await chat.says("/profilo", "Ore di silenzio: nessuna", button="Ore di silenzio")
    await chat.press("Ore di silenzio")
    await chat.press("22:00–7:00")
    await chat.sees("Nelle ore 22:00–7:00")
    await chat.press("Altre ore")
    await chat.sees("Da che ora a che ora?", button="Annulla")
    for wrong in ("boh", "25-7", "21:60-7", "7-7", "21:30", "1" * 4096, "-1 - 7:5"):
        await chat.says(wrong, "Non sono due orari", "Da che ora")
    await chat.says("dalle 21:30 alle 6.45", "Nelle ore 21:30–6:45", button="Profilo")
    await chat.press("Altre ore")
    await chat.sees("Da che ora a che ora?", button="Annulla")
    await chat.press("Annulla")
    await chat.sees("Nelle ore 21:30–6:45")
    await chat.press("Nessuna")
    await chat.sees("a qualsiasi ora")
    await chat.says("/profilo", "Ore di silenzio: nessuna")


@on_sqlite
async def test_what_waits_for_the_end_of_the_quiet_hours_comes_when_they_are_switched_off(
    chat: Chat, world: World
) -> None:
    assert world.clock is not None
    local = world.clock.now().astimezone(ROME)
    world.later(timedelta(hours=(23 - local.hour) % 24))  # it is eleven in the evening
    await chat.says("/profilo", "Ore di silenzio: nessuna", button="Ore di silenzio")
    await chat.press("Ore di silenzio")
    await chat.press("22:00–7:00")
    await chat.sees("Nelle ore 22:00–7:00")
    await chat.says("/avvisa pioggia", "Te lo dirò")
    await checks_made(world)
    assert await states(world) == {"pioggia": "waiting"}
    await chat.says("/profilo", "22:00–7:00", button="Ore di silenzio")
    await chat.press("Ore di silenzio")
    await chat.sees("Nelle ore 22:00–7:00")
    await chat.press("Nessuna")
    await chat.sees("a qualsiasi ora")
    await checks_made(world)
    await chat.saw("Novità: pioggia")
