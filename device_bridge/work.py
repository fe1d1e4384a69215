"""The laptop's work: finds devices on its ports, reads them, programs them, and keeps the journal.

One thing at a time is done on a port, so one job at a time on a device; several ports work side by side.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from device_bridge import readings
from device_bridge.ab.errors import DeviceError, LinkLost
from device_bridge.ab.session import ANSWER_SECONDS, AbSession
from device_bridge.ab.values import DeviceInfo, Led, Log, LogKind
from device_bridge.journal import JobState, Journal
from device_bridge.loaders.loader import LoadFailed
from device_bridge.loaders.registry import MakeLoader, Surroundings
from device_bridge.programmer import Assignment, Programmer, ProgrammingFailed, Step, WrongDevice
from device_bridge.readings import Identity, Readings
from device_bridge.reasons import Busy, Gone, NotHere, Reason, reason_of
from device_bridge.serial_port import Port, PortUnavailable, SerialTransport, ports
from device_bridge.transports import Transport
from device_bridge.wire.errors import EnvelopeError
from device_bridge.wire.messages import JobOrder
from device_bridge.wire.report import Report, is_simulated, seal_report
from device_bridge.wire.signing import SigningKeys, TrustedKeys

PLUG_SECONDS = 20.0
"""For so long a job waits for a cable that was pulled."""
LOOK_SECONDS = 0.5
FAILURES = (DeviceError, PortUnavailable, ProgrammingFailed, EnvelopeError, LoadFailed, NotHere, Busy, Gone)
"""What a command or a programming may end with."""


class Ports(Protocol):
    """The ports of a machine."""

    def found(self) -> Sequence[Port]:
        """Those that are there now."""

    async def open(self, path: str) -> Transport:
        """Open one, for nobody else. Raises PortUnavailable."""


class SerialPorts:
    """The serial ports, and those that were named."""

    def __init__(self, *named: str) -> None:
        self._named = named

    def found(self) -> Sequence[Port]:
        if self._named:
            return [Port(path, "", "") for path in self._named]
        return ports()

    async def open(self, path: str) -> Transport:
        return await SerialTransport.open(path)


Told = Callable[[JobOrder, int, Step, int, int], None]
"""`(order, attempt, step, done, of)`: how far a programming is."""


async def nobody(file: Path, job: int = 0) -> None:
    """There is nobody to load a file by hand."""
    raise LoadFailed("nobody")


class Work:
    """Works on the devices of this laptop."""

    def __init__(
        self,
        journal: Journal,
        ports: Ports,
        make_loader: MakeLoader,
        key: SigningKeys,
        trusted: Callable[[], TrustedKeys],
        now: Callable[[], datetime],
        *,
        files: Path,
        loaded: Callable[..., Awaitable[None]] = nobody,
        answer_seconds: float = ANSWER_SECONDS,
        plug_seconds: float = PLUG_SECONDS,
    ) -> None:
        self.journal = journal
        self._ports = ports
        self._make_loader = make_loader
        self._key = key
        self._trusted = trusted
        self._now = now
        self._files, self._loaded = files, loaded
        self._answer_seconds = answer_seconds
        self._plug_seconds = plug_seconds
        self._locks: dict[str, asyncio.Lock] = {}

    async def devices(self) -> list[dict[str, Any]]:
        """What is on each port: an identity, or a reason. JSON."""
        found = self._ports.found()
        return list(await asyncio.gather(*(self._seen(port.path) for port in found)))

    async def _seen(self, path: str) -> dict[str, Any]:
        try:
            async with self._session(path) as device:
                return {"port": path, **identity_json(await readings.identify(device))}
        except FAILURES as error:
            reason = reason_of(error)
            return {"port": path, "reason": reason.word, "values": dict(reason.values)}

    async def read(self, nid: str, log: str = "") -> dict[str, Any]:
        """What the meter of a device says, and its log where one is named. JSON. Raises one of FAILURES."""
        kind = next((each for each in LogKind if each.name.lower() == log), None)
        async with self._session(await self._find(nid)) as device:
            info = await _right(device, nid)
            found = readings_json(await readings.read(device))
            samples = None if kind is None else log_json(await device.log(kind))
            return {**found, "nid": info.nid, "log": samples}

    async def blink(self, nid: str) -> dict[str, Any]:
        """Let a device's LED blink. Raises one of FAILURES."""
        path = await self._find(nid)
        async with self._session(path) as device:
            await _right(device, nid)
            await device.show(Led.GREEN_FAST)
        return {"port": path}

    async def program(self, number: int, told: Told, *, again: bool = False) -> Report:
        """Carry a job out. The journal knows of it before anything is done, and how it ended. Raises one of
        FAILURES: the journal has it too, but where the try was not begun (Gone, Busy).
        """
        job = self.journal.get(number)
        if job is None or (job.state is JobState.DONE and not again):
            raise Gone
        try:
            attempt = self.journal.begin(number, self._now())
        except KeyError as error:
            raise Busy from error
        step, order = Step.IDENTIFY, job.order

        def tell(now: Step, done: int, of: int) -> None:
            nonlocal step
            if now is not step:
                step = now
                self.journal.note_step(number, step)
            if now in (Step.LOAD, Step.HAND_OVER) and not done:
                self.journal.note_sequence(order.nid, order.sequence)
            told(order, attempt, now, done, of)

        try:
            report = await self._program(order, attempt, tell)
        except FAILURES as error:
            self.journal.failed(number, attempt, reason_of(error, step), self._now())
            raise
        except Exception:  # a defect; the server must not wait for it
            self.journal.failed(number, attempt, Reason(step, "failed", {}), self._now())
            raise
        self.journal.done(number, attempt, seal_report(report, self._key))
        return report

    async def _program(self, order: JobOrder, attempt: int, told: Callable[[Step, int, int], None]) -> Report:
        path = await self._find(order.nid)
        assignment = Assignment(
            job=str(order.job),
            attempt=attempt,
            sid=order.sid,
            nid=order.nid,
            pods=tuple(order.pods),
            sequence=order.sequence,
            envelope=order.envelope,
            last=max(order.last, self.journal.last_sequence(order.nid)),
        )
        async with self._held(path):
            programmer = Programmer(
                lambda: self._plugged(path),
                self._make_loader(Surroundings(self._files, partial(self._loaded, job=order.job))),
                self._trusted(),
                self._now,
                self._answer_seconds,
            )
            return await programmer.program(assignment, told)

    async def _find(self, nid: str) -> str:
        """The port of a device; of the only port that there is, whatever is on it. Raises PortUnavailable or
        NotHere.
        """
        found = [port.path for port in self._ports.found()]
        if not found:
            raise PortUnavailable("none", "")
        if len(found) == 1:
            return found[0]
        seen = await self.devices()
        for each in seen:
            if nid and each.get("nid") == nid:
                return str(each["port"])
        connected = [str(each["nid"]) for each in seen if "nid" in each]
        if not nid and len(connected) == 1:
            return next(str(each["port"]) for each in seen if "nid" in each)
        if not nid:
            raise PortUnavailable("which", "")
        raise NotHere(nid, connected)

    async def _plugged(self, path: str) -> Transport:
        """The port, as soon as it is there again. Raises PortUnavailable, or LinkLost where it stays away."""
        until = time.monotonic() + self._plug_seconds
        while True:
            try:
                return await self._ports.open(path)
            except PortUnavailable as error:
                if error.reason not in ("missing", "failed"):
                    raise
                if time.monotonic() >= until:
                    raise LinkLost from error
            await asyncio.sleep(LOOK_SECONDS)

    @asynccontextmanager
    async def _held(self, path: str) -> AsyncIterator[None]:
        """The port, for one task at a time. Raises Busy."""
        lock = self._locks.setdefault(path, asyncio.Lock())
        if lock.locked():
            raise Busy
        async with lock:
            yield

    @asynccontextmanager
    async def _session(self, path: str) -> AsyncIterator[AbSession]:
        async with self._held(path):
            transport = await self._ports.open(path)
            try:
                device = AbSession(transport, answer_seconds=self._answer_seconds)
                await device.open()
                yield device
            finally:
                await transport.close()


async def _right(device: AbSession, nid: str) -> DeviceInfo:
    """Who the device is. Raises WrongDevice where another one is wanted; empty: any."""
    info = await device.info()
    if nid and info.nid != nid:
        raise WrongDevice(info.nid, nid)
    return info


def identity_json(found: Identity) -> dict[str, Any]:
    """Who a device is, as JSON."""
    links = {
        meter.name.lower(): "ok" if refused is None else str(refused)
        for meter, refused in found.links.items()
    }
    return {
        **asdict(found.info),
        "pod": found.pod,
        "model": found.model,
        "links": links,
        "simulated": is_simulated(found.info.firmware),
    }


def readings_json(found: Readings) -> dict[str, Any]:
    """What a meter says, as JSON."""
    clock = None if found.clock is None else found.clock.isoformat()
    return {**asdict(found), "diagnostics": [asdict(each) for each in found.diagnostics], "clock": clock}


def log_json(log: Log) -> dict[str, Any]:
    """A log, as JSON: each sample its local time and the Wh."""
    samples = [[each.at.isoformat(), each.energy] for each in log.samples]
    return {"kind": log.kind.name.lower(), "minutes": log.minutes, "samples": samples}
