"""Telegram's file ids depend on what a file was sent as and under which name.

A file id shows the file as it was uploaded, so the same content under another name needs another one. The old
table was a cache, of which nothing is taken over. No version that used it was ever released.

Revision: 0006
Follows: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("telegram_files")
    op.create_table(
        "telegram_uploads",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "digest", "kind", "name", name=op.f("pk_telegram_uploads")),
    )


def downgrade() -> None:
    op.drop_table("telegram_uploads")
    op.create_table(
        "telegram_files",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "digest", name=op.f("pk_telegram_files")),
    )
