"""factors of GESIS meters

The factor K is the meter's: its key is the integrator, the supply point and the serial, so that it outlives
the change of an association, and is not taken for another meter's.

Revision: 0028
Follows: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meter_factors",
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("point", sa.String(length=14), nullable=False),
        sa.Column("meter_serial", sa.String(length=32), nullable=False),
        sa.Column("factor", sa.String(length=24), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("set_by", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_meter_factors_integrator_id_integrators")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["persons.id"], name=op.f("fk_meter_factors_set_by_persons")),
        sa.PrimaryKeyConstraint("integrator_id", "point", "meter_serial", name=op.f("pk_meter_factors")),
    )


def downgrade() -> None:
    op.drop_table("meter_factors")
