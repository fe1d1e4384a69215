"""What advice was worth: counted by its path in the tree, without a person."""

from __future__ import annotations

from sqlalchemy import Connection, select

from backend.core.db.upsert import insert_for
from backend.tickets.models import advice_counts


def count(connection: Connection, advice: str, solved: bool) -> None:
    """Somebody says whether a piece of advice has solved their problem."""
    one = {"solved": int(solved), "unsolved": int(not solved)}
    connection.execute(
        insert_for(connection, advice_counts)
        .values(advice=advice[:96], **one)
        .on_conflict_do_update(
            index_elements=["advice"],
            set_={name: getattr(advice_counts.c, name) + number for name, number in one.items()},
        )
    )


def worth(connection: Connection) -> dict[str, tuple[int, int]]:
    """Of each piece of advice how often it has solved the problem, and how often not."""
    return {row.advice: (row.solved, row.unsolved) for row in connection.execute(select(advice_counts))}
