"""Tables of content-addressed blobs and of what Telegram calls them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from backend.db.metadata import metadata

blobs = Table(
    "blobs",
    metadata,
    Column("digest", String(80), primary_key=True),
    Column("media_type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("encrypted", Boolean, nullable=False),
)

blob_chunks = Table(
    "blob_chunks",
    metadata,
    Column("digest", String(80), ForeignKey("blobs.digest", ondelete="CASCADE"), primary_key=True),
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
)
