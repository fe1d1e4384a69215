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

telegram_files = Table(
    "telegram_files",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(80), primary_key=True),
    Column("file_id", String(255), nullable=False),
)
