"""Devices of an integrator."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Row, select

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
    query = select(devices).where(devices.c.integrator_id == actor.integrator_id)
    if sid is not None:
        query = query.where(devices.c.sid == sid)
    if nid is not None:
        query = query.where(devices.c.nid == nid)
    row = connection.execute(query).first()
    return None if row is None else device_of(row)


def candidates(connection: Connection, actor: Actor, *, sid: str | None, nid: str | None) -> list[Device]:
    """The own integrator's devices that have the SID or the NID: two when the codes are of different
    devices. Raises NotPermitted.
    """
    actor.authorise(Permission.SEE_DEVICES)
    rows = connection.execute(
        select(devices)
        .where(
            devices.c.integrator_id == actor.integrator_id, (devices.c.sid == sid) | (devices.c.nid == nid)
        )
        .order_by(devices.c.id)
    )
    return [device_of(row) for row in rows]


def by_ids(connection: Connection, ids: Collection[int]) -> dict[int, Device]:
    """The devices of these ids, whosever they are: for what refers to them within its own tenancy."""
    rows = connection.execute(select(devices).where(devices.c.id.in_(ids)))
    return {row.id: device_of(row) for row in rows}


def device_of(row: Row[tuple[object, ...]]) -> Device:
    """Read a row of the table of devices."""
    return Device(row.id, row.sid, row.nid, DeviceType(row.type), row.integrator_id)
