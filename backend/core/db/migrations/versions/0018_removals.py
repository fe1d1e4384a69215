"""removals

Whom a referent has removed, and which places a contract has closed. Membership ids are never used again.

Revision: 0018
Follows: 0017
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with _memberships(sqlite_autoincrement=True) as table:
        table.add_column(
            sa.Column("closed_by_contract", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.execute(
        "UPDATE memberships SET closed_by_contract = true WHERE NOT enabled"
        " AND contract_id IN (SELECT id FROM contracts WHERE state = 'ended')"
    )
    op.create_table(
        "removals",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_removals_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_removals_integrator_id_integrators")
        ),
        sa.PrimaryKeyConstraint("person_id", "integrator_id", name=op.f("pk_removals")),
    )


def downgrade() -> None:
    op.drop_table("removals")
    with _memberships(sqlite_autoincrement=False) as table:
        table.drop_column("closed_by_contract")


def _memberships(**options: bool) -> AbstractContextManager[BatchOperations]:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return op.batch_alter_table(
        "memberships", recreate="always" if is_sqlite else "never", table_kwargs=options
    )
