"""tickets

Requests for assistance, what was said in them, and what advice was worth.

Revision: 0020
Follows: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import BigId, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", BigId, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("device_type", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=96), nullable=False),
        sa.Column("pod", sa.String(length=15), nullable=True),
        sa.Column("production_pod", sa.String(length=15), nullable=True),
        sa.Column("sid", sa.String(length=32), nullable=True),
        sa.Column("nid", sa.String(length=12), nullable=True),
        sa.Column("requester_id", BigId, nullable=False),
        sa.Column("integrator_id", BigId, nullable=True),
        sa.Column("operator_id", BigId, nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["persons.id"], name=op.f("fk_tickets_requester_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["integrator_id"], ["integrators.id"], name=op.f("fk_tickets_integrator_id_integrators")
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["persons.id"], name=op.f("fk_tickets_operator_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tickets_requester_id_id", "tickets", ["requester_id", "id"], unique=False)
    op.create_index("ix_tickets_integrator_id_id", "tickets", ["integrator_id", "id"], unique=False)
    op.create_index(
        "ix_tickets_state_operator_id_id", "tickets", ["state", "operator_id", "id"], unique=False
    )
    op.create_table(
        "ticket_messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_messages_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["persons.id"], name=op.f("fk_ticket_messages_author_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_messages")),
    )
    op.create_index(op.f("ix_ticket_messages_ticket_id"), "ticket_messages", ["ticket_id"], unique=False)
    op.create_index(op.f("ix_ticket_messages_author_id"), "ticket_messages", ["author_id"], unique=False)
    op.create_table(
        "advice_counts",
        sa.Column("advice", sa.String(length=96), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("unsolved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("advice", name=op.f("pk_advice_counts")),
    )


def downgrade() -> None:
    op.drop_table("advice_counts")
    op.drop_table("ticket_messages")
    op.drop_table("tickets")
