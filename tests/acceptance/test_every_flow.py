"""Rules for every dialogue. A new one needs a script here: its user, its questions and its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from backend.core.audit.values import AuditAction
from backend.core.clock import ManualClock
from backend.core.dialogues.models import conversations
from backend.core.dialogues.values import StoredDialogue
from backend.core.mail.mailer import MemoryMailer
from backend.identity import service as identity
from backend.identity.permissions import Role, StaffRole
from backend.invitations import service as invitations
from bot.core.scheduler import Scheduler
from conversations import product
from sandbox.client import Shown
from tests.acceptance.walks import MOME, OURS, PLAIN, PRODUCTIONS, PROSUMER, data_of
from tests.core.bot.rig import due_checks
from tests.fixtures.worlds import declare
from tests.identity.operations import registered
from tests.registrations.walks import CODE, EMAIL, FIELDS, IVA, MOBILE, code_in, fill
from tests.registrations.walks import begin as begin_registration
from tests.support import Chat, World, on_sqlite

FLOWS = product.catalogue().flows


CANCELLED = "Annullato: non è cambiato nulla"


@dataclass(frozen=True)
class Press:
    """The answer is a button whose label holds this."""

    label: str


@dataclass(frozen=True)
class Write:
    """The answer is typed."""

    text: str


@dataclass(frozen=True)
class Share:
    """The answer is the person's own contact, with this number."""

    phone: str


@dataclass(frozen=True)
class Attach:
    """The answer is a file."""

    content: bytes
    name: str


@dataclass(frozen=True)
class MailedCode:
    """The answer is the code in the last e-mail."""


NONSENSE = "supercalifragilistico"


@dataclass(frozen=True)
class Move:
    """A question as the user meets it: the step's stored name, words of the question, the answer, and what is
    none.
    """

    step: str
    question: str
    answer: Press | Write | Share | Attach | MailedCode
    nonsense: str = NONSENSE


@dataclass(frozen=True)
class Script:
    """A walk through a dialogue: `begin` leads to its first question, `effect` is the action at its end, if
    any. `person` is which persona walks, `before` prepares the world.
    """

    begin: Callable[[Chat], Awaitable[None]]
    moves: tuple[Move, ...]
    result: str
    effect: AuditAction | None
    cancelled: str = CANCELLED  # the text after the cancel button
    staff: StaffRole | None = None  # the role that the person needs among the staff
    person: int = 0
    before: Callable[[World], Awaitable[None]] | None = None
    leads_to: str = ""  # the dialogue that it hands over to


