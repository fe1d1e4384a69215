"""Programming a device: from who it is to what it proves.

    IDENTIFY ──► CHECK ──► LOAD ──► READ_BACK ──► the report
       ▲           │ │       │          │  ▲
       └───────────┴─│───────┴──────────┘  │
              the cable was pulled: it may be another device now
                     └──► HAND_OVER ──► IDENTIFY, CHECK again

The port stays open for the whole job, and for nobody else, but while another program loads. Nothing is
written before the device is the right one and the envelope holds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from device_bridge.ab.errors import DeviceError, LinkLost
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import Led, Model
from device_bridge.loaders.loader import HandOver, LineUnsure, LoadFailed, ScpLoader
from device_bridge.readings import Identity, identify
from device_bridge.transports import Transport
from device_bridge.wire.envelope import Envelope, open_envelope
from device_bridge.wire.report import Outcome, Report, is_simulated
from device_bridge.wire.signing import TrustedKeys

CLOCK_TOLERANCE = timedelta(hours=26)
"""How wrong a laptop's clock may be: a day, and a time zone set badly."""
RECONNECTIONS = 3
UNSURE = 3
"""How often a load goes on after silence, or an answer that cannot be read."""


class Step(StrEnum):
    """Where a programming is."""

    IDENTIFY = "identify"
    """Which device is connected? Its LED blinks."""
    CHECK = "check"
    """Is the envelope genuine, for this device, in order, in time?"""
    LOAD = "load"
    """The content goes onto the device, and the device says its digest."""
    HAND_OVER = "hand_over"
    """In place of LOAD: the technician loads the file with another program, which has the port meanwhile."""
    READ_BACK = "read_back"
    """POD, NID, model and the links to the meters are read from the device."""


class ProgrammingFailed(Exception):
    """The programming ended without a proof, at this step."""

    def __init__(self, step: Step, message: str = "") -> None:
        super().__init__(message or step.value)
        self.step = step


class WrongDevice(ProgrammingFailed):
    """Another device is connected; nothing was written. Both are NIDs."""

    def __init__(self, connected: str, expected: str) -> None:
        super().__init__(Step.IDENTIFY, f"{connected} is connected, {expected} is expected")
        self.connected, self.expected = connected, expected


class WrongEnvelope(ProgrammingFailed):
    """The envelope is for another device or association, or older than what the device was given already."""

    def __init__(self, why: str) -> None:
        super().__init__(Step.CHECK, why)


class OtherContent(ProgrammingFailed):
    """The device holds other bytes than were sent."""

    def __init__(self) -> None:
        super().__init__(Step.LOAD, "the device's digest is another one")


