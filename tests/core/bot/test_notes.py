"""Notes that messages are shown: those that come together are one write, and each is heard of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from sqlalchemy import Connection, insert, select

from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.outbox.models import chats
from backend.core.outbox.values import Destination, Post, PostState, Rank, Shown
from bot.core.sending.notes import Notes

BOT = 7


def note(chat: int) -> Shown:
    there = Destination.of(BOT, chat)
    return Shown(Post(chat, there, Rank.REPLY, {}, 1, None, PostState.SENDING, 1, "c"), 10 + chat)


class Noted:
    """What was noted in each try of a write; it leaves a row for each note."""

    def __init__(self) -> None:
        self.tries: list[list[int]] = []

    def make(self, connection: Connection, notes: Sequence[Shown]) -> None:
        self.tries.append([each.post.id for each in notes])
        for each in notes:
            connection.execute(insert(chats).values(bot_id=BOT, chat_id=each.post.id))


async def on_disk(database: Database) -> list[int]:
    return await database.short_read(
        lambda connection: list(connection.scalars(select(chats.c.chat_id).order_by(chats.c.chat_id)))
    )


async def test_notes_that_come_together_are_one_write(database: Database) -> None:
    noted = Noted()
    notes = Notes(partial(database.write, rides=True), noted.make)
    await asyncio.gather(*(notes.add(note(chat)) for chat in range(1, 6)))
    assert noted.tries == [[1, 2, 3, 4, 5]]
    assert await on_disk(database) == [1, 2, 3, 4, 5]


async def test_what_comes_while_others_are_written_is_of_the_next_write(database: Database) -> None:
    noted, late = Noted(), list[asyncio.Task[None]]()

    def make(connection: Connection, these: Sequence[Shown]) -> None:
        if not late:
            late.append(loop.create_task(notes.add(note(9))))
        noted.make(connection, these)

    loop = asyncio.get_running_loop()
    notes = Notes(partial(database.write, rides=True), make)
    await notes.add(note(1))
    await late[0]
    assert noted.tries == [[1], [9]]
    assert await on_disk(database) == [1, 9]


async def test_a_write_that_fails_is_heard_of_by_all_and_the_next_is_another(database: Database) -> None:
    noted, lost = Noted(), [True]

    def make(connection: Connection, these: Sequence[Shown]) -> None:
        noted.make(connection, these)
        if lost.pop():
            raise LeaseLost("sender")

    lost.insert(0, False)
    notes = Notes(partial(database.write, rides=True), make)
    heard = await asyncio.gather(notes.add(note(1)), notes.add(note(2)), return_exceptions=True)
    assert [type(each) for each in heard] == [LeaseLost, LeaseLost]
    await notes.add(note(3))
    assert await on_disk(database) == [3]


async def test_a_write_that_never_begins_holds_up_no_later_note(database: Database) -> None:
    refused: list[bool] = [True, False]
    noted = Noted()

    async def write(work: Callable[[Connection], None]) -> None:
        if refused.pop(0):
            raise LeaseLost("sender")
        await database.write(work)

    notes = Notes(write, noted.make)
    with pytest.raises(LeaseLost):
        await notes.add(note(1))
    await notes.add(note(2))
    assert await on_disk(database) == [2]


async def test_who_stops_waiting_takes_no_other_note_along(database: Database) -> None:
    noted = Noted()
    notes = Notes(partial(database.write, rides=True), noted.make)
    gone, stays = (asyncio.create_task(notes.add(note(chat))) for chat in (1, 2))
    await asyncio.sleep(0)  # both have asked
    gone.cancel()
    await stays
    assert await on_disk(database) == [1, 2]


async def test_notes_that_are_given_up_end_with_the_sender(database: Database) -> None:
    begun = asyncio.Event()

    async def never(work: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    notes = Notes(never, Noted().make)
    waiting = asyncio.create_task(notes.add(note(1)))
    await begun.wait()
    await notes.stop()
    with pytest.raises(asyncio.CancelledError):
        await waiting
