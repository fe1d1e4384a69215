"""The look-ups of each person by clock hour, and the hours in which a budget was spent.

Revision: 0013
Follows: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_up_counts",
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_look_up_counts_integrator_id_integrators")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_look_up_counts_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("integrator_id", "hour", "person_id", name=op.f("pk_look_up_counts")),
    )
    op.create_index("ix_look_up_counts_hour", "look_up_counts", ["hour"])
    op.create_table(
        "look_up_budgets_spent",
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrators.id"],
            name=op.f("fk_look_up_budgets_spent_integrator_id_integrators"),
        ),
        sa.PrimaryKeyConstraint("integrator_id", "hour", "person_id", name=op.f("pk_look_up_budgets_spent")),
    )
    op.create_index("ix_look_up_budgets_spent_hour", "look_up_budgets_spent", ["hour"])


def downgrade() -> None:
    op.drop_table("look_up_budgets_spent")
    op.drop_table("look_up_counts")
