"""What the stub of the central system takes: as docs/central-system.yaml says, and nothing else."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MOST = 2**53 - 1


def _whole(value: object) -> object:
    """JSON knows one kind of number: 1.0 is the integer 1."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MOST)]
UnixTime = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=253_402_300_799)]
PodCode = Annotated[str, StringConstraints(pattern=r"^IT[0-9A-Z]{12,13}$")]


class Body(BaseModel):
    """Root of the requests."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Question(Body):
    """A look-up."""

    pod: PodCode


class Device(Body):
    """A device."""

    type: Literal["MOME", "SMART_INFO"]
    sid: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    nid: Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{12}$")]


class Integrator(Body):
    """Whose association it is."""

    number: Number
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AssociationBody(Body):
    """An association."""

    revision: Number
    pod: PodCode
    production_pod: PodCode | None
    device: Device
    integrator: Integrator
    created_at: UnixTime
    confirmed_at: UnixTime | None


class ScpBody(Body):
    """The SCP file that is wanted."""

    association: Number
    sequence: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=2**31 - 1)]
    pod: PodCode
    production_pod: PodCode | None
    device: Device


def number_of(text: str, least: int, most: int = MOST) -> int | None:
    """Read a number of a path or a query; None for anything else."""
    if re.fullmatch("0|[1-9][0-9]{0,15}", text) is None:
        return None
    number = int(text)
    return number if least <= number <= most else None
