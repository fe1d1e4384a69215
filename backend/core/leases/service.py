"""Elections: of all processes that could play a role, one does.

A role is held by a lease that must be renewed; when its holder dies the next process takes it once the
lease has run out. The holder's writes check the lease (`hold`) in their own transaction, so that one that
was too slow writes nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from backend.core.db.errors import LeaseLost
from backend.core.db.metadata import now_ms
from backend.core.db.statements import Statement
from backend.core.db.upsert import insert_for
from backend.core.leases.models import leases

# Built once: the holder's every write runs it.
_HOLD = Statement(
    update(leases)
    .where(leases.c.name == bindparam("office"), leases.c.token == bindparam("holder"))
    .values(token=leases.c.token)
)


def is_free(connection: Connection, name: str) -> bool:
    """Whether nobody holds the role just now. Looks without taking a lock."""
    held = select(leases.c.name).where(leases.c.name == name, leases.c.held_until_ms >= now_ms())
    return connection.execute(held).first() is None


def campaign(connection: Connection, name: str, token: str, lease_ms: int) -> bool:
    """Take the role, or renew one's hold on it. Returns whether `token` holds it now."""
    taken = connection.execute(
        insert_for(connection, leases)
        .values(name=name, token=token, held_until_ms=now_ms() + lease_ms)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"token": token, "held_until_ms": now_ms() + lease_ms},
            where=or_(leases.c.token == token, leases.c.held_until_ms < now_ms()),
        )
        .returning(leases.c.name)
    )
    return taken.first() is not None


def hold(connection: Connection, name: str, token: str) -> None:
    """Check inside a transaction that the role is still held. Raises LeaseLost."""
    if _HOLD.run(connection, {"office": name, "holder": token}) != 1:
        raise LeaseLost(name)


def resign(connection: Connection, name: str, token: str) -> None:
    """Give the role up, so that a successor need not wait."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.token == token))
