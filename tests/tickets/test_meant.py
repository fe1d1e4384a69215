"""Words that may be for a request: beside a POD, and where files are asked for."""

from __future__ import annotations

from backend.tickets import service as tickets
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_tickets import POD, open_one, to_the_attachments


@on_sqlite
async def test_words_about_a_pod_may_be_for_the_open_request(world: World, declared: Chat) -> None:
    words = f"Il contatore del POD {POD} non risponde ancora"
    await declared.says(words, POD, button="Associa")  # nothing is open: a look-up
    await open_one(declared)
    await declared.says(POD, POD, button="Associa")
    await declared.says(words, "Che cosa faccio con questo messaggio?", button=f"Cerca il POD {POD}")
    await declared.press("Cerca il POD")
    await declared.saw(POD, "ammissibile")
    await declared.says(words, "Che cosa faccio con questo messaggio?", button="➕ ⏳ n. 1")
    await declared.press("➕ ⏳ n. 1")
    await declared.saw("Aggiunto alla richiesta n. 1")
    await declared.says(words, "Che cosa faccio con questo messaggio?", button="Nuova richiesta")
    await declared.press("Nuova richiesta")
    await declared.sees(words, "Con quale dispositivo", button="MOME")
    said = await world.database.long_read(lambda connection: tickets.for_staff(connection, 1))
    assert said is not None
    assert [each.text for each in said.messages][1:] == [words]


@on_sqlite
async def test_words_where_files_are_asked_for_go_into_the_description(declared: Chat) -> None:
    await to_the_attachments(declared)
    await declared.says("no", "Manda un file", button="Continua senza")
    await declared.says("Succede solo di notte", "L’ho aggiunto alla descrizione", button="Continua senza")
    await declared.press("Continua senza")
    await declared.sees("Invio questa richiesta?", "non si legge", "Succede solo di notte")
