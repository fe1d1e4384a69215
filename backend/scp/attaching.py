"""SCP files that the distributor gives: awaited, attached by the staff, replaced, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from backend.associations import service as association_service
from backend.associations.values import Association
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.blobs import service as blobs
from backend.core.db.statements import PORTION
from backend.core.db.upsert import insert_for
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.scp import waits
from backend.scp.errors import ScpAssociationGone, ScpChanged
from backend.scp.models import scp_files
from backend.scp.service import VALIDITY
from backend.scp.values import PENDING, AwaitedFile, ScpRequest, ScpState, Sealed, Target

AWAITED_NOTICE = "scp_awaited"
MOST_BYTES = 256 * 1024
"""The largest content that is attached."""
TOLD_EVERY = timedelta(hours=1)
"""How often at most the staff is told of awaited files."""
_PENDING = [state.value for state in PENDING]
_SIGNS = (
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_PAGES = (b"<!doctype html", b"<html")
_ENVELOPE = (b"\xd2\x84", b"a486-scp-envelope-1")
"""How an envelope begins (CBOR tag 18, an array of four), and what stands in it."""


def fault_of(content: bytes) -> str | None:
    """Why this is no SCP file, in one word; None where nothing speaks against it: what one looks like is not
    public. `empty`, `too_big`, `image`, `pdf`, `zip`, `html`, or `envelope`: a file that this service made.
    """
    if not content.strip(b"\x00\t\n\r "):
        return "empty"
    if len(content) > MOST_BYTES:
        return "too_big"
    for sign, kind in _SIGNS:
        if content.startswith(sign) and (sign != b"BM" or content[6:10] == b"\0\0\0\0"):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image"
    start = content[:512].lstrip(b"\xef\xbb\xbf\t\n\r ").lower()
    if start.startswith(_PAGES):
        return "html"
    begin, within = _ENVELOPE
    return "envelope" if content.startswith(begin) and within in content else None


def mark_awaited(
    connection: Connection, scp_id: int, person_id: int | None, batch: int, at: datetime
) -> None:
    """Nothing makes this file: from now on it is AWAITED, and the staff is told. The person who asked is told
    when it is there. Nothing changes where it is neither requested nor awaited any more.
    """
    row = connection.execute(
        select(scp_files).where(scp_files.c.id == scp_id, scp_files.c.state.in_(_PENDING)).with_for_update()
    ).first()
    if row is None:
        return
    if row.state == ScpState.REQUESTED.value:
        _set(connection, scp_id, state=ScpState.AWAITED.value)
        _tell_staff(connection, at)
    if person_id is not None:
        waits.add(connection, scp_id, person_id, batch)


def _tell_staff(connection: Connection, at: datetime) -> None:
    """Tell the staff now, or, where they were told within the clock hour, in the next one."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    following = hour + TOLD_EVERY
    for person in identity.staff_with(connection, Permission.ATTACH_SCP):
        if not notices.add(connection, person, AWAITED_NOTICE, {}, dedupe_key=hour.isoformat(), at=at):
            key = following.isoformat()
            notices.add(connection, person, AWAITED_NOTICE, {}, dedupe_key=key, at=at, not_before=following)


def count_awaited(connection: Connection) -> int:
    """How many files the staff has to attach."""
    return connection.scalar(select(func.count()).select_from(scp_files).where(*_AWAITED)) or 0


def awaited(connection: Connection, actor: Actor, limit: int, after: int | None = None) -> list[AwaitedFile]:
    """The files that the staff has to attach, oldest first, from behind the file `after`. Raises
    NotPermitted.
    """
    actor.authorise(Permission.ATTACH_SCP)
    query = select(scp_files).where(*_AWAITED, scp_files.c.id > (after or 0))
    rows = connection.execute(query.order_by(scp_files.c.id).limit(limit)).all()
    about = association_service.of_ids_of_any(connection, {row.association_id for row in rows})
    return [AwaitedFile(row.id, about[row.association_id], row.created_at) for row in rows]


def association_of(
    connection: Connection, actor: Actor, *, point: str | None = None, sid: str | None = None
) -> int | None:
    """The live association of a supply point, or of a device, whosever it is: its id. Raises NotPermitted."""
    actor.authorise(Permission.ATTACH_SCP)
    return association_service.live_of_any(connection, point=point, sid=sid)


