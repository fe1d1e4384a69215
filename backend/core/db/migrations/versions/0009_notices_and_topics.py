"""Notices to people; topics that the bot opens, to which posts go before Telegram has numbered them.

The language of a person's app is remembered, because a notice has to be worded without them.

Revision: 0009
Follows: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, Json, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("argument", Json, nullable=True),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("correlation", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_notices_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "person_id", "kind", "dedupe_key", name=op.f("uq_notices_person_id_kind_dedupe_key")
        ),
    )
    op.create_index("ix_notices_state_not_before", "notices", ["state", "not_before"], unique=False)
    op.create_index("ix_notices_ended_at", "notices", ["ended_at"], unique=False)
    op.add_column("posts", sa.Column("topic_id", BigId, nullable=True))
    op.add_column("persons", sa.Column("language", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM posts WHERE topic_id IS NOT NULL")  # the version before cannot send them
    op.drop_column("persons", "language")
    op.drop_column("posts", "topic_id")
    op.drop_index("ix_notices_ended_at", table_name="notices")
    op.drop_index("ix_notices_state_not_before", table_name="notices")
    op.drop_table("notices")
