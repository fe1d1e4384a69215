"""staff group

The staff group, its topics and what it shows; where something in a ticket was written, and what became of it.

Revision: 0021
Follows: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", BigId, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_events")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_posts",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", BigId, nullable=True),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_staff_posts")),
    )
    with op.batch_alter_table("staff_posts", schema=None) as batch_op:
        batch_op.create_index("ix_staff_posts_subject_reference", ["subject", "reference"], unique=False)

    op.create_table(
        "staff_topics",
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("topic_id", BigId, nullable=False),
        sa.Column("card_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_staff_topics")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_staff_topics_topic_id")),
    )
    op.create_table(
        "staff_groups",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("chosen_by", BigId, nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["persons.id"], name=op.f("fk_staff_groups_chosen_by_persons")
        ),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_staff_groups")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_posts_topic_id",
            ["topic_id"],
            unique=False,
            sqlite_where=sa.text("topic_id IS NOT NULL"),
            postgresql_where=sa.text("topic_id IS NOT NULL"),
        )

    op.create_index("ix_tickets_closed_at", "tickets", ["closed_at"], unique=False)
    with op.batch_alter_table("ticket_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_chat_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("source_message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("edited", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("undelivered", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "ix_ticket_messages_source_chat_id_source_message_id",
            ["source_chat_id", "source_message_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("ticket_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_messages_source_chat_id_source_message_id")
        batch_op.drop_column("undelivered")
        batch_op.drop_column("edited")
        batch_op.drop_column("source_message_id")
        batch_op.drop_column("source_chat_id")
    op.drop_index("ix_tickets_closed_at", table_name="tickets")

    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_posts_topic_id",
            sqlite_where=sa.text("topic_id IS NOT NULL"),
            postgresql_where=sa.text("topic_id IS NOT NULL"),
        )

    op.drop_table("staff_groups")
    op.drop_table("staff_topics")
    with op.batch_alter_table("staff_posts", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_posts_subject_reference")

    op.drop_table("staff_posts")
    op.drop_table("staff_events")
