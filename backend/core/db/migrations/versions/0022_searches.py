"""searches

What people search for, which buttons name by its number, and answers that the staff keeps ready.

Revision: 0022
Follows: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, Json, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("criteria", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_searches_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_searches_person_id"), "searches", ["person_id"], unique=False)
    op.create_index("ix_searches_created_at", "searches", ["created_at"], unique=False)
    op.create_table(
        "canned_answers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("canned_answers")
    op.drop_table("searches")
