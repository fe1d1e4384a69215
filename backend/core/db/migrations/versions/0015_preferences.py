"""preferences

How each person wants to be told of things, and the posts that are forgotten once they are shown.

Revision: 0015
Follows: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "muted_notices",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_muted_notices_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_muted_notices")),
    )
    op.create_table(
        "passing_posts",
        sa.Column("post_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_passing_posts_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_passing_posts")),
    )
    op.create_table(
        "preferences",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("by_mail", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_preferences_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )


def downgrade() -> None:
    op.drop_table("preferences")
    op.drop_table("passing_posts")
    op.drop_table("muted_notices")
