"""Tables of the inbox: what came in, and the lanes that keep its order."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column(
        "update_id", BigInteger
    ),  # of Telegram; none where the row is our own (a job's result, a continuation)
    Column("lane", String(80), nullable=False),
    Column("user_id", BigInteger),  # of Telegram: who sent it, or for whom it is
    Column("kind", String(16), nullable=False),
    Column("payload", Json),  # blanked as soon as the row has ended
    Column(
        "press", String(64)
    ),  # Telegram's id of a press: under another update_id it is still the same press
    Column("album", String(64)),
    Column("not_before_ms", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("correlation", String(32), nullable=False),
    Column("error", Text),
    Column("reference", String(16), unique=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("bot_id", "update_id"),
    UniqueConstraint("bot_id", "press"),
    Index("ix_inbox_lane_state_id", "lane", "state", "id"),
    Index("ix_inbox_state_ended_at", "state", "ended_at"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("ready_at_ms", BigInteger),  # when its oldest row may be worked; none = nothing waits
    Column("attempts", Integer, nullable=False, server_default="0"),  # attempts at its oldest row
    Column("token", String(32)),
    Column("leased_until_ms", BigInteger, nullable=False, server_default="0"),
    Index("ix_lanes_ready_at_ms", "ready_at_ms"),
)

KEPT = (
    Kept(inbox.c.lane, personal_data.lane, erased=True),
    Kept(inbox.c.user_id, personal_data.telegram_user_id, erased=True),  # what they wrote in groups
    Kept(lanes.c.name, personal_data.lane, erased=True),
)
