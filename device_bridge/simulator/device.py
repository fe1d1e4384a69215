"""A simulated device: bytes in, bytes out, no time and no ports of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import cbor2

from device_bridge.ab import values
from device_bridge.ab.frames import DEVICE, NO_ADDRESS, Frame, FrameReader
from device_bridge.ab.values import APPLICATION, Attribute, Diagnostic, Led, LogKind, Meter, Model, Nack, Row
from device_bridge.simulator.files import SimulatedFiles

REFERENCE = "a486-reference-scp-1"
"""The format of content that it understands: docs/scp-reference.md."""
MOST_HOSTS = 2
"""A device speaks with two additional blocks at most."""
LOG_DAYS = 10
_LOG_BLOCK = 6
_ZERO = bytes(1)
_METERED = {
    LogKind.IMPORT: Meter.PRIMARY,
    LogKind.EXPORT: Meter.PRIMARY,
    LogKind.PRODUCTION: Meter.PRODUCTION,
}


@dataclass
class Configuration:
    """What an SCP file has put into a device: the PODs and the model."""

    pod: str
    model: Model = Model.PRIMARY


@dataclass
class SimulatedDevice:
    """A device. Without a configuration it is not commissioned. `reaches` are the meters that answer it;
    `wrong_keys` makes the meter refuse its keys; `now` is its meter's clock (local time).
    """

    nid: bytes
    configuration: Configuration | None = None
    kind: int = 3
    firmware: str = "A486SIM1"
    reaches: set[Meter] = field(default_factory=lambda: set(Meter))
    wrong_keys: bool = False
    contractual_power: int = 3000
    energy: dict[LogKind, int] = field(
        default_factory=lambda: {
            LogKind.IMPORT: 2_000_000,
            LogKind.EXPORT: 100_000,
            LogKind.PRODUCTION: 400_000,
        }
    )
    power: int = 500
    minutes: int = 15
    diagnostics: list[Diagnostic] = field(default_factory=list)
    now: Callable[[], datetime] = datetime.now
    led: Led = Led.OFF
    requests: int = 0
    """How many requests it has read."""
    files: SimulatedFiles = field(init=False)
    _hosts: dict[int, None] = field(default_factory=dict)
    _enrolled: bool = False
    _reader: FrameReader = field(default_factory=FrameReader)
    _blocks: list[Frame] = field(default_factory=list)
    """What is left of a log that is being sent; the first is on its way."""

    def __post_init__(self) -> None:
        self.files = SimulatedFiles(self.take)

    def take(self, content: bytes) -> None:
        """Take over the reference content of an SCP file, where it is for this device."""
        try:
            read = cbor2.loads(content)
            pods = [str(meter["pod"]) for meter in read["meters"]]
            if read["format"] == REFERENCE and read["device"]["nid"] == self.nid:
                self.configuration = Configuration(pods[0], Model(read["model"]))
        except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError, IndexError):
            return  # it is none, and changes nothing

    def lose_power(self) -> None:
        """Forget whatever is not stored."""
        self.files.lose_power()
        self._hosts.clear()
        self._blocks.clear()
        self._enrolled = False
        self._reader = FrameReader()
        self.led = Led.OFF

    def receive(self, data: bytes) -> bytes:
        """The answers to what has come."""
        answers = b"".join(
            answer.encode()
            for frame in self._reader.feed(data)
            if frame.destination == DEVICE
            for answer in self._answers(frame)
        )
        return answers + self.files.receive(data)

    def _answers(self, frame: Frame) -> list[Frame]:
        self.requests += 1
        try:
            return self._do(frame)
        except _Refusal as refusal:
            return [_to(frame, Attribute.NACK, bytes((refusal.reason,)))]

    def _do(self, frame: Frame) -> list[Frame]:
        data = frame.data
        match frame.attribute:
            case Attribute.ENROL:
                if len(data) != 44:
                    raise _Refusal(Nack.MESSAGE)
                accepted = data[:16] == APPLICATION
                self._enrolled |= accepted
                return [_to(frame, Attribute.ENROLLED, data[:16] + bytes((2 if accepted else 1,)))]
            case Attribute.ADDRESS:
                if not self._enrolled:
                    raise _Refusal(Nack.NOT_ENROLLED)
                return [_to(frame, Attribute.ADDRESS_GIVEN, APPLICATION + bytes((self._give_address(),)))]
        if frame.source == NO_ADDRESS or frame.source not in self._hosts:
            raise _Refusal(Nack.NOT_ENROLLED)
        match frame.attribute:
            case Attribute.INFO:
                return [_to(frame, Attribute.INFO_GIVEN, self._info())]
            case Attribute.READ:
                if len(data) != 2:
                    raise _Refusal(Nack.MESSAGE)
                return [_to(frame, Attribute.ROW, data + self._row(Row(data[0] + 100, data[1])))]
            case Attribute.LINK_CHECK:
                if len(data) != 1 or data[0] not in set(Meter):
                    raise _Refusal(Nack.PARAMETER)
                self._check(Meter(data[0]))
                return [_to(frame, Attribute.ACK, _ZERO)]
            case Attribute.LED:
                if len(data) != 1 or data[0] not in set(Led):
                    raise _Refusal(Nack.PARAMETER)
                self.led = Led(data[0])
                return [_to(frame, Attribute.ACK, _ZERO)]
            case Attribute.CLEAR_DIAGNOSTICS:
                self.diagnostics.clear()
                return [_to(frame, Attribute.ACK, _ZERO)]
            case Attribute.LOG:
                if len(data) != 1 or data[0] not in set(LogKind):
                    raise _Refusal(Nack.PARAMETER)
                return self._begin_log(frame, LogKind(data[0]))
            case Attribute.BLOCK_ACK:
                self._blocks = self._blocks[1:]
                return self._blocks[:1]
            case Attribute.BLOCK_NACK:
                return self._blocks[:1]
        raise _Refusal(Nack.ATTRIBUTE)

    def _give_address(self) -> int:
        if len(self._hosts) == MOST_HOSTS:  # the one that came first has had its time
            self._hosts.pop(next(iter(self._hosts)))
        address = next(number for number in range(1, DEVICE) if number not in self._hosts)
        self._hosts[address] = None
        return address

    def _info(self) -> bytes:
        firmware = self.firmware.encode()[:8].ljust(8, b"\0")
        return _ZERO + firmware + self.nid + b"STsim001" + (171).to_bytes(2, "big") + bytes((self.kind,))

    def _check(self, meter: Meter) -> Configuration:
        """Raises the refusal that a device gives where it cannot speak with this meter."""
        if self.configuration is None:
            raise _Refusal(Nack.NOT_COMMISSIONED)
        has = {
            Model.PRIMARY: {Meter.PRIMARY},
            Model.PRODUCTION: {Meter.PRODUCTION},
            Model.PROSUMER: {Meter.PRIMARY, Meter.PRODUCTION},
        }[self.configuration.model]
        if meter not in has:
            raise _Refusal(Nack.NO_TARGET)
        if self.wrong_keys:
            raise _Refusal(Nack.AUTHENTICATION)
        if meter not in self.reaches:
            raise _Refusal(Nack.NO_DATUM)
        return self.configuration

    def _row(self, row: Row) -> bytes:
        now = self.now()
        stamp = bytes((now.day, now.month, now.year - 2000, now.hour, now.minute, now.second))
        if row == values.NID:
            return self.nid + stamp
        if row in values.DIAGNOSTICS:
            return self._slots(values.DIAGNOSTICS.index(row)) + stamp
        if self.configuration is None:
            raise _Refusal(Nack.NOT_COMMISSIONED)
        stored = {
            values.POD: self.configuration.pod.encode().ljust(15, b"\0"),
            values.MODEL: self.configuration.model.to_bytes(2, "big"),
            values.INTEGRATION: bytes((self.minutes,)),
            values.UNIT: _ZERO,
        }
        if row in stored:
            return stored[row] + stamp
        self._check(Meter.PRODUCTION if row == values.PRODUCED else Meter.PRIMARY)
        measured = {
            values.CONTRACTUAL_POWER: self.contractual_power.to_bytes(2, "big"),
            values.AVAILABLE_POWER: (self.contractual_power * 11 // 10).to_bytes(2, "big"),
            values.IMPORTED: self.energy[LogKind.IMPORT].to_bytes(4, "big"),
            values.EXPORTED: self.energy[LogKind.EXPORT].to_bytes(4, "big"),
            values.PRODUCED: self.energy[LogKind.PRODUCTION].to_bytes(4, "big"),
            values.TODAY: (3000).to_bytes(4, "big"),
            values.POWER: self.power.to_bytes(2, "big"),
            values.DATE: stamp[:3],
            values.TIME: stamp[3:],
            values.TARIFF: bytes((10,)),
        }
        if row not in measured:
            raise _Refusal(Nack.NO_DATUM)
        return measured[row] + stamp

    def _slots(self, queue: int) -> bytes:
        found = self.diagnostics[queue * 6 : queue * 6 + 6]
        slots = b"".join(bytes((each.kind, each.code)) + each.number.to_bytes(4, "big") for each in found)
        return slots.ljust(36, b"\0")

    def _begin_log(self, asked: Frame, kind: LogKind) -> list[Frame]:
        self._check(_METERED[kind])
        number = LOG_DAYS * 24 * 60 // self.minutes
        last = self.now().replace(second=0, microsecond=0)
        step = timedelta(minutes=self.minutes)
        records = [
            _moment(last - step * (number - each))
            + (self.energy[kind] - 10 * (number - each)).to_bytes(4, "big")
            for each in range(1, number + 1)
        ]
        parts = [records[at : at + _LOG_BLOCK] for at in range(0, number, _LOG_BLOCK)]
        self._blocks = [
            _to(asked, Attribute.LOG_BLOCK, bytes((kind, block, len(parts))) + b"".join(part))
            for block, part in enumerate(parts, start=1)
        ]
        head = records[0][:5] + number.to_bytes(2, "big") + bytes((self.minutes, kind)) + records[0][5:]
        return [_to(asked, Attribute.LOG_HEAD, head), *self._blocks[:1]]


class _Refusal(Exception):
    def __init__(self, reason: Nack) -> None:
        self.reason = reason


def _to(asked: Frame, attribute: Attribute, data: bytes) -> Frame:
    return Frame(DEVICE, asked.source, attribute, data)


def _moment(at: datetime) -> bytes:
    return bytes((at.year - 2000, at.month, at.day, at.hour, at.minute))
