"""Registration in the chat, from the first question to an enabled user."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select

from backend.core.audit.values import AuditAction
from backend.core.clock import ROME, ManualClock
from backend.core.mail.errors import MailRefused, MailUnavailable
from backend.core.mail.mailer import MemoryMailer
from backend.email_codes.models import email_codes
from backend.identity.models import memberships, persons
from backend.registrations import service
from backend.registrations.values import CLAUSES
from conversations.core.texts import texts
from sandbox import showcase
from sandbox.client import UserClient
from tests.registrations.walks import CODE, EMAIL, MOBILE, begin, code_in, fill, load_contract, verify
from tests.support import Chat, World, on_sqlite

VISITOR = 9
COMMERCIAL = 5

YEAR = timedelta(days=365)


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Chat]:
    async with world.chat(VISITOR) as chat:
        yield chat


@pytest.fixture
async def commercial(world: World) -> AsyncIterator[Chat]:
    async with world.chat(COMMERCIAL) as chat:
        await chat.says("/start", "personale del servizio", button="Registrazioni")
        yield chat


async def test_whom_a_contract_names_is_enabled_at_once(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    code = await verify(visitor, mailer)
    assert mailer.sent[-1].to == EMAIL

    await visitor.says(code, "Utenza abilitata")
    await visitor.says("/start", "Lavori per Impianti Nuovi S.r.l.", button="Associazioni")
    stored = await world.database.long_read(
        lambda c: c.execute(
            select(persons.c.email, persons.c.codice_fiscale, persons.c.mobile, memberships.c.role)
            .join(memberships, memberships.c.person_id == persons.c.id)
            .where(persons.c.email == EMAIL)
        ).one()
    )
    assert tuple(stored) == (EMAIL, CODE, MOBILE, "referent")
    assert len(await world.audit(AuditAction.REGISTERED)) == 1
    assert len(await world.audit(AuditAction.REGISTRATION_ENABLED)) == 1


@on_sqlite
async def test_whom_no_contract_names_waits_for_a_decision_and_hears_of_it(
    visitor: Chat, commercial: Chat, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")

    await commercial.sees("Maria De Rossi (Impianti Nuovi) ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees("Nessun contratto attivo", CODE, EMAIL, button="Abilita come configuratore")
    await commercial.press("Abilita come configuratore")
    await commercial.sees("✅ Utenza abilitata")
    await visitor.sees("Utenza abilitata")
    await visitor.says("/start", "Lavori per Impianti Nuovi", button="Associazioni")


@on_sqlite
async def test_a_refusal_is_told_with_its_reason(
    visitor: Chat, commercial: Chat, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await commercial.sees("ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees("Nessun contratto attivo", button="Rifiuta")
    await commercial.press("Rifiuta")
    await commercial.sees("Perché rifiuti?")
    await commercial.says("no", "almeno tre caratteri")
    await commercial.says("Il contratto <non> è firmato", "Richiesta rifiutata")
    await visitor.sees("non è stata accettata", "Il contratto <non> è firmato")
    await visitor.says("/start", "non è stata accettata", button="Nuova registrazione")


@on_sqlite
async def test_a_registration_that_waits_is_withdrawn_corrected_and_sent_again_without_another_code(
    visitor: Chat, commercial: Chat, world: World, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await commercial.sees("De Rossi (Impianti Nuovi) ha chiesto la registrazione", button="Apri")
    await visitor.says("/registrati", "Registrazione in attesa", "Impianti Nuovi", button="Ritira e correggi")
    await visitor.press("Ritira e correggi")
    await visitor.sees("È tutto giusto?", EMAIL, CODE, "Impianti Nuovi", button="Ragione sociale")
    await commercial.press("Apri")
    card = await commercial.sees("Ritirata da chi l’ha inviata", button="Registrazioni")
    assert len(card.labels) == 1
    await commercial.press("Registrazioni")
    await commercial.sees("Nessuna da decidere")

    await visitor.press("Ragione sociale")
    await visitor.says("Impianti Corretti", "È tutto giusto?")
    await visitor.press("Conferma")
    await visitor.sees("Registrazione inviata", "Impianti Corretti")
    assert len(mailer.sent) == 1
    await commercial.sees("De Rossi (Impianti Corretti) ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees("Impianti Corretti", "In attesa di una decisione", button="Abilita come referente")
    await commercial.press("Abilita come referente")
    await visitor.sees("Utenza abilitata")
    (withdrawn,) = await world.audit(AuditAction.REGISTRATION_WITHDRAWN)
    assert withdrawn.person_name == "Maria De Rossi"
    assert len(await world.audit(AuditAction.REGISTERED)) == 2


@on_sqlite
async def test_another_address_is_verified_after_a_withdrawal_and_the_phone_is_not_asked_for(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await visitor.says("/registrati", "Registrazione in attesa", button="Ritira e correggi")
    await visitor.press("Ritira e correggi")
    await visitor.sees("È tutto giusto?", button="E-mail")
    world.later(timedelta(minutes=1))
    await visitor.press("E-mail")
    await visitor.says("altra@impianti-nuovi.it", "È tutto giusto?")
    await visitor.press("Conferma")
    await visitor.sees("Mando un codice a", "altra@impianti-nuovi.it", button="Manda il codice")
    await visitor.press("Manda il codice")
    await visitor.sees("codice di sei cifre")
    assert mailer.sent[-1].to == "altra@impianti-nuovi.it"
    await visitor.says(code_in(mailer), "Registrazione inviata")


@on_sqlite
async def test_whoever_was_about_to_refuse_a_registration_that_is_withdrawn_reads_so(
    visitor: Chat, commercial: Chat, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await commercial.sees("ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees("In attesa di una decisione", button="Rifiuta")
    await commercial.press("Rifiuta")
    await commercial.sees("Perché rifiuti?")
    await visitor.says("/registrati", "Registrazione in attesa", button="Ritira e correggi")
    await visitor.press("Ritira e correggi")
    await visitor.sees("È tutto giusto?", button="Annulla")
    await commercial.says("Manca la firma", "l’ha ritirata per correggerla")

    await visitor.press("Annulla")
    await visitor.sees("Quello che hai scritto resta fino al", button="Elimina")
    await visitor.press("Elimina")
    await visitor.sees("Ho eliminato")
    await visitor.says("/registrati", "Tieni pronti", button="Comincia")


async def test_a_registration_is_withdrawn_five_times_and_not_after_the_decision(
    visitor: Chat, commercial: Chat, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await commercial.sees("ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    old = await commercial.sees("In attesa di una decisione", button="Abilita come tecnico")
    for _ in range(service.MOST_WITHDRAWN):
        await visitor.says("/registrati", "Registrazione in attesa", button="Ritira e correggi")
        await visitor.press("Ritira e correggi")
        await visitor.sees("È tutto giusto?", button="Conferma")
        await visitor.press("Conferma")
        await visitor.sees("Registrazione inviata")
    await visitor.says("/registrati", "Registrazione in attesa", button="Ritira e correggi")
    await visitor.press("Ritira e correggi")
    await visitor.sees("attendi la risposta")
    await commercial.press("Abilita come tecnico", on=old)
    await commercial.saw("l’ha ritirata per correggerla")

    waiting = await visitor.says("/registrati", "Registrazione in attesa", button="Ritira e correggi")
    await commercial.says("/start", "personale del servizio", button="Registrazioni")
    await commercial.press("Registrazioni")
    await commercial.sees("Registrazioni in attesa", button="De Rossi")
    await commercial.press("De Rossi")
    await commercial.sees("In attesa di una decisione", button="Abilita come tecnico")
    await commercial.press("Abilita come tecnico")
    await visitor.sees("Utenza abilitata")
    await visitor.press("Ritira e correggi", on=waiting)
    await visitor.saw("La tua utenza è abilitata per: Impianti Nuovi", on=waiting)


async def test_a_contract_that_comes_later_enables_whoever_waits_for_it(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    assert await load_contract(world) == 1
    await visitor.sees("Utenza abilitata")


@on_sqlite
async def test_another_number_than_the_mobile_is_for_a_person_to_decide(
    visitor: Chat, world: World, commercial: Chat, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer, "+393339999999"), "Registrazione inviata")
    await commercial.sees("ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees("non è il cellulare indicato", button="Abilita")


@on_sqlite
async def test_a_registration_is_left_and_resumed_within_a_week(
    visitor: Chat, world: World, world_clock: ManualClock
) -> None:
    await begin(visitor)
    await visitor.says("Maria", "cognome")
    await visitor.press("Annulla")
    await visitor.sees("Quello che hai scritto resta fino al", button="Continua")
    world.later(timedelta(days=6))
    await visitor.says("/registrati", "Registrazione in corso", button="Continua")
    await visitor.press("Continua")
    await visitor.says("De Rossi", "Nazionalità")
    world.later(timedelta(days=2))
    await visitor.says("/registrati", "Tieni pronti")
    await visitor.says("/start", "riservato ai System Integrator")


@on_sqlite
async def test_a_typed_cancel_says_what_is_kept_and_leads_on_or_out(
    visitor: Chat, world: World, world_clock: ManualClock
) -> None:
    await begin(visitor)
    await visitor.says("Maria", "cognome")
    day = (world_clock.now() + timedelta(days=7)).astimezone(ROME).strftime("%d/%m/%Y")
    shown = await visitor.says("/annulla", f"Quello che hai scritto resta fino al {day}", button="Continua")
    assert any("Elimina" in label for label in shown.labels)
    await visitor.press("Continua")
    await visitor.says("De Rossi", "Nazionalità")
    await visitor.says("/annulla", "Quello che hai scritto resta fino al", button="Elimina")
    await visitor.press("Elimina")
    await visitor.sees("Ho eliminato quello che avevi scritto")
    await visitor.says("/registrati", "Tieni pronti", button="Comincia")

    await visitor.press("Comincia")
    await fill(visitor)
    await visitor.press("Conferma")
    await visitor.sees("Condividi il tuo numero")
    await visitor.says("/annulla", "Quello che hai scritto resta fino al", button="Continua")
    await visitor.press("Continua")
    await visitor.sees("Condividi il tuo numero")


@on_sqlite
async def test_somebody_elses_contact_proves_nothing(visitor: Chat, world: World) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.press("Conferma")
    await visitor.sees("Condividi il tuo numero")
    await visitor.phone.share_contact(MOBILE, of=world.people[0].id)
    await visitor.sees("contatto di un’altra persona")
    await visitor.says(MOBILE, "scriverlo non basta")
    await visitor.says("Non ora", "Registrazione in corso")


@on_sqlite
async def test_a_wrong_code_can_be_tried_five_times_only(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    code = await verify(visitor, mailer)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for left in ("ancora 4 tentativi", "ancora 3 tentativi", "ancora 2 tentativi", "ancora un tentativo"):
        await visitor.says(wrong, left)
    await visitor.says(wrong, "non vale più")
    await visitor.says(code, "non vale più")

    world.later(timedelta(minutes=1))
    await visitor.press("Invia un altro codice")
    await world.settled()
    assert len(mailer.sent) == 2
    await visitor.says(code_in(mailer), "Utenza abilitata")


@on_sqlite
async def test_a_code_is_neither_stored_nor_good_for_ever(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    code = await verify(visitor, mailer)
    row = await world.database.long_read(lambda c: c.execute(select(email_codes)).one())
    assert code.encode() not in row.hash + row.salt
    world.later(timedelta(minutes=16))
    await visitor.says(code, "non vale più")


@on_sqlite
async def test_codes_are_sent_now_and_then_only(visitor: Chat, world: World, mailer: MemoryMailer) -> None:
    await begin(visitor)
    await fill(visitor)
    await verify(visitor, mailer)
    await visitor.press("Invia un altro codice")
    await visitor.sees("non posso mandare altri codici")
    for number in range(2, 6):
        world.later(timedelta(minutes=1))
        await visitor.press("Invia un altro codice")
        await world.settled()
        assert len(mailer.sent) == number
    world.later(timedelta(minutes=1))
    await visitor.press("Invia un altro codice")
    await visitor.sees("non posso mandare altri codici")
    assert len(mailer.sent) == 5


@pytest.mark.parametrize(
    ("failure", "said"),
    [(MailRefused("550"), "rifiuta questo indirizzo"), (MailUnavailable("451"), "non riesco a inviare")],
)
async def test_a_mail_that_does_not_leave_is_said(
    visitor: Chat, mailer: MemoryMailer, failure: MailRefused | MailUnavailable, said: str
) -> None:
    await begin(visitor)
    await fill(visitor)
    mailer.failures.append(failure)
    await visitor.press("Conferma")
    await visitor.phone.share_contact(MOBILE)
    await visitor.sees("Mando un codice a", button="Manda il codice")
    await visitor.press("Manda il codice")
    await visitor.sees(said)
    await visitor.press("Manda il codice")
    await visitor.sees("codice di sei cifre")
    await visitor.says(code_in(mailer), "Registrazione inviata")


@on_sqlite
async def test_a_person_who_comes_back_with_another_account_is_the_same_one(
    visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Utenza abilitata")

    phone = await UserClient.create(world.api.base_url, "Nuovo telefono", language_code="it")
    async with Chat(phone) as again:
        await begin(again)
        await fill(again)
        await again.says(await verify(again, mailer), "Utenza abilitata")
        await again.says("/start", "Lavori per Impianti Nuovi S.r.l.")
    await visitor.sees("passata a un altro account Telegram", "Se non sei stato tu, avvisa subito")
    await visitor.says("/start", "riservato ai System Integrator")
    await visitor.says("/massiva", "riservato ai System Integrator")
    number = await world.database.long_read(
        lambda c: c.execute(select(persons.c.id).where(persons.c.email == EMAIL)).scalars().all()
    )
    assert len(number) == 1
    assert len(await world.audit(AuditAction.ACCOUNT_CHANGED)) == 1


@on_sqlite
async def test_the_address_of_another_person_is_not_taken_and_nobody_learns_that_it_is_known(
    visitor: Chat, world: World, mailer: MemoryMailer, commercial: Chat
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Utenza abilitata")

    phone = await UserClient.create(world.api.base_url, "Altra persona", language_code="it")
    async with Chat(phone) as other:
        await begin(other)
        await fill(other, Codice="BNCLRA85M50F205E")
        await other.says(await verify(other, mailer), "Registrazione inviata")
    await commercial.sees("ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees("sono già di un’altra persona")
    await visitor.says("/start", "Lavori per Impianti Nuovi S.r.l.")


@on_sqlite
async def test_what_was_withdrawn_is_deleted_after_a_week(
    visitor: Chat, world: World, world_clock: ManualClock, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await visitor.says("/registrati", "Registrazione in attesa", button="Ritira e correggi")
    await visitor.press("Ritira e correggi")
    await visitor.sees("È tutto giusto?")
    week = world_clock.now() + timedelta(days=7)
    assert (
        await world.database.write(partial(service.forget_old, at=week - timedelta(seconds=1), kept=YEAR))
        == 0
    )
    assert await world.database.write(partial(service.forget_old, at=week, kept=YEAR)) == 2


@on_sqlite
async def test_what_was_never_submitted_is_deleted_after_a_week(
    visitor: Chat, world: World, world_clock: ManualClock
) -> None:
    await begin(visitor)
    await visitor.says("Maria", "cognome")
    week = world_clock.now() + timedelta(days=7)
    forget = partial(service.forget_old, at=week - timedelta(seconds=1), kept=YEAR)
    assert await world.database.write(forget) == 0
    assert await world.database.write(partial(service.forget_old, at=week, kept=YEAR)) == 1


async def test_what_was_decided_is_kept_for_a_year_and_for_as_long_as_somebody_is_a_member(
    visitor: Chat, world: World, world_clock: ManualClock, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Utenza abilitata")
    year = world_clock.now() + YEAR
    assert await world.database.write(partial(service.forget_old, at=year, kept=YEAR)) == 0
    late = partial(service.forget_old, at=year + timedelta(minutes=1), kept=YEAR)
    assert await world.database.write(late) == 0, "a member's: it says which clauses were accepted"
    await world.database.write(lambda connection: connection.execute(delete(memberships)))
    assert await world.database.write(late) == 1


def test_the_version_of_the_clauses_is_that_of_their_texts() -> None:
    keys = ("registration.terms.ask", "registration.privacy.ask")
    clauses = "\n".join(str(texts(language)(key)) for language in ("it", "en") for key in keys)
    digest = hashlib.sha256(clauses.encode()).hexdigest()[:16]
    assert (CLAUSES, digest) == ("1", "95cd85ae67632a65"), "a new text needs a new version"


@on_sqlite
async def test_commercial_staff_see_the_company_as_it_is_known_and_what_was_accepted(
    visitor: Chat, commercial: Chat, mailer: MemoryMailer
) -> None:
    await begin(visitor)
    await fill(visitor, Partita=showcase.OURS)
    await visitor.says(await verify(visitor, mailer), "Registrazione inviata")
    await commercial.sees("ha chiesto la registrazione", button="Apri")
    await commercial.press("Apri")
    await commercial.sees(
        "Clausole: versione 1, accettate il", "Azienda già presente: Impianti Demo", "referenti: Referente"
    )
    await commercial.press("Rifiuta")
    await commercial.sees("Perché rifiuti?")
    await commercial.says("Il POD IT001E12345678 è tuo?", "Non scrivere POD")
