"""People in the demo, on its page: they register, are invited, look after their profile, are suspended."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from sandbox import showcase
from sandbox.demo import running_demo
from tests.browser.conftest import opening
from tests.browser.handset import Handset, OpenPhone, on_a_desktop
from tests.log_watch import secret
from tests.registrations.walks import CODE, EMAIL, FIELDS, IVA, MOBILE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OURS = showcase.INTEGRATORS[showcase.OURS]
CONTRACT = f"""Contratto;Partita IVA;Ragione sociale;E-mail;Codice Fiscale
C-1;{IVA};Impianti Nuovi S.r.l.;{EMAIL};{CODE}
"""


@pytest_asyncio.fixture(loop_scope="session")
async def open_phone(browser: Browser, tmp_path: Path) -> AsyncIterator[OpenPhone]:
    """The whole demo, and the phones of its people, each on a page as wide as a phone."""
    async with (
        running_demo(tmp_path / "demo", limits=False) as demo,
        opening(browser, demo.api.base_url, "") as open_page,
    ):
        people = {person.first_name: person.id for person in demo.people}

        async def opened(name: str) -> Handset:
            return Handset(await open_page(f"?as={people[name]}"), people[name])

        yield opened


async def register(visitor: Handset) -> None:
    """Register as Maria De Rossi of Impianti Nuovi, up to the code that comes by e-mail."""
    await visitor.start()
    await visitor.sees("riservato ai System Integrator")
    await visitor.press("Registrati", "Tieni pronti", button="Comincia")
    await visitor.press("Comincia")
    for asked, answer in FIELDS:
        await visitor.sees("?", asked)
        await visitor.says(answer)
    await visitor.sees("Condizioni del servizio", button="Accetto")
    await visitor.press("Accetto", "Informativa sui dati personali", button="Ho letto")
    summary = await visitor.press("Ho letto", "È tutto giusto?", button="Conferma")
    for answer in ("Maria", "De Rossi", "Italiana", CODE, EMAIL, "Via Roma 1, 20100 Milano", IVA):
        await expect(summary).to_contain_text(answer)
    await visitor.press("Conferma", "Condividi il tuo numero")
    await visitor.shares_contact(MOBILE)
    await visitor.sees("Mando un codice a", EMAIL)
    await visitor.press("Manda il codice", "codice di sei cifre")


async def code_by_mail(phone: Handset) -> str:
    """The code in the newest letter of the page's mailbox."""
    found = re.search(r"\b[0-9]{6}\b", await phone.reads_mail("Il codice per A486"))
    assert found is not None
    secret(f'"{found[0]}"')
    return found[0]


async def test_a_visitor_registers_and_is_enabled_by_commercial_staff(open_phone: OpenPhone) -> None:
    commercial, visitor = await open_phone("Commerciale"), await open_phone("Visitatore")
    await commercial.start()
    await commercial.sees("personale del servizio", button="Registrazioni")
    await register(visitor)
    await visitor.says("12345", "Il codice ha sei cifre")
    await visitor.says(await code_by_mail(visitor), "Registrazione inviata", "Impianti Nuovi")
    await on_a_desktop(visitor, "Registrazione inviata", "Impianti Nuovi")

    await commercial.sees("Maria De Rossi (Impianti Nuovi) ha chiesto la registrazione")
    card = await commercial.press("Apri", "Registrazione n. 1", "In attesa", button="Abilita come referente")
    for told in (CODE, EMAIL, MOBILE, "Via Roma 1, 20100 Milano", IVA, "Nessun contratto attivo"):
        await expect(card).to_contain_text(told)
    await on_a_desktop(commercial, "Registrazione n. 1", "Abilita come tecnico")
    await commercial.press("Abilita come configuratore", "Registrazione n. 1", "Utenza abilitata")
    await commercial.says("/start", "personale del servizio")
    await commercial.press("Registrazioni", "Nessuna da decidere")

    await visitor.sees("Utenza abilitata", "Impianti Nuovi")
    await visitor.press("Inizio", "Lavori per Impianti Nuovi", button="Cerca un POD")
    await visitor.says(showcase.pod_number(1), "Dichiarazione da parte del System Integrator")


