"""watches

Revision: 0029
Follows: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("point", sa.String(length=14), nullable=False),
        sa.Column("pod", sa.String(length=15), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_watches_integrator_id_integrators")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_watches_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_watches_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'watching'"),
            postgresql_where=sa.text("state = 'watching'"),
        )
        batch_op.create_index(batch_op.f("ix_watches_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index("ix_watches_person_id_id", ["person_id", "id"], unique=False)
        batch_op.create_index(
            "uq_watches_under_way",
            ["person_id", "integrator_id", "point"],
            unique=True,
            sqlite_where=sa.text("state = 'watching'"),
            postgresql_where=sa.text("state = 'watching'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_watches_under_way",
            sqlite_where=sa.text("state = 'watching'"),
            postgresql_where=sa.text("state = 'watching'"),
        )
        batch_op.drop_index("ix_watches_person_id_id")
        batch_op.drop_index(batch_op.f("ix_watches_ended_at"))
        batch_op.drop_index(
            "ix_watches_due",
            sqlite_where=sa.text("state = 'watching'"),
            postgresql_where=sa.text("state = 'watching'"),
        )

    op.drop_table("watches")
