"""Dataclasses as JSON values and back, by their annotations: drafts of dialogues, arguments and results of
jobs.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}
"""Made at first use and kept: making one takes as long as a thousand uses."""


def _adapter(shape: type[Any]) -> TypeAdapter[Any]:
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    return _adapters[shape]


def to_json(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON values: enums by their values, tuples as lists, times in ISO 8601."""
    made: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return made


def from_json(shape: type[T], data: Any) -> T:
    """The dataclass that `to_json` made this of.

    Raises ValueError for a field that is missing, unknown or of another type. The message names the
    fields and not their values, which may be personal data.
    """
    try:
        made: T = _adapter(shape).validate_json(json.dumps(data), strict=True, extra="forbid")
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc']))} ({each['type']})" for each in error.errors()]
        raise ValueError(f"{shape.__name__}: {', '.join(faults)}") from None
    return made
