"""Which blobs nothing uses, and their end.

    used ◄──a──► unused ──b──► gone

a: a look finds whether a row refers to it; putting it again, or `keep`, makes it used at once · b: it was
unused for a day, and still is

A use is a foreign key onto `blobs.digest`, so none can be overlooked, and the database refuses to delete what
is used. All looks are short: a few blobs and a few chunks each time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Column, ColumnElement, Connection, delete, exists, insert, or_, select, update

from backend.core.blobs.models import blob_chunks, blob_uploads, blobs, telegram_uploads
from backend.core.blobs.service import CHUNK_BYTES
from backend.core.db.metadata import metadata

GRACE = timedelta(days=1)
"""For so long a blob may be about to be used: by a job's result, a draft, a file between two turns."""
BLOBS_AT_ONCE = 20
CHUNKS_AT_ONCE = 4
"""Deleting one takes SQLite a millisecond, on the event loop: that is 2.9 GB a day."""


@cache
def uses() -> tuple[Column[str], ...]:
    """Every column that keeps a digest of a blob in use."""
    return tuple(
        key.parent
        for table in metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column is blobs.c.digest
    )


def forget_unused(connection: Connection, at: datetime) -> int:
    """Delete some of what nothing has used for a day, and of uploads that were abandoned as long ago.

    Returns how many blobs are gone.
    """
    gone = _look(connection, at)
    _sweep(connection, at)
    return gone


def look_soon(connection: Connection, digests: Collection[str]) -> None:
    """Somebody uses these blobs no longer: those that nobody uses are to be deleted in a day, and what
    Telegram calls them is forgotten at once.
    """
    unused = list(connection.scalars(select(blobs.c.digest).where(blobs.c.digest.in_(digests), ~_is_used())))
    connection.execute(update(blobs).where(blobs.c.digest.in_(unused)).values(look_ms=0))
    connection.execute(delete(telegram_uploads).where(telegram_uploads.c.digest.in_(unused)))


def _is_used() -> ColumnElement[bool]:
    return or_(*(exists().where(column == blobs.c.digest) for column in uses()))


def _look(connection: Connection, at: datetime) -> int:
    now_ms = int(at.timestamp() * 1000)
    due = connection.execute(
        select(blobs.c.digest, blobs.c.size, blobs.c.unused_since, _is_used().label("used"))
        .where(blobs.c.look_ms <= now_ms)
        .order_by(blobs.c.look_ms)
        .limit(BLOBS_AT_ONCE)
    ).all()
    gone = deleted_bytes = 0
    for row in due:
        if deleted_bytes >= CHUNKS_AT_ONCE * CHUNK_BYTES:
            break  # the others are still due
        if not row.used and row.unused_since is not None and row.unused_since <= at - GRACE:
            gone += _delete(connection, row.digest, row.unused_since)
            deleted_bytes += row.size
            continue
        since = None if row.used else row.unused_since or at
        again = int((since or at).timestamp() * 1000) + int(GRACE.total_seconds() * 1000)
        connection.execute(
            update(blobs).where(blobs.c.digest == row.digest).values(unused_since=since, look_ms=again)
        )
    return gone


def _delete(connection: Connection, digest: str, unused_since: datetime) -> bool:
    """The blob is no more, unless somebody has begun to use it since it was looked at."""
    deleted = connection.execute(
        delete(blobs)
        .where(blobs.c.digest == digest, blobs.c.unused_since == unused_since)
        .returning(blobs.c.upload)
    ).first()
    if deleted is None:
        return False
    connection.execute(delete(telegram_uploads).where(telegram_uploads.c.digest == digest))
    if deleted.upload is None:  # few and small
        connection.execute(delete(blob_chunks).where(blob_chunks.c.digest == digest))
    else:
        connection.execute(insert(blob_uploads).values(id=deleted.upload, idle_since=unused_since))
    return True


def _sweep(connection: Connection, at: datetime) -> None:
    """Delete chunks that no blob leads to, a few at a time."""
    room = CHUNKS_AT_ONCE
    left = connection.execute(
        select(blob_uploads.c.id)
        .where(blob_uploads.c.idle_since <= at - GRACE)
        .order_by(blob_uploads.c.idle_since)
        .limit(CHUNKS_AT_ONCE)
        .with_for_update()  # one that goes on all the same finds that chunks are missing
    ).scalars()
    for upload in list(left):
        numbers = connection.execute(
            select(blob_chunks.c.number).where(blob_chunks.c.digest == upload).limit(room)
        ).scalars()
        some = list(numbers)
        connection.execute(
            delete(blob_chunks).where(blob_chunks.c.digest == upload, blob_chunks.c.number.in_(some))
        )
        if len(some) < room:
            connection.execute(delete(blob_uploads).where(blob_uploads.c.id == upload))
        room -= len(some)
        if room <= 0:
            break
    connection.execute(update(blob_uploads).where(blob_uploads.c.idle_since.is_(None)).values(idle_since=at))
