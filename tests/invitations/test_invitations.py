"""Referents invite, people join: by e-mail, by Codice Fiscale, or with the referent's word."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from backend.core.audit.values import AuditAction
from backend.core.inbox.models import inbox
from backend.core.mail.mailer import MemoryMailer
from backend.identity import people
from backend.identity import service as identity
from backend.identity.permissions import Role
from backend.invitations.models import invitations
from sandbox import showcase
from tests.log_watch import secret
from tests.registrations.walks import CODE, code_in
from tests.samples import START
from tests.support import Chat, World, on_sqlite

OURS = showcase.INTEGRATORS[showcase.OURS]
REFERENT, TECHNICIAN, VISITOR = 3, 4, 9


@pytest.fixture
async def referent(world: World) -> AsyncIterator[Chat]:
    async with world.chat(REFERENT) as chat:
        yield chat


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Chat]:
    async with world.chat(VISITOR) as chat:
        yield chat


async def invite(referent: Chat, role: str, whom: str = "") -> str:
    """Make an invitation. Returns what its link carries."""
    await referent.says("/squadra", OURS, button="Invita")
    await referent.press("Invita")
    await referent.sees("Con quale ruolo?")
    await referent.press(role)
    await referent.sees("Per chi è l’invito?")
    if whom:
        await referent.type(whom)
    else:
        await referent.press("Per chiunque")
    shown = await referent.sees("https://t.me/a486_demo_bot?start=inv_")
    assert shown.kind == "photo"
    found = re.search(r"start=(inv_[A-Za-z0-9_-]+)", shown.text)
    assert found is not None
    secret(found[1])
    return found[1]


async def test_an_invitation_by_email_makes_a_member_of_who_reads_the_mailbox(
    referent: Chat, visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    link = await invite(referent, "Tecnico", "tecnico@impianti-demo.it")
    await visitor.says(f"/start {link}", f"Sei invitato a lavorare per {OURS}")
    await visitor.says("Carla", "Scrivi nome e cognome")
    await visitor.says("Carla Neri", "mando un codice a t•••@impianti-demo.it", button="Manda il codice")
    await visitor.press("Manda il codice")
    await visitor.sees("codice di sei cifre")
    assert mailer.sent[-1].to == "tecnico@impianti-demo.it"
    await visitor.says(code_in(mailer), f"benvenuto in {OURS}", "Tecnico")
    await visitor.says("/start", f"Lavori per {OURS}", button="Squadra")
    await referent.says("/squadra", OURS, button="Carla Neri · Tecnico")
    assert len(await world.audit(AuditAction.INVITATION_USED)) == 1


async def test_an_invitation_is_good_once(
    referent: Chat, visitor: Chat, colleague: Chat, world: World, mailer: MemoryMailer
) -> None:
    link = await invite(referent, "Tecnico", CODE)
    await visitor.says(f"/start {link}", "Sei invitato")
    await visitor.says("Carla Neri", "codice fiscale")
    await visitor.says(CODE.lower(), f"benvenuto in {OURS}")
    async with world.chat(2) as rival:  # of another company, in English
        await rival.says(f"/start {link}", "This invitation is not good")
    await colleague.says(f"/start {link}", "Questo invito non vale")


@on_sqlite
async def test_an_invitation_for_another_person_is_void_after_five_errors(
    referent: Chat, visitor: Chat
) -> None:
    link = await invite(referent, "Configuratore", CODE)
    await visitor.says(f"/start {link}", "Sei invitato")
    await visitor.says("Carla Neri", "codice fiscale")
    await visitor.says("RSSMRA80A01H501", "16 caratteri")
    for _ in range(4):
        await visitor.says("BNCLRA85M50F205E", "Il codice non corrisponde all’invito")
    await visitor.type("BNCLRA85M50F205E")
    await visitor.says(CODE, "Questo invito non vale")


async def test_whoever_opens_an_invitation_for_anybody_needs_the_referents_word(
    referent: Chat, visitor: Chat, world: World
) -> None:
    link = await invite(referent, "Tecnico")
    await visitor.says(f"/start {link}", "Sei invitato")
    await visitor.says("Carla <Neri>", "Servono solo lettere")
    await visitor.says("Carla Neri", "Chiedo al referente", button="Chiedi di entrare")
    await visitor.press("Chiedi di entrare")
    await visitor.sees("ti scrivo appena risponde")
    await visitor.says("/start", "riservato ai System Integrator")  # nothing yet

    await referent.sees("Carla Neri ha aperto un invito", button="Accetta")
    await referent.press("Accetta")
    await referent.sees("Usato da Carla Neri")
    await visitor.sees(f"benvenuto in {OURS}")


@on_sqlite
async def test_the_answer_to_who_asks_is_given_for_the_invitations_company(
    referent: Chat, visitor: Chat, world: World
) -> None:
    link = await invite(referent, "Tecnico")
    await visitor.says(f"/start {link}", "Sei invitato")
    await visitor.says("Carla Neri", "Chiedo al referente", button="Chiedi di entrare")
    await visitor.press("Chiedi di entrare")
    asked = await referent.sees("Carla Neri ha aperto un invito", button="Accetta")

    def elsewhere(connection: Connection) -> None:
        me = identity.actor_of(connection, referent.phone.user_id)
        other = identity.find_integrator(connection, showcase.OTHERS)
        assert me is not None
        assert other is not None
        theirs = people.enable_member(connection, me.person_id, other.id, Role.TECHNICIAN, START)
        identity.choose_membership(connection, me, theirs)

    await world.database.write(elsewhere)
    await referent.says("/start", f"Lavori per {showcase.INTEGRATORS[showcase.OTHERS]}")
    await referent.press("Accetta", on=asked)
    await visitor.sees(f"Ti diamo il benvenuto in {OURS}")


@on_sqlite
async def test_who_joins_acts_for_the_new_company_at_once(
    referent: Chat, visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    link = await invite(referent, "Tecnico", "tecnico@impianti-demo.it")

    def elsewhere(connection: Connection) -> None:
        other = identity.find_integrator(connection, showcase.OTHERS)
        assert other is not None
        me = people.add_person(connection, visitor.phone.user_id, "Carla Neri", START)
        people.enable_member(connection, me, other.id, Role.CONFIGURATOR, START)

    await world.database.write(elsewhere)
    await visitor.says("/start", f"Lavori per {showcase.INTEGRATORS[showcase.OTHERS]}")
    await visitor.says(f"/start {link}", f"Sei invitato a lavorare per {OURS}", button="Manda il codice")
    await visitor.press("Manda il codice")
    await visitor.sees("codice di sei cifre")
    await visitor.says(code_in(mailer), f"Ti diamo il benvenuto in {OURS}")
    await visitor.says("/start", f"Lavori per {OURS}")


@on_sqlite
async def test_a_referent_refuses_who_has_opened_an_invitation(referent: Chat, visitor: Chat) -> None:
    link = await invite(referent, "Tecnico")
    await visitor.says(f"/start {link}", "Sei invitato")
    await visitor.says("Carla Neri", "Chiedo al referente", button="Chiedi di entrare")
    await visitor.press("Chiedi di entrare")
    await referent.sees("ha aperto un invito", button="Rifiuta")
    await referent.press("Rifiuta")
    await referent.sees("Richiesta di Carla Neri rifiutata")
    await visitor.sees("non ha accettato la richiesta")
    await visitor.says(f"/start {link}", "Questo invito non vale")


@on_sqlite
async def test_an_invitation_expires_and_can_be_taken_back(
    referent: Chat, visitor: Chat, world: World
) -> None:
    link = await invite(referent, "Tecnico", CODE)
    await referent.says("/squadra", OURS, button="Inviti aperti")
    await referent.press("Inviti aperti")
    await referent.sees("Inviti aperti", button=f"Tecnico · {CODE}")
    await referent.press(f"Tecnico · {CODE}")
    await referent.sees("Nessuno lo ha ancora usato", button="Ritira")
    await referent.press("Ritira")
    await referent.sees("Ritirato")
    await visitor.says(f"/start {link}", "Questo invito non vale")

    other = await invite(referent, "Tecnico", CODE)
    world.later(timedelta(days=7, seconds=1))
    await visitor.says(f"/start {other}", "Questo invito non vale")
    await visitor.says("/start inv_" + "x" * 32, "Questo invito non vale")


async def test_the_token_is_stored_as_a_hash_and_blanked_from_the_update(
    referent: Chat, visitor: Chat, world: World
) -> None:
    link = await invite(referent, "Tecnico", CODE)
    token = link.removeprefix("inv_").encode()
    await visitor.says(f"/start {link}", "Sei invitato")
    await world.settled()
    rows = await world.database.long_read(lambda c: c.execute(select(invitations)).all())
    assert all(token not in str(row).encode() for row in rows)
    stored = await world.database.long_read(lambda c: c.execute(select(inbox.c.payload)).scalars().all())
    assert len(stored) > 3
    assert all(token not in str(payload).encode() for payload in stored)


@on_sqlite
async def test_only_referents_invite_and_technicians_look_nothing_up(declared: Chat, world: World) -> None:
    team = await declared.says("/squadra", OURS, "Referente · Referente", "Tecnico · Tecnico")
    assert not any("Invita" in label for label in team.labels)
    async with world.chat(TECHNICIAN) as technician:
        await technician.says("/start", f"Lavori per {OURS}", button="Squadra")
        await technician.says("IT001E48600001", "Il tuo ruolo in questa azienda non comprende")


@on_sqlite
async def test_a_member_is_removed_from_their_next_message_on(referent: Chat, declared: Chat) -> None:
    await declared.says("/start", f"Lavori per {OURS}")
    await referent.says("/squadra", OURS, button="Configuratore · Configuratore")
    await referent.press("Configuratore · Configuratore")
    await referent.sees("In squadra dal", button="Rimuovi dalla squadra")
    await referent.press("Rimuovi dalla squadra")
    await referent.sees("Dal prossimo messaggio", button="Rimuovi")
    await referent.press("🗑 Rimuovi")
    await referent.sees("non è più in squadra")
    await declared.says("/start", "riservato ai System Integrator")
    await declared.says("/massiva", "riservato ai System Integrator")


async def test_the_last_referent_stays(referent: Chat) -> None:
    await referent.says("/squadra", OURS, button="Referente · Referente")
    await referent.press("Referente · Referente")
    await referent.sees("In squadra dal", button="Nomina tecnico")
    await referent.press("Nomina tecnico")
    await referent.sees("Serve almeno un referente")