class ReadOtherwise(ProgrammingFailed):
    """What was read back is not what the file should have made. `field` says what differs."""

    def __init__(self, field: str) -> None:
        super().__init__(Step.READ_BACK, field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be programmed: the job and which try this is, the association's device and PODs, the file's
    number among those of the device, and its envelope. `last` is the sequence of the latest file that this
    device is known to have been given: an older one is refused, the same one may be loaded again.
    """

    job: str
    attempt: int
    sid: str
    nid: str
    pods: tuple[str, ...]
    sequence: int
    envelope: bytes
    last: int = 0


Told = Callable[[Step, int, int], None]
"""`(step, done, of)`: how far it is; 0 of 0 where that cannot be said."""
Opener = Callable[[], Awaitable[Transport]]


@dataclass(frozen=True)
class Programmer:
    """Programs the device on one port. `open_port` opens it, again after the cable was pulled: it waits for
    the device, and raises LinkLost where none comes.
    """

    open_port: Opener
    loader: ScpLoader | HandOver
    trusted_keys: TrustedKeys
    now: Callable[[], datetime]
    answer_seconds: float = 1.0

    async def program(self, assignment: Assignment, told: Told) -> Report:
        """Program the device. Raises ProgrammingFailed, EnvelopeError, LoadFailed or DeviceError; only a
        report says that it was done.
        """
        began_at, left = self.now(), RECONNECTIONS
        before: Identity | None = None
        while True:
            transport = await self.open_port()
            try:
                device = AbSession(transport, answer_seconds=self.answer_seconds)
                if isinstance(self.loader, ScpLoader):
                    envelope, held = await self._loaded(self.loader, assignment, device, transport, told)
                    return await self._read_back(assignment, envelope, device, told, held, began_at)
                envelope = await self._checked(assignment, device, told)
                if before is not None:
                    return await self._read_back(assignment, envelope, device, told, None, began_at, before)
                # Another program loads, and needs the port. When it is ours again, all begins anew.
                before = await identify(device)
                await transport.close()
                told(Step.HAND_OVER, 0, 0)
                await self.loader.hand_over(envelope.content, f"{envelope.sid}-{envelope.sequence}.scp")
            except LinkLost:
                if not left:
                    raise
                left -= 1
            finally:
                await transport.close()

    async def _loaded(
        self,
        loader: ScpLoader,
        assignment: Assignment,
        device: AbSession,
        transport: Transport,
        told: Told,
    ) -> tuple[Envelope, bytes | None]:
        """The envelope, and what the device says of what it holds. After silence it may be another device: it
        is identified again before another byte is written.
        """
        for left in range(UNSURE, -1, -1):
            envelope = await self._checked(assignment, device, told)
            try:
                return envelope, await self._load(loader, envelope, transport, told)
            except LineUnsure as error:
                if not left:
                    raise LoadFailed(str(error)) from error
        raise LoadFailed("line")

    async def _checked(self, assignment: Assignment, device: AbSession, told: Told) -> Envelope:
        """The envelope, when the device and the envelope are the right ones."""
        told(Step.IDENTIFY, 0, 0)
        await device.open()
        info = await device.info()
        if info.nid != assignment.nid:
            raise WrongDevice(info.nid, assignment.nid)
        await device.show(Led.GREEN_FAST)
        told(Step.CHECK, 0, 0)
        envelope = open_envelope(assignment.envelope, self.trusted_keys, self.now(), CLOCK_TOLERANCE)
        _check(envelope, assignment)
        return envelope

    async def _load(
        self, loader: ScpLoader, envelope: Envelope, transport: Transport, told: Told
    ) -> bytes | None:
        told(Step.LOAD, 0, len(envelope.content))
        held = await loader.load(envelope.content, transport, lambda done, of: told(Step.LOAD, done, of))
        if held is not None and held != envelope.sha256:
            raise OtherContent
        return held

    async def _read_back(
        self,
        assignment: Assignment,
        envelope: Envelope,
        device: AbSession,
        told: Told,
        held: bytes | None,
        began_at: datetime,
        before: Identity | None = None,
    ) -> Report:
        told(Step.READ_BACK, 0, 0)
        await device.open()  # it may have started again
        found = await identify(device)
        outcome = _judged(found, envelope, proved=held is not None)
        if before is not None and (before.pod, before.model) == (found.pod, found.model):
            outcome = Outcome.UNPROVED
        try:
            await device.show(Led.GREEN)
        except LinkLost:
            raise
        except DeviceError:
            pass  # the proof is there, whatever the LED shows
        return self._report(assignment, envelope, found, outcome, held, began_at)

    def _report(
        self,
        assignment: Assignment,
        envelope: Envelope,
        found: Identity,
        outcome: Outcome,
        held: bytes | None,
        began_at: datetime,
    ) -> Report:
        return Report(
            job=assignment.job,
            attempt=assignment.attempt,
            outcome=outcome,
            sid=envelope.sid,
            nid=found.info.nid,
            sequence=envelope.sequence,
            loader=self.loader.name,
            sha256=envelope.sha256,
            held=held,
            pod=found.pod,
            model=found.model,
            firmware=found.info.firmware,
            links={
                meter.name.lower(): "ok" if refused is None else str(refused)
                for meter, refused in found.links.items()
            },
            simulated=is_simulated(found.info.firmware),
            began_at=began_at,
            ended_at=self.now(),
        )


def _check(envelope: Envelope, assignment: Assignment) -> None:
    if (envelope.nid, envelope.sid) != (assignment.nid, assignment.sid):
        raise WrongEnvelope("device")
    if envelope.pods != assignment.pods:
        raise WrongEnvelope("pods")
    if envelope.sequence != assignment.sequence or envelope.sequence < assignment.last:
        raise WrongEnvelope("sequence")


def _judged(found: Identity, envelope: Envelope, *, proved: bool) -> Outcome:
    """What the device says must be what the file should have made of it; it may say less for now."""
    if found.info.nid != envelope.nid:
        raise WrongDevice(found.info.nid, envelope.nid)
    if found.pod is None:
        if not proved:
            raise ReadOtherwise("configuration")
        return Outcome.UNREAD
    if found.pod != envelope.pods[0]:
        raise ReadOtherwise("pod")
    expected = Model.PROSUMER if len(envelope.pods) > 1 else Model.PRIMARY
    if found.model != expected:
        raise ReadOtherwise("model")
    return Outcome.UNREAD if any(found.links.values()) else Outcome.CONFIRMED
