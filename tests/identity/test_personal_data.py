"""Personal data can be handed over as a whole, and erased so that nothing leads to the person."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from backend.core.audit.values import AuditAction
from backend.core.audit.verify import verify
from backend.core.db.metadata import metadata
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Incoming, RowKind
from backend.core.keys.store import KeyStore
from backend.identity import personal_data
from backend.identity.errors import MemberUnknown
from backend.product import KEPT
from handlers.lanes import user_of
from tests.acceptance.walks import PLAIN
from tests.support import Chat, World

WORDS = "quello che ho scritto nel gruppo"
ABOUT_PEOPLE = {"person_id", "user_id", "telegram_user_id", "chat_id", "created_by", "deleted_by"}


def test_every_column_that_identifies_a_person_is_handed_over() -> None:
    listed = {kept.table.name for kept in KEPT}
    columns = {(kept.table.name, kept.column.name) for kept in KEPT}
    for table in metadata.tables.values():
        for column in table.columns:
            if column.name in ABOUT_PEOPLE:
                assert table.name in listed, column
                if column.references(metadata.tables["persons"].c.id):
                    assert (table.name, column.name) in columns


def everything(connection: Connection) -> str:
    """All rows of all tables, as text."""
    rows: list[Any] = []
    for table in metadata.sorted_tables:
        if table.name != "blob_chunks":
            rows += [[str(value) for value in row] for row in connection.execute(select(table))]
    return json.dumps(rows)


def _dead_letter_in_a_group(connection: Connection, number: int) -> None:
    """Dead-letter an update that the person wrote in a group."""
    update = {"update_id": 999_999, "message": {"from": {"id": number}, "text": WORDS}}
    row = Incoming(1, "-500", RowKind.UPDATE, update, "c", update_id=999_999, user_id=user_of(update))
    inbox.store(connection, [row], datetime.now(UTC))
    (lease,) = inbox.claim(connection, "t", 60_000, 1)
    rows = inbox.oldest(connection, lease.lane)
    inbox.dead_letter(connection, lease, rows, "AAAA", "it failed", datetime.now(UTC))


async def test_personal_data_is_handed_over_and_erased_and_the_audit_stays_intact(
    declared: Chat, world: World
) -> None:
    number = world.people[0].id
    await declared.says(PLAIN, "Fornitura ammissibile")
    await world.settled()
    await world.database.write(lambda connection: _dead_letter_in_a_group(connection, number))
    found = await world.database.long_read(lambda c: personal_data.export(c, KEPT, number))
    assert found["persons.id"][0]["telegram_user_id"] == number
    assert [row["pod"] for row in found["recent_pods.person_id"]] == [PLAIN]
    assert len(found["declaration_acceptances.person_id"]) == 1
    assert found["audit_entries.person_subject"]
    assert any(PLAIN in json.dumps(row) for row in found["posts.chat_id"])
    assert WORDS in json.dumps(found["inbox.user_id"])
    assert [row["action"] for row in found["audit_entries.detail.subject"]] == ["member-added"]
    json.dumps(found)
    name = found["persons.id"][0]["display_name"]
    subject = found["persons.id"][0]["subject"]

    await world.database.write(lambda c: personal_data.erase(c, KEPT, number, datetime.now(UTC)))
    with pytest.raises(MemberUnknown):
        await world.database.long_read(lambda c: personal_data.export(c, KEPT, number))
    with pytest.raises(MemberUnknown):
        await world.database.long_read(lambda c: personal_data.export(c, KEPT, -found["persons.id"][0]["id"]))
    left = await world.database.long_read(everything)
    assert re.search(rf"\b{number}\b", left) is None
    assert name not in left
    assert WORDS not in left
    assert PLAIN in left  # the audit's, and the register's
    looked_up = await world.audit(AuditAction.POD_LOOKED_UP, pod=PLAIN)
    assert [(entry.person_subject, entry.person_name) for entry in looked_up] == [(subject, None)]
    assert await world.audit(AuditAction.PERSON_ERASED)

    trusted = KeyStore(world.settings.keys).trusted()
    report = await world.database.long_read(lambda c: verify(c, trusted))
    assert report.holds
    await declared.says("/start", "riservato ai System Integrator")  # an erased person from here on
