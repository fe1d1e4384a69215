"""Tables of the tickets, of what was said in them, and of what advice was worth."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

tickets = Table(
    "tickets",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("device_type", String(16), nullable=False),
    Column("category", String(96), nullable=False),
    Column("pod", String(15)),
    Column("production_pod", String(15)),
    Column("sid", String(32)),
    Column("nid", String(12)),
    Column("requester_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("integrator_id", BigId, ForeignKey("integrators.id")),
    Column("operator_id", BigId, ForeignKey("persons.id")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("answered_at", UtcDateTime),  # by the first answer there ever was
    # Targets in working minutes, and what is due by them: see targets.py.
    Column("answer_minutes", Integer),
    Column("solve_minutes", Integer),
    Column("answer_due_at", UtcDateTime),
    Column("answer_escalates_at", UtcDateTime),
    Column("answer_told", Integer, nullable=False, server_default="0"),
    Column("solve_due_at", UtcDateTime),
    Column("solve_escalates_at", UtcDateTime),
    Column("solve_told", Integer, nullable=False, server_default="0"),
    Column("satisfaction", String(16)),
    Index("ix_tickets_requester_id_id", "requester_id", "id"),
    Index("ix_tickets_integrator_id_id", "integrator_id", "id"),
    Index("ix_tickets_state_operator_id_id", "state", "operator_id", "id"),
    Index("ix_tickets_closed_at", "closed_at"),
    sqlite_autoincrement=True,  # a ticket's number is told to people
)

ticket_messages = Table(
    "ticket_messages",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("ticket_id", BigId, ForeignKey("tickets.id"), nullable=False, index=True),
    Column("author_id", BigId, ForeignKey("persons.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # The message of Telegram that it was written in, where it was one.
    Column("source_chat_id", BigInteger),
    Column("source_message_id", BigInteger),
    Column("edited", Boolean, nullable=False, server_default=false()),
    Column("undelivered", Boolean, nullable=False, server_default=false()),
    Index("ix_ticket_messages_source_chat_id_source_message_id", "source_chat_id", "source_message_id"),
)

ticket_files = Table(
    "ticket_files",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("message_id", BigId, ForeignKey("ticket_messages.id"), nullable=False, index=True),
    Column("author_id", BigId, ForeignKey("persons.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("digest", String(80), ForeignKey("blobs.digest"), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
)

advice_counts = Table(
    "advice_counts",
    metadata,
    Column("advice", String(96), primary_key=True),
    Column("solved", Integer, nullable=False),
    Column("unsolved", Integer, nullable=False),
)

ticket_digests = Table(
    "ticket_digests",
    metadata,
    Column("day", Date, primary_key=True),  # in Rome; the staff was told what waits, or nothing did
)

canned_answers = Table(
    "canned_answers",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("title", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(2)),
    sqlite_autoincrement=True,  # buttons name it
)

KEPT = (
    Kept(
        ticket_files.c.author_id, personal_data.person_id, erased=True
    ),  # before the words that they are with
    # What the staff has answered stays with who asked; everything else goes: see `words.forget_person`.
    Kept(ticket_messages.c.author_id, personal_data.person_id, erased=False),
    Kept(tickets.c.requester_id, personal_data.person_id, erased=False),
    Kept(
        tickets.c.operator_id,
        personal_data.person_id,
        erased=False,
        only=(tickets.c.id, tickets.c.state, tickets.c.opened_at, tickets.c.closed_at),
    ),
)
