"""weekly reports

Who gets a report on associations each week, of which search, and when the next one is due.

Revision: 0026
Follows: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, Json, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "association_subscriptions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=True),
        sa.Column("criteria", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrators.id"],
            name=op.f("fk_association_subscriptions_integrator_id_integrators"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_association_subscriptions_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association_subscriptions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("association_subscriptions", schema=None) as batch_op:
        batch_op.create_index("ix_association_subscriptions_due_at", ["due_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_association_subscriptions_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("association_subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_association_subscriptions_person_id"))
        batch_op.drop_index("ix_association_subscriptions_due_at")

    op.drop_table("association_subscriptions")
