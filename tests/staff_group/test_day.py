"""A day of the staff group: people ask, the staff answers in the topics, the bot stops and starts again,
calls fail. Nothing that was said is lost, said twice, or read by whom it is not for.

`TICKETS` and `SEED` in the environment say how many, and with which chances.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from backend.identity import service as identity
from backend.tickets import service as tickets
from backend.tickets.models import ticket_messages
from backend.tickets.values import NewTicket, TicketState
from sandbox.client import Screen, Shown, UserClient
from sandbox.faults import Fault, FaultKind
from sandbox.state import GENERAL_TOPIC
from tests.identity.prepared import TICKET
from tests.staff_group.conftest import OTHER, STAFF, Room
from tests.support import on_sqlite

TICKETS = int(os.environ.get("TICKETS", "500"))
SEED = int(os.environ.get("SEED", "486"))
PATIENCE = 60.0
REQUESTERS = (0, 3, 4)
IN_AN_HOUR = 30
"""Tickets: a person may say so much within an hour."""
RESTARTS = 0.15
"""The chance that the bot stops at one of two moments of each ticket."""
FAULTS = (
    Fault(FaultKind.UNREACHED, "sendMessage", chance=0.03),
    Fault(FaultKind.SERVER_ERROR, "editMessageText", chance=0.03),
    Fault(FaultKind.FLOOD, "sendMessage", chance=0.01, seconds=0.3),
    Fault(FaultKind.UNREACHED, "createForumTopic", chance=0.05),
    Fault(FaultKind.TWICE, "message", chance=0.05),
    Fault(FaultKind.ANEW, "callback_query", chance=0.05),
)


@dataclass
class Story:
    """What was said about a ticket, by kind, and by whom it was asked."""

    requester: int
    said: list[tuple[str, str]] = field(default_factory=list)

    def say(self, kind: str, text: str) -> str:
        self.said.append((kind, text))
        return text


class Day:
    """The day, as it goes."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room, self.world = room, room.world
        self.chance = random.Random(seed)  # noqa: S311 - nothing secret
        self.stories: dict[int, Story] = {}
        self.running = asyncio.Lock()

    @asynccontextmanager
    async def phone(self, person: int, thread: int | None = None) -> AsyncIterator[UserClient]:
        client = UserClient(self.world.api.base_url, self.world.people[person].id)
        async with client if thread is None else client.at(self.room.group.id, thread) as phone:
            yield phone

    async def open(self, requester: int, text: str) -> int:
        def work(connection: Connection) -> int:
            actor = identity.actor_of(connection, self.world.people[requester].id)
            assert actor is not None
            assert self.world.clock is not None
            wanted = NewTicket(TICKET.device_type, TICKET.category, text)
            return tickets.open_ticket(connection, actor, wanted, self.world.clock.now()).id

        async with self.running:
            number = await self.world.database.write(work)
        self.stories[number] = Story(requester, [("request", text)])
        return number

    async def perhaps_restart(self) -> None:
        """Stop the bot now and then, and start it again."""
        if self.chance.random() < RESTARTS:
            async with self.running:
                await self.world.stop()
                await self.world.start()

    async def topic_of(self, number: int) -> int:
        """The topic of a ticket, as soon as it is there."""

        def find(screen: Screen) -> int | None:
            topics = self.room.group.topics.values()
            return next((each.thread_id for each in topics if f" n. {number} ·" in each.name), None)

        async with self.phone(STAFF, GENERAL_TOPIC) as general:
            return await general.wait_for(find, PATIENCE)

    async def answer(self, topic: UserClient, to: str, story: Story, text: str) -> None:
        """Answer the message with these words, and send what the bot shows."""
        asked = await seen(topic, to)
        await topic.type(story.say("answer", text), reply_to=asked.message_id)
        await press(topic, "Invia al richiedente", text)

    async def close(self, topic: UserClient, story: Story, text: str) -> None:
        await press(topic, "✅ Chiudi", "Richiesta n.")
        question = await seen(topic, "Come si è risolta", last=True)
        await topic.type(story.say("answer", text), reply_to=question.message_id)
        await press(topic, "Invia e chiudi", text)

    async def tell(self, requester: int, index: int) -> None:
        """The story of one ticket, from its opening to its end."""
        name = f"{requester}-{index}"
        number = await self.open(requester, f"Domanda {name} sul dispositivo")
        story, operator = self.stories[number], self.chance.choice((STAFF, OTHER))
        async with self.phone(requester) as mine, self.phone(operator, await self.topic_of(number)) as topic:
            if self.chance.random() < 0.5:
                await mine.type(story.say("request", f"Aggiunta {name} alla domanda"))
                await seen(topic, f"Aggiunta {name} ")
            if self.chance.random() < 0.5:
                await topic.type(story.say("note", f"Appunto {name} riservato"))
            await self.perhaps_restart()
            await self.answer(topic, f"Domanda {name} ", story, f"Risposta {name} completa")
            await seen(mine, f"Risposta {name} ")
            await self.perhaps_restart()
            await self.close(topic, story, f"Chiusura {name} con il pezzo")
            await seen(mine, f"Chiusura {name} ")
            if self.chance.random() < 0.2:
                await press(mine, "❌ Non ancora", f"Chiusura {name} ")
                await press(mine, "Riapri", "Grazie di averlo detto")
                await seen(topic, "ha riaperto la richiesta")
                await self.close(topic, story, f"Seconda chiusura {name} davvero")
                await seen(mine, f"Seconda chiusura {name} ")

    async def run(self, number: int) -> None:
        async def one(requester: int, share: range) -> None:
            for index in share:
                await self.tell(requester, index)

        for begin in range(0, number, IN_AN_HOUR):
            end = min(begin + IN_AN_HOUR, number)
            async with asyncio.TaskGroup() as group:
                for place, requester in enumerate(REQUESTERS):
                    group.create_task(one(requester, range(begin + place, end, len(REQUESTERS))))
            self.world.later(timedelta(hours=1))


