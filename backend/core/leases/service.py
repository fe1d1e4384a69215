"""Leader election: of all processes that could run a role, one does.

The leader holds a lease that it must renew; when it dies, the next process takes over once the lease has
run out. Each write of the leader checks the lease in its own transaction, so a leader that was too slow
writes nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from backend.core.db.errors import LeaseLost
from backend.core.db.locks import held
from backend.core.db.metadata import now_ms
from backend.core.db.statements import Statement
from backend.core.db.upsert import insert_for
from backend.core.leases.models import leases

# Built once: every write of the leader runs it.
_CHECK = Statement(
    update(leases)
    .where(leases.c.name == bindparam("role"), leases.c.token == bindparam("holder"))
    .values(token=leases.c.token)
)


def is_free(connection: Connection, name: str) -> bool:
    """True if nobody holds the lease just now. Takes no lock."""
    taken = select(leases.c.name).where(leases.c.name == name, leases.c.held_until_ms >= now_ms())
    return connection.execute(taken).first() is None


def acquire(connection: Connection, name: str, token: str, lease_ms: int) -> bool:
    """Acquire or renew the lease. Returns whether `token` holds it now.

    Waits for nobody: a lease that another transaction has locked is not to be had.
    """
    free = (
        select(leases.c.name)
        .where(leases.c.name == name, or_(leases.c.token == token, leases.c.held_until_ms < now_ms()))
        .with_for_update(skip_locked=True)
    )
    taken = update(leases).where(leases.c.name.in_(free)).returning(leases.c.name)
    if connection.execute(taken.values(token=token, held_until_ms=now_ms() + lease_ms)).first():
        return True
    first = insert_for(connection, leases).on_conflict_do_nothing().returning(leases.c.name)
    return (
        connection.execute(first.values(name=name, token=token, held_until_ms=now_ms() + lease_ms)).first()
        is not None
    )


def check(connection: Connection, name: str, token: str) -> None:
    """Check inside a transaction that `token` still holds the lease. Raises LeaseLost."""
    lease = ("lease", name, token)
    if lease in held(connection):
        return
    if _CHECK.run(connection, {"role": name, "holder": token}) != 1:
        raise LeaseLost(name)
    held(connection).add(lease)


def release(connection: Connection, name: str, token: str) -> None:
    """Release the lease, so that a successor need not wait."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.token == token))
