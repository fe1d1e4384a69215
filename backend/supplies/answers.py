"""Answers of a central system as JSON: a job's result travels back to its dialogue through the database.

It holds personal data (PODs): whoever stores it blanks it once it was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.supplies.errors import CentralDataError, CentralUnavailable
from backend.supplies.pod import Pod
from backend.supplies.values import (
    CentralAnswer,
    Manufacturer,
    MeterGeneration,
    MeterRole,
    Supply,
    SupplyFound,
    SupplyUnknown,
)


class GenericFailure(Exception):
    """A failure that had no name where it happened; `kind` is the name of its type."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def encode_answer(answer: CentralAnswer | Exception) -> dict[str, Any]:
    """An answer, or how it failed, as JSON. `judge` says the same of what `decode_answer` makes of it."""
    match answer:
        case SupplyFound():
            return {
                "kind": "found",
                "asked": _encode_pod(answer.asked),
                "supply": _encode_supply(answer.supply),
                "productions": [_encode_supply(production) for production in answer.productions],
                "production_asked": answer.production_asked,
            }
        case SupplyUnknown():
            return {"kind": "unknown", "asked": _encode_pod(answer.asked)}
        case CentralUnavailable() | TimeoutError() | ConnectionError():
            return {"kind": "unavailable"}
        case CentralDataError():
            return {"kind": "contradictory", "reason": answer.reason}
        case _:
            return {"kind": "generic", "reason": type(answer).__name__}


def decode_answer(data: Mapping[str, Any]) -> CentralAnswer | Exception:
    """Decode an answer of `encode_answer`; a generic failure if the job itself failed for good.

    Raises KeyError or ValueError for anything else.
    """
    if data.get("failed"):
        return GenericFailure("JobFailed")
    match data["kind"]:
        case "found":
            return SupplyFound(
                asked=_decode_pod(data["asked"]),
                supply=_decode_supply(data["supply"]),
                productions=tuple(_decode_supply(production) for production in data["productions"]),
                production_asked=data["production_asked"],
            )
        case "unknown":
            return SupplyUnknown(_decode_pod(data["asked"]))
        case "unavailable":
            return CentralUnavailable("the central system could not be reached")
        case "contradictory":
            return CentralDataError(data["reason"])
        case "generic":
            return GenericFailure(data["reason"])
        case kind:
            raise ValueError(f"{kind!r} is no kind of answer")


def _encode_pod(pod: Pod) -> dict[str, str]:
    return {"code": pod.code, "typed": pod.typed}


def _decode_pod(data: Mapping[str, str]) -> Pod:
    return Pod(data["code"], data["typed"])


def _encode_supply(supply: Supply) -> dict[str, Any]:
    return {
        "pod": _encode_pod(supply.pod),
        "eneltel": supply.eneltel,
        "meter_serial": supply.meter_serial,
        "meter_role": supply.meter_role.value,
        "generation": supply.generation.value,
        "low_voltage": supply.low_voltage,
        "remotely_managed": supply.remotely_managed,
        "reachable": supply.reachable,
        "manufacturer": supply.manufacturer.value,
        "exchange_point": supply.exchange_point,
        "contractual_power_w": supply.contractual_power_w,
        "available_power_w": supply.available_power_w,
        "ceased": supply.ceased,
    }


def _decode_supply(data: Mapping[str, Any]) -> Supply:
    fields = dict(data)
    return Supply(
        pod=_decode_pod(fields.pop("pod")),
        meter_role=MeterRole(fields.pop("meter_role")),
        generation=MeterGeneration(fields.pop("generation")),
        manufacturer=Manufacturer(fields.pop("manufacturer")),
        **fields,
    )
