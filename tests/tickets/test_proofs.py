"""What a hostile look at requests for assistance found, so that it stays mended."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from backend.core.child_main import Refusal
from backend.devices.values import DeviceType
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.tickets import service as tickets
from backend.tickets.examine import examine
from backend.tickets.values import FileKind, MessageKind, Ticket, TicketFile, TicketMessage, TicketState
from conversations.core.texts import texts
from conversations.tickets.tree import tree
from conversations.tickets.wording import ticket_card, units
from tests.identity.prepared import TICKET
from tests.staff_group.test_tickets_in_topics import kinds
from tests.support import Chat, World, on_sqlite
from tests.tickets import corpus
from tests.tickets.test_tickets import open_one


def opened(connection: Connection, world: World) -> Ticket:
    actor = identity.actor_of(connection, world.people[0].id)
    assert actor is not None
    assert world.clock is not None
    return tickets.open_ticket(connection, actor, TICKET, world.clock.now())


@on_sqlite
async def test_an_operator_replies_to_the_private_notice(world: World, declared: Chat, staff: Chat) -> None:
    await open_one(declared)
    await staff.sees("Nuova richiesta n. 1")
    await declared.says("E allora?", "Aggiunto alla richiesta n. 1")
    shown = await staff.sees("E allora?")
    await staff.phone.type("Arriviamo subito", reply_to=shown.message_id)
    await staff.sees("Questo lo leggerà", "Arriviamo subito", button="Invia al richiedente")
    await staff.press("Invia al richiedente")
    await declared.sees("l’assistenza risponde", "Arriviamo subito")


@on_sqlite
async def test_words_for_a_question_that_expired_do_not_go_to_the_staff(world: World, declared: Chat) -> None:
    await open_one(declared)
    await declared.says("/assistenza", button="Le mie richieste")
    await declared.press("Le mie richieste")
    await declared.sees("Richieste di assistenza", button="Cerca")
    await declared.press("Cerca")
    await declared.sees("Che cosa cerco")
    world.later(timedelta(hours=2))
    await declared.type("parola segreta da cercare")
    await world.settled()
    assert "segreta" not in str(await kinds(world))


@on_sqlite
async def test_an_edit_cannot_wipe_words_that_came_with_files(world: World, declared: Chat) -> None:
    await open_one(declared)
    await declared.press("Aggiungi un messaggio")
    await declared.sees("Che cosa vuoi aggiungere")
    mine = await declared.type("Prima parte")
    await declared.sees("Prima parte", button="Invia")
    await declared.phone.send_file(corpus.jpeg(), name="foto.jpg", kind="photo", caption="Seconda parte")
    await declared.sees("Seconda parte", button="Invia")
    await declared.press("✅ Invia")
    await declared.saw("Aggiunto")
    await declared.phone.edit(mine.message_id, "Prima parte corretta")
    await world.settled()
    assert "Seconda parte" in (await kinds(world))[-1][1]


@on_sqlite
async def test_another_answer_does_not_drop_the_first_draft(
    world: World, declared: Chat, staff: Chat
) -> None:
    for _ in range(2):
        await world.database.write(lambda c: opened(c, world))
    first = await staff.saw("Nuova richiesta n. 1")
    second = await staff.saw("Nuova richiesta n. 2")
    await staff.press("n. 1", on=first)
    await staff.saw("Richiesta n. 1", "Aperto")
    await staff.press("Rispondi")
    await staff.sees("Che cosa rispondi")
    await staff.type("Bozza per la prima")
    await staff.sees("Bozza per la prima", button="Invia al richiedente")
    await staff.press("n. 2", on=second)
    card = await staff.saw("Richiesta n. 2", "Aperto")
    await staff.press("Rispondi", on=card)
    await staff.sees("Che cosa rispondi alla richiesta n. 2")
    await staff.type("/annulla")
    await staff.sees("Bozza per la prima", button="Invia al richiedente")


def longest(sign: str, name: str) -> Ticket:
    """Nine messages with files, of people with names as long as registrations take them."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    files = tuple(TicketFile(number, kind, "0" * 64, "", 1, "") for number, kind in enumerate(FileKind))
    said = tuple(
        TicketMessage(number, MessageKind.REQUEST, name, sign * 1500, at, files, None, True)
        for number in range(9)
    )
    category = max(tree().paths(), key=lambda path: len("".join(tree().labels(path, "it"))))
    return Ticket(
        id=1,
        state=TicketState.IN_PROGRESS,
        device_type=DeviceType.MOME,
        category=category,
        pod="IT001E48600001",
        production_pod=None,
        sid="S" * 17,
        nid="N" * 12,
        requester_id=1,
        requester=name,
        integrator="C" * 80,
        operator_id=2,
        operator=name,
        opened_at=at,
        closed_at=None,
        messages=said,
    )


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("sign", ["x", "😀", "<", "&"])
def test_a_card_fits_into_a_message(sign: str, language: str) -> None:
    actor = Actor(1, "s", "Anna", None, frozenset({StaffRole.SUPPORT}))
    card = ticket_card(texts(language), longest(sign, sign * 60), actor, datetime(2026, 1, 2, tzinfo=UTC))
    assert units(card.text) <= 4096
    assert sign in card.text


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name in names:
            written.writestr(name, b"MZ" + b"\0" * 100)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", archive("setup.exe")),
        ("b.zip", archive("log.txt", "folder/RUN.BAT")),
        ("c.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/J#61vaScript/JS(app.alert(1))>>>>\n%%EOF"),
    ],
)
def test_programs_are_refused_however_they_are_wrapped(name: str, content: bytes) -> None:
    with pytest.raises(Refusal):
        examine(content, name)
