"""Walks through the dialogues about requests for assistance."""

from __future__ import annotations

from sqlalchemy import Connection

from backend.core.audit.values import AuditAction
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.tickets import service as tickets
from sandbox import showcase
from tests.acceptance.moves import Move, Press, Script, Write
from tests.fixtures.worlds import declare
from tests.identity.prepared import TICKET
from tests.support import Chat, World
from tests.tickets.corpus import jpeg


async def _from_the_tree(chat: Chat) -> None:
    await chat.says("/assistenza", "Con quale dispositivo", button="MOME")
    await chat.press("MOME")
    await chat.sees("Di che cosa si tratta?", button="Sezione Tecnica")
    await chat.press("Sezione Tecnica")
    await chat.sees("Di che cosa si tratta?", button="Hardware")
    await chat.press("Hardware")
    await chat.sees("Di che cosa si tratta?", button="Un altro problema")
    await chat.press("Un altro problema")
    await chat.sees("hardware", button="Scrivi all’assistenza")
    await chat.press("Scrivi all’assistenza")


async def _from_a_picture(chat: Chat) -> None:
    await chat.phone.send_file(jpeg(), name="foto.jpg", kind="photo")


async def _from_the_ticket(chat: Chat, button: str) -> None:
    await chat.says("/richieste", "Da prendere in carico", button="n. 1")
    await chat.press("n. 1")
    await chat.sees("Richiesta n. 1", button=button)
    await chat.press(button)


async def _to_an_answer(chat: Chat) -> None:
    await _from_the_ticket(chat, "Rispondi")


async def _to_a_note(chat: Chat) -> None:
    await _from_the_ticket(chat, "Nota interna")


async def _to_the_end(chat: Chat) -> None:
    await _from_the_ticket(chat, "Chiudi")


async def _to_ones_own_ticket(chat: Chat) -> None:
    await chat.says("/assistenza", "Con quale dispositivo", button="Le mie richieste")
    await chat.press("Le mie richieste")
    await chat.sees("Richieste di assistenza", button="n. 1")
    await chat.press("n. 1")
    await chat.sees("Richiesta n. 1", button="Aggiungi un messaggio")
    await chat.press("Aggiungi un messaggio")


async def _to_a_filter(chat: Chat) -> None:
    await chat.says("/richieste", "Richieste di assistenza", button="Report richieste")
    await chat.press("Report richieste")
    await chat.sees("Report richieste di assistenza", button="Apertura")
    await chat.press("Apertura")


async def _to_a_search(chat: Chat) -> None:
    await chat.says("/richieste", "Richieste di assistenza", button="Cerca una richiesta")
    await chat.press("Cerca una richiesta")


async def _to_a_canned_answer(chat: Chat) -> None:
    await chat.says("/richieste", "Nessuna richiesta da prendere", button="Risposte pronte")
    await chat.press("Risposte pronte")
    await chat.sees("Non ce n’è ancora nessuna", button="Aggiungi")
    await chat.press("Aggiungi")


