"""Creating, deleting and finding associations. Each raises NotPermitted where the actor may not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, select, update

from backend.associations import telling
from backend.associations.errors import (
    AlreadyDeleted,
    AssociationNotFound,
    DeviceInUse,
    DeviceMismatch,
    DeviceTypeMismatch,
    DeviceUnknown,
    NotExchangePod,
    NotGesis,
    PointChanged,
    ProductionPodMissing,
    ProductionPodNotWanted,
    ProductionPodUnknown,
    SupplyAssociated,
    SupplyNotEligible,
)
from backend.associations.models import associations
from backend.associations.values import Association, AssociationRequest, Configuration, TellingState
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import Statement
from backend.devices import service as devices
from backend.devices.values import Device, DeviceType
from backend.gesis import service as gesis
from backend.gesis.values import Factor, factor_of
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.supplies.outcome import judge, point_to_check
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer, LookUp, LookUpOutcome, PointStanding, SupplyFound


def create(
    connection: Connection,
    actor: Actor,
    request: AssociationRequest,
    facts: SupplyFound,
    at: datetime,
) -> Association:
    """Associate a supply with a device, as the central system described the supply a moment ago (`facts`).

    Raises NotPermitted, NotExchangePod, SupplyNotEligible, a ProductionPodRefused, a DeviceRefused or
    SupplyAssociated; nothing was changed then. Of two that are created at once for one point or one device,
    one is refused. Raises ValueError when `facts` are about another supply than the request.
    """
    actor.authorise(Permission.ASSOCIATE)
    if facts.production_asked:
        raise NotExchangePod(facts.supply.pod)
    if facts.supply.point != request.pod.point:
        raise ValueError("the facts are about another supply")
    if (outcome := judge(facts.asked, facts, None).outcome) is not LookUpOutcome.ELIGIBLE:
        raise SupplyNotEligible(outcome)
    _check_production(request, facts)
    device = _device_for(connection, actor, request.sid, request.nid, request.device_type)
    association_id = _occupy(connection, actor, request, facts, device, at)
    telling.want(connection, association_id, at)
    record(
        connection,
        at,
        AuditAction.ASSOCIATION_CREATED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        point=request.pod.point,
        device_id=device.id,
        association_id=association_id,
        detail={"configuration": request.configuration.value, "device_type": device.type.value},
    )
    return get(connection, actor, association_id)


def delete(connection: Connection, actor: Actor, association_id: int, at: datetime) -> Association:
    """Delete a live association; it stays on record. Returns it as deleted.

    Raises NotPermitted, AssociationNotFound or AlreadyDeleted.
    """
    actor.authorise(Permission.DELETE_ASSOCIATION)
    deleted = connection.execute(
        update(associations)
        .where(
            associations.c.id == association_id,
            associations.c.integrator_id == actor.integrator_id,
            associations.c.deleted_at.is_(None),
        )
        .values(deleted_at=at, deleted_by=actor.person_id)
        .returning(associations.c.id)
    ).scalar()
    association = get(connection, actor, association_id)
    if deleted is None and association.deleted_at is not None:
        raise AlreadyDeleted(association.deleted_at)
    telling.want_deleted(connection, association_id, at)
    record(
        connection,
        at,
        AuditAction.ASSOCIATION_DELETED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        point=association.point,
        device_id=association.device_id,
        association_id=association_id,
    )
    return association


def replace(
    connection: Connection,
    actor: Actor,
    association_id: int,
    request: AssociationRequest,
    facts: SupplyFound,
    at: datetime,
) -> Association:
    """Delete an association and create another one for the same supply point, both or neither. Returns the
    new one.

    Raises what `delete` and `create` raise, and PointChanged.
    """
    with connection.begin_nested():
        old = delete(connection, actor, association_id, at)
        if old.point != request.pod.point:
            raise PointChanged
        return create(connection, actor, request, facts, at)


def get(connection: Connection, actor: Actor, association_id: int) -> Association:
    """The own integrator's association of an id, live or deleted. Raises AssociationNotFound."""
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    row = _BY_ID.first(connection, {"at_id": association_id})
    if row is None or row.integrator_id != actor.integrator_id:
        raise AssociationNotFound
    return read(row)


def of_any(connection: Connection, association_id: int) -> Association | None:
    """The association of an id, whosever it is: for work that an integrator asked for in a turn before."""
    row = _BY_ID.first(connection, {"at_id": association_id})
    return None if row is None else read(row)


ASSOCIATIONS = select(
    associations,
    devices.sid_of(associations.c.device_id).label("sid"),
    devices.nid_of(associations.c.device_id).label("nid"),
    identity.business_name_of(associations.c.integrator_id).label("integrator_name"),
    identity.name_of(associations.c.created_by).label("created_by_name"),
    identity.name_of(associations.c.deleted_by).label("deleted_by_name"),
    identity.name_of(associations.c.confirmed_by).label("confirmed_by_name"),
    gesis.written_of(associations.c.integrator_id, associations.c.point, associations.c.meter_serial).label(
        "factor"
    ),
    telling.state_of(associations.c.id).label("telling"),
    telling.untold_since(associations.c.id).label("untold_since"),
)
_BY_ID = Statement(ASSOCIATIONS.where(associations.c.id == bindparam("at_id")))
_LIVE_OF_DEVICE = Statement(
    ASSOCIATIONS.where(
        associations.c.device_id == bindparam("of_device"), associations.c.deleted_at.is_(None)
    )
)


