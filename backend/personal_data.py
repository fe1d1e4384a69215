"""What the product keeps about a person, table by table: to hand it over, and to erase it.

A feature that keeps something about people has a line in `KEPT`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, select, update

from backend.associations.models import associations
from backend.audit.models import audit_entries
from backend.audit.service import record
from backend.audit.values import Action
from backend.declarations.models import acceptances
from backend.dialogues.models import conversations
from backend.identity.errors import MemberUnknown
from backend.identity.models import memberships, persons, staff
from backend.inbox.models import inbox, lanes
from backend.jobs.models import jobs
from backend.notices.models import notices
from backend.outbox.models import chats, posts
from backend.outbox.values import lane_name
from backend.scp.models import scp_deliveries
from backend.supplies.models import recent_pods


@dataclass(frozen=True)
class Data:
    """Under what a person is known: their row, their random id in the audit, their Telegram number."""

    person_id: int
    subject: str
    telegram_user_id: int

    @property
    def lane(self) -> str:
        """The lane of their private chat."""
        return lane_name(self.telegram_user_id, 0)


@dataclass(frozen=True)
class Kept:
    """Rows about a person: those whose `column` is what `known_as` gives. Those that are not erased are
    evidence of what was done; the person in them is nobody any more.
    """

    column: Column[Any]
    known_as: Callable[[Data], object]
    erased: bool

    @property
    def table(self) -> Table:
        """The table of the column."""
        return self.column.table


def _person(data: Data) -> int:
    return data.person_id


def _telegram(data: Data) -> int:
    return data.telegram_user_id


def _lane(data: Data) -> str:
    return data.lane


KEPT = (
    Kept(persons.c.id, _person, erased=False),
    Kept(memberships.c.person_id, _person, erased=True),
    Kept(staff.c.person_id, _person, erased=True),
    Kept(acceptances.c.person_id, _person, erased=False),
    Kept(recent_pods.c.person_id, _person, erased=True),
    Kept(associations.c.created_by, _person, erased=False),
    Kept(associations.c.deleted_by, _person, erased=False),
    Kept(scp_deliveries.c.person_id, _person, erased=False),
    Kept(notices.c.person_id, _person, erased=True),
    Kept(conversations.c.user_id, _telegram, erased=True),
    Kept(jobs.c.user_id, _telegram, erased=True),
    Kept(posts.c.chat_id, _telegram, erased=True),
    Kept(chats.c.chat_id, _telegram, erased=True),
    Kept(inbox.c.lane, _lane, erased=True),
    Kept(lanes.c.name, _lane, erased=True),
    Kept(audit_entries.c.person_subject, lambda data: data.subject, erased=False),
)
"""Everything, in the order in which it can be erased."""


def export(connection: Connection, telegram_user_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person, by `table.column`, times in ISO 8601. Raises MemberUnknown."""
    data = _data_of(connection, telegram_user_id)
    found = {}
    for kept in KEPT:
        rows = connection.execute(select(kept.table).where(kept.column == kept.known_as(data))).mappings()
        found[f"{kept.table.name}.{kept.column.name}"] = [
            {name: _plain(value) for name, value in row.items()} for row in rows
        ]
    return found


def erase(connection: Connection, telegram_user_id: int, at: datetime) -> None:
    """Erase a person: what is no evidence is deleted, and what is left names nobody. The audit stays whole:
    its random id leads to nobody any more. Raises MemberUnknown.
    """
    data = _data_of(connection, telegram_user_id)
    for kept in KEPT:
        if kept.erased:
            connection.execute(delete(kept.table).where(kept.column == kept.known_as(data)))
    connection.execute(
        update(persons)
        .where(persons.c.id == data.person_id)
        .values(
            subject=str(uuid.uuid4()),
            telegram_user_id=-data.person_id,  # no user's number is negative
            display_name="",
            language=None,
            chosen_membership_id=None,
        )
    )
    record(connection, at, Action.PERSON_ERASED)


def _data_of(connection: Connection, telegram_user_id: int) -> Data:
    row = connection.execute(
        select(persons.c.id, persons.c.subject).where(persons.c.telegram_user_id == telegram_user_id)
    ).first()
    if row is None or telegram_user_id < 0:
        raise MemberUnknown
    return Data(row.id, row.subject, telegram_user_id)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
