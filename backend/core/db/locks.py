"""Locks on things that have no row yet, or several."""

from __future__ import annotations

from collections.abc import Hashable

from sqlalchemy import Connection, func, select


def hold(connection: Connection, *names: str) -> None:
    """Until this transaction ends, no other one that holds one of these names goes on. They are taken in
    order, so that two transactions never wait for each other. SQLite lets one transaction write at a time.
    """
    if connection.dialect.name == "postgresql":
        for name in sorted(set(names)):
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def held(connection: Connection) -> set[Hashable]:
    """What this transaction has locked already, so that it need not do it again: empty when it begins, and
    after anything in it was undone. Lock nothing so within `begin_nested`, whose end nobody hears of here.
    """
    locked: set[Hashable] = connection.info.setdefault("a486-held", set())
    return locked
