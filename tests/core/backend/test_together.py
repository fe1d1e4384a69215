"""Statements that share a round trip: each is answered as if it had run where it was asked for."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest
import structlog
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.db.statements import Statement
from backend.core.db.together import Asked, settle
from backend.core.db.upsert import upsert
from backend.core.leases import service as leadership
from backend.core.leases.models import leases
from backend.core.outbox.models import chats
from tests.statements import seen

BOT = 7
_FIRST = insert(chats).values(bot_id=BOT)
_ADD = Statement(_FIRST)
_PUT = upsert(
    chats,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["bot_id", "chat_id"], set_={"language": insert.excluded.language}
    ),
)
_CHANGE = Statement(
    update(chats)
    .where(chats.c.chat_id == bindparam("chat"))
    .values(language=bindparam("spoken", type_=chats.c.language.type))
)
_REMOVE = Statement(delete(chats).where(chats.c.chat_id == bindparam("chat")))
_READ = Statement(select(chats.c.chat_id, chats.c.language).order_by(chats.c.chat_id))
_PUT_LEASE = upsert(
    leases,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name"], set_={"token": insert.excluded.token}
    ),
)
_READ_LEASES = Statement(select(leases.c.name, leases.c.token).order_by(leases.c.name))
_COPY = Statement(
    update(leases)
    .where(leases.c.name == bindparam("role"))
    .values(token=select(chats.c.language).where(chats.c.chat_id == bindparam("chat")).scalar_subquery())
)


def put(connection: Connection, chat: int, language: str) -> Asked:
    return _PUT.ask(connection, {"bot_id": BOT, "chat_id": chat, "language": language})


def put_lease(connection: Connection, name: str, token: str) -> Asked:
    return _PUT_LEASE.ask(connection, {"name": name, "token": token, "held_until_ms": 0})


def languages(connection: Connection) -> dict[int, str]:
    return {row.chat_id: row.language for row in _READ.all(connection, {})}


class Program:
    """Random statements on two tables, and what each must answer: a model runs beside them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same program each time
        self.chats: dict[int, str] = {}
        self.leases: dict[str, str] = {}
        self._expected: list[tuple[Asked, object, Callable[[Asked], object]]] = []
        self._then: list[tuple[int, object]] = []

    def run(self, connection: Connection) -> None:
        for _ in range(40):
            self._step(connection)
        settle(connection)
        for asked, expected, read in self._expected:
            assert read(asked) == expected
        assert [found for found, _ in self._then] == [expected for _, expected in self._then]

    def _step(self, connection: Connection) -> None:
        chat, role, word = (
            self._random.randrange(3),
            self._random.choice("pq"),
            self._random.choice(("it", "en", "de")),
        )
        match self._random.randrange(9):
            case 0:
                put(connection, chat, word)
                self.chats[chat] = word
            case 1:
                changed = _CHANGE.ask(connection, {"chat": chat, "spoken": word})
                self._expected.append((changed, int(chat in self.chats), Asked.count))
                self.chats |= {chat: word} if chat in self.chats else {}
            case 2:
                removed = _REMOVE.ask(connection, {"chat": chat})
                self._expected.append((removed, int(self.chats.pop(chat, None) is not None), Asked.count))
            case 3:
                expected = sorted(self.chats.items())
                self._expected.append((_READ.ask(connection, {}), expected, Asked.all))
            case 4:
                put_lease(connection, role, word)
                self.leases[role] = word
            case 5:
                leases_now = sorted(self.leases.items())
                self._expected.append((_READ_LEASES.ask(connection, {}), leases_now, Asked.all))
            case 6 if chat in self.chats:
                _COPY.ask(connection, {"role": role, "chat": chat})
                self.leases |= {role: self.chats[chat]} if role in self.leases else {}
            case 7:
                now = sorted(self.chats.items())
                _READ.ask(connection, {}, lambda asked: self._then.append((len(asked.all()), len(now))))
            case 8 if self._random.random() < 0.3:
                assert languages(connection) == self.chats


@pytest.mark.parametrize("seed", range(12))
async def test_each_answers_as_if_it_had_run_where_it_was_asked_for(database: Database, seed: int) -> None:
    program = Program(seed)
    await database.write(program.run)
    assert await database.short_read(languages) == program.chats


