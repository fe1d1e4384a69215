"""Bulk requests: checked files, requests made of them, and what members see. Each raises NotPermitted where
the actor may not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update
from sqlalchemy import Row as SqlRow

from backend.associations.values import Configuration
from backend.bulk.errors import BulkNotFound, NothingToLoad, RequestBegun, UploadGone
from backend.bulk.models import bulk_cards, bulk_requests, bulk_rows, bulk_uploads
from backend.bulk.values import (
    MOST_ROWS,
    TO_CORRECT,
    Checked,
    Request,
    RequestState,
    Row,
    RowState,
    Upload,
    Verdict,
)
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import PORTION
from backend.core.json_values import from_json, to_json
from backend.core.outbox.followers import follow, followers, migrate
from backend.core.outbox.values import Destination
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor

UNLOADED_KEPT = timedelta(days=1)
"""For so long a checked file can be loaded."""
CARDS_SHOWN = 10
"""So many posts show how far a request is, the newest ones."""
FAILURES = (RowState.REFUSED, RowState.FAILED)
EVERYTHING = (RowState.READY, RowState.LATER)


def store(
    connection: Connection,
    actor: Actor,
    checked: Checked,
    *,
    job_id: int | None,
    name: str,
    digest: str | None,
    fingerprint: str,
    at: datetime,
) -> int:
    """Store a checked file. Returns its id: that of before where the same job comes again."""
    actor.authorise(Permission.BULK)
    known = checked_by(connection, job_id)
    if known is not None:
        return known
    upload_id = int(
        connection.execute(
            insert(bulk_uploads)
            .values(
                integrator_id=actor.integrator_id,
                person_id=actor.person_id,
                job_id=job_id,
                name=name[:255],
                digest=digest,
                fingerprint=fingerprint,
                dialect=checked.dialect,
                heading=list(checked.heading),
                sheets=list(checked.sheets),
                refused=to_json(checked.refused) if checked.refused is not None else None,
                loaded=False,
                created_at=at,
            )
            .returning(bulk_uploads.c.id)
        ).scalar_one()
    )
    rows = [
        {
            "upload_id": upload_id,
            "line": row.line,
            "cells": list(row.cells) if row.verdict.state in TO_CORRECT else [],
            "pod": row.read.pod if row.read is not None else None,
            "sid": row.read.sid if row.read is not None else None,
            "configuration": row.read.configuration.value if row.read is not None else None,
            "state": row.verdict.state,
            "outcome": row.verdict.key,
            "values": row.verdict.values,
        }
        for row in checked.rows
    ]
    if rows:
        connection.execute(insert(bulk_rows), rows)
    return upload_id


def checked_by(connection: Connection, job_id: int | None) -> int | None:
    """The file that a job has checked, where it has: a job that runs again has nothing left to do."""
    if job_id is None:
        return None
    known: int | None = connection.scalar(select(bulk_uploads.c.id).where(bulk_uploads.c.job_id == job_id))
    return known


def upload(connection: Connection, actor: Actor, upload_id: int) -> Upload:
    """A checked file of the own integrator. Raises BulkNotFound."""
    actor.authorise(Permission.BULK)
    row = connection.execute(
        select(bulk_uploads).where(
            bulk_uploads.c.id == upload_id, bulk_uploads.c.integrator_id == actor.integrator_id
        )
    ).first()
    if row is None:
        raise BulkNotFound
    same = (
        _own(actor)
        .where(bulk_uploads.c.fingerprint == row.fingerprint, bulk_uploads.c.id < row.id)
        .order_by(bulk_requests.c.id.desc())
        .limit(1)
    )
    return Upload(
        id=row.id,
        name=row.name,
        digest=row.digest or "",
        heading=tuple(row.heading),
        dialect=row.dialect,
        sheets=tuple(row.sheets),
        refused=from_json(Verdict, row.refused) if row.refused is not None else None,
        counts=_counts(connection, bulk_rows.c.upload_id == row.id),
        created_at=row.created_at,
        loaded_before=next(iter(_read(connection, same)), None),
        loaded=row.loaded,
        left_out=_left_out(connection, row.id),
    )


def load(
    connection: Connection, actor: Actor, upload_id: int, everything: bool, at: datetime
) -> list[Request]:
    """Make requests of the good lines of a checked file, or of `everything` that may pass, each of at most
    100 rows. Once only.

    Raises BulkNotFound, UploadGone or NothingToLoad.
    """
    found = upload(connection, actor, upload_id)
    taken = connection.execute(
        update(bulk_uploads)
        .where(
            bulk_uploads.c.id == found.id,
            bulk_uploads.c.loaded.is_(False),
            bulk_uploads.c.created_at >= at - UNLOADED_KEPT,
        )
        .values(loaded=True)
    )
    if taken.rowcount != 1:
        raise UploadGone
    states = EVERYTHING if everything else (RowState.READY,)
    rows = connection.scalars(
        select(bulk_rows.c.id)
        .where(bulk_rows.c.upload_id == found.id, bulk_rows.c.state.in_(states))
        .order_by(bulk_rows.c.line)
    ).all()
    if not rows:
        raise NothingToLoad
    return [
        _request(connection, actor, found.id, rows[start : start + MOST_ROWS], at)
        for start in range(0, len(rows), MOST_ROWS)
    ]


def _request(
    connection: Connection, actor: Actor, upload_id: int, rows: Sequence[int], at: datetime
) -> Request:
    request_id = int(
        connection.execute(
            insert(bulk_requests)
            .values(
                upload_id=upload_id,
                integrator_id=actor.integrator_id,
                person_id=actor.person_id,
                state=RequestState.WAITING,
                rows=len(rows),
                left=len(rows),
                runs=1,
                cards_due=False,
                created_at=at,
            )
            .returning(bulk_requests.c.id)
        ).scalar_one()
    )
    connection.execute(
        update(bulk_rows)
        .where(bulk_rows.c.id.in_(rows))
        .values(request_id=request_id, state=RowState.WAITING, outcome="waiting", values={}, cells=[])
    )
    record(
        connection,
        at,
        AuditAction.BULK_LOADED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"request": request_id, "rows": len(rows)},
    )
    return get(connection, actor, request_id)


def discard(connection: Connection, actor: Actor, upload_id: int) -> None:
    """Forget a checked file that was not loaded. Raises BulkNotFound, or UploadGone where it was loaded."""
    found = upload(connection, actor, upload_id)
    taken = connection.execute(  # as `load` does: one of the two wins
        update(bulk_uploads)
        .where(bulk_uploads.c.id == found.id, bulk_uploads.c.loaded.is_(False))
        .values(loaded=True)
    )
    if taken.rowcount != 1:
        raise UploadGone
    _delete_uploads(connection, [upload_id])


def cancel(connection: Connection, actor: Actor, request_id: int, at: datetime) -> Request:
    """Cancel a request before its processing begins. Returns it cancelled.

    Raises BulkNotFound or RequestBegun.
    """
    actor.authorise(Permission.BULK)
    found = get(connection, actor, request_id)
    cancelled = connection.execute(
        update(bulk_requests)
        .where(bulk_requests.c.id == request_id, bulk_requests.c.state == RequestState.WAITING)
        .values(state=RequestState.CANCELLED, ended_at=at)
    )
    if cancelled.rowcount != 1:
        raise RequestBegun
    record(
        connection,
        at,
        AuditAction.BULK_CANCELLED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"request": request_id, "rows": found.rows},
    )
    return replace(found, state=RequestState.CANCELLED, ended_at=at)


def run_again(connection: Connection, actor: Actor, request_id: int, at: datetime) -> Request:
    """Have the failed rows of a request that is done run again. Raises BulkNotFound or NothingToLoad."""
    actor.authorise(Permission.BULK)
    get(connection, actor, request_id)
    reopened = connection.execute(
        update(bulk_requests)
        .where(bulk_requests.c.id == request_id, bulk_requests.c.state == RequestState.DONE)
        .values(state=RequestState.PROCESSING, runs=bulk_requests.c.runs + 1, ended_at=None)
    )
    if reopened.rowcount != 1:
        raise NothingToLoad
    failed = connection.execute(
        update(bulk_rows)
        .where(bulk_rows.c.request_id == request_id, bulk_rows.c.state == RowState.FAILED)
        .values(state=RowState.WAITING, outcome="waiting", values={})
    ).rowcount
    if not failed:
        raise NothingToLoad
    connection.execute(
        update(bulk_requests)
        .where(bulk_requests.c.id == request_id)
        .values(left=bulk_requests.c.left + failed)
    )
    record(
        connection,
        at,
        AuditAction.BULK_RUN_AGAIN,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"request": request_id, "rows": failed},
    )
    return get(connection, actor, request_id)


def show_on(connection: Connection, request_id: int, destination: Destination, card_id: int) -> None:
    """From now on this post shows how far the request is."""
    follow(connection, bulk_cards.c.request_id, request_id, destination, card_id, CARDS_SHOWN)


def cards_of(connection: Connection, request_id: int) -> list[tuple[Destination, int]]:
    """The posts that show how far the request is, which are brought up to date now."""
    connection.execute(update(bulk_requests).where(bulk_requests.c.id == request_id).values(cards_due=False))
    return followers(connection, bulk_cards.c.request_id, request_id)


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group became a supergroup: its posts follow it."""
    migrate(connection, bulk_cards, bot_id, old, new)


