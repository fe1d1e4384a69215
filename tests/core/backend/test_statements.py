"""Statements of the hot path: they bypass SQLAlchemy's execution, with the same effect."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.core.audit.models import audit_entries
from backend.core.db.database import Database
from backend.core.db.statements import NUMBERS, WORDS, Statement, among, is_one_of
from backend.core.db.upsert import upsert
from backend.core.outbox.models import chats, posts

AT = datetime(2025, 3, 30, 1, 59, 59, 999_999, tzinfo=UTC)
ENTRIES: list[dict[str, Any]] = [
    {"at": AT, "action": "a", "detail": {}, "outcome": None, "device_id": None},
    {
        "at": AT,
        "action": "è'\"\\%s:b$1?",
        "detail": {"a": [1, None, True, "\u2028"]},
        "outcome": "",
        "device_id": 0,
    },
    {"at": AT.replace(microsecond=0), "action": "c", "detail": {"n": -1}, "outcome": "x", "device_id": 2**62},
]
_ADD = Statement(insert(audit_entries).returning(audit_entries.c.id))
_ALL = select(audit_entries).order_by(audit_entries.c.id)
_READ = Statement(_ALL)


async def test_fast_statements_write_and_read_the_same_as_sqlalchemy(database: Database) -> None:
    def work(connection: Connection) -> None:
        for entry in ENTRIES:
            _ADD.scalar(connection, entry)
            connection.execute(insert(audit_entries), entry)

    await database.write(work)

    here = await database.long_read(lambda connection: [row._asdict() for row in _READ.all(connection, {})])
    there = await database.long_read(
        lambda connection: [dict(row) for row in connection.execute(_ALL).mappings()]
    )
    assert here == there
    assert len(here) == 2 * len(ENTRIES)
    for ours, theirs in zip(here[::2], here[1::2], strict=True):
        assert {**ours, "id": 0} == {**theirs, "id": 0}


@pytest.mark.parametrize("size", [0, 1, 2, 3000])
async def test_a_list_of_any_length_is_one_parameter(database: Database, size: int) -> None:
    numbers = Statement(
        select(audit_entries.c.id)
        .where(is_one_of(audit_entries.c.id, bindparam("ids", type_=NUMBERS)))
        .order_by(audit_entries.c.id)
    )
    words = Statement(
        select(audit_entries.c.action).where(is_one_of(audit_entries.c.action, bindparam("of", type_=WORDS)))
    )

    def work(connection: Connection) -> list[int]:
        return [int(_ADD.scalar(connection, {**ENTRIES[0], "action": f"è{number}"})) for number in range(4)]

    ids = await database.write(work)
    wanted = [*ids, *range(10**9, 10**9 + size)][:size]
    found = await database.long_read(lambda connection: numbers.all(connection, {"ids": wanted}))
    assert [row.id for row in found] == [number for number in ids if number in wanted]
    named = [f"è{number}" for number in range(size)]
    said = await database.long_read(lambda connection: words.all(connection, {"of": named}))
    assert sorted(row.action for row in said) == named[:4]


async def test_affected_rows_are_counted_and_many_rows_are_written_in_order(database: Database) -> None:
    keep = upsert(
        chats,
        lambda stored: stored.on_conflict_do_update(
            index_elements=["bot_id", "chat_id"], set_={"language": stored.excluded.language}
        ),
    )
    change = Statement(update(chats).where(chats.c.bot_id == bindparam("bot")).values(language="en"))

    def work(connection: Connection) -> tuple[int, int]:
        rows = [{"bot_id": 1, "chat_id": n % 2, "language": f"l{n}"} for n in range(5)]
        keep.run_each(connection, rows)
        keep.run_each(connection, [])
        last = connection.execute(select(chats.c.language).order_by(chats.c.chat_id)).scalars().all()
        assert list(last) == ["l4", "l3"]
        return change.run(connection, {"bot": 1}), change.run(connection, {"bot": 2})

    assert await database.write(work) == (2, 0)


async def test_failures_are_those_of_sqlalchemy_and_show_no_value(database: Database) -> None:
    wrong = Statement(insert(posts).values(bot_id=1))
    with pytest.raises(DBAPIError) as failed:
        await database.write(lambda connection: wrong.run(connection, {}))
    assert isinstance(failed.value, IntegrityError)

    taken = Statement(insert(audit_entries).values(id=7))
    await database.write(lambda connection: taken.run(connection, ENTRIES[0]))
    with pytest.raises(IntegrityError) as again:
        await database.write(lambda connection: taken.run(connection, {**ENTRIES[0], "action": "geheim"}))
    assert "geheim" not in str(again.value)


async def test_fixed_values_are_part_of_the_statement(database: Database) -> None:
    of_two = Statement(select(audit_entries.c.id).where(among(audit_entries.c.action, ("a", "c"))))

    def work(connection: Connection) -> int:
        for entry in ENTRIES:
            _ADD.scalar(connection, entry)
        return len(of_two.all(connection, {}))

    assert await database.write(work) == 2
    assert await database.long_read(lambda connection: of_two.first(connection, {})) is not None
