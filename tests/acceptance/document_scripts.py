"""Walks through the dialogues about useful documents."""

from __future__ import annotations

from backend.core.audit.values import AuditAction
from tests.acceptance.moves import Attach, Move, Press, Script, Write
from tests.documents.files import pdf
from tests.support import Chat

STAFF = 6


async def _from_the_roots(chat: Chat) -> None:
    await chat.says("/documenti", "Scegli una cartella", button="Carica un documento")
    await chat.press("Carica un documento")


async def _to_a_search(chat: Chat) -> None:
    await chat.says("/documenti", "Scegli una cartella", button="Cerca")
    await chat.press("Cerca")


DOCUMENT_SCRIPTS = {
    "document_new": Script(
        _from_the_roots,
        (
            Move("file", "Manda il file", Attach(pdf("kit"), "kit.pdf")),
            Move("folder", "In quale cartella va?", Press("DOC")),
            Move("title", "Che titolo ha?", Write("Kit informativo"), nonsense="x" * 101),
            Move("version", "Che versione è?", Write("v1.0"), nonsense="x" * 25),
            Move("date", "Che data porta?", Write("1/5/2026"), nonsense="31/02/2026"),
            Move("confirm", "Pubblico questo documento?", Press("Pubblica")),
        ),
        "Pubblicato",
        AuditAction.DOCUMENT_ADDED,
        cancelled="non c’è ancora nessun documento",
        person=STAFF,
    ),
    "document_find": Script(
        _to_a_search,
        (Move("words", "Che cosa cerchi?", Write("datasheet"), nonsense="x"),),
        "nessun documento",
        None,
        cancelled="Scegli una cartella",
    ),
}