def get(connection: Connection, actor: Actor, request_id: int) -> Request:
    """A request of the own integrator that was not cancelled. Raises BulkNotFound."""
    found = _read(connection, _own(actor).where(bulk_requests.c.id == request_id))
    if not found:
        raise BulkNotFound
    return found[0]


def latest(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Request]:
    """The own integrator's requests, newest first; `before` is the id that the page before ended with."""
    query = _own(actor)
    if before is not None:
        query = query.where(bulk_requests.c.id < before)
    return _read(connection, query.order_by(bulk_requests.c.id.desc()).limit(limit))


def rows_of(
    connection: Connection,
    actor: Actor,
    request_id: int,
    *,
    failures: bool = False,
    after: int = 0,
    limit: int = MOST_ROWS,
) -> list[Row]:
    """Rows of a request in the order of their lines, or only its `failures`, from behind line `after`.

    Raises BulkNotFound.
    """
    get(connection, actor, request_id)
    condition = and_(bulk_rows.c.request_id == request_id, bulk_rows.c.line > after)
    if failures:
        condition = and_(condition, bulk_rows.c.state.in_(FAILURES))
    return _rows(connection, condition, limit)


def rows_to_correct(connection: Connection, actor: Actor, upload_id: int, limit: int = 1000) -> list[Row]:
    """The lines of a checked file that are to be corrected, and those that may pass later and were not
    loaded. Raises BulkNotFound.
    """
    upload(connection, actor, upload_id)
    return _rows(connection, _to_correct(upload_id), limit)