async def _before_the_declaration(chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await chat.press("Associazioni")


async def _from_the_search_button(chat: Chat) -> None:
    await declare(chat)
    await chat.press("Cerca un POD")


async def _from_the_audit(chat: Chat) -> None:
    await chat.says("/registro", "Registro delle operazioni")
    await chat.press("Cerca nel registro")


async def _from_an_eligible_prosumer(chat: Chat) -> None:
    await declare(chat)
    await chat.says(PROSUMER, "Fornitura ammissibile")
    await chat.press("Associa un dispositivo")


async def _from_ones_own_association(chat: Chat) -> None:
    await declare(chat)
    await chat.says(OURS, "Fornitura già associata")
    await chat.press("Elimina")


FORM = (
    "first_name",
    "last_name",
    "nationality",
    "codice_fiscale",
    "email",
    "company_name",
    "office",
    "partita_iva",
    "company_code",
    "mobile",
)
"""The fields of a registration that are typed."""
IN_WORDS = ("first_name", "last_name", "nationality", "company_name", "office")
"""Those that take most words."""
CONTRACT_FILE = (
    "Contratto;Partita IVA;Ragione sociale;E-mail;Codice Fiscale\r\n"
    f"C-7;{IVA};Impianti Nuovi;{EMAIL};{CODE}\r\n"
).encode()


async def _from_the_first_screen(chat: Chat) -> None:
    await begin_registration(chat)


async def _from_the_summary(chat: Chat) -> None:
    await begin_registration(chat)
    await fill(chat)
    await chat.press("Conferma")


async def _from_a_registration(chat: Chat) -> None:
    await chat.type("/start")
    await chat.saw("si è registrato")
    await chat.press("Apri")
    await chat.sees("Registrazione n.", button="Rifiuta")
    await chat.press("Rifiuta")


async def _from_the_contracts(chat: Chat) -> None:
    await chat.says("/contratti", "Nessun contratto", button="Carica")
    await chat.press("Carica")


async def _from_the_team(chat: Chat) -> None:
    await chat.says("/squadra", "Impianti Demo", button="Invita")
    await chat.press("Invita")


async def _from_a_link(chat: Chat) -> None:
    await chat.type("/start inv_token")


async def _from_the_people(chat: Chat) -> None:
    await chat.says("/persone", "Personale del servizio", button="Cerca una persona")
    await chat.press("Cerca una persona")


async def _from_the_profile(chat: Chat) -> None:
    await chat.says("/profilo", "Il tuo profilo", button="Ore di silenzio")
    await chat.press("Ore di silenzio")
    await chat.sees("Ore di silenzio", button="Altre ore")
    await chat.press("Altre ore")


async def _registered(world: World) -> None:
    await world.database.write(registered)


def _invited(**whom: str) -> Callable[[World], Awaitable[None]]:
    async def before(world: World) -> None:
        def create(connection: Connection) -> None:
            referent = identity.actor_of(connection, world.people[3].id)
            assert referent is not None
            assert world.clock is not None
            invitations.create(connection, referent, Role.TECHNICIAN, "token", world.clock.now(), **whom)

        await world.database.write(create)

    return before


SCRIPTS = {
    "declaration": Script(
        _before_the_declaration,
        (Move("accept", "Dichiarazione da parte del System Integrator", Press("Accetto")),),
        "Associazioni di Impianti Demo",
        AuditAction.DECLARATION_ACCEPTED,
    ),
    "look_up": Script(
        _from_the_search_button,
        (Move("pod", "Scrivi o incolla il POD", Write(PLAIN)),),
        "Fornitura ammissibile",
        AuditAction.POD_LOOKED_UP,
    ),
    "associate": Script(
        _from_an_eligible_prosumer,
        (
            Move("type", "Che dispositivo è?", Press("MOME")),
            Move("device", "Scrivi il SID o il NID del MOME", Write(MOME)),
            Move("configuration", "Quale configurazione?", Press("Prosumer")),
            Move("production", "Con quale POD di produzione?", Press(PRODUCTIONS[0])),
            Move("confirm", "Riepilogo", Press("Conferma")),
        ),
        "Associazione creata",
        AuditAction.ASSOCIATION_CREATED,
    ),
    "delete": Script(
        _from_ones_own_association,
        (Move("sure", "Elimino l’associazione tra il POD", Press("Sì, elimina")),),
        "Associazione eliminata",
        AuditAction.ASSOCIATION_DELETED,
        cancelled="Associazione n.",
    ),
    "audit_search": Script(
        _from_the_audit,
        (
            Move("about", "Che cosa cerco nel registro?", Write("impianti")),
            Move("period", "Per quale periodo?", Press("Oggi")),
        ),
        "Registro · Impianti Demo",
        AuditAction.AUDIT_SEARCHED,
        staff=StaffRole.AUDITOR,
    ),
    "registration": Script(
        _from_the_first_screen,
        (
            *(
                Move(step, asked, Write(answer), "-12" if step in IN_WORDS else NONSENSE)
                for step, (asked, answer) in zip(FORM, FIELDS, strict=True)
            ),
            Move("terms", "Condizioni del servizio", Press("Accetto")),
            Move("privacy", "Trattamento dei dati", Press("Accetto")),
            Move("confirm", "È tutto giusto?", Press("Conferma")),
        ),
        "Verifichiamo il cellulare",
        None,
        cancelled="Registrazione in corso",
        person=9,
        leads_to="verification",
    ),
    "verification": Script(
        _from_the_summary,
        (
            Move("phone", "Condividi il tuo numero", Share(MOBILE)),
            Move("send", "Mando un codice", Press("Manda il codice")),
            Move("code", "codice di sei cifre", MailedCode()),
        ),
        "Registrazione inviata",
        AuditAction.REGISTERED,
        cancelled="Registrazione in corso",
        person=9,
    ),
    "registration_refusal": Script(
        _from_a_registration,
        (Move("reason", "Perché rifiuti?", Write("Il contratto non è firmato"), "no"),),
        "Rifiutato: Il contratto non è firmato",
        AuditAction.REGISTRATION_REFUSED,
        cancelled="Registrazione n.",
        person=5,
        before=_registered,
    ),
    "contract_load": Script(
        _from_the_contracts,
        (
            Move("file", "Manda il file", Attach(CONTRACT_FILE, "contratti.csv")),
            Move("confirm", "Carico questi contratti?", Press("Carica")),
        ),
        "Contratto caricato",
        AuditAction.CONTRACT_LOADED,
        cancelled="Nessun contratto",
        person=5,
    ),
    "invite": Script(
        _from_the_team,
        (
            Move("role", "Con quale ruolo?", Press("Tecnico")),
            Move("whom", "Per chi è l’invito?", Press("Per chiunque")),
        ),
        "Invito pronto",
        AuditAction.INVITED,
        person=3,
    ),
    "join:email": Script(
        _from_a_link,
        (
            Move("name", "Come ti chiami?", Write("Carla Neri")),
            Move("send", "mando un codice", Press("Manda il codice")),
            Move("code", "codice di sei cifre", MailedCode()),
        ),
        "Benvenuto in Impianti Demo",
        AuditAction.INVITATION_USED,
        person=9,
        before=_invited(email="carla@esempio.it"),
    ),
    "join:code": Script(
        _from_a_link,
        (
            Move("name", "Come ti chiami?", Write("Carla Neri")),
            Move("codice_fiscale", "il tuo codice fiscale", Write(CODE)),
        ),
        "Benvenuto in Impianti Demo",
        AuditAction.INVITATION_USED,
        person=9,
        before=_invited(codice_fiscale=CODE),
    ),
    "join:ask": Script(
        _from_a_link,
        (
            Move("name", "Come ti chiami?", Write("Carla Neri")),
            Move("ask", "Chiedo al referente", Press("Chiedi di entrare")),
        ),
        "ti scrivo appena risponde",
        None,
        person=9,
        before=_invited(),
    ),
    "quiet_hours": Script(
        _from_the_profile,
        (Move("hours", "Da che ora a che ora?", Write("21:30-6:45")),),
        "21:30",
        None,
        cancelled="gli avvisi arrivano a qualsiasi ora",
    ),
    "people_search": Script(
        _from_the_people,
        (Move("words", "Scrivi il nome", Write("config")),),
        "Ho trovato una persona",
        None,
        person=8,
    ),
}

every_flow = pytest.mark.parametrize("script", SCRIPTS)


@dataclass
class Walk:
    """A walk of the first persona through a script, from nothing."""

    world: World
    chat: Chat
    script: Script
    minutes: int
    mailer: MemoryMailer
    effects_before: int = 0

    async def begin(self) -> Shown:
        """Go up to the first question, and return it."""
        if self.script.before is not None:
            await self.script.before(self.world)
        if self.script.staff is not None:
            await self.world.give_staff_role(self.script.staff)
        await self.script.begin(self.chat)
        self.effects_before = await self.effects()
        return await self.asked(self.script.moves[0])

    async def asked(self, move: Move) -> Shown:
        """Wait for the question, with a way out under it."""
        shown = await self.chat.sees(move.question, button="Annulla")
        row = await self.dialogue()
        assert row is not None
        assert row.step == move.step
        return shown

    async def answer(self, move: Move) -> None:
        match move.answer:
            case Press(label):
                await self.chat.press(label)
            case Write(text):
                await self.chat.type(text)
            case Share(phone):
                await self.chat.phone.share_contact(phone)
            case Attach(content, name):
                await self.chat.phone.send_file(content, name=name)
            case MailedCode():
                await self.chat.type(code_in(self.mailer))

    async def dialogue(self) -> StoredDialogue | None:
        return await self.world.dialogue(self.script.person)

    async def to_the_last(self) -> Shown:
        """Answer all questions but the last, and return that one."""
        shown = await self.begin()
        for move, following in zip(self.script.moves, self.script.moves[1:], strict=False):
            await self.answer(move)
            shown = await self.asked(following)
        return shown

    async def ended(self) -> None:
        """Check that the result is there, and came about once."""
        await self.chat.saw(self.script.result)
        await self.world.settled()
        assert await self.effects() == self.effects_before + (self.script.effect is not None)
        row = await self.dialogue()
        assert (row.flow if row is not None else "") == self.script.leads_to

    async def nothing_done(self) -> None:
        """Check that the dialogue is over and has changed nothing."""
        await self.world.settled()
        assert await self.effects() == self.effects_before
        assert await self.dialogue() is None

    async def effects(self) -> int:
        return len(await self.world.audit(self.script.effect)) if self.script.effect is not None else 0


def flow_of(script: str) -> str:
    """The dialogue that a script walks through: a part of it where there are several."""
    return script.partition(":")[0]


@pytest.fixture
async def walk(world: World, mailer: MemoryMailer, script: str) -> AsyncIterator[Walk]:
    chosen = SCRIPTS[script]
    async with world.chat(chosen.person) as chat:
        yield Walk(world, chat, chosen, FLOWS[flow_of(script)].minutes, mailer)


def test_every_dialogue_has_scripts_that_meet_all_its_steps() -> None:
    met: dict[str, set[str]] = {}
    for name, script in SCRIPTS.items():
        met.setdefault(flow_of(name), set()).update(move.step for move in script.moves)
    assert met == {name: {step.name for step in flow.steps} for name, flow in FLOWS.items()}


def test_stored_names_of_dialogues_and_steps_stay_the_same() -> None:
    """Raise the flow's version when one of these changes: rows of the earlier version cannot be continued."""
    assert {(name, flow.version): [step.name for step in flow.steps] for name, flow in FLOWS.items()} == {
        ("declaration", 1): ["accept"],
        ("look_up", 1): ["pod"],
        ("associate", 1): ["type", "device", "configuration", "production", "confirm"],
        ("delete", 1): ["sure"],
        ("audit_search", 1): ["about", "period"],
        ("registration", 1): [*FORM, "terms", "privacy", "confirm"],
        ("verification", 1): ["phone", "send", "code"],
        ("registration_refusal", 1): ["reason"],
        ("contract_load", 1): ["file", "confirm"],
        ("invite", 1): ["role", "whom"],
        ("join", 1): ["name", "send", "code", "codice_fiscale", "ask"],
        ("people_search", 1): ["words"],
        ("quiet_hours", 1): ["hours"],
    }


@every_flow
async def test_every_dialogue_can_be_walked_to_its_end(walk: Walk) -> None:
    last = await walk.to_the_last()
    assert last.buttons
    await walk.answer(walk.script.moves[-1])
    await walk.ended()


@on_sqlite
@every_flow
@pytest.mark.parametrize("way", ["button", "command"])
async def test_every_dialogue_can_be_cancelled(walk: Walk, way: str) -> None:
    last = await walk.to_the_last()
    if way == "button":
        await walk.chat.press("Annulla", on=last)
        await walk.chat.saw(walk.script.cancelled, on=last)
    else:
        await walk.chat.type("/annulla")
        await walk.chat.saw(CANCELLED)
    await walk.nothing_done()
    shown = (await walk.chat.screen()).from_bot
    assert not any("Annulla" in label for message in shown for label in message.labels)


@on_sqlite
@every_flow
async def test_each_step_asks_again_on_nonsense(walk: Walk) -> None:
    await walk.begin()
    for move in walk.script.moves:
        before = await walk.asked(move)
        shown = await walk.chat.says(move.nonsense, "⚠️", move.question, button="Annulla")
        await walk.asked(move)
        await walk.world.settled()
        assert not (await walk.chat.message(before.message_id)).buttons  # one question at a time
        assert shown.message_id > before.message_id
        await walk.answer(move)
    await walk.ended()


@every_flow
async def test_every_dialogue_survives_a_restart_between_any_two_steps(walk: Walk) -> None:
    await walk.begin()
    for move in walk.script.moves:
        await walk.asked(move)
        await walk.world.settled()  # else the question may be there twice, because its answer was not noted
        await walk.world.stop()
        await walk.world.start()
        await walk.answer(move)
    await walk.ended()


@on_sqlite
@every_flow
async def test_a_stale_button_shows_the_current_question_again(walk: Walk) -> None:
    await walk.begin()
    for move in walk.script.moves:
        old = await walk.asked(move)
        pressed = next(data for data in data_of_choices(old))
        await walk.chat.says(move.nonsense, "⚠️", move.question)  # the question is sent again, below
        await walk.world.settled()
        await walk.chat.phone.press(data=pressed, message_id=old.message_id, stale=True)
        await walk.world.settled()
        await walk.asked(move)
        assert await walk.effects() == walk.effects_before
        await walk.answer(move)
    await walk.ended()


def data_of_choices(shown: Shown) -> list[str]:
    """The data of the buttons that answer the question, the way out included."""
    return [button.data for button in shown.buttons if button.data is not None and ".d." in button.data]


@every_flow
async def test_two_simultaneous_presses_of_the_last_button_end_the_dialogue_once(walk: Walk) -> None:
    last = await walk.to_the_last()
    answer = walk.script.moves[-1].answer
    label = answer.label if isinstance(answer, Press) else "Annulla"
    data = data_of(last, label)
    press = walk.chat.phone.press
    await asyncio.gather(*(press(data=data, message_id=last.message_id, stale=True) for _ in range(2)))

    if isinstance(answer, Press):
        await walk.ended()
        said = walk.script.result
    else:
        await walk.chat.saw(walk.script.cancelled)
        await walk.nothing_done()
        said = walk.script.cancelled
    shown = (await walk.chat.screen()).from_bot
    assert sum(said in message.text for message in shown) == 1


@on_sqlite
@every_flow
async def test_every_dialogue_expires_with_a_notice(walk: Walk, world_clock: ManualClock) -> None:
    last = await walk.to_the_last()
    old = data_of_choices(last)[0]
    world_clock.advance(timedelta(minutes=walk.minutes + 1))
    await Scheduler(walk.world.database, world_clock, due_checks()).look()
    shown = await walk.chat.saw("È passato troppo tempo e ho chiuso la procedura", on=last)
    assert any("Inizio" in label for label in shown.labels)
    await walk.nothing_done()

    await walk.chat.phone.press(data=old, message_id=last.message_id, stale=True)
    await walk.nothing_done()


@on_sqlite
async def test_the_notice_of_expiry_is_in_the_language_of_the_app(
    rival: Chat, world: World, world_clock: ManualClock
) -> None:
    await rival.says("/start", "Paste a POD")
    await rival.press("Look up a POD")
    asked = await rival.sees("Type or paste the POD", button="Cancel")
    world_clock.advance(timedelta(minutes=31))
    await Scheduler(world.database, world_clock, due_checks()).look()
    await rival.saw("That took too long", on=asked)


@on_sqlite
@every_flow
async def test_a_late_answer_is_told_so_even_before_the_expiry_is_noticed(
    walk: Walk, world_clock: ManualClock
) -> None:
    last = await walk.to_the_last()
    world_clock.advance(timedelta(minutes=walk.minutes + 1))
    await walk.chat.phone.press(data=data_of_choices(last)[0], message_id=last.message_id)
    await walk.chat.saw("È passato troppo tempo e ho chiuso la procedura", on=last)
    await walk.nothing_done()


@on_sqlite
@every_flow
@pytest.mark.parametrize(
    "change", [{"version": 0}, {"step": "gone"}, {"flow": "gone"}, {"draft": {"odd": 1}}]
)
async def test_a_dialogue_of_an_older_version_is_closed_with_a_notice(
    walk: Walk, change: dict[str, object]
) -> None:
    last = await walk.to_the_last()
    await walk.world.database.write(
        lambda connection: connection.execute(update(conversations).values(**change))
    )
    await walk.chat.phone.press(data=data_of_choices(last)[0], message_id=last.message_id)
    shown = await walk.chat.saw("Nel frattempo sono stato aggiornato", on=last)
    assert any("Inizio" in label for label in shown.labels)
    await walk.nothing_done()
