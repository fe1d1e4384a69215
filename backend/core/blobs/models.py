"""Tables of content-addressed blobs and of what Telegram calls them.

A table that keeps a digest says so with a foreign key onto `blobs.digest`: that is how it is known which
blobs are used, and why one that is used cannot be deleted.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from backend.core.db.metadata import UtcDateTime, metadata
from backend.core.personal_data import Kept

blobs = Table(
    "blobs",
    metadata,
    Column("digest", String(80), primary_key=True),
    Column("media_type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("encrypted", Boolean, nullable=False),
    Column("upload", String(32)),  # the upload that its chunks came with; none = they came with the digest
    Column("unused_since", UtcDateTime),  # found unused then, and not used since
    Column("look_ms", BigInteger, nullable=False, server_default="0"),  # when to look whether it is used
    Index("ix_blobs_look_ms", "look_ms"),
)

blob_uploads = Table(
    "blob_uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("idle_since", UtcDateTime),  # found idle then, and no chunk came since
)
"""Chunks that no blob leads to: of what is being stored, of what was left half stored, of what is deleted."""

blob_chunks = Table(
    "blob_chunks",
    metadata,
    Column("digest", String(80), primary_key=True),  # or the id of the upload
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

telegram_uploads = Table(
    "telegram_uploads",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(80), primary_key=True),
    Column("kind", String(16), primary_key=True),  # what it was sent as: a document, a photo
    Column("name", String(255), primary_key=True),  # Telegram keeps the name that it was uploaded under
    Column("file_id", String(255), nullable=False),
    Index("ix_telegram_uploads_digest", "digest"),
)

KEPT: tuple[Kept, ...] = ()
