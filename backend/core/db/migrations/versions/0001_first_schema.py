"""First schema

Revision: 0001
Follows:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_subject", sa.String(length=36), nullable=True),
        sa.Column("integrator_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("pod_subject", sa.String(length=36), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("association_id", sa.BigInteger(), nullable=True),
        sa.Column("correlation", sa.String(length=64), nullable=True),
        sa.Column("detail", Json, nullable=False),
        sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_person_subject_at", ["person_subject", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_pod_subject"), ["pod_subject"], unique=False)
        batch_op.create_index(
            "ix_audit_entries_unsealed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("sealed IS 0"),
            postgresql_where=sa.text("sealed IS false"),
        )

    op.create_table(
        "audit_heads",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seals_entry_id")),
    )
    op.create_table(
        "audit_subjects",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("point", sa.String(length=14), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_audit_subjects")),
        sa.UniqueConstraint("point", name=op.f("uq_audit_subjects_point")),
    )
    op.create_table(
        "blobs",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blobs")),
    )
    op.create_table(
        "chats",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("bot_id", "chat_id", name=op.f("uq_chats_bot_id_chat_id")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("flow", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("draft", Json, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("card_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "bot_id",
            "chat_id",
            "user_id",
            "thread_id",
            name=op.f("uq_conversations_bot_id_chat_id_user_id_thread_id"),
        ),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index("ix_conversations_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", Json, nullable=True),
        sa.Column("press", sa.String(length=64), nullable=True),
        sa.Column("album", sa.String(length=64), nullable=True),
        sa.Column("not_before_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("correlation", sa.String(length=32), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=16), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("bot_id", "update_id", name=op.f("uq_inbox_bot_id_update_id")),
        sa.UniqueConstraint("bot_id", "press", name=op.f("uq_inbox_bot_id_press")),
        sa.UniqueConstraint("reference", name=op.f("uq_inbox_reference")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_lane_state_id", ["lane", "state", "id"], unique=False)
        batch_op.create_index("ix_inbox_state_ended_at", ["state", "ended_at"], unique=False)

    op.create_table(
        "integrators",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("business_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrators")),
        sa.UniqueConstraint("code", name=op.f("uq_integrators_code")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("arguments", Json, nullable=True),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("card_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("leased_until_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("correlation", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_lane_state", ["lane", "state"], unique=False)
        batch_op.create_index("ix_jobs_state_due_ms", ["state", "due_ms"], unique=False)

    op.create_table(
        "lanes",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("ready_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("leased_until_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lanes")),
    )
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.create_index("ix_lanes_ready_at_ms", ["ready_at_ms"], unique=False)

    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("held_until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "persons",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.String(length=128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("subject", name=op.f("uq_persons_subject")),
        sa.UniqueConstraint("telegram_user_id", name=op.f("uq_persons_telegram_user_id")),
    )
    op.create_table(
        "posts",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("correlation", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_posts_lane_id", ["lane", "id"], unique=False)
        batch_op.create_index("ix_posts_state_rank_id", ["state", "rank", "id"], unique=False)

    op.create_table(
        "telegram_files",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "digest", name=op.f("pk_telegram_files")),
    )
    op.create_table(
        "blob_chunks",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["blobs.digest"], name=op.f("fk_blob_chunks_digest_blobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "number", name=op.f("pk_blob_chunks")),
    )
    op.create_table(
        "declaration_acceptances",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("text_version", sa.String(length=32), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrators.id"],
            name=op.f("fk_declaration_acceptances_integrator_id_integrators"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_declaration_acceptances_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_acceptances")),
    )
    with op.batch_alter_table("declaration_acceptances", schema=None) as batch_op:
        batch_op.create_index(
            "ix_declaration_acceptances_person_id_integrator_id_expires_at",
            ["person_id", "integrator_id", "expires_at"],
            unique=False,
        )

    op.create_table(
        "devices",
        sa.Column("id", BigId, nullable=False),
        sa.Column("sid", sa.String(length=32), nullable=False),
        sa.Column("nid", sa.String(length=12), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_devices_integrator_id_integrators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("nid", name=op.f("uq_devices_nid")),
        sa.UniqueConstraint("sid", name=op.f("uq_devices_sid")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_devices_integrator_id"), ["integrator_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_memberships_integrator_id_integrators")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_memberships_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "person_id", "integrator_id", name=op.f("uq_memberships_person_id_integrator_id")
        ),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_integrator_id"), ["integrator_id"], unique=False)

    op.create_table(
        "recent_pods",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("point", sa.String(length=14), nullable=False),
        sa.Column("pod", sa.String(length=15), nullable=False),
        sa.Column("looked_up_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrators.id"],
            name=op.f("fk_recent_pods_integrator_id_integrators"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_recent_pods_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "integrator_id", "point", name=op.f("pk_recent_pods")),
    )
    op.create_table(
        "associations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("point", sa.String(length=14), nullable=False),
        sa.Column("pod", sa.String(length=15), nullable=False),
        sa.Column("production_pod", sa.String(length=15), nullable=True),
        sa.Column("device_id", BigId, nullable=False),
        sa.Column("device_type", sa.String(length=16), nullable=False),
        sa.Column("configuration", sa.String(length=16), nullable=False),
        sa.Column("eneltel", sa.String(length=9), nullable=False),
        sa.Column("meter_serial", sa.String(length=32), nullable=False),
        sa.Column("gesis", sa.Boolean(), nullable=False),
        sa.Column("over_65_kw", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigId, nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["persons.id"], name=op.f("fk_associations_created_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"], ["persons.id"], name=op.f("fk_associations_deleted_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_associations_device_id_devices")
        ),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_associations_integrator_id_integrators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("associations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_associations_device_id"), ["device_id"], unique=False)
        batch_op.create_index("ix_associations_integrator_id_id", ["integrator_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_associations_point"), ["point"], unique=False)
        batch_op.create_index(
            "uq_associations_live_device",
            ["device_id"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index(
            "uq_associations_live_point",
            ["point"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "scp_files",
        sa.Column("id", BigId, nullable=False),
        sa.Column("association_id", BigId, nullable=False),
        sa.Column("device_id", BigId, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.String(length=32), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_scp_files_association_id_associations")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_scp_files_device_id_devices")),
        sa.ForeignKeyConstraint(["digest"], ["blobs.digest"], name=op.f("fk_scp_files_digest_blobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scp_files")),
        sa.UniqueConstraint("device_id", "sequence", name=op.f("uq_scp_files_device_id_sequence")),
    )
    with op.batch_alter_table("scp_files", schema=None) as batch_op:
        batch_op.create_index("ix_scp_files_association_id_id", ["association_id", "id"], unique=False)
        batch_op.create_index(
            "uq_scp_files_requested",
            ["association_id"],
            unique=True,
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        )

    op.create_table(
        "scp_deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("scp_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_scp_deliveries_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["scp_id"], ["scp_files.id"], name=op.f("fk_scp_deliveries_scp_id_scp_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scp_deliveries")),
    )
    with op.batch_alter_table("scp_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scp_deliveries_scp_id"), ["scp_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("scp_deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scp_deliveries_scp_id"))

    op.drop_table("scp_deliveries")
    with op.batch_alter_table("scp_files", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_scp_files_requested",
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        )
        batch_op.drop_index("ix_scp_files_association_id_id")

    op.drop_table("scp_files")
    with op.batch_alter_table("associations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_associations_live_point",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_associations_live_device",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_associations_point"))
        batch_op.drop_index("ix_associations_integrator_id_id")
        batch_op.drop_index(batch_op.f("ix_associations_device_id"))

    op.drop_table("associations")
    op.drop_table("recent_pods")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_integrator_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_devices_integrator_id"))

    op.drop_table("devices")
    with op.batch_alter_table("declaration_acceptances", schema=None) as batch_op:
        batch_op.drop_index("ix_declaration_acceptances_person_id_integrator_id_expires_at")

    op.drop_table("declaration_acceptances")
    op.drop_table("blob_chunks")
    op.drop_table("telegram_files")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index("ix_posts_state_rank_id")
        batch_op.drop_index("ix_posts_lane_id")
        batch_op.drop_index("ix_posts_created_at")

    op.drop_table("posts")
    op.drop_table("persons")
    op.drop_table("leases")
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.drop_index("ix_lanes_ready_at_ms")

    op.drop_table("lanes")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_state_due_ms")
        batch_op.drop_index("ix_jobs_lane_state")

    op.drop_table("jobs")
    op.drop_table("integrators")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_state_ended_at")
        batch_op.drop_index("ix_inbox_lane_state_id")

    op.drop_table("inbox")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_expires_at")

    op.drop_table("conversations")
    op.drop_table("chats")
    op.drop_table("blobs")
    op.drop_table("audit_subjects")
    op.drop_table("audit_seals")
    op.drop_table("audit_heads")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_entries_unsealed",
            sqlite_where=sa.text("sealed IS 0"),
            postgresql_where=sa.text("sealed IS false"),
        )
        batch_op.drop_index(batch_op.f("ix_audit_entries_pod_subject"))
        batch_op.drop_index("ix_audit_entries_person_subject_at")
        batch_op.drop_index("ix_audit_entries_at")

    op.drop_table("audit_entries")
