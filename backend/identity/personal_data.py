"""Export and erasure of everything that the product keeps about a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.outbox.values import lane_name
from backend.core.personal_data import Data, Kept
from backend.identity.errors import MemberUnknown
from backend.identity.models import persons


def export(
    connection: Connection, kept: Sequence[Kept], telegram_user_id: int
) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person, by `table.column` (and the key within it), times in ISO 8601. Raises
    MemberUnknown.
    """
    data = _data_of(connection, telegram_user_id)
    found = {}
    for each in kept:
        rows = connection.execute(select(each.table).where(each.about(data))).mappings()
        found[each.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return found


def erase(connection: Connection, kept: Sequence[Kept], telegram_user_id: int, at: datetime) -> None:
    """Erase a person: what is no evidence is deleted, and what is left names nobody. The audit stays whole:
    its random id leads to nobody any more. Raises MemberUnknown.
    """
    data = _data_of(connection, telegram_user_id)
    for each in kept:
        if each.erased:
            connection.execute(delete(each.table).where(each.about(data)))
    connection.execute(
        update(persons)
        .where(persons.c.id == data.person_id)
        .values(
            subject=str(uuid.uuid4()),
            telegram_user_id=-data.person_id,  # no user's number is negative
            display_name="",
            language=None,
            chosen_membership_id=None,
            email=None,
            codice_fiscale=None,
            mobile=None,
        )
    )
    record(connection, at, AuditAction.PERSON_ERASED)


def _data_of(connection: Connection, telegram_user_id: int) -> Data:
    row = connection.execute(
        select(persons.c.id, persons.c.subject, persons.c.email).where(
            persons.c.telegram_user_id == telegram_user_id
        )
    ).first()
    if row is None or telegram_user_id < 0:
        raise MemberUnknown
    return Data(row.id, row.subject, telegram_user_id, lane_name(telegram_user_id, 0), row.email or "")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
