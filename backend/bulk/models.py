"""Tables of checked files, bulk requests and their rows."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

bulk_uploads = Table(
    "bulk_uploads",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("job_id", BigId),  # the job that checked it: run again, it is the same file
    Column("name", String(255), nullable=False),
    Column("digest", String(80), ForeignKey("blobs.digest")),
    Column("fingerprint", String(64), nullable=False),  # of the content and the sheet
    Column("dialect", Json),
    Column("heading", Json, nullable=False),
    Column("sheets", Json, nullable=False),
    Column("refused", Json),
    Column("loaded", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("job_id"),
    Index("ix_bulk_uploads_digest", "digest"),
    Index("ix_bulk_uploads_integrator_id_fingerprint", "integrator_id", "fingerprint"),
    Index("ix_bulk_uploads_created_at", "created_at"),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

bulk_requests = Table(
    "bulk_requests",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("upload_id", BigId, ForeignKey("bulk_uploads.id"), nullable=False),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("cards_due", Boolean, nullable=False),  # a job is about to bring the cards up to date
    Index("ix_bulk_requests_integrator_id_id", "integrator_id", "id"),
    Index("ix_bulk_requests_upload_id", "upload_id"),
    sqlite_autoincrement=True,
)

bulk_rows = Table(
    "bulk_rows",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("upload_id", BigId, ForeignKey("bulk_uploads.id"), nullable=False),
    Column("request_id", BigId, ForeignKey("bulk_requests.id")),
    Column("line", Integer, nullable=False),
    Column("cells", Json, nullable=False),  # as they were written; empty where nothing is to be corrected
    Column("pod", String(15)),
    Column("sid", String(64)),
    Column("configuration", String(16)),
    Column("state", String(16), nullable=False),
    Column("outcome", String(48), nullable=False),
    Column("values", Json, nullable=False),
    Column("association_id", BigId, ForeignKey("associations.id")),
    Index("ix_bulk_rows_upload_id_line", "upload_id", "line"),
    Index("ix_bulk_rows_request_id_line", "request_id", "line"),
)

bulk_cards = Table(
    "bulk_cards",
    metadata,
    Column("card_id", BigId, primary_key=True),
    Column("request_id", BigId, ForeignKey("bulk_requests.id"), nullable=False),
    Column("bot_id", BigId, nullable=False),
    Column("chat_id", BigId, nullable=False),
    Column("thread_id", BigId),
    Index("ix_bulk_cards_request_id", "request_id"),
    Index("ix_bulk_cards_chat_id", "chat_id"),
)
"""The posts that show how far a request is."""

KEPT = (
    Kept(bulk_requests.c.person_id, personal_data.person_id, erased=False),
    Kept(bulk_uploads.c.person_id, personal_data.person_id, erased=False),
    Kept(bulk_cards.c.chat_id, personal_data.telegram_user_id, erased=True),
)
