"""Queues of jobs, each claimed by its own index; where a job's result goes.

Revision: 0003
Follows: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("action", sa.String(length=32), nullable=True))
        batch_op.drop_index("ix_jobs_state_due_ms")
        batch_op.create_index("ix_jobs_ended_at", ["ended_at"], unique=False)
    op.create_index(
        "ix_jobs_open", "jobs", ["kind", "due_ms"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
    )
    # A running job is looked at again when its lease ends.
    op.execute("UPDATE jobs SET due_ms = leased_until_ms WHERE leased_until_ms > due_ms AND ended_at IS NULL")


def downgrade() -> None:
    op.drop_index("ix_jobs_open", table_name="jobs")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_ended_at")
        batch_op.create_index("ix_jobs_state_due_ms", ["state", "due_ms"], unique=False)
        batch_op.drop_column("action")
