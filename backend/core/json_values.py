"""Dataclasses as JSON values and back, by their annotations: drafts of dialogues, arguments and results of
jobs.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

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

    Raises ValueError for a field that is missing, unknown or of another type.
    """
    made: T = _adapter(shape).validate_python(data, extra="forbid")
    return made