def _with(screen: Screen, words: str) -> list[Shown]:
    return [message for message in screen.from_bot if words in message.text]


async def seen(phone: UserClient, words: str, *, last: bool = False) -> Shown:
    """Wait for a message of the bot with these words: the first one, or where it is the `last` of all."""

    def find(screen: Screen) -> Shown | None:
        found = _with(screen, words)
        if last:
            return found[-1] if found and found[-1] is screen.from_bot[-1] else None
        return found[0] if found else None

    return await phone.wait_for(find, PATIENCE)


async def press(phone: UserClient, label: str, words: str) -> None:
    """Press the button on the newest message with these words, as soon as it is there."""

    def find(screen: Screen) -> tuple[Shown, str] | None:
        for message in reversed(_with(screen, words)):
            for text in message.labels:
                if label in text:
                    return message, text
        return None

    shown, text = await phone.wait_for(find, PATIENCE)
    await phone.press(text, message_id=shown.message_id)


async def verdict(day: Day, number: int) -> list[str]:
    """What went wrong: nothing, one hopes."""
    world, flaws = day.world, list[str]()
    rows = await world.database.long_read(
        lambda c: c.execute(
            select(ticket_messages.c.ticket_id, ticket_messages.c.kind, ticket_messages.c.text)
        ).all()
    )
    said = Counter((row.ticket_id, row.kind, row.text) for row in rows)
    meant = Counter((each, kind, text) for each, story in day.stories.items() for kind, text in story.said)
    flaws += [f"lost: {each}" for each in (meant - said)] + [f"too often: {each}" for each in (said - meant)]
    if len(day.stories) != number:
        flaws.append(f"{len(day.stories)} tickets")
    topics = Counter(topic.name.split(" · ")[0] for topic in day.room.group.topics.values())
    flaws += [f"{times} topics {name!r}" for name, times in topics.items() if times > 1]
    flaws += [f"open: {topic.name}" for topic in day.room.group.topics.values() if not topic.closed]
    shown = dict[int, str]()
    for requester in REQUESTERS:
        async with day.phone(requester) as phone:
            shown[requester] = "\n".join(each.text for each in (await phone.screen()).from_bot)
    for story in day.stories.values():
        for kind, text in story.said:
            times = shown[story.requester].count(text)
            others = sum(text in shown[each] for each in REQUESTERS if each != story.requester)
            if (kind == "answer" and not times) or (kind == "note" and times) or others:
                flaws.append(f"{kind} {text!r}: {times} times, and to {others} others")
    for ticket_id in day.stories:
        found = await world.database.long_read(lambda c, n=ticket_id: tickets.for_staff(c, n))  # type: ignore[misc]
        if found is None or found.state is not TicketState.CLOSED:
            flaws.append(f"ticket {ticket_id} is not closed")
    return flaws


async def live(room: Room, number: int, seed: int, write: Callable[[str], None] = lambda line: None) -> None:
    world = room.world
    world.allowed_errors |= {"role.failed", "job.failed"}
    async with UserClient(world.api.base_url, world.people[0].id) as phone:
        await phone.switch_faults(*FAULTS, seed=seed)
        day = Day(room, seed)
        await day.run(number)
        happened = await phone.faults()
        await phone.switch_faults()
    await world.settled()
    flaws = await verdict(day, number)
    write(f"{len(day.stories)} tickets, {sum(len(s.said) for s in day.stories.values())} words, {happened}")
    assert flaws == []


@on_sqlite
@pytest.mark.timeout(180)
async def test_a_day_of_a_few_tickets(room: Room) -> None:
    await live(room, 12, SEED)


@pytest.mark.chaos
@pytest.mark.timeout(7200)
async def test_a_day_of_very_many_tickets(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    def write(line: str) -> None:
        with capsys.disabled():
            print(line)  # noqa: T201 - what the day was like

    await live(room, TICKETS, SEED, write)
