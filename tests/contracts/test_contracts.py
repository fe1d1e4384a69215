"""Commercial staff load contracts from a file, look at them and end them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contracts.lines import HEADING, read_contracts
from backend.core.audit.values import AuditAction
from backend.core.mail.mailer import MemoryMailer
from backend.identity.permissions import Role
from backend.tabular.reasons import FileRefused
from backend.tabular.table import Table
from tests.registrations.walks import CODE, CONTRACT, EMAIL, IVA, begin, fill, load_contract, verify
from tests.support import Chat, World, on_sqlite

LINE = f"C-7;{IVA};Impianti Nuovi S.r.l.;{EMAIL};{CODE};"
HEAD = "Contratto;Partita IVA;Ragione sociale;E-mail;Codice Fiscale;Ruolo"


@pytest.fixture
async def commercial(world: World) -> AsyncIterator[Chat]:
    async with world.chat(5) as chat:
        await chat.says("/contratti", "Nessun contratto", button="Carica")
        yield chat


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Chat]:
    async with world.chat(9) as chat:
        yield chat


async def send(commercial: Chat, *lines: str) -> None:
    await commercial.press("📤 Carica")
    await commercial.sees("Manda il file", button="Annulla")
    await send_file(commercial, *lines)


async def send_file(commercial: Chat, *lines: str) -> None:
    content = "\r\n".join((HEAD, *lines)).encode("cp1252")
    await commercial.phone.send_file(content, name="contratti.csv")


@on_sqlite
async def test_a_file_with_bad_lines_is_corrected_before_anything_is_loaded(
    commercial: Chat, world: World
) -> None:
    await send(
        commercial,
        LINE,
        f"C-7;{IVA};Impianti Nuovi S.r.l.;tecnico@esempio.it;BNCLRA85M50F205E;Tecnico",
        f"C-7;{IVA};Impianti Nuovi S.r.l.;altro@esempio.it;BNCLRA85M50F205X;",
        f"C-7;00743110157;Altra;x@esempio.it;{CODE};",
        f"C-8;{IVA};Impianti;{EMAIL};{CODE};Capo",
    )
    await commercial.sees(
        "3 righe non vanno bene",
        "riga 4: il carattere di controllo del codice fiscale non corrisponde",
        "riga 5: lo stesso contratto ha due partite IVA",
        "riga 6: il ruolo non è",
        "Non ho caricato nulla",
        button="Manda un altro file",
    )
    await commercial.press("📤 Manda un altro file")
    await commercial.sees("Manda il file", button="Annulla")
    technician = f"C-7;{IVA};Impianti Nuovi S.r.l.;tecnico@esempio.it;BNCLRA85M50F205E;Tecnico"
    await send_file(commercial, LINE, technician)
    await commercial.sees(
        "Carico questi contratti?", "C-7 Impianti Nuovi S.r.l.: 2 utenti", button="✅ Carica"
    )
    assert await world.audit(AuditAction.CONTRACT_LOADED) == []
    await commercial.press("✅ Carica")
    await commercial.sees("Contratto caricato", "Chi è indicato viene abilitato appena si registra")
    await commercial.says("/contratti", "Contratti", button="C-7")
    await commercial.press("C-7")
    await commercial.sees("Contratto C-7", "Utenti indicati: 2", "Abilitati: 0", EMAIL, "Attivo")


async def test_a_contract_that_ends_takes_its_people_along_from_their_next_message_on(
    commercial: Chat, visitor: Chat, world: World, mailer: MemoryMailer
) -> None:
    await load_contract(world)
    await begin(visitor)
    await fill(visitor)
    await visitor.says(await verify(visitor, mailer), "Utenza abilitata")
    await visitor.says("/start", "Lavori per Impianti Nuovi S.r.l.")

    await commercial.says("/contratti", "Contratti", button="C-1")
    await commercial.press("C-1")
    await commercial.sees("Abilitati: 1", button="Chiudi il contratto")
    await commercial.press("Chiudi il contratto")
    await commercial.sees("non potrà più usare il servizio", button="⏹ Chiudi")
    await commercial.press("⏹ Chiudi")
    await commercial.sees("Contratto C-1 chiuso")
    await visitor.sees("Contratto chiuso", "né tu né i tuoi colleghi")
    await visitor.says("/massiva", "non è ancora abilitata")
    await visitor.says("/start", "La tua utenza per questa azienda non è abilitata")

    await load_contract(world, replace(CONTRACT, number="C-2"))
    await visitor.sees("Contratto attivo", "di nuovo usare il servizio per Impianti Nuovi S.r.l.")
    await visitor.says("/start", "Lavori per Impianti Nuovi S.r.l.")


async def test_a_contract_that_is_loaded_again_says_whom_its_new_list_adds_and_leaves_out(
    commercial: Chat, world: World
) -> None:
    await load_contract(world)
    line = f"C-1;{IVA};Impianti Nuovi S.r.l.;tecnico@esempio.it;BNCLRA85M50F205E;Tecnico"
    await send(commercial, line)
    await commercial.sees(
        "C-1 Impianti Nuovi S.r.l.: un utente", "già caricato: 1 in più, 1 in meno", button="✅ Carica"
    )
    await commercial.press("✅ Carica")
    await commercial.sees("Contratto caricato", button="Contratti")
    await commercial.press("📄 Contratti")
    await commercial.sees("Contratti", button="Carica")
    await send(commercial, line)
    await commercial.sees("già caricato, con gli stessi utenti", button="✅ Carica")


@on_sqlite
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vuoto"),
        (b"a;b\r\n1;2\r\n", "Manca: Contratto, Partita IVA"),
        (b"%PDF-1.4 binary\x00\x01", "Non posso leggere il file"),
    ],
)
async def test_a_file_that_is_none_is_refused_with_the_reason(
    commercial: Chat, content: bytes, said: str
) -> None:
    await commercial.press("📤 Carica")
    await commercial.sees("Manda il file", button="Annulla")
    await commercial.phone.send_file(content or b" ", name="contratti.csv")
    await commercial.sees(said, "Manda il file")
    await commercial.says("un testo", "Serve un file")


@on_sqlite
async def test_the_example_of_the_template_is_read_and_never_loaded(commercial: Chat) -> None:
    await commercial.press("Modello")
    _, content = await commercial.document()
    await commercial.says("/contratti", "Nessun contratto", button="Carica")
    await commercial.press("📤 Carica")
    await commercial.sees("Manda il file", button="Annulla")
    await commercial.phone.send_file(content, name="contratti.csv")
    await commercial.sees(
        "Non ho caricato nulla", "riga 2: la cifra di controllo della partita IVA non corrisponde"
    )


@on_sqlite
async def test_nobody_else_sees_contracts(declared: Chat) -> None:
    await declared.says("/contratti", "riservata al personale")


@given(st.lists(st.lists(st.text(max_size=20), max_size=7), max_size=6))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    lines = ((1, HEADING), *((number, tuple(row)) for number, row in enumerate(rows, start=2)))
    try:
        read = read_contracts(Table(None, (), None, lines))
    except FileRefused:
        return
    assert len(read.bad) + sum(len(each.people) for each in read.contracts) == len(rows)


def test_roles_are_read_in_both_languages() -> None:
    rows = [
        (str(number), IVA, "Ditta", f"n{number}@esempio.it", CODE, role)
        for number, role in enumerate(("Referente", "TECNICO", "configurator", ""))
    ]
    table = Table(None, (), None, ((1, HEADING), *((at + 2, row) for at, row in enumerate(rows))))
    roles = [each.people[0].role for each in read_contracts(table).contracts]
    assert roles == [Role.REFERENT, Role.TECHNICIAN, Role.CONFIGURATOR, None]
