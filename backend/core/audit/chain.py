"""Chaining: each seal's hash covers its entry and the hash before it; each head is the chain's end, signed.

What is hashed is canonical CBOR, read back from the database, so that a seal never depends on how a row was
written.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import cbor2
from sqlalchemy import Connection, Row, insert, select, update

from backend.core.audit.models import audit_entries, audit_heads, audit_seals
from device_bridge.wire.signing import SigningKeys

PORTION = 100
"""Entries that one transaction seals."""
FIRST_HASH = bytes(32)
"""The previous hash of the first seal."""

_ENTRY = "a486-audit-entry-1"
_HEAD = "a486-audit-head-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def has_unsealed(connection: Connection) -> bool:
    """True if there is anything to seal."""
    return (
        connection.execute(
            select(audit_entries.c.id).where(audit_entries.c.sealed.is_(False)).limit(1)
        ).first()
        is not None
    )


def seal(connection: Connection, signer: SigningKeys, at: datetime, limit: int = PORTION) -> int:
    """Chain at most `limit` committed entries that are not sealed yet, by id, and sign the chain's new end.

    Returns how many. An entry whose id is lower but which was committed later (PostgreSQL) is sealed by a
    later call. One sealer at a time: of two at once, one fails on the chain's unique keys and changes
    nothing.
    """
    entries = connection.execute(
        select(audit_entries)
        .where(audit_entries.c.sealed.is_(False))
        .order_by(audit_entries.c.id)
        .limit(limit)
    ).all()
    if not entries:
        return 0
    last = connection.execute(
        select(audit_seals.c.sequence, audit_seals.c.hash).order_by(audit_seals.c.sequence.desc()).limit(1)
    ).first()
    sequence, previous = (0, FIRST_HASH) if last is None else (last.sequence, last.hash)
    seals: list[dict[str, object]] = []
    for entry in entries:
        sequence += 1
        digest = hash_of(sequence, previous, entry)
        seals.append({"sequence": sequence, "entry_id": entry.id, "previous_hash": previous, "hash": digest})
        previous = digest
    connection.execute(insert(audit_seals), seals)
    connection.execute(
        update(audit_entries)
        .where(audit_entries.c.id.in_([entry.id for entry in entries]))
        .values(sealed=True)
    )
    connection.execute(
        insert(audit_heads).values(
            sequence=sequence,
            hash=previous,
            signature=signer.sign(head_message(sequence, previous, signer.key_id, at)),
            key_id=signer.key_id,
            at=at,
        )
    )
    return len(entries)


def hash_of(sequence: int, previous: bytes, entry: Row[tuple[object, ...]]) -> bytes:
    """The hash of a seal: 32 bytes over its place, the hash before it, and every column of its entry but
    `sealed`.
    """
    return hashlib.sha256(
        cbor2.dumps(
            [
                _ENTRY,
                sequence,
                previous,
                entry.id,
                _microseconds(entry.at),
                entry.person_subject,
                entry.integrator_id,
                entry.action,
                entry.outcome,
                entry.pod_subject,
                entry.device_id,
                entry.association_id,
                entry.correlation,
                entry.detail,
            ],
            canonical=True,
        )
    ).digest()


def head_message(sequence: int, digest: bytes, key_id: str, at: datetime) -> bytes:
    """The bytes of a head to sign."""
    return cbor2.dumps([_HEAD, sequence, digest, key_id, _microseconds(at)], canonical=True)


def _microseconds(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
