"""Running work on a database: what the engines of `sqlite.py` and `postgres.py` share.

Connections are kept, and where a transaction begins and ends is said in SQL: SQLAlchemy's own way to take a
connection and to begin costs as much as a turn's statements do.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, bindparam, func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.types import String

from backend.core.db.locks import held
from backend.core.db.signals import pending_signals
from backend.core.db.statements import Statement, plain
from backend.core.db.together import settle

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 8
STATEMENTS = 512  # prepared ones that each connection keeps: more than the product has
# SQLSTATEs: connection lost before the COMMIT, serialisation failure, deadlock, a lock waited for too long
LOCK_NOT_AVAILABLE = "55P03"
TRY_AGAIN = ("08", "40001", "40P01", LOCK_NOT_AVAILABLE)
# Classes of them: connection, access, undone, resources, state, operator, system
NOT_THE_WORK = ("08", "28", "3D", "40", "53", "55", "57", "58")
LOCK_MS = 200
"""So long a transaction waits for another process's lock; then each work of its group is tried alone. Groups
take locks in any order, so two may wait for each other, and the server looks for that only after a second.
"""

BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
"""How a transaction that writes begins. SQLite's must not find out later that somebody else writes."""
_NOTIFY = Statement(select(func.pg_notify("a486", bindparam("topic", type_=String()))))


@dataclass(frozen=True)
class Returned:
    """The return value of a work."""

    value: Any


Outcomes: TypeAlias = tuple[list[Returned | Exception], set[str]]
"""The outcome of each work of a group, and the topics to notify."""


class CommitUnanswered(Exception):
    """The COMMIT failed: nobody knows whether it was carried out, so it must not be sent again. Whoever waits
    for its `topics` looks, because it may have been.
    """

    def __init__(self, topics: Iterable[str] = ()) -> None:
        super().__init__("the answer to the COMMIT was lost")
        self.topics = set(topics)


class NotBegun(Exception):
    """No transaction could be begun: it is nobody's work that is at fault."""


class Engines(ABC):
    """Connections to read and to write with. Each method raises DBAPIError or OSError."""

    writer: Engine

    @abstractmethod
    async def long_read(self, work: Work[T]) -> T:
        """Run `work` on one consistent view; whatever it tries to write is refused."""

    @abstractmethod
    async def short_read(self, work: Work[T]) -> T:
        """Run a short `work` whose statements need not see one moment; what it tries to write is refused."""

    @abstractmethod
    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        """Run the group in one transaction, in which a failed work is undone alone. Raises CommitUnanswered
        and NotBegun too.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


def view(connection: Connection, begin: str, work: Work[T]) -> T:
    """Run `work` on one consistent view."""
    plain(connection, begin)
    try:
        return work(connection)
    finally:
        abandon(connection)


def carry_out(connection: Connection, group: Sequence[Work[Any]], *, notify: bool = False) -> Outcomes:
    """Run a group in the transaction that was begun; with `notify`, other processes are woken."""
    try:
        outcomes, topics = run_group(connection, group)
        if notify:
            for topic in sorted(topics):
                _NOTIFY.run(connection, {"topic": topic})
    except BaseException:
        abandon(connection)
        raise
    return outcomes, topics


def commit(connection: Connection, topics: Iterable[str]) -> None:
    """Commit what would notify these topics. Raises CommitUnanswered."""
    try:
        plain(connection, "COMMIT")
    except (DBAPIError, OSError) as error:
        abandon(connection)
        raise CommitUnanswered(topics) from error
    _settle(connection)


def abandon(connection: Connection) -> None:
    """Undo whatever is under way. A connection that cannot even do that is not used again."""
    try:
        if not connection.invalidated:
            plain(connection, "ROLLBACK")
    except (DBAPIError, OSError):
        if not _is_over(connection):
            connection.invalidate()
    _settle(connection)


def _is_over(connection: Connection) -> bool:
    """True if the database itself has undone the transaction, as SQLite does when the disk fails."""
    driver = connection.connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and not driver.in_transaction


def _settle(connection: Connection) -> None:
    """SQLAlchemy noted a beginning of its own where it ran a statement: it is over too."""
    if connection.in_transaction():
        connection.rollback()


def run_group(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    """Run each work so that a failed one is undone alone; the caller commits."""
    held(connection).clear()
    outcomes, topics = _run_all(connection, group)
    if all(isinstance(outcome, Returned) for outcome in outcomes):
        return outcomes, topics
    # It happens rarely, so a savepoint for each is made only now. What ran before is as if it had not.
    plain(connection, "ROLLBACK")
    held(connection).clear()
    if len(group) == 1:
        plain(connection, "BEGIN")  # for the COMMIT that ends every group
        return outcomes, topics
    plain(connection, BEGIN[connection.dialect.name])
    return _run_each(connection, group)


def undo_to(connection: Connection, savepoint: str) -> None:
    """Undo what was done since this savepoint, and give up what was locked since."""
    plain(connection, f"ROLLBACK TO {savepoint}")
    held(connection).clear()


def _run_all(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    """Up to the first one that fails."""
    outcomes: list[Returned | Exception] = []
    topics: set[str] = set()
    for work in group:
        outcome, signalled = _run(connection, work, is_last=work is group[-1])
        outcomes.append(outcome)
        topics |= signalled
        if not isinstance(outcome, Returned):
            break
    return outcomes, topics


def _run_each(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    outcomes: list[Returned | Exception] = []
    topics: set[str] = set()
    for work in group:
        plain(connection, "SAVEPOINT one")
        outcome, signalled = _run(connection, work, is_last=True)
        outcomes.append(outcome)
        if isinstance(outcome, Returned):
            plain(connection, "RELEASE one")
            topics |= signalled
        else:
            undo_to(connection, "one")
    return outcomes, topics


def _run(connection: Connection, work: Work[Any], *, is_last: bool) -> tuple[Returned | Exception, set[str]]:
    """Its outcome, and the topics that it notified. Raises what concerns everybody. What it has asked for may
    run with what the next one asks for, unless it `is_last`.
    """
    signalled = pending_signals(connection)
    signalled.clear()
    try:
        returned = Returned(work(connection))
        if is_last:
            settle(connection)
        return returned, signalled.copy()
    except Exception as error:
        if isinstance(error, DBAPIError) and concerns_everybody(error):
            raise
        return error, set()


def sqlstate(error: BaseException | None) -> str:
    """PostgreSQL's code for what went wrong; empty where there is none."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def concerns_everybody(error: DBAPIError) -> bool:
    """True if it is the connection, the disk or the server, and not what this work asked for."""
    if state := sqlstate(error):
        return state.startswith(NOT_THE_WORK)
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False  # a statement that is wrong: no such table, no such column
    return not isinstance(error, IntegrityError | DataError | ProgrammingError)


def waited_in_vain(error: DBAPIError) -> bool:
    """True if it is a lock that another process did not give up in time: with what was done since a savepoint
    undone, the transaction can go on.
    """
    return sqlstate(error) == LOCK_NOT_AVAILABLE