async def test_a_referent_invites_with_a_link_and_a_qr_code_and_lets_in_who_opens_it(
    open_phone: OpenPhone,
) -> None:
    referent, visitor = await open_phone("Referente"), await open_phone("Visitatore")
    await referent.start()
    await referent.sees(f"Lavori per {OURS}", button="Squadra")
    await referent.says("/squadra", f"{OURS}: 4 persone", "Referente · Referente", button="Invita")
    await referent.press("Invita", "Con quale ruolo?")
    await referent.press("Tecnico", "Per chi è l’invito?", exact=True)
    await referent.press("Per chiunque", "Invito pronto", "Tecnico")
    shown = await referent.sees(f"Invito per {OURS}", "https://t.me/a486_demo_bot?start=inv_")
    picture = shown.locator("img")
    await expect(picture).to_be_in_viewport()
    await expect(picture).not_to_have_js_property("naturalWidth", 0)
    await on_a_desktop(referent, f"Invito per {OURS}")
    link = re.search(r"start=(inv_[A-Za-z0-9_-]+)", await shown.inner_text())
    assert link is not None
    secret(link[1])

    await visitor.follows(link[1])
    await visitor.sees(f"Sei invitato a lavorare per {OURS}", "Scrivi nome e cognome")
    await visitor.says("Carla Neri", "Chiedo al referente", button="Chiedi di entrare")
    await visitor.press("Chiedi di entrare", "ti scrivo appena risponde")
    await referent.sees("Carla Neri ha aperto un invito", button="Accetta")
    await on_a_desktop(referent, "Carla Neri ha aperto un invito")
    await referent.press("Accetta", "Usato da Carla Neri")
    await visitor.sees(f"benvenuto in {OURS}", "Il tuo ruolo: Tecnico")
    await visitor.says("/start", f"Lavori per {OURS}", button="Squadra")
    await referent.says("/squadra", f"{OURS}: 5 persone", "Carla Neri · Tecnico")
    await referent.press("Carla Neri", "In squadra dal", button="Rimuovi dalla squadra")
    await on_a_desktop(referent, "In squadra dal")


async def test_an_invitation_by_email_is_opened_with_the_code_in_the_mailbox(open_phone: OpenPhone) -> None:
    referent, visitor = await open_phone("Referente"), await open_phone("Visitatore")
    await referent.start()
    await referent.says("/squadra", OURS, button="Invita")
    await referent.press("Invita", "Con quale ruolo?")
    await referent.press("Configuratore", "Per chi è l’invito?", exact=True)
    await referent.says("carla@impianti-demo.it", "Invito pronto", "chi legge carla@impianti-demo.it")
    shown = await referent.sees("https://t.me/a486_demo_bot?start=inv_")
    link = re.search(r"start=(inv_[A-Za-z0-9_-]+)", await shown.inner_text())
    assert link is not None
    secret(link[1])

    await visitor.follows(link[1])
    await visitor.sees("Come ti chiami?")
    await visitor.says("Carla Neri", "mando un codice a c•••@impianti-demo.it")
    await visitor.press("Manda il codice", "codice di sei cifre")
    await visitor.says(await code_by_mail(visitor), f"benvenuto in {OURS}", "Configuratore")
    await on_a_desktop(visitor, f"benvenuto in {OURS}")
    await referent.says("/squadra", f"{OURS}: 5 persone", "Carla Neri · Configuratore")


async def test_a_profile_shows_the_person_and_their_contract_and_keeps_their_choices(
    open_phone: OpenPhone,
) -> None:
    commercial, visitor = await open_phone("Commerciale"), await open_phone("Visitatore")
    await commercial.start()
    await commercial.says("/contratti", "Nessun contratto", button="Carica")
    await commercial.press("Carica", "Manda il file")
    await commercial.attaches("contratti.csv", CONTRACT.encode())
    await commercial.sees("Carico questi contratti?", "C-1 Impianti Nuovi S.r.l.: un utente")
    await commercial.press("✅ Carica", "Contratto caricato")
    await register(visitor)
    await visitor.says(await code_by_mail(visitor), "Utenza abilitata", "Impianti Nuovi")

    profile = (
        "Il tuo profilo",
        "Maria De Rossi",
        EMAIL,
        MOBILE,
        "Ora lavori per Impianti Nuovi S.r.l.",
        "Ruolo: Referente",
        "Nel servizio dal",
        "Contratto n. C-1",
        "Lingua: italiano",
    )
    await visitor.says(
        "/profilo", *profile, "Avvisi facoltativi: Installazioni confermate", "silenzio: nessuna"
    )
    await on_a_desktop(visitor, *profile)
    await visitor.press("Ore di silenzio", "gli avvisi arrivano a qualsiasi ora", button="22:00–7:00")
    await visitor.press("22:00–7:00", "Nelle ore 22:00–7:00 (ora italiana)")
    await visitor.press("Altre ore", "Da che ora a che ora?")
    await visitor.says("tardi", "Non sono due orari")
    await visitor.says("dalle 21:30 alle 6:45", "Nelle ore 21:30–6:45 (ora italiana)")
    await on_a_desktop(visitor, "Nelle ore 21:30–6:45")
    await visitor.press("Profilo", *profile, "Ore di silenzio: 21:30–6:45")
    await visitor.press("Avvisi", "Tocca un avviso", button="✅ Configurazione massiva elaborata")
    await visitor.press("✅ Configurazione massiva", "Tocca un avviso", button="⚪️ Configurazione massiva")
    await on_a_desktop(visitor, "Tocca un avviso", "⚪️ Configurazione massiva elaborata")
    await visitor.press("✅ Installazioni", "Tocca un avviso", button="⚪️ Installazioni confermate")
    await visitor.press("✅ Novità", "Tocca un avviso", button="⚪️ Novità nelle cartelle")
    await visitor.press("Profilo", *profile, "Avvisi facoltativi: nessuno", "Ore di silenzio: 21:30–6:45")


