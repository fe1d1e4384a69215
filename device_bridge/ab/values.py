"""What stands in the frames: attributes, refusals, rows of the tables, log, diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum

APPLICATION = b"PCMC000000XXXXXX"
"""The application ID that devices accept (16 bytes)."""


class Attribute(IntEnum):
    """What a frame is."""

    READ = 2
    """Read a row of a table: section (the table less 100), row."""
    ROW = 3
    """A row: section, row, value, date 3, time 3."""
    ADDRESS = 70
    """Give me an address: application ID."""
    ADDRESS_GIVEN = 71
    """Application ID, address 1."""
    ENROL = 72
    """I am this application: application ID 16, release 12, serial 16."""
    ENROLLED = 73
    """Application ID 16, result 1."""
    LED = 76
    """Show this: one of `Led`."""
    LOG_HEAD = 77
    """What the log holds: first time 5, samples 2, minutes 1, kind 1, first value 4."""
    LOG = 78
    """Send the log of this kind."""
    LOG_BLOCK = 79
    """A part of the log: kind 1, block 1, blocks 1, then up to 6 samples of 9 bytes."""
    INFO = 90
    """Who are you? One byte, 0."""
    INFO_GIVEN = 91
    """Set 1, firmware 8, NID 6, modem software 8, modem firmware 2, type 1."""
    CLEAR_DIAGNOSTICS = 96
    """Forget the diagnostics. One byte, 0."""
    LINK_CHECK = 103
    """Can you reach the meter? One of `Meter`."""
    ACK = 251
    """The device has done it: one byte."""
    BLOCK_ACK = 252
    """The additional block has the block of the log: one byte."""
    BLOCK_NACK = 254
    """The additional block has not got the block of the log: one byte."""
    NACK = 255
    """The device refuses: one of `Nack`."""


class Nack(IntEnum):
    """Why a device refuses."""

    MESSAGE = 0
    """The message is malformed."""
    ATTRIBUTE = 1
    """The device does not know the attribute."""
    PARAMETER = 2
    """The device does not know the parameter."""
    NOT_ENROLLED = 3
    """The additional block has not enrolled."""
    NO_DATUM = 4
    """The datum is not available."""
    NO_LOG = 5
    """There is no log."""
    NO_BUFFER = 6
    """The device is busy."""
    LIMIT = 7
    """The device has sent as much as it may for now."""
    NOT_COMMISSIONED = 8
    """No SCP file was loaded."""
    AUTHENTICATION = 9
    """The keys are wrong or old: authentication or encryption with the meter fails."""
    NO_TARGET = 10
    """The configuration has no such meter, as a Standard one has no production meter."""


class Meter(IntEnum):
    """A meter behind the device."""

    PRIMARY = 0
    """The meter of the exchange POD."""
    PRODUCTION = 1
    """The meter of the production POD."""


class Led(IntEnum):
    """What the LED can show."""

    OFF = 0
    YELLOW_SLOW = 1
    YELLOW_FAST = 2
    GREEN_SLOW = 3
    GREEN_FAST = 4
    GREEN = 5
    YELLOW = 6


class Model(IntEnum):
    """The configuration of a device: table 101, row 18."""

    PRIMARY = 0
    """Standard: the primary meter only."""
    PRODUCTION = 1
    """The production meter only."""
    PROSUMER = 2
    """Prosumer: the primary and the production meter."""


class LogKind(IntEnum):
    """Which energy a log is of."""

    IMPORT = 4
    EXPORT = 7
    PRODUCTION = 11


@dataclass(frozen=True, slots=True)
class Row:
    """A row's place in the tables."""

    table: int
    row: int


POD = Row(101, 22)
"""15 bytes, padded with NUL."""
NID = Row(101, 45)
"""6 bytes."""
MODEL = Row(101, 18)
"""16 bits: `Model`."""
CONTRACTUAL_POWER = Row(101, 1)
"""16 bits, W."""
AVAILABLE_POWER = Row(101, 2)
"""16 bits, W."""
INTEGRATION = Row(101, 24)
"""One byte: minutes between two samples of the log."""
UNIT = Row(101, 33)
"""One byte."""
IMPORTED = Row(100, 6)
"""32 bits, Wh."""
EXPORTED = Row(100, 36)
"""32 bits, Wh."""
PRODUCED = Row(100, 108)
"""32 bits, Wh."""
TODAY = Row(100, 101)
"""32 bits, Wh."""
POWER = Row(100, 105)
"""16 bits, W: the mean of the last second."""
DATE = Row(100, 21)
"""3 bytes: day, month, year since 2000."""
TIME = Row(100, 22)
"""3 bytes: hour, minute, second."""
TARIFF = Row(100, 30)
"""One byte."""
DIAGNOSTICS = (Row(100, 120), Row(100, 121))
"""Six slots of 6 bytes each: type 1, code 1, seconds since 1970 or a number 4."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """Who a device is. `nid` is 12 hexadecimal digits, capital."""

    firmware: str
    nid: str
    modem_software: str
    modem_firmware: int
    kind: int


@dataclass(frozen=True, slots=True)
class RowValue:
    """A row as it was read. `at` is when the device had it from the meter (local time), if it says so."""

    value: bytes
    at: datetime | None

    @property
    def number(self) -> int:
        """The value as an unsigned number."""
        return int.from_bytes(self.value, "big")

    @property
    def text(self) -> str:
        """The value as text, without its padding; what is no ASCII shows as "?"."""
        return self.value.rstrip(b"\0").decode("ascii", "replace").replace("�", "?")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of the log: local time, Wh."""

    at: datetime
    energy: int


@dataclass(frozen=True, slots=True)
class Log:
    """A log, oldest first, with the minutes between two samples."""

    kind: LogKind
    minutes: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A diagnostic notification; `number` is a time (seconds since 1970) or something else, by its type."""

    kind: int
    code: int
    number: int

    @property
    def at(self) -> datetime:
        """The number as a time."""
        return datetime.fromtimestamp(self.number, UTC)


def read_date(value: bytes) -> date | None:
    """Day, month, year since 2000; None for none, or one that no calendar has."""
    if len(value) != 3 or not any(value):
        return None
    try:
        return date(2000 + value[2], value[1], value[0])
    except ValueError:
        return None


def read_moment(day: bytes, clock: bytes) -> datetime | None:
    """A date and a time of three bytes each (local time); None for none, or where one cannot be."""
    found = read_date(day)
    if found is None or len(clock) != 3:
        return None
    try:
        return datetime.combine(found, time(clock[0], clock[1], clock[2]))
    except ValueError:
        return None
