"""Walks through a registration, as a person takes them."""

from __future__ import annotations

import re

from backend.contracts.values import Named, NewContract
from backend.core.mail.mailer import MemoryMailer
from backend.registrations import service as registrations
from tests.log_watch import secret
from tests.support import Chat, World

EMAIL = "titolare@impianti-nuovi.it"
CODE = "RSSMRA80A01H501U"
IVA = "02345670158"
MOBILE = "+393331234567"
CONTRACT = NewContract("C-1", IVA, "Impianti Nuovi S.r.l.", (Named(EMAIL, CODE),))

FIELDS = (
    ("nome", "Maria"),
    ("cognome", "De Rossi"),
    ("Nazionalità", "Italiana"),
    ("Codice fiscale", "rss mra 80a01 h501u"),
    ("e-mail", " Titolare@Impianti-Nuovi.it "),
    ("Ragione sociale", "Impianti Nuovi"),
    ("Sede legale", "Via Roma 1, 20100 Milano"),
    ("Partita IVA", "IT 02345670158"),
    ("Codice fiscale dell’azienda", IVA),
    ("cellulare", "333 123 4567"),
)
"""What each question says, and the answer."""


async def begin(visitor: Chat) -> None:
    """From the first screen to the first question."""
    await visitor.says("/start", "riservato ai System Integrator", button="Registrati")
    await visitor.press("Registrati")
    await visitor.sees("Tieni pronti", button="Comincia")
    await visitor.press("Comincia")
    await visitor.sees("nome")


async def fill(visitor: Chat, **others: str) -> None:
    """Answer every question up to the summary; `others` are answers by the question's first word."""
    for asked, answer in FIELDS:
        await visitor.sees(asked)
        await visitor.type(others.get(asked.split()[0], answer))
    await visitor.sees("Condizioni del servizio", button="Accetto")
    await visitor.press("Accetto")
    await visitor.sees("Informativa sui dati", button="Ho letto")
    await visitor.press("Ho letto")
    await visitor.sees("È tutto giusto?", button="Conferma")


async def verify(visitor: Chat, mailer: MemoryMailer, phone: str = MOBILE) -> str:
    """From the summary to the question for the code. Returns the code."""
    await visitor.press("Conferma")
    await visitor.sees("Condividi il tuo numero")
    await visitor.phone.share_contact(phone)
    await visitor.sees("Mando un codice a", button="Manda il codice")
    await visitor.press("Manda il codice")
    await visitor.sees("codice di sei cifre")
    return code_in(mailer)


def code_in(mailer: MemoryMailer) -> str:
    """The code of the last mail."""
    found = re.search(r"\b[0-9]{6}\b", mailer.sent[-1].text)
    assert found is not None
    secret(f'"{found[0]}"')
    return found[0]


async def load_contract(world: World, contract: NewContract = CONTRACT) -> int:
    """Load a contract as the operator at the machine. Returns how many it enables."""
    clock = world.clock
    assert clock is not None
    return await world.database.write(
        lambda connection: registrations.load_contracts(connection, None, [contract], clock.now())
    )
