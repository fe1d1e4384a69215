"""People can have roles among the staff, and choose for which integrator they act.

Revision: 0008
Follows: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_staff_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_staff")),
    )
    op.add_column("persons", sa.Column("chosen_membership_id", BigId, nullable=True))


def downgrade() -> None:
    op.drop_column("persons", "chosen_membership_id")
    op.drop_table("staff")
