"""A long outbox: the sender reads the posts that may leave, and no others."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.db.database import Database, async_url
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Due, PostState, Rank, Shown
from tests.samples import START
from tests.statements import plans_of, seen

BOT = 7
UNSENT = ("queued", "sending", "uncertain")

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def destination(chat: int, thread: int = 0) -> Destination:
    return Destination(BOT, chat, thread, f"{chat}:{thread}" if thread else str(chat))


def enqueue(connection: Connection, where: Destination, rank: Rank = Rank.REPLY) -> int:
    return outbox.enqueue(connection, where, {"text": "a"}, correlation="c", at=START, rank=rank)


def expected(rows: list[Any], limit: int) -> list[int]:
    """The posts that should be due, by the rules in plain Python: `rows` are all posts."""
    first: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: (row.rank, row.id)):
        if row.message_id is None and row.state in UNSENT:
            first.setdefault(row.lane, row)
    found: list[int] = []
    of_chat: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (row.rank, row.id)):
        if row.state not in ("queued", "uncertain") or row.due_ms > 2**60:
            continue
        if row.message_id is None and first[row.lane] is not row:
            continue
        of_chat[row.chat_id] = of_chat.get(row.chat_id, 0) + 1
        if of_chat[row.chat_id] <= deliveries.PER_CHAT:
            found.append(row.id)
    return found[:limit]


class Play:
    """Random operations of turns and of the sender."""

    def __init__(self, seed: int, *, races: bool = False) -> None:
        """`races`: other processes note posts as sent without having seen the posts enqueued behind them."""
        self.races = races
        self.random = random.Random(seed)  # noqa: S311 - a play, not a secret
        self.messages = 100

    def step(self, connection: Connection) -> None:
        rows = list(connection.execute(select(posts)).all())
        where = destination(self.random.randint(1, 3), self.random.choice([0, 0, 5]))
        rank = self.random.choice(list(Rank))
        match self.random.randrange(11 if rows else 1):
            case 0 | 1 | 2:
                enqueue(connection, where, rank)
            case 3 | 4:
                for found in deliveries.due(connection, BOT, 2):
                    if found.is_first:
                        deliveries.begin(connection, [found])
            case 5 | 6:
                self._answered(connection, rows)
            case 7:
                row = self.random.choice(rows)
                here = Destination(BOT, row.chat_id, row.thread_id, row.lane)
                outbox.update_post(connection, here, row.id, {"text": "b"}, correlation="c", rank=rank)
            case 8:
                row = self.random.choice(rows)
                self.messages += 1
                # A lost message says nothing about its topic.
                here = self.random.choice(
                    [Destination(BOT, row.chat_id, row.thread_id, row.lane), destination(row.chat_id)]
                )
                outbox.rebind(connection, row.id, here, self.messages)
            case 9:
                self.messages += 1
                outbox.remove_keyboard(
                    connection, where, self.messages, {"text": "c"}, correlation="c", at=START
                )
            case _:
                self._seldom(connection, where)

    def _answered(self, connection: Connection, rows: list[Any]) -> None:
        """Let Telegram answer a call under way."""
        under_way = [row for row in rows if row.state == PostState.SENDING or row.message_id is not None]
        if not under_way:
            return
        [post] = deliveries._posts(connection, [self.random.choice(under_way)])
        self.messages += 1
        match self.random.randrange(6):
            case 0:
                deliveries.dead_letter(connection, post, "refused")
            case 1:
                deliveries.later(connection, post, 0, "put off", uncertain=self.random.random() < 0.5)
                if self.random.random() < 0.3:
                    connection.execute(update(posts).where(posts.c.id == post.id).values(due_ms=2**61))
            case 2 if post.message_id is not None:
                deliveries.lost(connection, post)
            case 2:
                deliveries.put_back(connection, [post.id])
            case 3 if self.races and post.message_id is None:
                self.messages += 1
                sent = {"state": PostState.SENT, "message_id": self.messages}
                connection.execute(update(posts).where(posts.c.id == post.id).values(sent))
            case _:
                first = post.message_id is None
                deliveries.shown(connection, [Shown(post, self.messages if first else None)], START)

    def _seldom(self, connection: Connection, where: Destination) -> None:
        match self.random.randrange(5):
            case 0:
                outbox.blocked(connection, BOT, where.chat_id)
            case 1:
                deliveries.take_over(connection, BOT)
            case 2:
                outbox.migrate_chat(connection, BOT, where.chat_id, self.random.randint(1, 3) + 10)
            case 3:
                for row in connection.execute(select(posts)).all():
                    outbox.refresh(connection, Destination(BOT, row.chat_id, row.thread_id, row.lane), row.id)
            case _:
                outbox.forget_old(connection, START + timedelta(days=1))


async def test_due_posts_follow_the_rules_after_any_sequence_of_operations(database: Database) -> None:
    for seed in range(60 if database.is_sqlite else 12):
        play = Play(seed)
        await database.write(lambda connection: connection.execute(posts.delete()))
        for _ in range(40):

            def step(connection: Connection, play: Play = play) -> tuple[list[int], list[int]]:
                play.step(connection)
                rows = list(connection.execute(select(posts)).all())
                return [each.id for each in deliveries.due(connection, BOT, 50)], expected(rows, 50)

            found, right = await database.write(step)
            assert found == right, f"seed {seed}"


async def test_posts_stranded_by_other_processes_are_found(database: Database) -> None:
    stranded = 0
    for seed in range(60 if database.is_sqlite else 12):
        play = Play(seed, races=True)
        await database.write(lambda connection: connection.execute(posts.delete()))
        for _ in range(40):

            def step(connection: Connection, play: Play = play) -> tuple[int, list[int], list[int]]:
                play.step(connection)
                freed = deliveries.let_stranded_go(connection, BOT)
                rows = list(connection.execute(select(posts)).all())
                return freed, [each.id for each in deliveries.due(connection, BOT, 50)], expected(rows, 50)

            freed, found, right = await database.write(step)
            assert found == right, f"seed {seed}"
            stranded += freed
    assert stranded > 0


@contextmanager
def steps_of(connection: Connection) -> Iterator[list[int]]:
    """Count what SQLite does, in hundreds of its own instructions."""
    driver: Any = connection.connection.driver_connection
    count = [0]

    def another() -> int:
        count[0] += 1
        return 0

    driver.set_progress_handler(another, 100)
    try:
        yield count
    finally:
        driver.set_progress_handler(None, 0)


def look(connection: Connection) -> int:
    with steps_of(connection) as count:
        assert deliveries.due(connection, BOT, 192)
    return count[0]


@only_sqlite
@pytest.mark.parametrize("lanes", [1, 20_000])
async def test_reading_a_queue_of_twenty_thousand_costs_no_more_than_of_a_few_hundred(
    database: Database, lanes: int
) -> None:
    def fill(number: int, connection: Connection) -> None:
        for at in range(number):
            enqueue(connection, destination(at % lanes + 1))

    await database.write(lambda connection: fill(400, connection))
    before = await database.write(look)
    await database.write(lambda connection: fill(19_600, connection))
    after = await database.write(look)

    assert after <= 2 * before + 2


async def test_outbox_statements_never_scan_the_whole_table(database: Database) -> None:
    def work(connection: Connection) -> None:
        post_id = enqueue(connection, destination(1))
        enqueue(connection, destination(1))
        [post] = deliveries.begin(connection, [Due(post_id, 1, is_first=True)])
        deliveries.shown(connection, [Shown(post, 10)], START)
        outbox.rebind(connection, post_id, destination(1), 11)
        outbox.remove_keyboard(connection, destination(1), 10, {"text": "a"}, correlation="c", at=START)
        deliveries.due(connection, BOT, 10)
        deliveries.take_over(connection, BOT)
        outbox.blocked(connection, BOT, 1)
        outbox.migrate_chat(connection, BOT, 1, -5)
        deliveries.has_behind(connection, BOT)
        deliveries.let_stranded_go(connection, BOT)

    with seen(database.engines.writer.dialect) as statements:
        await database.write(work)
    plans = await database.write(lambda connection: plans_of(connection, statements))
    assert len(plans) > 10
    walks = ("SCAN posts", "SCAN others", "Seq Scan on posts")
    assert [plan for plan in plans if any(walk in plan for walk in walks)] == []


async def test_a_post_stranded_behind_one_just_noted_as_sent_is_let_go(
    database: Database, database_url: str
) -> None:
    """Needs two processes on PostgreSQL; on one SQLite file they would wait for each other."""
    head = await database.write(lambda connection: enqueue(connection, destination(1)))
    await database.write(lambda connection: deliveries.begin(connection, [Due(head, 1, is_first=True)]))

    def strand(connection: Connection) -> None:
        connection.execute(
            update(posts).where(posts.c.id == head).values(state=PostState.SENT, message_id=10)
        )

    behind = await database.write(lambda connection: enqueue(connection, destination(1)))
    await database.write(strand)  # as the other process does, which has not seen the post behind
    assert await database.long_read(lambda connection: deliveries.due(connection, BOT, 10)) == []

    assert await database.long_read(lambda connection: deliveries.has_behind(connection, BOT))
    assert await database.write(lambda connection: deliveries.let_stranded_go(connection, BOT)) == 1
    found = await database.long_read(lambda connection: deliveries.due(connection, BOT, 10))
    assert [each.id for each in found] == [behind]
    assert await database.write(lambda connection: deliveries.let_stranded_go(connection, BOT)) == 0


@only_postgresql
async def test_a_post_stranded_by_a_turn_concurrent_with_the_sender_is_let_go(
    database: Database, database_url: str
) -> None:
    head = await database.write(lambda connection: enqueue(connection, destination(1)))
    due = Due(head, 1, is_first=True)
    [post] = await database.write(lambda connection: deliveries.begin(connection, [due]))
    engine = create_async_engine(
        async_url(database_url), poolclass=NullPool, isolation_level="REPEATABLE READ"
    )
    async with engine.begin() as turn:
        late = await turn.run_sync(lambda connection: enqueue(connection, destination(1)))
        async with engine.begin() as sender:
            await sender.run_sync(lambda connection: deliveries.shown(connection, [Shown(post, 10)], START))
    await engine.dispose()

    async def leaving() -> list[int]:
        found = await database.long_read(lambda connection: deliveries.due(connection, BOT, 10))
        return [each.id for each in found]

    assert await leaving() == []  # neither of them saw the other
    assert await database.write(lambda connection: deliveries.let_stranded_go(connection, BOT)) == 1
    assert await leaving() == [late]


async def test_one_chat_with_many_edits_does_not_crowd_out_the_others(database: Database) -> None:
    def work(connection: Connection) -> None:
        for message in range(300):
            post_id = enqueue(connection, destination(1))
            connection.execute(
                update(posts).where(posts.c.id == post_id).values(message_id=message, behind=False)
            )
        for chat in range(2, 40):
            enqueue(connection, destination(chat), Rank.NOTICE)

    await database.write(work)
    found = await database.long_read(lambda connection: deliveries.due(connection, BOT, 100))
    assert {each.chat_id for each in found} == set(range(1, 40))
    assert sum(each.chat_id == 1 for each in found) == deliveries.PER_CHAT
