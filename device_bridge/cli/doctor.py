"""`doctor`: whatever must be right before a device can be programmed, and what to do where it is not."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import typer
from rich.table import Table
from rich.text import Text

from device_bridge.ab.errors import DeviceError
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import DeviceInfo
from device_bridge.cli.common import (
    JsonOption,
    LoaderOption,
    PortsOption,
    console,
    minutes_apart,
    show_json,
    why,
    why_stopped,
    words,
)
from device_bridge.cli.status import Reached, is_at_work, reach
from device_bridge.home import Home, NotPaired, Pairing
from device_bridge.link import TurnedAway
from device_bridge.loaders.registry import NoSuchLoader, loader_named
from device_bridge.reasons import Reason, reason_of
from device_bridge.serial_port import PortUnavailable, SerialTransport
from device_bridge.texts import Texts
from device_bridge.work import SerialPorts


@dataclass(frozen=True, slots=True)
class Check:
    """A check. `ok` is None where it could not be made; `said` is what was found, and what to do."""

    name: str
    ok: bool | None
    said: str


def doctor(port: PortsOption = None, loader: LoaderOption = "", as_json: JsonOption = False) -> None:
    """Check everything that programming needs, and say what to do. Ends with 1 where something is wrong."""
    home = Home.usual()
    found = [*_laptop(home, loader), *_devices(port or [])]
    if as_json:
        show_json([asdict(each) for each in found])
    else:
        console.print(_table(found))
    if any(each.ok is False for each in found):
        raise typer.Exit(1)


def _laptop(home: Home, loader: str) -> Iterator[Check]:
    """The folder, the pairing, the loader, the service, the clock."""
    say = words()
    folder = _folder(home, say)
    yield folder
    alone = True
    if folder.ok:
        alone = not is_at_work(home)
        yield Check("alone", True, say("doctor.alone") if alone else say("doctor.at_work"))
    pairing = _pairing(home)
    loader = loader or (pairing.loader if pairing is not None else "manual")
    try:
        loader_named(loader)
        yield Check("loader", True, loader)
    except NoSuchLoader as error:
        yield Check("loader", False, why_stopped(error, say))
    yield from _service(reach(home, alone=alone) if pairing is not None else None, say)


def _folder(home: Home, say: Texts) -> Check:
    try:
        home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home.folder):
            return Check("folder", True, str(home.folder))
    except OSError as error:
        return Check("folder", False, say("home.unusable", folder=str(home.folder), error=str(error)))


def _pairing(home: Home) -> Pairing | None:
    try:
        home.key()
        return home.pairing()
    except (NotPaired, OSError):
        return None


def _service(reached: Reached | None, say: Texts) -> Iterator[Check]:
    """The gateway, the pairing and the clock, from what a connection showed; None where it is not paired."""
    unknown = say("doctor.unknown")
    if reached is None:
        yield Check("gateway", None, unknown)
        yield Check("paired", False, say("home.not_paired"))
        yield Check("clock", None, unknown)
        return
    error = reached.error
    if error is None or isinstance(error, TurnedAway):
        yield Check("gateway", True, say("status.reached"))
    else:
        yield Check("gateway", False, why_stopped(error, say))
    if isinstance(error, TurnedAway):
        yield Check("paired", False, why_stopped(error, say))
    elif reached.clock is None:
        yield Check("paired", None, unknown)
    else:
        yield Check("paired", True, say("doctor.paired"))
    if reached.clock is None:
        yield Check("clock", None, unknown)
    else:
        minutes = minutes_apart(reached.clock)
        said = say("event.clock_differs", minutes=minutes) if minutes else say("doctor.clock")
        yield Check("clock", not minutes, said)


def _devices(named: list[str]) -> Iterator[Check]:
    """The ports, and whether a device answers on one of them."""
    say = words()
    paths = [each.path for each in SerialPorts(*named).found()]
    results = dict(zip(paths, asyncio.run(_probed_all(paths)), strict=True))
    there = {path: each for path, each in results.items() if not _says(each, "port.missing", "port.failed")}
    if not there:
        said = [why(each, say) for each in results.values() if isinstance(each, Reason)]
        yield Check("port", False, "\n".join(said) or say("port.none"))
        for name in ("permission", "free", "device"):
            yield Check(name, None, say("doctor.unknown"))
        return
    yield Check("port", True, "\n".join(there))
    devices = {path: each for path, each in there.items() if isinstance(each, DeviceInfo)}
    for name, word in (("permission", "port.permission"), ("free", "port.busy")):
        bad = [path for path, each in there.items() if _says(each, word)]
        # A port beside that of the device may be anybody's.
        ok = bool(devices) or not bad
        yield Check(
            name, ok, say(f"doctor.{name}") if ok else "\n".join(say(word, port=path) for path in bad)
        )
    if devices:
        said = [say("identify.info", nid=each.nid, firmware=each.firmware) for each in devices.values()]
        yield Check("device", True, "\n".join(said))
    else:
        opened = {
            path: each for path, each in there.items() if not _says(each, "port.permission", "port.busy")
        }
        said = [f"{path}: {why(each, say)}" for path, each in opened.items() if isinstance(each, Reason)]
        yield Check("device", False if said else None, "\n".join(said) or say("doctor.unknown"))


def _says(result: DeviceInfo | Reason, *words: str) -> bool:
    return isinstance(result, Reason) and result.word in words


async def _probed_all(paths: list[str]) -> list[DeviceInfo | Reason]:
    return await asyncio.gather(*(_probed(path) for path in paths))


async def _probed(path: str) -> DeviceInfo | Reason:
    """Who answers on a port, or why nobody does."""
    try:
        transport = await SerialTransport.open(path)
        try:
            device = AbSession(transport)
            await device.open()
            return await device.info()
        finally:
            await transport.close()
    except (DeviceError, PortUnavailable) as error:
        return reason_of(error)


def _table(found: list[Check]) -> Table:
    say = words()
    table = Table(box=None, show_header=False, pad_edge=False)
    marks = {True: ("ok", "green"), False: ("not", "red"), None: ("skipped", "yellow")}
    for each in found:
        mark, style = marks[each.ok]
        name = say(f"doctor.name_{each.name}")
        table.add_row(Text(say(f"doctor.{mark}"), style), Text(name), Text(each.said))
    return table
