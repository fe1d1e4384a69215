"""The demo's example file says what it is meant to show."""

from __future__ import annotations

from sandbox import showcase
from tests.bulk.sheets import send
from tests.support import Chat, World


async def test_the_example_file_shows_every_verdict(declared: Chat, world: World) -> None:
    content = showcase.bulk_example().encode("utf-8-sig")
    shown = await send(declared, content, "4 righe da creare", "1 riga incerta", "6 righe da correggere")
    for says in (
        "1 già associata",
        "riga 7: già associato",
        "riga 9: POD: lo stesso punto di prelievo è alla riga 2",
        "riga 10: POD inserito inesistente",
        "riga 11: SID: è un NID",
        "riga 12: SID: un foglio di calcolo",
        "riga 13: Tipo di Configurazione: deve essere Standard o Prosumer",
    ):
        assert says in shown.text