async def test_what_needs_no_other_answer_shares_a_round_trip(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        put(connection, 1, "it")
        settle(connection)
        with seen(connection.dialect) as statements:
            changed = put_lease(connection, "q", "w")
            read = _READ.ask(connection, {})
            assert read.all() == [(1, "it")]
            assert changed.count() == 1
            assert _READ_LEASES.all(connection, {}) == [("q", "w")]
        return statements

    assert len(await database.write(work)) == (3 if database.is_sqlite else 2)


async def test_works_of_one_commit_share_it_too(database: Database) -> None:
    await database.write(lambda connection: put(connection, 2, "en"))
    with seen(database.engines.writer.dialect) as statements:
        await asyncio.gather(
            database.write(lambda connection: put(connection, 1, "it"), rides=True),
            database.write(lambda connection: put_lease(connection, "q", "w")),
        )
    assert len(statements) == (4 if database.is_sqlite else 3)  # with BEGIN and COMMIT
    assert await database.short_read(languages) == {1: "it", 2: "en"}


async def test_a_work_whose_last_statement_fails_is_undone_alone(database: Database) -> None:
    def fails(connection: Connection) -> None:
        put(connection, 2, "en")
        settle(connection)
        _ADD.ask(connection, {"chat_id": 2, "language": "de"})  # nobody reads what became of it

    results = await asyncio.gather(
        database.write(fails),
        database.write(lambda connection: put(connection, 1, "it")),
        database.write(lambda connection: put_lease(connection, "q", "w")),
        return_exceptions=True,
    )
    assert isinstance(results[0], IntegrityError)
    assert not any(isinstance(result, BaseException) for result in results[1:])
    with pytest.raises(IntegrityError):
        await database.write(fails)
    assert await database.short_read(languages) == {1: "it"}


async def test_a_leader_that_has_been_replaced_writes_nothing_though_it_reads_no_answer(
    database: Database,
) -> None:
    def writes(connection: Connection) -> None:
        leadership.check(connection, "sender", "old")
        put(connection, 1, "it")

    await database.write(lambda connection: leadership.acquire(connection, "sender", "new", 60_000))
    with pytest.raises(LeaseLost):
        await database.write(writes)
    assert await database.short_read(languages) == {}


async def test_what_is_undone_does_not_run_later(database: Database) -> None:
    def work(connection: Connection) -> None:
        put(connection, 1, "it")
        savepoint = connection.begin_nested()
        put(connection, 2, "en")
        lost = _READ.ask(connection, {})
        savepoint.rollback()
        put(connection, 3, "de")
        if not database.is_sqlite:
            with pytest.raises(RuntimeError, match="over"):
                lost.all()

    await database.write(work)
    assert await database.short_read(languages) == {1: "it", 3: "de"}


async def test_sqlalchemy_sees_what_was_asked_for_before(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        put(connection, 1, "it")
        with connection.begin_nested():
            put(connection, 2, "en")
        return list(connection.scalars(select(chats.c.language).order_by(chats.c.chat_id)))

    assert await database.write(work) == ["it", "en"]


async def test_a_reader_forgets_what_it_does_not_want_to_know(database: Database) -> None:
    def asks(connection: Connection) -> None:
        _READ.ask(connection, {}, lambda asked: pytest.fail("it was not to run"))

    if not database.is_sqlite:  # there it runs at once
        for _ in range(10):
            await database.short_read(asks)
    assert await database.short_read(languages) == {}


async def test_who_goes_on_with_an_answer_does_so_as_who_asked(database: Database) -> None:
    heard = []

    def work(connection: Connection) -> None:
        with structlog.contextvars.bound_contextvars(correlation="one"):
            _READ.ask(
                connection,
                {},
                lambda asked: heard.append(structlog.contextvars.get_contextvars()["correlation"]),
            )
        with structlog.contextvars.bound_contextvars(correlation="two"):
            settle(connection)

    await database.write(work)
    assert heard == ["one"]


async def test_a_work_that_fails_leaves_nothing_waiting_behind(database: Database) -> None:
    def dies(connection: Connection) -> None:
        put(connection, 1, "it")
        connection.execute(select(broken))

    broken = chats.alias("broken").c.language.op("||||")(1)
    with pytest.raises(DBAPIError):
        await database.write(dies)
    await database.write(lambda connection: put(connection, 2, "en"))
    assert await database.short_read(languages) == {2: "en"}
