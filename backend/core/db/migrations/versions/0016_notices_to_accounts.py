"""notices to accounts

A notice can name the Telegram account that is told, where it is not the person's own any more.

Revision: 0016
Follows: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices") as table:
        table.add_column(sa.Column("account", BigId))
        table.create_index("ix_notices_account", ["account"])


def downgrade() -> None:
    with op.batch_alter_table("notices") as table:
        table.drop_index("ix_notices_account")
        table.drop_column("account")
