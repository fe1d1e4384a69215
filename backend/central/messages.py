"""What goes to the central system and what comes back, as docs/central-system.yaml has it. Answers are
strict about what they must have, and indifferent to what else they have.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from backend.associations.values import Association
from backend.central.errors import CentralUnreadable
from backend.scp.values import ScpRequest
from backend.supplies.pod import Pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole, Supply

MOST_CONTENT_BYTES = 256 * 1024
"""The largest content of an SCP file."""
SUPPLIES = 100
"""The most supplies of a household."""
PAGE = 500
"""Associations on a page that is asked for."""
PAGE_AT_MOST = 1000
"""Associations on a page that is taken."""


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 1.0 is the integer 1."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=2**53 - 1)]
Watts = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1_000_000_000)]
PodCode = Annotated[str, StringConstraints(pattern=r"^IT[0-9A-Z]{12,13}$")]

M = TypeVar("M", bound=BaseModel)


class Answer(BaseModel):
    """Root of what comes back."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class SupplyRow(Answer):
    """One supply."""

    pod: PodCode
    eneltel: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
    meter_serial: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{6,32}$")]
    meter_role: MeterRole
    generation: MeterGeneration
    low_voltage: bool
    remotely_managed: bool
    reachable: bool
    manufacturer: Manufacturer
    exchange_point: Annotated[str, StringConstraints(pattern=r"^IT[0-9A-Z]{12}$")] | None
    contractual_power_w: Watts
    available_power_w: Watts
    ceased: bool

    @property
    def supply(self) -> Supply:
        """The supply as the service knows it."""
        return Supply(**{**dict(self), "pod": Pod(self.pod, self.pod)})


class Household(Answer):
    """What is known of a POD."""

    supplies: Annotated[list[SupplyRow], Field(max_length=SUPPLIES)]


class Standing(Answer):
    """How an association stands with the central system."""

    association: Number
    revision: Number
    live: bool


class StandingPage(Answer):
    """A page of the associations that live there."""

    associations: Annotated[list[Standing], Field(max_length=PAGE_AT_MOST)]
    more: bool


class ScpFileState(Answer):
    """How far an SCP file is."""

    state: Literal["preparing", "ready", "failed"]
    size: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MOST_CONTENT_BYTES)] | None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None


class Problem(Answer):
    """Why a call was refused."""

    title: Annotated[str, StringConstraints(max_length=200)]
    status: Annotated[int, Field(ge=400, le=599)]
    code: Literal[
        "malformed",
        "unauthorised",
        "unknown",
        "method",
        "too-large",
        "wrong-type",
        "data-unusable",
        "outdated",
        "taken",
        "not-ready",
        "too-many",
        "failed",
        "away",
    ]
    revision: Number | None = None


def read(kind: type[M], body: bytes) -> M:
    """Read an answer. Raises CentralUnreadable: `json` for what is none, or names a member twice; `shape`
    for what lacks something, or has it otherwise than agreed.
    """
    try:
        json.loads(body.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise CentralUnreadable("json") from None
    try:
        return kind.model_validate_json(body)
    except ValidationError:  # it repeats what came, which may be personal
        raise CentralUnreadable("shape") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def association_body(association: Association, revision: int) -> dict[str, Any]:
    """An association as it is told."""
    production, confirmed = association.production_pod, association.confirmed_at
    return {
        "revision": revision,
        "pod": association.pod.code,
        "production_pod": None if production is None else production.code,
        "device": _device(association.device_type.value, association.sid, association.nid),
        "integrator": {"number": association.integrator_id, "name": association.integrator_name[:200]},
        "created_at": int(association.created_at.timestamp()),
        "confirmed_at": None if confirmed is None else int(confirmed.timestamp()),
    }


def scp_body(wanted: ScpRequest) -> dict[str, Any]:
    """The SCP file that is asked for."""
    return {
        "association": wanted.association_id,
        "sequence": wanted.sequence,
        "pod": wanted.pod,
        "production_pod": wanted.production_pod,
        "device": _device(wanted.device_type.value, wanted.sid, wanted.nid),
    }


def _device(kind: str, sid: str, nid: str) -> dict[str, str]:
    return {"type": kind, "sid": sid, "nid": nid}
