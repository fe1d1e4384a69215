"""Dialogues and jobs know the membership they were begun in, rows of the inbox their sender.

Revision: 0010
Follows: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("membership_id", BigId, nullable=True))
    op.add_column("jobs", sa.Column("membership_id", BigId, nullable=True))
    op.add_column("inbox", sa.Column("user_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("inbox", "user_id")
    op.drop_column("jobs", "membership_id")
    op.drop_column("conversations", "membership_id")
