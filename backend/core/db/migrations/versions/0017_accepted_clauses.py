"""accepted clauses

When the clauses of a registration were accepted, and which version of them.

Revision: 0017
Follows: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registrations") as table:
        table.add_column(sa.Column("accepted_at", UtcDateTime()))
        table.add_column(sa.Column("clauses", sa.String(length=16)))


def downgrade() -> None:
    with op.batch_alter_table("registrations") as table:
        table.drop_column("clauses")
        table.drop_column("accepted_at")
