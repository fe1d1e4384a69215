"""Dataclasses as JSON values: what comes back is what went in, or it is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.json_values import from_json, to_json


class Colour(Enum):
    """An enum with values of its own."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Part:
    """A part of a thing."""

    name: str
    colour: Colour


@dataclass(frozen=True)
class Thing:
    """A dataclass with one field of every kind that drafts and results have."""

    parts: tuple[Part, ...]
    made: datetime
    factor: Decimal
    number: int | None = None


things = st.builds(
    Thing,
    parts=st.lists(st.builds(Part, st.text(), st.sampled_from(Colour))).map(tuple),
    made=st.datetimes(timezones=st.just(UTC)),
    factor=st.decimals(allow_nan=False, allow_infinity=False),
    number=st.none() | st.integers(-(2**63), 2**63),
)


@given(things)
def test_a_dataclass_comes_back_from_json_text_as_it_was(thing: Thing) -> None:
    assert from_json(Thing, json.loads(json.dumps(to_json(thing)))) == thing


PLAIN: dict[str, Any] = to_json(
    Thing((Part("a", Colour.RED),), datetime(2025, 1, 1, tzinfo=UTC), Decimal("1.50"))
)


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"number": "many"},
        {"number": "7"},
        {"number": True},
        {"parts": [{"name": "a"}]},
        {"parts": [{"name": "a", "colour": "green"}]},
    ],
    ids=[
        "unknown field",
        "other type",
        "text for a number",
        "truth for a number",
        "missing field",
        "no member of the enum",
    ],
)
def test_a_dataclass_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Thing"):
        from_json(Thing, {**PLAIN, **change})


def test_the_message_of_a_refusal_shows_no_value() -> None:
    with pytest.raises(ValueError, match="number") as refused:
        from_json(Thing, {**PLAIN, "number": "IT001E48600001"})
    assert "IT001E48600001" not in str(refused.value)
    assert refused.value.__cause__ is None
