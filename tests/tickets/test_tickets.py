"""Assistance: through the tree to a ticket, and from the desk of the staff back to who asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib import resources

import pytest
from sqlalchemy import Connection, func, select

from backend.core.audit.values import AuditAction
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.tickets import advice
from backend.tickets import service as tickets
from backend.tickets.errors import TicketOver, TicketTaken, TooLate
from backend.tickets.models import ticket_messages
from backend.tickets.values import Queue, Ticket, TicketState
from conversations.tickets.tree import Tree, tree
from sandbox import showcase
from tests.identity.prepared import TICKET
from tests.identity.test_companies import joins
from tests.support import Chat, World, on_sqlite
from tests.tickets.conftest import OTHER_STAFF, STAFF

NODES = {path: tree().find(path) for path in tree().paths()}
LEAVES = [path for path, node in NODES.items() if node is not None and not node.children]
POD = showcase.pod_number(1)


async def to_the_attachments(chat: Chat, text: str = f"Il POD {POD} non si legge") -> None:
    """Begin a request about the bulk configuration, past its advice."""
    await chat.says("/assistenza", "Con quale dispositivo", button="MOME")
    for label in ("MOME", "Sezione Tecnica", "Problematiche di Configurazione", "Configurazione massiva"):
        await chat.press(label)
    await chat.sees("Hai risolto?", button="No, scrivi")
    await chat.press("No, scrivi")
    await chat.sees("Descrivi il problema")
    await chat.says(text, "Vuoi allegare qualcosa?", button="Continua senza")


async def open_one(chat: Chat, text: str = f"Il POD {POD} non si legge") -> None:
    """Ask for assistance."""
    await to_the_attachments(chat, text)
    await chat.press("Continua senza")
    await chat.sees("Invio questa richiesta?", button="Invia")
    await chat.press("✅ Invia")
    await chat.saw("Richiesta inviata")


async def said_to(chat: Chat) -> str:
    """Everything that the bot has told this person."""
    return "\n".join(message.text for message in (await chat.screen()).from_bot)


async def write(chat: Chat, button: str, question: str, text: str, send: str) -> None:
    """Say something in the ticket whose card is the last one."""
    await chat.press(button)
    await chat.sees(question)
    await chat.type(text)
    shown = await chat.sees(text, button=send)
    await chat.press(send, on=shown)


async def test_a_request_is_answered_closed_and_reopened(world: World, declared: Chat, staff: Chat) -> None:
    await open_one(declared)
    await declared.saw("Richiesta n. 1", "⏳ Aperto", f"POD {POD}")
    await staff.sees("Nuova richiesta n. 1", "Configurazione massiva", button="Richiesta n. 1")
    await staff.press("Richiesta n. 1")
    await staff.sees(f"Il POD {POD} non si legge", button="Prendi in carico")
    await staff.press("Prendi in carico")
    await staff.saw("🛠 In Lavorazione")
    await declared.sees("Richiesta n. 1: se ne occupa")

    await write(staff, "Nota interna", "annoti", "Cliente già visto", "Salva la nota")
    await staff.sees("Nota interna di", "Cliente già visto", button="Rispondi")
    await write(staff, "Rispondi", "Che cosa rispondi", "Quale file hai caricato?", "Invia al richiedente")
    await declared.sees("l’assistenza risponde", "Quale file hai caricato?", button="Richiesta n. 1")
    await declared.press("Richiesta n. 1")
    await declared.sees("Quale file hai caricato?", button="Aggiungi un messaggio")
    await write(declared, "Aggiungi un messaggio", "Che cosa vuoi aggiungere", "Quello di ieri", "Invia")
    await staff.sees("scrive:", "Quello di ieri", button="Richiesta n. 1")

    await staff.press("Richiesta n. 1")
    await staff.sees("Quello di ieri", button="Chiudi")
    await write(staff, "Chiudi", "Come si è risolta", "Mandato il file nuovo", "Invia e chiudi")
    await declared.sees("Richiesta n. 1 chiusa", "Mandato il file nuovo", button="Richiesta n. 1")
    await declared.press("Richiesta n. 1")
    await declared.sees("✅ Chiuso", "in giornata", button="Riapri")
    await declared.press("Riapri")
    await declared.saw("🛠 In Lavorazione")
    await staff.sees("Richiesta n. 1 riaperta")

    assert "Cliente già visto" not in await said_to(declared)
    actions = (
        AuditAction.TICKET_OPENED,
        AuditAction.TICKET_TAKEN,
        AuditAction.TICKET_ANSWERED,
        AuditAction.TICKET_CLOSED,
        AuditAction.TICKET_REOPENED,
    )
    assert [record.action for record in await world.audit(*actions)] == list(actions)


@on_sqlite
@pytest.mark.parametrize("path", LEAVES)
async def test_every_leaf_leads_to_a_ticket_and_its_advice_is_counted(
    world: World, declared: Chat, path: str
) -> None:
    await declared.says("/assistenza", "Con quale dispositivo", button="MOME")
    for label in tree().labels(path, "it"):
        await declared.press(label)
    node = tree().find(path)
    assert node is not None
    if node.advice is None:
        await declared.sees(node.label.it, button="Scrivi all’assistenza")
        await declared.press("Scrivi all’assistenza")
    else:
        await declared.sees("Hai risolto?", button="Sì, risolto")
        await declared.press("No, scrivi")
    own = tree().question_of(path, "it")
    asked_first = own.removeprefix("<b>").removesuffix("</b>") if own is not None else "Descrivi il problema"
    await declared.sees(asked_first, button="Annulla")
    await world.settled()
    worth = await world.database.long_read(advice.worth)
    assert worth == ({} if node.advice is None else {path: (0, 1)})


@on_sqlite
async def test_advice_that_helps_is_counted_and_opens_nothing(world: World, declared: Chat) -> None:
    await declared.says("/assistenza", "Con quale dispositivo", button="Smart Info")
    for label in ("Smart Info", "Sezione Tecnica", "Hardware", "non risponde"):
        await declared.press(label)
    await declared.sees("57600 8N1", button="Sì, risolto")
    await declared.press("Sì, risolto")
    await declared.saw("sono contento che funzioni")
    worth = await world.database.long_read(advice.worth)
    assert worth == {"smart_info.technical.hardware.silent": (1, 0)}
    assert await world.audit(AuditAction.TICKET_OPENED) == []


def asked(connection: Connection, world: World) -> Ticket:
    """A ticket of the first persona."""
    return asked_by(connection, world, 0)


def asked_by(connection: Connection, world: World, person: int) -> Ticket:
    actor = identity.actor_of(connection, world.people[person].id)
    assert actor is not None
    assert world.clock is not None
    return tickets.open_ticket(connection, actor, TICKET, world.clock.now())


async def test_of_two_operators_one_takes_a_ticket(world: World) -> None:
    people = (STAFF, OTHER_STAFF)
    for person in people:
        await world.give_staff_role(StaffRole.SUPPORT, world.people[person].id)
    ticket = await world.database.write(lambda connection: asked(connection, world))
    assert world.clock is not None
    at = world.clock.now()

    async def take(person: int) -> int | TicketTaken:
        def taken(connection: Connection) -> int:
            actor = identity.actor_of(connection, world.people[person].id)
            assert actor is not None
            return tickets.take(connection, actor, ticket.id, at).operator_id or 0

        try:
            return await world.database.write(taken)
        except TicketTaken as refused:
            return refused

    ends = await asyncio.gather(*(take(person) for person in people))
    assert len([end for end in ends if isinstance(end, TicketTaken)]) == 1
    assert len(await world.audit(AuditAction.TICKET_TAKEN)) == 1


async def test_a_word_while_it_is_being_closed_is_in_the_ticket_or_refused(world: World) -> None:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    ticket = await world.database.write(lambda connection: asked(connection, world))
    assert world.clock is not None
    at = world.clock.now()

    def close(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[STAFF].id)
        assert actor is not None
        tickets.close(connection, actor, ticket.id, "fatto", at)

    def add(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        tickets.add_word(connection, actor, ticket.id, "ancora", at)

    async def tried() -> bool:
        try:
            await world.database.write(add)
        except TicketOver:
            return False
        return True

    added, _ = await asyncio.gather(tried(), world.database.write(close))
    words = await world.database.long_read(
        lambda connection: connection.scalar(
            select(func.count()).select_from(ticket_messages).where(ticket_messages.c.text == "ancora")
        )
    )
    assert words == int(added)


@pytest.mark.parametrize(("days", "outcome"), [(29.999, TicketState.IN_PROGRESS), (30, TooLate)])
async def test_a_closed_ticket_can_be_reopened_for_thirty_days(
    world: World, days: float, outcome: object
) -> None:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    ticket = await world.database.write(lambda connection: asked(connection, world))
    assert world.clock is not None
    at = world.clock.now()

    def close_and_reopen(connection: Connection) -> object:
        operator = identity.actor_of(connection, world.people[STAFF].id)
        requester = identity.actor_of(connection, world.people[0].id)
        assert operator is not None
        assert requester is not None
        tickets.close(connection, operator, ticket.id, "fatto", at)
        try:
            return tickets.reopen(connection, requester, ticket.id, at + timedelta(days=days)).state
        except TooLate:
            return TooLate

    assert await world.database.write(close_and_reopen) is outcome


async def test_the_queues_show_what_waits_what_is_ones_own_and_what_is_over(
    world: World, declared: Chat, staff: Chat
) -> None:
    await staff.says("/richieste", "Nessuna richiesta da prendere in carico")
    for _ in range(9):
        await world.database.write(lambda connection: asked(connection, world))
    await staff.saw("Nuova richiesta n. 9")
    await staff.says("/richieste", "Da prendere in carico", button="Seguenti")
    await staff.press("Seguenti")
    await staff.sees("Da prendere in carico", button="n. 9")
    await staff.press("n. 9")
    await staff.sees("Richiesta n. 9", button="Prendi in carico")
    await staff.press("Prendi in carico")
    await staff.saw("Richiesta n. 9", "In Lavorazione")
    await staff.press("Richieste")
    await staff.sees("Da prendere in carico", button="⏳ Da prendere · 8")
    shown = await staff.sees("Da prendere in carico", button="🛠 Le mie · 1")
    assert "⏳ n. 1 · Impianti Demo · Hardware, altro" in shown.labels
    await staff.press("🛠 Le mie")
    await staff.sees("In carico a te", button="n. 9")
    await staff.press("n. 9")
    await staff.sees("Richiesta n. 9", button="Rilascia")
    await staff.press("Rilascia")
    await staff.saw("Rilasciata")

    def unassigned(connection: Connection) -> list[int]:
        actor = identity.actor_of(connection, world.people[STAFF].id)
        assert actor is not None
        return [ticket.id for ticket in tickets.queue(connection, actor, Queue.UNASSIGNED, 20)]

    assert await world.database.long_read(unassigned) == list(range(1, 10))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("id: hardware", "id: setup"),
        lambda text: text.replace("- id: mome", "- id: oven"),
        lambda text: text.replace("id: no_port", f"id: {'x' * 60}"),
        lambda text: text.replace("id: no_port", "id: No port"),
        lambda text: text.replace("label: {it: Sezione Commerciale, en: Commercial}", ""),
        lambda text: text.replace("first_answer_hours: 9", ""),
        lambda text: text.replace("first_answer_hours: 9", "first_answer_hours: 0"),
        lambda text: text.replace("solved_hours: 27", "solved_hours: 3"),
    ],
)
def test_a_tree_that_is_not_sound_is_refused(damage: object) -> None:
    text = resources.files("conversations.tickets").joinpath("tree.yaml").read_text(encoding="utf-8")
    assert callable(damage)
    Tree(text)
    with pytest.raises(ValueError, match=r"tree|id|label|device|child|button|string|hours|before"):
        Tree(damage(text))


@on_sqlite
async def test_who_is_not_enabled_asks_and_sees_nothing_of_the_company(world: World, chat: Chat) -> None:
    await world.database.write(lambda connection: asked_by(connection, world, 1))
    await world.database.write(joins(world, showcase.OURS, enabled=False))
    await chat.says("/start", "non è abilitata", button="Assistenza")
    await chat.press("Assistenza")
    await chat.sees("Con quale dispositivo", button="MOME")
    for label in ("MOME", "Sezione Commerciale", "Inoltro Segnalazione"):
        await chat.press(label)
    await chat.sees("abilitazione al servizio", button="Scrivi")
    await chat.press("Scrivi")
    await chat.sees("Che cosa vuoi segnalare")
    await chat.says("Chiedo l’abilitazione della mia utenza", "Invio questa richiesta?", button="✅ Invia")
    await chat.press("✅ Invia")
    await chat.saw("Richiesta n. 2", "⏳ Aperto")
    listed = await chat.says("/assistenza", "Con quale dispositivo", button="Le mie richieste")
    await chat.press("Le mie richieste", on=listed)
    shown = await chat.sees("Richieste di assistenza", button="n. 2")
    assert not any("n. 1 " in label for label in shown.labels)


@on_sqlite
async def test_a_person_has_ten_requests_open_at_most(world: World, declared: Chat) -> None:
    for _ in range(tickets.MOST_OPEN - 1):
        await world.database.write(lambda connection: asked(connection, world))
    await open_one(declared)
    await declared.says("/assistenza", "Con quale dispositivo", button="MOME")
    for label in ("MOME", "Sezione Tecnica", "Problematiche Hardware", "Un altro problema", "Scrivi"):
        await declared.press(label)
    await declared.sees("Descrivi il problema")
    await declared.says(f"Il POD {POD} ancora", "Vuoi allegare qualcosa?", button="Continua senza")
    await declared.press("Continua senza")
    await declared.sees("Invio questa richiesta?", button="✅ Invia")
    await declared.press("✅ Invia")
    await declared.sees("Hai già 10 richieste aperte")
    assert len(await world.audit(AuditAction.TICKET_OPENED)) == tickets.MOST_OPEN
