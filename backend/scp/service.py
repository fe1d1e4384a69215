"""SCP files of associations: asked for, made outside any transaction, stored, handed over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from backend.associations import service as association_service
from backend.associations.values import Association, AssociationRequest
from backend.core.audit.service import Entry, record_each
from backend.core.audit.values import AuditAction
from backend.core.blobs.service import SMALL_BYTES, Prepared
from backend.core.blobs.service import prepare as prepare_blob
from backend.core.blobs.service import put as put_blob
from backend.core.db.statements import Statement, among
from backend.core.keys.vault import Vault
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.scp import waits
from backend.scp.errors import ScpAssociationGone, ScpNotReady, ScpSourceFailed
from backend.scp.models import scp_deliveries, scp_files
from backend.scp.source import ScpSource
from backend.scp.values import MEDIA_TYPE, PENDING, ScpFile, ScpRequest, ScpState
from backend.supplies.values import SupplyFound
from device_bridge.wire.envelope import seal_envelope
from device_bridge.wire.signing import SigningKeys

VALIDITY = timedelta(days=30)
"""The validity of an envelope: long enough to reach a site, short enough that a lost file expires."""
_PENDING = tuple(state.value for state in PENDING)


def associate(
    connection: Connection,
    actor: Actor,
    wanted: AssociationRequest,
    facts: SupplyFound,
    replaces: int | None,
    at: datetime,
) -> tuple[Association, ScpFile]:
    """Create an association, or put it in the place of `replaces`, and ask for its SCP file: all or nothing.

    Raises what `associations.create` and `associations.replace` raise, and what `request` raises.
    """
    if replaces is None:
        made = association_service.create(connection, actor, wanted, facts, at)
    else:
        made = association_service.replace(connection, actor, replaces, wanted, facts, at)
    actor.authorise(Permission.GET_SCP)
    return made, _ask(connection, made, at)


def request(
    connection: Connection, actor: Actor, association: Association, at: datetime, *, batch: int = 0
) -> ScpFile:
    """Ask for the SCP file of an association: the current one if there is one, else one REQUESTED for a
    worker to make.

    Asked again while one is being made, it is that one. One that is AWAITED is too, and the actor is told
    when it is there: of a `batch` of files when the last one is. Raises NotPermitted, ScpAssociationGone, or
    ScpNotReady when others asked at the same moment in a way that leaves none (asking again helps).
    """
    actor.authorise(Permission.GET_SCP)
    asked = _request(connection, _live(connection, actor, association.id), at)
    if asked.state is ScpState.AWAITED:
        waits.add(connection, asked.id, actor.person_id, batch)
    return asked


def _request(connection: Connection, association: Association, at: datetime) -> ScpFile:
    known = _latest(connection, association)
    if known is not None and (known.is_pending or known.is_current(at)):
        return known
    return _ask(connection, association, at)


def _ask(connection: Connection, association: Association, at: datetime) -> ScpFile:
    row = _REQUEST.first(
        connection,
        {
            "association_id": association.id,
            "device_id": association.device_id,
            "of_device": association.device_id,
            "state": ScpState.REQUESTED.value,
            "created_at": at,
        },
    )
    # Asked for at the same moment elsewhere, that one is the answer.
    asked = _latest(connection, association) if row is None else _file(row, association)
    if asked is None or not (asked.is_pending or asked.is_current(at)):
        raise ScpNotReady
    return asked


def request_of(connection: Connection, scp_id: int) -> ScpRequest | None:
    """The request behind a pending file, for the job that makes it; None when it is wanted no longer."""
    found = _requested(connection, scp_id)
    if found is None:
        return None
    row, association = found
    production = association.production_pod
    return ScpRequest(
        scp_id=row.id,
        association_id=association.id,
        sid=association.sid,
        nid=association.nid,
        device_type=association.device_type,
        configuration=association.configuration,
        pod=association.pod.code,
        production_pod=None if production is None else production.code,
        sequence=row.sequence,
    )


def _requested(connection: Connection, scp_id: int) -> tuple[Any, Association] | None:
    """The row of a pending file, and its association; None when it is wanted no longer."""
    return _if_requested(connection, _BY_ID.first(connection, {"at_id": scp_id}))


def _if_requested(connection: Connection, row: Any) -> tuple[Any, Association] | None:
    if row is None or row.state not in _PENDING:
        return None
    association = association_service.of_any(connection, row.association_id)
    return None if association is None or association.deleted_at is not None else (row, association)


async def make(
    source: ScpSource, signer: SigningKeys, vault: Vault, wanted: ScpRequest, at: datetime
) -> Prepared:
    """Have the content made and put it into a signed envelope, encrypted and ready to be stored. Raises what
    the source raises, and ScpSourceFailed for more than a transaction should take.
    """
    envelope = seal(await source.make(wanted), signer, wanted, at)
    if len(envelope) > SMALL_BYTES:
        raise ScpSourceFailed("too-large")
    return await prepare_blob(envelope, MEDIA_TYPE, vault)


def seal(content: bytes, signer: SigningKeys, wanted: ScpRequest, at: datetime) -> bytes:
    """The signed envelope around the content that was asked for."""
    return seal_envelope(
        content,
        sid=wanted.sid,
        nid=wanted.nid,
        pods=wanted.pods,
        sequence=wanted.sequence,
        issued_at=at,
        expires_at=at + VALIDITY,
        signer=signer,
    )


def store_ready(
    connection: Connection, scp_id: int, envelope: Prepared, *, key_id: str, issued_at: datetime
) -> bool:
    """Store the envelope of a pending file. False, and nothing stored, when it is pending no longer."""
    # Of two jobs at once, one stores content.
    found = _if_requested(connection, _LOCKED.first(connection, {"at_id": scp_id}))
    if found is None:
        return False
    _STORE.run(
        connection,
        {
            "at_id": scp_id,
            "digest": put_blob(connection, envelope),
            "size": envelope.size,
            "key_id": key_id,
            "expires_at": issued_at + VALIDITY,
        },
    )
    record_each(connection, issued_at, AuditAction.SCP_READY, [_entry(scp_id, found[1])])
    if found[0].state == ScpState.AWAITED.value:  # it can be made by now
        waits.tell(connection, scp_id, found[1], issued_at)
    return True


def mark_failed(connection: Connection, scp_id: int, reason: str, at: datetime) -> bool:
    """Note that a REQUESTED file could not be made; `reason` is a constant. False when it was not REQUESTED
    any more.
    """
    failed = connection.execute(
        update(scp_files)
        .where(scp_files.c.id == scp_id, scp_files.c.state == ScpState.REQUESTED.value)
        .values(state=ScpState.FAILED.value, failure=reason)
        .returning(scp_files.c.id)
    ).scalar()
    if failed is None:
        return False
    row = _BY_ID.first(connection, {"at_id": scp_id})
    association = association_service.of_any(connection, row.association_id)
    if association is not None:
        record_each(connection, at, AuditAction.SCP_FAILED, [_entry(scp_id, association, outcome=reason)])
    return True


def latest_for(connection: Connection, actor: Actor, association_id: int) -> ScpFile | None:
    """The newest SCP file of the own integrator's live association, in whatever state; None when none was
    asked for.

    Raises NotPermitted or ScpAssociationGone.
    """
    actor.authorise(Permission.GET_SCP)
    return _latest(connection, _live(connection, actor, association_id))


def newest_of_any(connection: Connection, association: Association) -> ScpFile | None:
    """The newest SCP file of an association, whosever it is: for a bridge that is to load it."""
    return _latest(connection, association)


def newest_ready(connection: Connection, association_ids: Collection[int]) -> dict[int, int]:
    """The newest READY file of each of these associations: their ids."""
    rows = connection.execute(
        select(scp_files.c.association_id, func.max(scp_files.c.id).label("newest"))
        .where(scp_files.c.association_id.in_(association_ids), scp_files.c.state == ScpState.READY.value)
        .group_by(scp_files.c.association_id)
    )
    return {row.association_id: row.newest for row in rows}


def awaited_among(connection: Connection, association_ids: Collection[int]) -> set[int]:
    """Those of these associations whose file somebody of the staff has to attach."""
    waiting = select(scp_files.c.association_id).where(
        scp_files.c.association_id.in_(association_ids), scp_files.c.state == ScpState.AWAITED.value
    )
    return set(connection.scalars(waiting))


def was_delivered(connection: Connection, scp_id: int, person_id: int) -> bool:
    """True if the file was handed to this person before."""
    given = select(scp_deliveries.c.scp_id).where(
        scp_deliveries.c.scp_id == scp_id, scp_deliveries.c.person_id == person_id
    )
    return connection.execute(given.limit(1)).first() is not None


def of_sequence(connection: Connection, association: Association, sequence: int) -> ScpFile | None:
    """The file of the association's device with this number; None where there is none that was made."""
    row = connection.execute(
        select(scp_files).where(
            scp_files.c.association_id == association.id,
            scp_files.c.sequence == sequence,
            scp_files.c.digest.is_not(None),
        )
    ).first()
    return None if row is None else _file(row, association)