def target(connection: Connection, actor: Actor, association_id: int) -> Target | None:
    """The live association that a file is to be attached to; None for none. Raises NotPermitted."""
    actor.authorise(Permission.ATTACH_SCP)
    association = _live(connection, association_id)
    if association is None:
        return None
    newest = _newest(connection, association_id)
    pending = newest is not None and newest.state in _PENDING
    production = association.production_pod
    request = ScpRequest(
        scp_id=newest.id if pending else 0,
        association_id=association.id,
        sid=association.sid,
        nid=association.nid,
        device_type=association.device_type,
        configuration=association.configuration,
        pod=association.pod.code,
        production_pod=None if production is None else production.code,
        sequence=newest.sequence if pending else _following(connection, association),
    )
    ready = newest is not None and newest.state == ScpState.READY.value
    return Target(association, request, 0 if newest is None else newest.id, ready)


def attach(
    connection: Connection, actor: Actor, association_id: int, sealed: Sealed, at: datetime
) -> Association:
    """Make this envelope the association's newest file. It fills the one that is pending, or takes the place
    of the one before, which stays in the audit. Those whom it concerns are told. Of two at once, one does.

    Raises NotPermitted, ScpAssociationGone, or ScpChanged where the newest file is not the one that the
    envelope was sealed after.
    """
    actor.authorise(Permission.ATTACH_SCP)
    association = _live(connection, association_id)
    if association is None:
        raise ScpAssociationGone
    newest = _newest(connection, association_id, lock=True)
    pending = newest.id if newest is not None and newest.state in _PENDING else 0
    if (pending, 0 if newest is None else newest.id) != (sealed.fills, sealed.newest):
        raise ScpChanged
    blobs.keep(connection, [sealed.digest])
    made = {
        "state": ScpState.READY.value,
        "digest": sealed.digest,
        "size": sealed.size,
        "key_id": sealed.key_id,
        "expires_at": sealed.issued_at + VALIDITY,
    }
    if pending:
        scp_id = pending
        _set(connection, scp_id, **made)
    else:
        scp_id = _insert(connection, association, sealed.sequence, at, made)
    replaces = newest.id if newest is not None and newest.state == ScpState.READY.value else None
    record(
        connection,
        at,
        AuditAction.SCP_ATTACHED if replaces is None else AuditAction.SCP_REPLACED,
        subject=actor.subject,
        integrator_id=association.integrator_id,
        point=association.point,
        device_id=association.device_id,
        association_id=association.id,
        detail={
            "scp": scp_id,
            "sha256": sealed.sha256[:16],
            **({} if replaces is None else {"replaces": replaces}),
        },
    )
    waits.tell(connection, scp_id, association, at, replaced=replaces is not None)
    return association


def _insert(
    connection: Connection, association: Association, sequence: int, at: datetime, made: dict[str, Any]
) -> int:
    inserted = connection.execute(
        insert_for(connection, scp_files)
        .values(
            association_id=association.id,
            device_id=association.device_id,
            sequence=sequence,
            created_at=at,
            **made,
        )
        .on_conflict_do_nothing()
        .returning(scp_files.c.id)
    ).scalar()
    if inserted is None:  # the device has another file with this number by now
        raise ScpChanged
    return int(inserted)


def withdraw(connection: Connection, at: datetime) -> int:
    """What is awaited for an association that was deleted is WITHDRAWN: a portion. Returns how many."""
    rows = connection.execute(
        select(scp_files)
        .where(
            scp_files.c.state == ScpState.AWAITED.value,
            ~association_service.is_live(scp_files.c.association_id),
        )
        .order_by(scp_files.c.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    about = association_service.of_ids_of_any(connection, {row.association_id for row in rows})
    for row in rows:
        _set(connection, row.id, state=ScpState.WITHDRAWN.value)
        waits.withdraw(connection, row.id, about[row.association_id], at)
    return len(rows)


def _live(connection: Connection, association_id: int) -> Association | None:
    association = association_service.of_any(connection, association_id)
    return None if association is None or association.deleted_at is not None else association


def _newest(connection: Connection, association_id: int, *, lock: bool = False) -> Any:
    query = (
        select(scp_files)
        .where(scp_files.c.association_id == association_id)
        .order_by(scp_files.c.id.desc())
        .limit(1)
    )
    return connection.execute(query.with_for_update() if lock else query).first()


def _following(connection: Connection, association: Association) -> int:
    """The number of the next file of the association's device."""
    last = select(func.max(scp_files.c.sequence)).where(scp_files.c.device_id == association.device_id)
    return (connection.scalar(last) or 0) + 1


def _set(connection: Connection, scp_id: int, **values: Any) -> None:
    connection.execute(update(scp_files).where(scp_files.c.id == scp_id).values(**values))


_AWAITED = (
    scp_files.c.state == ScpState.AWAITED.value,
    association_service.is_live(scp_files.c.association_id),
)
