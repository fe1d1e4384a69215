"""awaited SCP files

Files that somebody of the staff has to attach, and who waits for them. An association has one file at most
that is requested or awaited: the index of the requested ones gives way to a wider one.

Revision: 0025
Follows: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scp_waits",
        sa.Column("scp_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("batch", BigId, nullable=False),
        sa.ForeignKeyConstraint(["scp_id"], ["scp_files.id"], name=op.f("fk_scp_waits_scp_id_scp_files")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_scp_waits_person_id_persons")),
        sa.PrimaryKeyConstraint("scp_id", "person_id", "batch", name=op.f("pk_scp_waits")),
    )
    op.create_index(op.f("ix_scp_waits_person_id"), "scp_waits", ["person_id"], unique=False)
    op.create_index(op.f("ix_scp_waits_batch"), "scp_waits", ["batch"], unique=False)
    op.create_index(
        "uq_scp_files_pending",
        "scp_files",
        ["association_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('requested', 'awaited')"),
        postgresql_where=sa.text("state IN ('requested', 'awaited')"),
    )
    op.drop_index("uq_scp_files_requested", table_name="scp_files")
    op.create_index(
        "ix_scp_files_awaited",
        "scp_files",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'awaited'"),
        postgresql_where=sa.text("state = 'awaited'"),
    )


def downgrade() -> None:
    op.execute("UPDATE scp_files SET state = 'failed', failure = 'awaited' WHERE state = 'awaited'")
    op.execute("UPDATE scp_files SET state = 'failed', failure = 'withdrawn' WHERE state = 'withdrawn'")
    op.drop_index("ix_scp_files_awaited", table_name="scp_files")
    op.create_index(
        "uq_scp_files_requested",
        "scp_files",
        ["association_id"],
        unique=True,
        sqlite_where=sa.text("state = 'requested'"),
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.drop_index("uq_scp_files_pending", table_name="scp_files")
    op.drop_table("scp_waits")