def order_for(connection: Connection, association: Association, at: datetime) -> ScpFile:
    """Ask for the current SCP file of an association that a technician is to program. Raises ScpNotReady."""
    return _request(connection, association, at)


def latest_of(
    connection: Connection, actor: Actor, association_ids: Collection[int]
) -> dict[int, tuple[Association, ScpFile | None]]:
    """The own integrator's live associations of these ids, each with its newest SCP file. Raises
    NotPermitted.
    """
    actor.authorise(Permission.GET_SCP)
    own = association_service.of_ids(connection, actor, association_ids)
    newest = (
        select(func.max(scp_files.c.id))
        .where(scp_files.c.association_id.in_(own))
        .group_by(scp_files.c.association_id)
    )
    rows = connection.execute(select(scp_files).where(scp_files.c.id.in_(newest)))
    files = {row.association_id: _file(row, own[row.association_id]) for row in rows}
    return {number: (association, files.get(number)) for number, association in own.items()}


def _latest(connection: Connection, association: Association) -> ScpFile | None:
    row = _LATEST.first(connection, {"of_association": association.id})
    return None if row is None else _file(row, association)


def record_delivery(connection: Connection, actor: Actor, scp_id: int, at: datetime) -> None:
    """Record that a READY file is handed to the actor. Raises what `record_deliveries` raises."""
    record_deliveries(connection, actor, [scp_id], at)


