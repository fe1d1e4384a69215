"""ticket files

What people attach to what they say in a ticket.

Revision: 0024
Follows: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_files",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["ticket_messages.id"], name=op.f("fk_ticket_files_message_id_ticket_messages")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["persons.id"], name=op.f("fk_ticket_files_author_id_persons")
        ),
        sa.ForeignKeyConstraint(["digest"], ["blobs.digest"], name=op.f("fk_ticket_files_digest_blobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_files")),
    )
    op.create_index(op.f("ix_ticket_files_message_id"), "ticket_files", ["message_id"], unique=False)
    op.create_index(op.f("ix_ticket_files_author_id"), "ticket_files", ["author_id"], unique=False)
    op.create_index(op.f("ix_ticket_files_digest"), "ticket_files", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_table("ticket_files")
