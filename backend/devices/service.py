"""Devices of an integrator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, bindparam, select

from backend.core.db.statements import Statement
from backend.devices.models import devices
from backend.devices.values import Device, DeviceType
from backend.identity.permissions import Permission
from backend.identity.values import Actor


def find(
    connection: Connection, actor: Actor, *, sid: str | None = None, nid: str | None = None
) -> Device | None:
    """The own integrator's device of a SID or a NID (both: the device that has both), or None.

    A device of another integrator answers like an unknown one. Raises ValueError when neither code is given,
    and NotPermitted.
    """
    if sid is None and nid is None:
        raise ValueError("a SID or a NID is needed")
    actor.authorise(Permission.SEE_DEVICES)
    found = candidates(connection, actor, sid=sid, nid=nid)
    return next((each for each in found if sid in (None, each.sid) and nid in (None, each.nid)), None)


def candidates(connection: Connection, actor: Actor, *, sid: str | None, nid: str | None) -> list[Device]:
    """The own integrator's devices that have the SID or the NID: two when the codes are of different
    devices. Raises NotPermitted.
    """
    actor.authorise(Permission.SEE_DEVICES)
    rows = [] if sid is None else _OF_SID.all(connection, {"at_sid": sid})
    rows += [] if nid is None else _OF_NID.all(connection, {"at_nid": nid})
    found = {row.id: device_of(row) for row in rows if row.integrator_id == actor.integrator_id}
    return [found[number] for number in sorted(found)]


def sid_of(device_id: ColumnElement[Any]) -> ColumnElement[str]:
    """The SID of the device of another table's column, as a column of that table's query."""
    return select(devices.c.sid).where(devices.c.id == device_id).scalar_subquery()


def nid_of(device_id: ColumnElement[Any]) -> ColumnElement[str]:
    """The NID of the device of another table's column, as a column of that table's query."""
    return select(devices.c.nid).where(devices.c.id == device_id).scalar_subquery()


def codes() -> Subquery:
    """Every device's `id`, `sid` and `nid`, for queries of many rows to join."""
    return select(devices.c.id, devices.c.sid, devices.c.nid).subquery("codes")


def has_codes(
    device_id: ColumnElement[Any], *, sid: str | None = None, nid: str | None = None
) -> ColumnElement[bool]:
    """True if the device of another table's column has these codes: a condition of its query."""
    query = select(devices.c.id)
    if sid is not None:
        query = query.where(devices.c.sid == sid)
    if nid is not None:
        query = query.where(devices.c.nid == nid)
    return device_id.in_(query)


_OF_SID = Statement(select(devices).where(devices.c.sid == bindparam("at_sid")))
_OF_NID = Statement(select(devices).where(devices.c.nid == bindparam("at_nid")))


def device_of(row: Any) -> Device:
    """Read a row of the table of devices."""
    return Device(row.id, row.sid, row.nid, DeviceType(row.type), row.integrator_id)
