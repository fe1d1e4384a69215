"""useful documents

Folders of files in versions, who follows them, and what those are still to be told. Nothing else changes.

Revision: 0027
Follows: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", BigId, nullable=False),
        sa.Column("folder", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("title_key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("current_id", BigId, nullable=True),
        sa.Column("mirrored", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_documents_folder_title_key", "documents", ["folder", "title_key"], unique=True)

    op.create_table(
        "document_follows",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.Column("folder", sa.String(length=40), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_document_follows_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("person_id", "folder", name=op.f("pk_document_follows")),
    )
    op.create_index(
        "ix_document_follows_folder_person_id", "document_follows", ["folder", "person_id"], unique=False
    )

    op.create_table(
        "document_versions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("document_id", BigId, nullable=False),
        sa.Column("label", sa.String(length=24), nullable=False),
        sa.Column("label_key", sa.String(length=72), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("downloads", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["blobs.digest"], name=op.f("fk_document_versions_digest_blobs")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_versions_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_document_versions_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_document_versions_digest"), "document_versions", ["digest"], unique=False)
    op.create_index(
        "ix_document_versions_document_id_id", "document_versions", ["document_id", "id"], unique=False
    )
    op.create_index(op.f("ix_document_versions_person_id"), "document_versions", ["person_id"], unique=False)

    op.create_table(
        "document_news",
        sa.Column("version_id", BigId, autoincrement=False, nullable=False),
        sa.Column("told_up_to", BigId, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["document_versions.id"],
            name=op.f("fk_document_news_version_id_document_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_document_news")),
    )


def downgrade() -> None:
    op.drop_table("document_news")
    op.drop_table("document_versions")
    op.drop_table("document_follows")
    op.drop_table("documents")