def of_ids(connection: Connection, actor: Actor, ids: Collection[int]) -> dict[int, Association]:
    """The own integrator's live associations of these ids."""
    query = _own(actor).where(associations.c.id.in_(ids), associations.c.deleted_at.is_(None))
    return {each.id: each for each in map(read, connection.execute(query))}


def is_live(association_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """True if the association of another table's column was not deleted: a condition of its query."""
    return exists().where(associations.c.id == association_id, associations.c.deleted_at.is_(None))


def live_of_any(connection: Connection, *, point: str | None = None, sid: str | None = None) -> int | None:
    """The live association of a supply point, or of the device with this SID, whosever it is: its id."""
    query = select(associations.c.id).where(associations.c.deleted_at.is_(None))
    if point is not None:
        query = query.where(associations.c.point == point)
    if sid is not None:
        query = query.where(devices.sid_of(associations.c.device_id) == sid)
    found = list(connection.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None


def creator_of(connection: Connection, association_id: int) -> int | None:
    """Who made an association: their id."""
    query = select(associations.c.created_by).where(associations.c.id == association_id)
    found: int | None = connection.scalar(query)
    return found


def of_ids_of_any(connection: Connection, ids: Collection[int]) -> dict[int, Association]:
    """The associations of these ids, whosever they are, live or deleted: see `of_any`."""
    rows = connection.execute(ASSOCIATIONS.where(associations.c.id.in_(ids)))
    return {each.id: each for each in map(read, rows)}


def deleted_among(connection: Connection, ids: Collection[int]) -> set[int]:
    """Those of these associations that were deleted."""
    deleted = select(associations.c.id).where(
        associations.c.id.in_(ids), associations.c.deleted_at.is_not(None)
    )
    return set(connection.scalars(deleted))


def successor_of(connection: Connection, association: Association) -> int | None:
    """The live association of a deleted one's supply point, if the same integrator has it: its id."""
    row = _STANDING.first(connection, {"at_point": association.point})
    return row.id if row is not None and row.integrator_id == association.integrator_id else None


def confirm(connection: Connection, association_id: int, person_id: int, at: datetime) -> None:
    """A technician has confirmed on site that the device is installed; the first time counts."""
    confirmed = connection.execute(
        update(associations)
        .where(associations.c.id == association_id, associations.c.confirmed_at.is_(None))
        .values(confirmed_at=at, confirmed_by=person_id)
        .returning(associations.c.deleted_at)
    ).first()
    if confirmed is not None and confirmed.deleted_at is None:
        telling.want(connection, association_id, at)


def keep_factor(
    connection: Connection, actor: Actor, association_id: int, factor: Factor, at: datetime
) -> Association:
    """Say what the factor K of a live association's meter is. Returns the association with it.

    Raises NotPermitted, AssociationNotFound, AlreadyDeleted, or NotGesis.
    """
    actor.authorise(Permission.KEEP_FACTOR)
    found = get(connection, actor, association_id)
    if found.deleted_at is not None:
        raise AlreadyDeleted(found.deleted_at)
    if not found.gesis:
        raise NotGesis
    gesis.keep(connection, actor, found.point, found.meter_serial, factor, at, association_id=found.id)
    return get(connection, actor, association_id)


def find(connection: Connection, actor: Actor, association_id: int) -> Association | None:
    """The own integrator's association of an id, live or deleted, or None."""
    try:
        return get(connection, actor, association_id)
    except AssociationNotFound:
        return None


def find_by_device(connection: Connection, actor: Actor, device_id: int) -> Association | None:
    """The own integrator's live association of a device (`backend.devices.service.find` gives its id), or
    None.
    """
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    row = _LIVE_OF_DEVICE.first(connection, {"of_device": device_id})
    if row is None or row.integrator_id != actor.integrator_id:
        return None
    return read(row)


_STANDING = Statement(
    select(associations.c.id, associations.c.integrator_id, associations.c.meter_serial).where(
        associations.c.point == bindparam("at_point"), associations.c.deleted_at.is_(None)
    )
)
"""Built once: every look-up asks for it."""


def standing_of(connection: Connection, actor: Actor, point: str) -> PointStanding | None:
    """The live association of a point, identified only if it is the own integrator's; None when it has
    none. Raises NotPermitted.
    """
    actor.authorise(Permission.LOOK_UP)
    row = _STANDING.first(connection, {"at_point": point})
    if row is None:
        return None
    own = row.integrator_id == actor.integrator_id
    return PointStanding(row.id, row.meter_serial) if own else PointStanding(None)


def judged(connection: Connection, actor: Actor, pod: Pod, answer: CentralAnswer | Exception) -> LookUp:
    """Judge the central system's answer for the actor. Raises NotPermitted."""
    return judge(pod, answer, standing_of(connection, actor, point_to_check(pod, answer)))


def latest(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Association]:
    """The own integrator's live associations, newest first; `before` is the id that the page before ended
    with.
    """
    query = _own(actor).where(associations.c.deleted_at.is_(None))
    if before is not None:
        query = query.where(associations.c.id < before)
    query = query.order_by(associations.c.id.desc()).limit(limit)
    return [read(row) for row in connection.execute(query)]


def _check_production(request: AssociationRequest, facts: SupplyFound) -> None:
    if request.configuration is Configuration.STANDARD:
        if request.production_pod is not None:
            raise ProductionPodNotWanted
    elif request.production_pod is None:
        raise ProductionPodMissing
    elif request.production_pod.point not in {production.point for production in facts.productions}:
        raise ProductionPodUnknown


def free_device(
    connection: Connection,
    actor: Actor,
    *,
    sid: str | None,
    nid: str | None,
    device_type: DeviceType,
    replaces: int | None = None,
) -> Device:
    """The device of these codes, if the actor could associate it now: what `create` will check once more.

    `replaces` is an association that would be deleted first, whose device is therefore free. Raises a
    DeviceRefused.
    """
    device = _device_for(connection, actor, sid, nid, device_type)
    in_use = find_by_device(connection, actor, device.id)
    if in_use is not None and in_use.id != replaces:
        raise DeviceInUse(in_use.id, in_use.pod)
    return device


def _device_for(
    connection: Connection, actor: Actor, sid: str | None, nid: str | None, device_type: DeviceType
) -> Device:
    found = devices.candidates(connection, actor, sid=sid, nid=nid)
    if not found:
        raise DeviceUnknown
    device = found[0]
    if len(found) > 1 or sid not in (None, device.sid) or nid not in (None, device.nid):
        raise DeviceMismatch
    if device.type is not device_type:
        raise DeviceTypeMismatch(device.type)
    return device


def _occupy(
    connection: Connection,
    actor: Actor,
    request: AssociationRequest,
    facts: SupplyFound,
    device: Device,
    at: datetime,
) -> int:
    """Insert the row, or raise what stands in its way: SupplyAssociated or DeviceInUse."""
    for _ in range(3):  # what stood in the way may be deleted before it is looked at
        inserted = _insert(connection, actor, request, facts, device, at)
        if inserted is not None:
            return inserted
        standing = standing_of(connection, actor, request.pod.point)
        if standing is not None:
            raise SupplyAssociated(standing.own_id)
        in_use = find_by_device(connection, actor, device.id)
        if in_use is not None:
            raise DeviceInUse(in_use.id, in_use.pod)
    raise DeviceUnknown  # another integrator's association holds a device that has changed hands since


def _insert(
    connection: Connection,
    actor: Actor,
    request: AssociationRequest,
    facts: SupplyFound,
    device: Device,
    at: datetime,
) -> int | None:
    """Insert the row unless the point or the device has a live association; the unique keys decide."""
    supply = facts.supply
    inserted: int | None = _INSERT.scalar(
        connection,
        {
            "integrator_id": actor.integrator_id,
            "point": request.pod.point,
            "pod": supply.pod.code,
            "production_pod": None if request.production_pod is None else request.production_pod.code,
            "device_id": device.id,
            "device_type": device.type.value,
            "configuration": request.configuration.value,
            "eneltel": supply.eneltel,
            "meter_serial": supply.meter_serial,
            "gesis": supply.gesis,
            "over_65_kw": supply.over_65_kw,
            "created_at": at,
            "created_by": actor.person_id,
        },
    )
    return inserted


_INSERT = Statement(lambda insert: insert(associations).on_conflict_do_nothing().returning(associations.c.id))


def _own(actor: Actor) -> Select[Any]:
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    return ASSOCIATIONS.where(associations.c.integrator_id == actor.integrator_id)


def read(row: Any) -> Association:
    return Association(
        id=row.id,
        pod=Pod(row.pod, row.pod),
        production_pod=None if row.production_pod is None else Pod(row.production_pod, row.production_pod),
        device_id=row.device_id,
        sid=row.sid,
        nid=row.nid,
        device_type=DeviceType(row.device_type),
        configuration=Configuration(row.configuration),
        eneltel=row.eneltel,
        meter_serial=row.meter_serial,
        gesis=row.gesis,
        over_65_kw=row.over_65_kw,
        integrator_id=row.integrator_id,
        integrator_name=row.integrator_name,
        created_at=row.created_at,
        created_by=row.created_by_name,
        deleted_at=row.deleted_at,
        deleted_by=row.deleted_by_name,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by_name,
        factor=factor_of(row.factor),
        telling=TellingState.TOLD if row.telling is None else TellingState(row.telling),
        untold_since=row.untold_since,
    )
