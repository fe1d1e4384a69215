"""What is read from a device at once: who it is, how it is configured, what its meter says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from device_bridge.ab import values
from device_bridge.ab.errors import DeviceRefused
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import DeviceInfo, Diagnostic, Meter, Model, Nack, Row, read_date


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device is. POD and model are None where it is not configured. `links` says of each meter of its
    configuration why it is not reached; None where it is.
    """

    info: DeviceInfo
    pod: str | None
    model: int | None
    links: dict[Meter, DeviceRefused | None]


@dataclass(frozen=True, slots=True)
class Readings:
    """What the meter says; None for what is not available. Energy in Wh, power in W, local time."""

    imported: int | None
    exported: int | None
    produced: int | None
    today: int | None
    power: int | None
    contractual: int | None
    available: int | None
    tariff: int | None
    clock: datetime | None
    diagnostics: tuple[Diagnostic, ...]


_METERS = {
    Model.PRIMARY: (Meter.PRIMARY,),
    Model.PRODUCTION: (Meter.PRODUCTION,),
    Model.PROSUMER: (Meter.PRIMARY, Meter.PRODUCTION),
}
_NOT_THERE = (Nack.NO_DATUM, Nack.NOT_COMMISSIONED, Nack.NO_TARGET, Nack.AUTHENTICATION, Nack.PARAMETER)


async def identify(device: AbSession) -> Identity:
    """Who the device is, and which of its meters it reaches. Raises DeviceError."""
    info = await device.info()
    try:
        pod, model = (await device.row(values.POD)).text, (await device.row(values.MODEL)).number
    except DeviceRefused as refused:
        if refused.reason is not Nack.NOT_COMMISSIONED:
            raise
        return Identity(info, None, None, {})
    known = next((each for each in Model if each == model), Model.PRIMARY)
    links: dict[Meter, DeviceRefused | None] = {}
    for meter in _METERS[known]:
        try:
            await device.check_link(meter)
            links[meter] = None
        except DeviceRefused as refused:
            links[meter] = refused
    return Identity(info, pod, model, links)


async def read(device: AbSession) -> Readings:
    """What the meter says. Raises DeviceError."""
    day, clock = await _value(device, values.DATE), await _value(device, values.TIME)
    return Readings(
        imported=await _number(device, values.IMPORTED),
        exported=await _number(device, values.EXPORTED),
        produced=await _number(device, values.PRODUCED),
        today=await _number(device, values.TODAY),
        power=await _number(device, values.POWER),
        contractual=await _number(device, values.CONTRACTUAL_POWER),
        available=await _number(device, values.AVAILABLE_POWER),
        tariff=await _number(device, values.TARIFF),
        clock=_moment(day, clock),
        diagnostics=tuple(await device.diagnostics(*values.DIAGNOSTICS)),
    )


async def _number(device: AbSession, row: Row) -> int | None:
    value = await _value(device, row)
    return None if value is None else int.from_bytes(value, "big")


async def _value(device: AbSession, row: Row) -> bytes | None:
    try:
        return (await device.row(row)).value
    except DeviceRefused as refused:
        if refused.reason not in _NOT_THERE:
            raise
        return None


def _moment(day: bytes | None, clock: bytes | None) -> datetime | None:
    found = read_date(day or b"")
    if found is None or clock is None or len(clock) != 3:
        return None
    try:
        return datetime.combine(found, time(*clock))
    except ValueError:
        return None
