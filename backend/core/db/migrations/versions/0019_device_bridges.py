"""device bridges

Technicians' laptops, programming jobs, and the confirmation of associations on site.

Revision: 0019
Follows: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, Json, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bridges",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("program", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("link", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_bridges_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridges")),
        sa.UniqueConstraint("key_id", name=op.f("uq_bridges_key_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bridges_person_id"), "bridges", ["person_id"], unique=False)

    op.create_table(
        "pairing_codes",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=4), nullable=False),
        sa.Column("proof_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_pairing_codes_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_pairing_codes")),
        sa.UniqueConstraint("name", name=op.f("uq_pairing_codes_name")),
    )
    op.create_table(
        "bridge_commands",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bridge_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("argument", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", Json, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bridge_id"],
            ["bridges.id"],
            name=op.f("fk_bridge_commands_bridge_id_bridges"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridge_commands")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_bridge_commands_state_id", "bridge_commands", ["state", "id"], unique=False)

    op.create_table(
        "programming_jobs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("association_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=False),
        sa.Column("technician_id", BigId, nullable=False),
        sa.Column("assigned_by", BigId, nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("bridge_id", BigId, nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("failure", Json, nullable=True),
        sa.Column("read_back", Json, nullable=True),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("photo_file", sa.String(length=256), nullable=True),
        sa.Column("photo", sa.String(length=80), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("report", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["persons.id"], name=op.f("fk_programming_jobs_assigned_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["associations.id"],
            name=op.f("fk_programming_jobs_association_id_associations"),
        ),
        sa.ForeignKeyConstraint(
            ["bridge_id"],
            ["bridges.id"],
            name=op.f("fk_programming_jobs_bridge_id_bridges"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_programming_jobs_integrator_id_integrators")
        ),
        sa.ForeignKeyConstraint(["photo"], ["blobs.digest"], name=op.f("fk_programming_jobs_photo_blobs")),
        sa.ForeignKeyConstraint(["report"], ["blobs.digest"], name=op.f("fk_programming_jobs_report_blobs")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["persons.id"], name=op.f("fk_programming_jobs_technician_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programming_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_programming_jobs_association_id"), "programming_jobs", ["association_id"], unique=False
    )
    op.create_index(
        "ix_programming_jobs_integrator_id_id", "programming_jobs", ["integrator_id", "id"], unique=False
    )
    op.create_index(
        "ix_programming_jobs_technician_id_id", "programming_jobs", ["technician_id", "id"], unique=False
    )
    op.create_index(
        "uq_programming_jobs_open_association",
        "programming_jobs",
        ["association_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "programming_cards",
        sa.Column("card_id", BigId, nullable=False),
        sa.Column("job_id", BigId, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["programming_jobs.id"], name=op.f("fk_programming_cards_job_id_programming_jobs")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_programming_cards")),
    )
    op.create_index(op.f("ix_programming_cards_chat_id"), "programming_cards", ["chat_id"], unique=False)
    op.create_index(op.f("ix_programming_cards_job_id"), "programming_cards", ["job_id"], unique=False)

    op.create_table(
        "programming_runs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("job_id", BigId, nullable=False),
        sa.Column("bridge_id", BigId, nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("failure", Json, nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("device_id", BigId, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_programming_runs_device_id_devices")
        ),
        sa.ForeignKeyConstraint(
            ["bridge_id"],
            ["bridges.id"],
            name=op.f("fk_programming_runs_bridge_id_bridges"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["programming_jobs.id"], name=op.f("fk_programming_runs_job_id_programming_jobs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programming_runs")),
        sa.UniqueConstraint(
            "job_id", "key_id", "attempt", name=op.f("uq_programming_runs_job_id_key_id_attempt")
        ),
    )
    op.create_index("ix_programming_runs_device_id", "programming_runs", ["device_id"], unique=False)
    op.add_column("associations", sa.Column("confirmed_at", UtcDateTime(), nullable=True))
    # Written out: SQLite adds such a column only so, and need not copy the table for it.
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE associations ADD COLUMN confirmed_by {number}"
        " CONSTRAINT fk_associations_confirmed_by_persons REFERENCES persons (id)"
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("associations", table_kwargs={"sqlite_autoincrement": is_sqlite}) as table:
        table.drop_column("confirmed_by")
        table.drop_column("confirmed_at")
    op.drop_table("programming_runs")
    op.drop_table("programming_cards")
    op.drop_table("programming_jobs")
    op.drop_table("bridge_commands")
    op.drop_table("pairing_codes")
    op.drop_table("bridges")
