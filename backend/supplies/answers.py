"""Answers of a central system as JSON: a job's result travels back to its dialogue through the database.

It holds personal data (PODs): whoever stores it blanks it once it was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.json_values import from_json, to_json
from backend.supplies.errors import CentralDataError, CentralUnavailable
from backend.supplies.values import CentralAnswer, SupplyFound, SupplyUnknown


class GenericFailure(Exception):
    """A failure that had no name where it happened; `kind` is the name of its type."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def encode_answer(answer: CentralAnswer | Exception) -> dict[str, Any]:
    """An answer, or how it failed, as JSON. `judge` says the same of what `decode_answer` makes of it."""
    match answer:
        case SupplyFound():
            return {"kind": "found", **to_json(answer)}
        case SupplyUnknown():
            return {"kind": "unknown", **to_json(answer)}
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
    fields = dict(data)
    match fields.pop("kind"):
        case "found":
            return from_json(SupplyFound, fields)
        case "unknown":
            return from_json(SupplyUnknown, fields)
        case "unavailable":
            return CentralUnavailable("the central system could not be reached")
        case "contradictory":
            return CentralDataError(data["reason"])
        case "generic":
            return GenericFailure(data["reason"])
        case kind:
            raise ValueError(f"{kind!r} is no kind of answer")
