"""Verifying the chain: every seal against its entry and the one before, every head against the chain."""

from __future__ import annotations

from collections.abc import Iterator

from cbor2 import CBOREncodeError
from sqlalchemy import Connection, Row, exists, func, select
from sqlalchemy.exc import DBAPIError

from backend.core.audit.chain import FIRST_HASH, hash_of, head_message
from backend.core.audit.models import audit_entries, audit_heads, audit_seals
from backend.core.audit.values import Finding, Flaw, Report
from device_bridge.wire.signing import TrustedKeys

PAGE_ROWS = 1000
_UNREADABLE = (ValueError, TypeError, AttributeError, CBOREncodeError)  # of values of a foreign kind
FINDINGS_LIMIT = 100
"""The number of flaws described one by one; all are counted."""


def verify(connection: Connection, trusted: TrustedKeys) -> Report:
    """Check the whole chain, a page at a time.

    Found are entries that were changed, that are missing, that lost their seal; seals that are missing, moved
    or put in; heads whose signature is wrong; a chain that is shorter than a signed head says or goes on
    after the last one; rows that cannot even be read. What cannot be found from inside the database is the
    removal of the newest entries together with their seals and every head about them: keep a head elsewhere
    for that. Nor is it covered which POD or person a random id stands for: that can be erased, the chain
    cannot.
    """
    walk = _Walk(connection, trusted)
    walk.run()
    has_seal = exists(select(audit_seals.c.entry_id).where(audit_seals.c.entry_id == audit_entries.c.id))
    for (entry_id,) in connection.execute(
        select(audit_entries.c.id).where(audit_entries.c.sealed.is_not(False), ~has_seal)
    ):
        walk.find(Flaw.UNCHAINED, None, entry_id)
    unsealed = connection.execute(
        select(func.count()).select_from(audit_entries).where(audit_entries.c.sealed.is_(False), ~has_seal)
    ).scalar_one()
    return Report(walk.sealed, unsealed, walk.heads, walk.flaws, tuple(walk.findings))


class _Walk:
    """One pass over seals and heads side by side, both in the order of their sequence."""

    def __init__(self, connection: Connection, trusted: TrustedKeys) -> None:
        self._connection = connection
        self._trusted = trusted
        self.sealed = 0
        self.heads = 0
        self.flaws = 0
        self.findings: list[Finding] = []

    def run(self) -> None:
        try:
            self._walk()
        except _UNREADABLE:
            self.find(Flaw.UNREADABLE, None)
        except DBAPIError as error:
            if "decode" not in str(error.orig).lower():
                raise
            self.find(Flaw.UNREADABLE, None)  # bytes that are no text

    def _walk(self) -> None:
        heads = _heads(self._connection)
        head = next(heads, None)
        sequence, previous = 0, FIRST_HASH
        signed_up_to = 0
        for row in _seals(self._connection):
            while head is not None and head.sequence < row.sequence:
                self._head(head, None)  # the seal that it signs is gone
                head = next(heads, None)
            self._seal(row, sequence, previous)
            sequence, previous = row.sequence, row.hash
            if head is not None and head.sequence == sequence:
                self._head(head, previous)
                signed_up_to = sequence
                head = next(heads, None)
        if head is None and signed_up_to < sequence:
            self.find(Flaw.UNSIGNED, signed_up_to + 1)
        while head is not None:
            self.heads += 1
            self.find(Flaw.TRUNCATED if self._signed(head) else Flaw.BAD_HEAD, head.sequence)
            head = next(heads, None)

    def _seal(self, row: Row[tuple[object, ...]], sequence: int, previous: bytes) -> None:
        self.sealed += 1
        if row.sequence != sequence + 1 or row.previous_hash != previous:
            self.find(Flaw.BROKEN, row.sequence, row.entry_id)
        if row.id is None:
            self.find(Flaw.MISSING, row.sequence, row.entry_id)
        elif hash_of(row.sequence, row.previous_hash, row) != row.hash:
            self.find(Flaw.CHANGED, row.sequence, row.entry_id)

    def _head(self, head: Row[tuple[object, ...]], digest: bytes | None) -> None:
        self.heads += 1
        if head.hash != digest or not self._signed(head):
            self.find(Flaw.BAD_HEAD, head.sequence)

    def _signed(self, head: Row[tuple[object, ...]]) -> bool:
        message = head_message(head.sequence, head.hash, head.key_id, head.at)
        return self._trusted.verifies(head.key_id, head.signature, message)

    def find(self, flaw: Flaw, sequence: int | None, entry_id: int | None = None) -> None:
        self.flaws += 1
        if len(self.findings) < FINDINGS_LIMIT:
            self.findings.append(Finding(flaw, sequence, entry_id))


def _seals(connection: Connection) -> Iterator[Row[tuple[object, ...]]]:
    """Every seal with its entry's columns (None where the entry is gone), by sequence."""
    query = (
        select(audit_seals, audit_entries)
        .outerjoin_from(audit_seals, audit_entries, audit_seals.c.entry_id == audit_entries.c.id)
        .order_by(audit_seals.c.sequence)
        .limit(PAGE_ROWS)
    )
    last: int | None = None
    while page := connection.execute(
        query if last is None else query.where(audit_seals.c.sequence > last)
    ).all():
        yield from page
        last = page[-1].sequence


def _heads(connection: Connection) -> Iterator[Row[tuple[object, ...]]]:
    query = select(audit_heads).order_by(audit_heads.c.sequence).limit(PAGE_ROWS)
    last: int | None = None
    while page := connection.execute(
        query if last is None else query.where(audit_heads.c.sequence > last)
    ).all():
        yield from page
        last = page[-1].sequence
