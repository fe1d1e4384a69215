"""service times

By when tickets are to be answered and solved, what was told of it, whether they were solved in the end, and
the days of which the staff was told what waits. Tickets that are there already have no targets. First answers
until now are read from what was said; those whose authors were erased are not known any more.

Revision: 0023
Follows: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.core.db.metadata import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COLUMNS = (
    "answered_at",
    "answer_minutes",
    "solve_minutes",
    "answer_due_at",
    "answer_escalates_at",
    "answer_told",
    "solve_due_at",
    "solve_escalates_at",
    "solve_told",
    "satisfaction",
)


def upgrade() -> None:
    op.add_column("tickets", sa.Column("answered_at", UtcDateTime(), nullable=True))
    op.add_column("tickets", sa.Column("answer_minutes", sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("solve_minutes", sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("answer_due_at", UtcDateTime(), nullable=True))
    op.add_column("tickets", sa.Column("answer_escalates_at", UtcDateTime(), nullable=True))
    op.add_column("tickets", sa.Column("answer_told", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tickets", sa.Column("solve_due_at", UtcDateTime(), nullable=True))
    op.add_column("tickets", sa.Column("solve_escalates_at", UtcDateTime(), nullable=True))
    op.add_column("tickets", sa.Column("solve_told", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tickets", sa.Column("satisfaction", sa.String(length=16), nullable=True))
    op.execute(
        "UPDATE tickets SET answered_at = (SELECT min(at) FROM ticket_messages"
        " WHERE ticket_messages.ticket_id = tickets.id AND ticket_messages.kind = 'answer')"
    )
    op.create_table(
        "ticket_digests",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ticket_digests")),
    )


def downgrade() -> None:
    op.drop_table("ticket_digests")
    for column in COLUMNS:
        op.drop_column("tickets", column)
