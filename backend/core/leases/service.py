"""Leader election: of all processes that could run a role, one does.

The leader holds a lease that it must renew; when it dies, the next process takes over once the lease has
run out. Each write of the leader checks the lease in its own transaction, so a leader that was too slow
writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from backend.core.db.errors import LeaseLost
from backend.core.db.locks import held
from backend.core.db.metadata import now_ms
from backend.core.db.statements import Statement
from backend.core.db.together import Asked, settle
from backend.core.db.upsert import insert_for
from backend.core.leases.models import leases

# Built once: every write of the leader runs it.
_LOCK = Statement(
    select(leases.c.name)
    .where(leases.c.name == bindparam("role"), leases.c.token == bindparam("holder"))
    .with_for_update()
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
    """Check inside a transaction that `token` still holds the lease, and keep it until its end. Raises
    LeaseLost, here or later in the transaction: before anything that reads an answer, and before its end.
    """

    def ensure(answer: Asked) -> None:
        if answer.first() is None:
            raise LeaseLost(name)

    look(connection, name, token, ensure)


def look(connection: Connection, name: str, token: str, then: Callable[[Asked], None] | None = None) -> None:
    """Look whether `token` still holds the lease, together with what is asked for next. If so, it is kept
    until the end of the transaction.
    """

    def note(answer: Asked) -> None:
        if answer.first() is not None:
            held(connection).add(_mark(name, token))
        if then is not None:
            then(answer)

    if _mark(name, token) not in held(connection):
        _LOCK.ask(connection, {"role": name, "holder": token}, note)


def is_held(connection: Connection, name: str, token: str) -> bool:
    """True if `look` has found in this transaction that `token` holds the lease."""
    if _mark(name, token) not in held(connection):
        settle(connection)
    return _mark(name, token) in held(connection)


def _mark(name: str, token: str) -> Hashable:
    return ("lease", name, token)


def release(connection: Connection, name: str, token: str) -> None:
    """Release the lease, so that a successor need not wait."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.token == token))
