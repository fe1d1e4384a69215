"""people

Revision: 0012
Follows: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, Json, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "email_codes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_codes")),
    )
    with op.batch_alter_table("email_codes", schema=None) as batch_op:
        batch_op.create_index("ix_email_codes_email_sent_at", ["email", "sent_at"], unique=False)
        batch_op.create_index("ix_email_codes_sent_at", ["sent_at"], unique=False)
        batch_op.create_index("ix_email_codes_telegram_user_id_id", ["telegram_user_id", "id"], unique=False)

    op.create_table(
        "contracts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("integrator_code", sa.String(length=11), nullable=False),
        sa.Column("business_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("loaded_by", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["loaded_by"], ["persons.id"], name=op.f("fk_contracts_loaded_by_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("number", name=op.f("uq_contracts_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_integrator_code"), ["integrator_code"], unique=False)

    op.create_table(
        "registrations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=True),
        sa.Column("last_name", sa.String(length=64), nullable=True),
        sa.Column("nationality", sa.String(length=64), nullable=True),
        sa.Column("codice_fiscale", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("company_name", sa.String(length=200), nullable=True),
        sa.Column("office", sa.String(length=200), nullable=True),
        sa.Column("partita_iva", sa.String(length=11), nullable=True),
        sa.Column("company_code", sa.String(length=16), nullable=True),
        sa.Column("mobile", sa.String(length=16), nullable=True),
        sa.Column("terms", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("privacy", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("doubts", Json, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_by", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["persons.id"], name=op.f("fk_registrations_decided_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_registrations_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index("ix_registrations_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_registrations_state_id", ["state", "id"], unique=False)
        batch_op.create_index("ix_registrations_telegram_user_id", ["telegram_user_id"], unique=False)
        batch_op.create_index(
            "uq_registrations_open",
            ["telegram_user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('filling', 'verifying')"),
            postgresql_where=sa.text("state IN ('filling', 'verifying')"),
        )

    op.create_table(
        "contract_people",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("contract_id", BigId, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("codice_fiscale", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_people_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_people")),
        sa.UniqueConstraint("contract_id", "email", name=op.f("uq_contract_people_contract_id_email")),
    )
    with op.batch_alter_table("contract_people", schema=None) as batch_op:
        batch_op.create_index("ix_contract_people_email", ["email"], unique=False)

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contract_id", BigId, nullable=True))
        batch_op.create_index(batch_op.f("ix_memberships_contract_id"), ["contract_id"], unique=False)

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("codice_fiscale", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("mobile", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("suspended_at", UtcDateTime(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_persons_email"), ["email"])


def downgrade() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_persons_email"), type_="unique")
        batch_op.drop_column("suspended_at")
        batch_op.drop_column("mobile")
        batch_op.drop_column("codice_fiscale")
        batch_op.drop_column("email")

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_contract_id"))
        batch_op.drop_column("contract_id")

    with op.batch_alter_table("contract_people", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_people_email")

    op.drop_table("contract_people")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_registrations_open",
            sqlite_where=sa.text("state IN ('filling', 'verifying')"),
            postgresql_where=sa.text("state IN ('filling', 'verifying')"),
        )
        batch_op.drop_index("ix_registrations_telegram_user_id")
        batch_op.drop_index("ix_registrations_state_id")
        batch_op.drop_index("ix_registrations_person_id")

    op.drop_table("registrations")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contracts_integrator_code"))

    op.drop_table("contracts")
    with op.batch_alter_table("email_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_email_codes_telegram_user_id_id")
        batch_op.drop_index("ix_email_codes_sent_at")
        batch_op.drop_index("ix_email_codes_email_sent_at")

    op.drop_table("email_codes")