def _to_correct(upload_id: int) -> ColumnElement[bool]:
    return and_(bulk_rows.c.upload_id == upload_id, bulk_rows.c.state.in_(TO_CORRECT))


def _left_out(connection: Connection, upload_id: int) -> int:
    return int(connection.scalar(select(func.count()).where(_to_correct(upload_id))) or 0)


def forget_old(
    connection: Connection, at: datetime, corrections_kept: timedelta, requests_kept: timedelta
) -> int:
    """Delete files that were never loaded, lines that can no longer be corrected, and requests of long ago: a
    portion. Returns how many files and lines.
    """
    old = connection.scalars(
        select(bulk_uploads.c.id)
        .where(
            (bulk_uploads.c.loaded.is_(False) & (bulk_uploads.c.created_at < at - UNLOADED_KEPT))
            | (bulk_uploads.c.created_at < at - requests_kept)
        )
        .order_by(bulk_uploads.c.created_at)
        .limit(max(1, PORTION // MOST_ROWS))
    ).all()
    _delete_uploads(connection, old)
    late = connection.scalars(
        select(bulk_rows.c.id)
        .join(bulk_uploads, bulk_uploads.c.id == bulk_rows.c.upload_id)
        .where(bulk_rows.c.state.in_(TO_CORRECT), bulk_uploads.c.created_at < at - corrections_kept)
        .limit(PORTION)
    ).all()
    connection.execute(delete(bulk_rows).where(bulk_rows.c.id.in_(late)))
    return len(old) + len(late)


def _delete_uploads(connection: Connection, ids: Sequence[int]) -> None:
    requests = select(bulk_requests.c.id).where(bulk_requests.c.upload_id.in_(ids))
    connection.execute(delete(bulk_cards).where(bulk_cards.c.request_id.in_(requests)))
    connection.execute(delete(bulk_rows).where(bulk_rows.c.upload_id.in_(ids)))
    connection.execute(delete(bulk_requests).where(bulk_requests.c.upload_id.in_(ids)))
    connection.execute(delete(bulk_uploads).where(bulk_uploads.c.id.in_(ids)))


def _own(actor: Actor) -> Any:
    actor.authorise(Permission.SEE_BULK)
    return (
        select(bulk_requests, bulk_uploads.c.name, bulk_uploads.c.digest)
        .join(bulk_uploads, bulk_uploads.c.id == bulk_requests.c.upload_id)
        .where(
            bulk_requests.c.integrator_id == actor.integrator_id,
            bulk_requests.c.state != RequestState.CANCELLED,
        )
    )


def _read(connection: Connection, query: Any) -> list[Request]:
    rows = connection.execute(query).all()
    names = identity.names_of(connection, {row.person_id for row in rows}) if rows else {}
    return [_request_of(connection, row, names.get(row.person_id, "")) for row in rows]


def request_of_any(connection: Connection, request_id: int) -> Request | None:
    """A request, whosever it is: for what runs outside of turns."""
    row = connection.execute(
        select(bulk_requests, bulk_uploads.c.name, bulk_uploads.c.digest)
        .join(bulk_uploads, bulk_uploads.c.id == bulk_requests.c.upload_id)
        .where(bulk_requests.c.id == request_id)
    ).first()
    if row is None:
        return None
    names = identity.names_of(connection, {row.person_id})
    return _request_of(connection, row, names.get(row.person_id, ""))


def _request_of(connection: Connection, row: SqlRow[Any], created_by: str) -> Request:
    return Request(
        id=row.id,
        upload_id=row.upload_id,
        name=row.name,
        digest=row.digest or "",
        state=RequestState(row.state),
        rows=row.rows,
        counts=_counts(connection, bulk_rows.c.request_id == row.id),
        left_out=_left_out(connection, row.upload_id),
        created_at=row.created_at,
        created_by=created_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _counts(connection: Connection, condition: ColumnElement[bool]) -> dict[RowState, int]:
    found = connection.execute(
        select(bulk_rows.c.state, func.count()).where(condition).group_by(bulk_rows.c.state)
    )
    return {RowState(state): number for state, number in found}


def _rows(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Row]:
    found = connection.execute(select(bulk_rows).where(condition).order_by(bulk_rows.c.line).limit(limit))
    return [row_from(row) for row in found]


def row_from(row: SqlRow[Any]) -> Row:
    """Read a row of the table of rows."""
    return Row(
        id=row.id,
        line=row.line,
        cells=tuple(row.cells),
        pod=row.pod,
        sid=row.sid,
        configuration=Configuration(row.configuration) if row.configuration is not None else None,
        state=RowState(row.state),
        outcome=row.outcome,
        values=row.values,
        association_id=row.association_id,
    )
