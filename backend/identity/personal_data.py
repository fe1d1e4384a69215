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

NO_PERSON = 0
"""In place of a person's id: no row has it."""
SHORTEST = 4
"""Characters of a word that is looked for in messages to others: a shorter one stands for anything."""


def export(
    connection: Connection, kept: Sequence[Kept], telegram_user_id: int
) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person, by `table.column` (and the key within it), times in ISO 8601; secrets of the
    service, such as the hashes of codes, are left out. Raises MemberUnknown.
    """
    data = _data_of(connection, telegram_user_id)
    found = {}
    for each in kept:
        columns = each.only or tuple(each.table.columns)
        rows = connection.execute(select(*columns).where(each.about(data))).mappings()
        found[each.name] = [
            {name: _plain(value) for name, value in row.items() if not isinstance(value, bytes)}
            for row in rows
        ]
    if data.person_id == NO_PERSON and not any(found.values()):
        raise MemberUnknown
    return found


def shown_of(connection: Connection, kept: Sequence[Kept], telegram_user_id: int) -> set[str]:
    """What identifies a person and may stand in messages to other people."""
    data = _data_of(connection, telegram_user_id)
    words = {str(telegram_user_id)}
    for each in kept:
        if each.shown:
            rows = connection.execute(select(*each.shown).where(each.about(data)))
            words |= {str(value) for row in rows for value in row if value}
    return {word for word in words if len(word) >= SHORTEST}


def erase(connection: Connection, kept: Sequence[Kept], telegram_user_id: int, at: datetime) -> None:
    """Erase a person: what is no evidence is deleted, and what is left names nobody. The audit stays whole:
    its random id leads to nobody any more. Raises MemberUnknown.
    """
    data = _data_of(connection, telegram_user_id)
    gone = sum(
        connection.execute(delete(each.table).where(each.about(data))).rowcount
        for each in kept
        if each.erased
    )
    if data.person_id == NO_PERSON and not gone:
        raise MemberUnknown
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
    if telegram_user_id <= 0:
        raise MemberUnknown
    if row is None:  # who has only written to the bot, or begun a registration
        return Data(NO_PERSON, "", telegram_user_id, lane_name(telegram_user_id, 0))
    return Data(row.id, row.subject, telegram_user_id, lane_name(telegram_user_id, 0), row.email or "")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
