"""used links to documents

The links by which documents were downloaded, so that each counts once. Nothing else changes.

Revision: 0031
Follows: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_links",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.Column("version_id", BigId, autoincrement=False, nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_document_links_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["document_versions.id"],
            name=op.f("fk_document_links_version_id_document_versions"),
        ),
        sa.PrimaryKeyConstraint("person_id", "version_id", "until", name=op.f("pk_document_links")),
    )
    op.create_index("ix_document_links_until", "document_links", ["until"], unique=False)


def downgrade() -> None:
    op.drop_table("document_links")