async def test_a_suspended_person_stops_at_the_next_press_until_they_are_let_back_in(
    open_phone: OpenPhone,
) -> None:
    administrator, person = await open_phone("Amministratore"), await open_phone("Configuratore")
    await person.start()
    await person.sees(f"Lavori per {OURS}")
    await person.says(showcase.pod_number(1), "Dichiarazione da parte del System Integrator")
    await person.press("Accetto", "Fornitura ammissibile", button="Associa un dispositivo")
    await person.press("Associa un dispositivo", "Che dispositivo è?", button="MOME")

    await administrator.start()
    await administrator.says("/persone", "Personale del servizio", "Auditor", button="Cerca una persona")
    await on_a_desktop(administrator, "Personale del servizio")
    await administrator.press("Cerca una persona", "Scrivi il nome, l’e-mail o l’azienda")
    await administrator.says("nessuno così", "Non ho trovato nessuno")
    await administrator.says("impianti", "Ho trovato 4 persone", "Configuratore")
    await administrator.press("Configuratore · ", f"{OURS}: Configuratore", button="Sospendi")
    await on_a_desktop(administrator, f"{OURS}: Configuratore")
    await administrator.press("Sospendi", "Utenza sospesa dal", button="Riammetti")

    await person.press("MOME", "La tua utenza è sospesa", exact=True)
    await on_a_desktop(person, "La tua utenza è sospesa")
    await person.press("Inizio", "La tua utenza è sospesa", button="Profilo")
    await person.says("/profilo", "Il tuo profilo", "La tua utenza è sospesa")

    await administrator.press("Riammetti", f"{OURS}: Configuratore", button="Sospendi")
    other = showcase.pod_number(100)
    await person.says(other, "Fornitura ammissibile", other, button="Associa un dispositivo")


async def test_an_auditor_searches_what_was_done_and_takes_it_with_them(open_phone: OpenPhone) -> None:
    auditor, person = await open_phone("Auditor"), await open_phone("Configuratore")
    await person.start()
    await person.says(showcase.pod_number(1), "Dichiarazione da parte del System Integrator")
    await person.press("Accetto", "Fornitura ammissibile")

    await auditor.start()
    await auditor.sees("personale del servizio", button="Registro")
    await auditor.says("/registro", "Registro delle operazioni", button="Cerca nel registro")
    await auditor.press("Cerca nel registro", "Che cosa cerco nel registro?")
    await auditor.says("chissà", "nessuna azienda corrisponde")
    await auditor.says(showcase.pod_number(1).lower(), "Per quale periodo?")
    found = ("Registro · POD", "1 operazione", "Ricerca di un POD · ammissibile", f"Configuratore ({OURS})")
    await auditor.press("Oggi", *found, button="Scarica in CSV")
    await on_a_desktop(auditor, *found)
    # The search itself is in the audit by now.
    await auditor.press("Scarica in CSV", "2 operazioni, dalla più recente", "Contiene dati personali")
    await on_a_desktop(auditor, "Contiene dati personali")
    download = await auditor.downloads(".csv")
    content = await asyncio.to_thread((await download.path()).read_bytes)
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert [(line["Persona"], line["Azienda"], line["Esito"]) for line in lines] == [
        ("Auditor", "", ""),
        ("Configuratore", OURS, "ammissibile"),
    ]

    await auditor.says("/registro", "Registro delle operazioni")
    await auditor.press("Cerca nel registro", "Che cosa cerco nel registro?")
    await auditor.press("Tutto il registro", "Per quale periodo?")
    await auditor.press("Oggi", "Registro · tutto", "Registro esportato", "Registro consultato")
