"""Rules for every dialogue. A new one needs a script here: its user, its questions and its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.core.clock import ManualClock
from backend.core.dialogues.models import conversations
from backend.core.dialogues.values import StoredDialogue
from backend.core.mail.mailer import MemoryMailer
from bot.core.scheduler import Scheduler
from conversations import product
from sandbox.client import Shown
from tests.acceptance.moves import Attach, MailedCode, Move, Press, Script, Share, Write
from tests.acceptance.scripts import FORM, SCRIPTS
from tests.acceptance.walks import data_of
from tests.core.bot.rig import due_checks
from tests.registrations.walks import code_in
from tests.support import Chat, World, on_sqlite

FLOWS = product.catalogue().flows


every_flow = pytest.mark.parametrize("script", SCRIPTS)
some_flows = pytest.mark.parametrize("script", ["look_up", "associate", "ticket_new"])
"""For what the engine does alike for all of them."""


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
        ("label", 1): ["right"],
        ("associate", 1): ["type", "device", "configuration", "production", "confirm"],
        ("delete", 1): ["sure"],
        ("assign", 1): ["technician", "place", "note"],
        ("on_site", 1): ["photo", "position", "word"],
        ("factor", 1): ["factor"],
        ("gesis", 1): ["factor", "readings"],
        ("scp_attach", 1): ["which", "file", "confirm"],
        ("ticket_new", 1): ["device", "description", "codes", "attachments", "confirm"],
        ("ticket_which", 1): ["which"],
        ("ticket_contact", 1): ["words", "person", "device", "text", "confirm"],
        ("ticket_add", 1): ["text", "send"],
        ("ticket_answer", 1): ["text", "send"],
        ("ticket_note", 1): ["text", "send"],
        ("ticket_close", 1): ["text", "send"],
        ("ticket_filter", 1): ["value", "until"],
        ("association_filter", 1): ["value", "until"],
        ("ticket_find", 1): ["what"],
        ("canned_answer", 1): ["title", "text", "language", "confirm"],
        ("ticket_photo", 1): ["purpose"],
        ("document_new", 1): ["file", "folder", "title", "version", "date", "confirm"],
        ("document_find", 1): ["words"],
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
async def test_every_dialogue_can_be_cancelled(walk: Walk) -> None:
    last = await walk.to_the_last()
    await walk.chat.press("Annulla", on=last)
    await walk.chat.saw(walk.script.cancelled, on=last)
    await walk.nothing_done()
    shown = (await walk.chat.screen()).from_bot
    assert not any("Annulla" in label for message in shown for label in message.labels)


@on_sqlite
@some_flows
async def test_a_dialogue_can_be_cancelled_by_a_command(walk: Walk) -> None:
    await walk.to_the_last()
    await walk.chat.type("/annulla")
    await walk.chat.saw(walk.script.cancelled)
    await walk.nothing_done()


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


@on_sqlite
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


@on_sqlite
@every_flow
async def test_two_simultaneous_presses_of_the_last_button_end_the_dialogue_once(walk: Walk) -> None:
    await pressed_twice(walk)


@some_flows
async def test_two_simultaneous_presses_end_a_dialogue_once_on_each_database(walk: Walk) -> None:
    await pressed_twice(walk)


async def pressed_twice(walk: Walk) -> None:
    """The last button is pressed twice at the same time."""
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
@some_flows
async def test_a_dialogue_expires_with_a_notice(walk: Walk, world_clock: ManualClock) -> None:
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
@some_flows
async def test_a_late_answer_is_told_so_even_before_the_expiry_is_noticed(
    walk: Walk, world_clock: ManualClock
) -> None:
    last = await walk.to_the_last()
    world_clock.advance(timedelta(minutes=walk.minutes + 1))
    await walk.chat.phone.press(data=data_of_choices(last)[0], message_id=last.message_id)
    await walk.chat.saw("È passato troppo tempo e ho chiuso la procedura", on=last)
    await walk.nothing_done()


@on_sqlite
@some_flows
@pytest.mark.parametrize(
    "change", [{"version": 0}, {"step": "gone"}, {"flow": "gone"}, {"draft": {"odd": 1}}]
)
async def test_a_dialogue_of_an_older_version_is_closed_with_a_notice(
    walk: Walk, change: dict[str, object]
) -> None:
    await closed_by(walk, change)


async def closed_by(walk: Walk, change: dict[str, object]) -> None:
    """An upgrade changed what the row of a dialogue stands for."""
    last = await walk.to_the_last()
    await walk.world.database.write(
        lambda connection: connection.execute(update(conversations).values(**change))
    )
    await walk.chat.phone.press(data=data_of_choices(last)[0], message_id=last.message_id)
    shown = await walk.chat.saw("Nel frattempo sono stato aggiornato", on=last)
    assert any("Inizio" in label for label in shown.labels)
    await walk.nothing_done()
