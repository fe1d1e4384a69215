"""Blobs are stored chunk by chunk, and deleted when nothing uses them.

Chunks of what is being stored come before their blob, so they no longer refer to one. Posts say which
blobs they show. What was posted so far are SCP files, which their own rows keep. The version before this
one goes on: what it stores has its chunks under the digest, as before, and so has every SCP file.

Revision: 0007
Follows: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OF_CHUNKS = "fk_blob_chunks_digest_blobs"


def upgrade() -> None:
    op.create_table(
        "blob_uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blob_uploads")),
    )
    with op.batch_alter_table("blob_chunks") as chunks:
        chunks.drop_constraint(op.f(OF_CHUNKS), type_="foreignkey")
    op.add_column("blobs", sa.Column("upload", sa.String(length=32), nullable=True))
    op.add_column("blobs", sa.Column("unused_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("blobs", sa.Column("look_ms", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_blobs_look_ms", "blobs", ["look_ms"], unique=False)
    op.create_index("ix_scp_files_digest", "scp_files", ["digest"], unique=False)
    op.create_index("ix_telegram_uploads_digest", "telegram_uploads", ["digest"], unique=False)
    op.create_table(
        "post_files",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_files_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["digest"], ["blobs.digest"], name=op.f("fk_post_files_digest_blobs")),
        sa.PrimaryKeyConstraint("post_id", "digest", name=op.f("pk_post_files")),
    )
    op.create_index("ix_post_files_digest", "post_files", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_table("post_files")
    op.drop_index("ix_telegram_uploads_digest", table_name="telegram_uploads")
    op.drop_index("ix_scp_files_digest", table_name="scp_files")
    # What was stored by uploads cannot be read by the version before: it would be taken for corrupt.
    op.execute("DELETE FROM blobs WHERE upload IS NOT NULL")
    op.execute("DELETE FROM blob_chunks WHERE digest NOT IN (SELECT digest FROM blobs)")
    op.drop_index("ix_blobs_look_ms", table_name="blobs")
    for column in ("look_ms", "unused_since", "upload"):
        op.drop_column("blobs", column)
    with op.batch_alter_table("blob_chunks") as chunks:
        chunks.create_foreign_key(op.f(OF_CHUNKS), "blobs", ["digest"], ["digest"], ondelete="CASCADE")
    op.drop_table("blob_uploads")
