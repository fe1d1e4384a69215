"""association tellings

What the central system is to be told of each association. Those that live are to be told, for the day on
which a central system is connected; of the deleted ones nobody ever heard.

Revision: 0030
Follows: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "association_tellings",
        sa.Column("association_id", BigId, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["associations.id"],
            name=op.f("fk_association_tellings_association_id_associations"),
        ),
        sa.PrimaryKeyConstraint("association_id", name=op.f("pk_association_tellings")),
    )
    op.create_index(
        "ix_association_tellings_untold",
        "association_tellings",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state != 'told'"),
        postgresql_where=sa.text("state != 'told'"),
    )
    op.execute(
        "INSERT INTO association_tellings"
        " (association_id, state, revision, begun, attempts, since, due_at)"
        " SELECT id, 'waiting', 1, 0, 0, created_at, created_at FROM associations WHERE deleted_at IS NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_association_tellings_untold", table_name="association_tellings")
    op.drop_table("association_tellings")