def record_deliveries(connection: Connection, actor: Actor, scp_ids: Collection[int], at: datetime) -> None:
    """Record that READY files are handed to the actor. Raises NotPermitted, ScpAssociationGone or
    ScpNotReady, where one of them is not the actor's to have; nothing is recorded then.
    """
    actor.authorise(Permission.GET_SCP)
    files = {row.id: row for row in connection.execute(select(scp_files).where(scp_files.c.id.in_(scp_ids)))}
    own = association_service.of_ids(connection, actor, {row.association_id for row in files.values()})
    given = [(files[number], own.get(files[number].association_id)) for number in scp_ids if number in files]
    if len(given) != len(scp_ids) or any(association is None for _, association in given):
        raise ScpAssociationGone
    if any(row.digest is None for row, _ in given):
        raise ScpNotReady
    _DELIVER.run_each(
        connection, [{"scp_id": number, "person_id": actor.person_id, "at": at} for number in scp_ids]
    )
    entries = [_entry(row.id, association, actor=actor) for row, association in given if association]
    record_each(connection, at, AuditAction.SCP_DELIVERED, entries)


def _live(connection: Connection, actor: Actor, association_id: int) -> Association:
    """The own integrator's live association. Raises ScpAssociationGone."""
    association = association_service.find(connection, actor, association_id)
    if association is None or association.deleted_at is not None:
        raise ScpAssociationGone
    return association


def _file(row: Any, association: Association) -> ScpFile:
    return ScpFile(
        id=row.id,
        association_id=row.association_id,
        sid=association.sid,
        state=ScpState(row.state),
        sequence=row.sequence,
        digest=row.digest,
        size=row.size,
        key_id=row.key_id,
        failure=row.failure,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _entry(
    scp_id: int, association: Association, *, actor: Actor | None = None, outcome: str | None = None
) -> Entry:
    return Entry(
        subject=None if actor is None else actor.subject,
        integrator_id=association.integrator_id,
        outcome=outcome,
        point=association.point,
        device_id=association.device_id,
        association_id=association.id,
        detail={"scp": scp_id},
    )


_BY_ID = Statement(select(scp_files).where(scp_files.c.id == bindparam("at_id")))
_LOCKED = Statement(select(scp_files).where(scp_files.c.id == bindparam("at_id")).with_for_update())
_LATEST = Statement(
    select(scp_files)
    .where(scp_files.c.association_id == bindparam("of_association"))
    .order_by(scp_files.c.id.desc())
    .limit(1)
)
_REQUEST = Statement(
    lambda insert: (
        insert(scp_files)
        .values(
            sequence=select(func.coalesce(func.max(scp_files.c.sequence), 0) + 1)
            .where(scp_files.c.device_id == bindparam("of_device"))
            .scalar_subquery()
        )
        .on_conflict_do_nothing()
        .returning(*scp_files.c)
    )
)
_STORE = Statement(
    update(scp_files)
    .where(scp_files.c.id == bindparam("at_id"), among(scp_files.c.state, _PENDING))
    .values(
        state=ScpState.READY.value,
        digest=bindparam("digest"),
        size=bindparam("size"),
        key_id=bindparam("key_id"),
        expires_at=bindparam("expires_at"),
    )
)
_DELIVER = Statement(insert(scp_deliveries))
"""Built once: a bulk request runs them for each of its rows."""
