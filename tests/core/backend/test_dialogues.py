"""Conversation rows: one for each person and destination, their expiry and their moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.core.db.database import Database
from backend.core.dialogues import service as dialogues
from backend.core.dialogues.models import conversations
from backend.core.dialogues.values import StoredDialogue
from backend.core.inbox import service as inbox
from backend.core.inbox.values import RowKind
from backend.core.outbox.values import Destination
from tests.samples import START

HERE = Destination(7, 1, 0, "c1")
ASKED = StoredDialogue(
    destination=HERE,
    user_id=1,
    flow="associate",
    version=1,
    step="type",
    draft={"pod": "IT001E00000001", "productions": []},
    revision=3,
    card_id=5,
    expires_at=START + timedelta(hours=1),
    language="en",
)

BENEATH = {"flow": "associate", "version": 1, "step": "type", "draft": {}, "job_id": None}


async def put(database: Database, conversation: StoredDialogue) -> None:
    await database.write(lambda connection: dialogues.put(connection, conversation))


async def current(
    database: Database, destination: Destination = HERE, user_id: int = 1
) -> StoredDialogue | None:
    return await database.long_read(lambda connection: dialogues.current(connection, destination, user_id))


async def test_a_dialogue_is_read_back_as_it_was_written(database: Database) -> None:
    await put(database, ASKED)

    assert await current(database) == ASKED


async def test_the_next_state_of_a_dialogue_replaces_the_one_before(database: Database) -> None:
    await put(database, ASKED)
    answered = replace(ASKED, step="device", revision=4, draft={"type": "MOME"}, card_id=6)
    await put(database, answered)

    assert await current(database) == answered


@pytest.mark.parametrize(
    ("destination", "user_id"),
    [(replace(HERE, bot_id=8), 1), (replace(HERE, chat_id=2), 1), (replace(HERE, thread_id=9), 1), (HERE, 2)],
)
async def test_each_person_has_one_dialogue_per_destination(
    database: Database, destination: Destination, user_id: int
) -> None:
    await put(database, ASKED)
    assert await current(database, destination, user_id) is None

    other = replace(ASKED, destination=destination, user_id=user_id, step="sure")
    await put(database, other)
    await database.write(lambda connection: dialogues.close(connection, destination, user_id))

    assert await current(database, destination, user_id) is None
    assert await current(database) == ASKED


async def test_an_expired_dialogue_gets_a_row_in_its_lane_and_others_none(
    database: Database,
) -> None:
    await put(database, ASKED)
    await put(database, replace(ASKED, user_id=2, expires_at=START + timedelta(hours=3)))

    number = await database.write(
        lambda connection: dialogues.expire(connection, START + timedelta(hours=2), "c")
    )

    assert number == 1
    [row] = await database.long_read(lambda connection: inbox.oldest(connection, "c1"))
    assert (row.kind, row.bot_id) == (RowKind.EXPIRED, 7)
    assert row.payload == {
        "chat_id": 1,
        "thread_id": 0,
        "user_id": 1,
        "revision": 3,
        "language": "en",
    }
    assert await current(database) == ASKED  # the turn ends it, in the lane's order


async def test_an_expired_dialogue_gets_no_second_row(database: Database) -> None:
    await put(database, ASKED)
    late = START + timedelta(hours=2)

    numbers = [
        await database.write(lambda connection: dialogues.expire(connection, late, "c")) for _ in range(2)
    ]

    assert numbers == [1, 0]


async def test_dialogues_expire_oldest_first_and_no_more_at_once_than_allowed(database: Database) -> None:
    for user_id in (1, 2, 3):
        await put(database, replace(ASKED, user_id=user_id, expires_at=START - timedelta(hours=user_id)))

    number = await database.write(lambda connection: dialogues.expire(connection, START, "c", limit=2))

    assert number == 2
    [first] = await database.long_read(lambda connection: inbox.oldest(connection, "c1"))
    assert first.payload["user_id"] == 3


async def test_a_dialogue_begun_anew_in_the_group_that_moved_stays(database: Database) -> None:
    group = Destination(7, -5001, 0, "g-5001")
    moved = Destination(7, -1000000005001, 0, "g-1000000005001")
    await put(database, replace(ASKED, destination=group))
    await put(database, replace(ASKED, destination=moved, step="anew"))

    await database.write(
        lambda connection: dialogues.migrate_chat(connection, 7, group.chat_id, moved.chat_id)
    )

    assert await current(database, group) is None
    assert await current(database, moved) == replace(ASKED, destination=moved, step="anew")


async def test_the_dialogues_of_a_group_follow_it_when_it_moves(database: Database) -> None:
    group = Destination(7, -5001, 0, "g-5001")
    moved = Destination(7, -1000000005001, 0, "g-1000000005001")
    await put(database, replace(ASKED, destination=group))
    await put(database, replace(ASKED, destination=replace(group, bot_id=8)))

    await database.write(
        lambda connection: dialogues.migrate_chat(connection, 7, group.chat_id, moved.chat_id)
    )

    assert await current(database, group) is None
    assert await current(database, moved) == replace(ASKED, destination=moved)
    assert await current(database, replace(group, bot_id=8)) is not None


@pytest.mark.parametrize(
    "odd", [{"flow": "associate"}, {**BENEATH, "colour": "red"}, {**BENEATH, "job_id": "7"}, 5]
)
async def test_an_odd_dialogue_beneath_locks_nobody_out(database: Database, odd: object) -> None:
    await put(database, ASKED)
    await database.write(
        lambda connection: connection.execute(update(conversations).values(suspended=[odd, BENEATH]))
    )

    found = await current(database)
    assert found is not None
    assert [entry.flow for entry in found.suspended] == ["", "associate"]
    late = START + timedelta(days=1)
    assert await database.write(lambda connection: dialogues.expire(connection, late, "c")) == 1
