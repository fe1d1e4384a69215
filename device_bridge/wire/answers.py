"""What a bridge answers to a command: the shape of `result` by kind. The server trusts none of it unread."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from device_bridge.wire.errors import Malformed
from device_bridge.wire.messages import Line, Word

Watthours = Annotated[int, Field(ge=0, le=1 << 53)]
Energy = Watthours | None
MOST_DEVICES = 32
MOST_SAMPLES = 4096


Octet = Annotated[int, Field(ge=0, le=255)]


class Part(BaseModel):
    """What all parts share."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Seen(Part):
    """What is on a port: a device, or the reason why none was heard."""

    port: Line
    reason: Word = ""
    values: dict[Word, Line | int] = {}
    nid: Word = ""
    firmware: Word = ""
    modem_software: Word = ""
    modem_firmware: Annotated[int, Field(ge=0, le=65535)] = 0
    kind: Octet = 0
    pod: Word | None = None
    model: Octet | None = None
    links: dict[Word, Word] = {}
    simulated: bool = False


class Devices(Part):
    """The answer to `identify`."""

    devices: Annotated[list[Seen], Field(max_length=MOST_DEVICES)]


class Notification(Part):
    """A diagnostic notification."""

    kind: Octet
    code: Octet
    number: Annotated[int, Field(ge=0, le=(1 << 32) - 1)]


class Samples(Part):
    """A log: each sample its local time and the Wh of a counter."""

    kind: Literal["import", "export", "production"]
    minutes: Octet
    samples: Annotated[
        list[tuple[datetime, Annotated[int, Field(ge=0, le=1 << 53)]]], Field(max_length=MOST_SAMPLES)
    ]


class Reading(Part):
    """The answer to `read`. Energy in Wh, power in W, local time."""

    nid: Word
    imported: Energy
    exported: Energy
    produced: Energy
    today: Energy
    power: Energy
    contractual: Energy
    available: Energy
    tariff: Octet | None
    clock: datetime | None
    diagnostics: Annotated[list[Notification], Field(max_length=64)]
    log: Samples | None


class Port(Part):
    """The answer to `blink`."""

    port: Line


class Nothing(Part):
    """The answer to `program` and `loaded`."""


_SHAPES: dict[str, TypeAdapter[Any]] = {
    "identify": TypeAdapter(Devices),
    "read": TypeAdapter(Reading),
    "blink": TypeAdapter(Port),
    "program": TypeAdapter(Nothing),
    "loaded": TypeAdapter(Nothing),
}


def checked(kind: str, result: dict[str, Any]) -> dict[str, Any]:
    """The result of a command of this kind, as JSON. Raises Malformed."""
    try:
        found: dict[str, Any] = _SHAPES[kind].validate_python(result).model_dump(mode="json")
    except (ValidationError, KeyError) as error:
        raise Malformed("not an answer to this command") from error
    return found