async def _asked(world: World) -> None:
    """The first persona has asked for assistance."""

    def ask(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        assert world.clock is not None
        tickets.open_ticket(connection, actor, TICKET, world.clock.now())

    await world.database.write(ask)


async def _asked_twice(world: World) -> None:
    await _asked(world)
    await _asked(world)


async def _to_an_internal_error(chat: Chat) -> None:
    await declare(chat)
    pod = next(case.pod for case in showcase.cases() if case.title == "Errore Interno")
    await chat.says(pod, "Errore Interno", button="Chiedi assistenza")
    await chat.press("Chiedi assistenza")


async def _to_words_for_one_of_two(chat: Chat) -> None:
    await chat.type("Aggiungo che succede anche oggi")


async def _to_contact(chat: Chat) -> None:
    await chat.says("/richieste", button="Scrivi a un integratore")
    await chat.press("Scrivi a un integratore")


TICKET_SCRIPTS = {
    "ticket_new": Script(
        _from_the_tree,
        (
            Move("description", "Descrivi il problema", Write("Il dispositivo non si accende più"), "no"),
            Move("codes", "Di quale fornitura", Press("Nessun codice")),
            Move("attachments", "Vuoi allegare qualcosa?", Press("Continua senza")),
            Move("confirm", "Invio questa richiesta?", Press("Invia")),
        ),
        "Richiesta inviata",
        AuditAction.TICKET_OPENED,
    ),
    "ticket_new:ready": Script(
        _to_an_internal_error,
        (
            Move("device", "Con quale dispositivo hai bisogno", Press("Smart Info")),
            Move("confirm", "Invio questa richiesta?", Press("Invia")),
        ),
        "Richiesta inviata",
        AuditAction.TICKET_OPENED,
    ),
    "ticket_which": Script(
        _to_words_for_one_of_two,
        (Move("which", "A quale richiesta lo aggiungo?", Press("n. 2")),),
        "Aggiunto alla richiesta n. 2",
        None,
        before=_asked_twice,
    ),
    "ticket_contact": Script(
        _to_contact,
        (
            Move("words", "A chi scrivi?", Write("impianti demo"), "zz"),
            Move("person", "A chi di loro?", Press("Configuratore")),
            Move("device", "Di quale dispositivo", Press("MOME")),
            Move("text", "Che cosa scrivi a", Write("Il vostro file era incompleto"), "x"),
            Move("confirm", "Questo lo leggerà", Press("💬 Invia")),
        ),
        "Messaggio inviato",
        AuditAction.TICKET_OPENED,
        staff=StaffRole.SUPPORT,
    ),
    "ticket_photo": Script(
        _from_a_picture,
        (
            Move("purpose", "Vuoi aprire una richiesta con questa foto?", Press("Nuova richiesta")),
            Move("purpose", "Con quale dispositivo", Press("MOME")),
            Move("purpose", "Modulo OEM (MOME)", Press("Sezione Tecnica")),
            Move("purpose", "› Sezione Tecnica", Press("Hardware")),
            Move("purpose", "› Problematiche Hardware", Press("Un altro problema")),
            Move("purpose", "› Un altro problema hardware", Press("Scrivi all’assistenza")),
        ),
        "Descrivi il problema",
        None,
        leads_to="ticket_new",
    ),
    "ticket_add": Script(
        _to_ones_own_ticket,
        (
            Move("text", "Che cosa vuoi aggiungere", Write("Succede anche oggi"), "x" * 2001),
            Move("send", "Lo aggiungo alla richiesta", Press("Invia")),
        ),
        "Aggiunto.",
        None,
        cancelled="Richiesta n. 1",
        before=_asked,
    ),
    "ticket_answer": Script(
        _to_an_answer,
        (
            Move("text", "Che cosa rispondi", Write("Cambi il cavo"), "x" * 2001),
            Move("send", "Questo lo leggerà", Press("Invia al richiedente")),
        ),
        "Risposta inviata",
        AuditAction.TICKET_ANSWERED,
        cancelled="Richiesta n. 1",
        staff=StaffRole.SUPPORT,
        before=_asked,
    ),
    "ticket_note": Script(
        _to_a_note,
        (
            Move("text", "Che cosa annoti", Write("Già visto altrove"), "x" * 2001),
            Move("send", "solo per il personale", Press("Salva la nota")),
        ),
        "Nota salvata",
        None,
        cancelled="Richiesta n. 1",
        staff=StaffRole.SUPPORT,
        before=_asked,
    ),
    "ticket_close": Script(
        _to_the_end,
        (
            Move("text", "Come si è risolta", Write("Cavo cambiato"), "x" * 2001),
            Move("send", "Chiudo la richiesta", Press("Invia e chiudi")),
        ),
        "Richiesta chiusa.",
        AuditAction.TICKET_CLOSED,
        cancelled="Richiesta n. 1",
        staff=StaffRole.SUPPORT,
        before=_asked,
    ),
    "ticket_filter": Script(
        _to_a_filter,
        (
            Move("value", "Aperte quando?", Press("Dall’inizio")),
            Move("until", "Fino a quando?", Press("Al: oggi")),
        ),
        "Apertura: fino a oggi",
        None,
        cancelled="Nessun filtro",
        before=_asked,
    ),
    "ticket_find": Script(
        _to_a_search,
        (Move("what", "Che cosa cerco", Write("1"), "x"),),
        "Richiesta n. 1",
        None,
        before=_asked,
    ),
    "canned_answer": Script(
        _to_a_canned_answer,
        (
            Move("title", "Come si chiama la risposta", Write("Saluti"), "x"),
            Move("text", "Che cosa dice?", Write("Grazie e a presto"), "x" * 2001),
            Move("language", "In che lingua", Press("Italiano")),
            Move("confirm", "Salvo questa risposta pronta?", Press("Salva")),
        ),
        "Risposta pronta salvata",
        None,
        cancelled="Non ce n’è ancora nessuna",
        staff=StaffRole.SUPPORT,
    ),
}
