"""Posts behind an earlier one of their lane: the sender looks only at those that may leave.

Revision: 0005
Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FIRST_SENDS = "message_id IS NULL AND state IN ('queued', 'sending', 'uncertain')"
STATES = "state IN ('queued', 'uncertain')"


def upgrade() -> None:
    # What waits at this moment is looked at as before: none of it is behind. Not as a batch, which makes the
    # table anew on SQLite and forgets that no id is given twice.
    op.add_column("posts", sa.Column("behind", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_posts_state_rank_id", table_name="posts")
    op.create_index(
        "ix_posts_bot_id_chat_id_message_id", "posts", ["bot_id", "chat_id", "message_id"], unique=False
    )
    _partial("ix_posts_first_sends", ["bot_id", "lane", "rank", "id"], FIRST_SENDS, FIRST_SENDS)
    _partial(
        "ix_posts_may_leave", ["bot_id", "rank", "id"], f"behind = 0 AND {STATES}", f"NOT behind AND {STATES}"
    )
    _partial("ix_posts_behind", ["bot_id", "lane", "rank", "id"], "behind = 1", "behind")


def _partial(name: str, columns: list[str], sqlite: str, postgresql: str) -> None:
    op.create_index(
        name,
        "posts",
        columns,
        unique=False,
        sqlite_where=sa.text(sqlite),
        postgresql_where=sa.text(postgresql),
    )


def downgrade() -> None:
    for name in ("ix_posts_behind", "ix_posts_may_leave", "ix_posts_first_sends"):
        op.drop_index(name, table_name="posts")
    op.drop_index("ix_posts_bot_id_chat_id_message_id", table_name="posts")
    op.create_index("ix_posts_state_rank_id", "posts", ["state", "rank", "id"], unique=False)
    op.drop_column("posts", "behind")
