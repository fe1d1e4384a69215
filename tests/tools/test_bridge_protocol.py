"""The page of the bridge's protocol: what it says of the messages is what the code has."""

from __future__ import annotations

from typing import get_args

import pytest

from device_bridge.wire.messages import FromBridge, FromGateway
from tools.bridge_protocol import BEGIN, END, PAGE, renewed, tables


def test_the_page_of_the_protocol_has_the_messages_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert renewed(page) == page, "write them anew: python -m tools.bridge_protocol --write"


def test_every_message_has_its_section_with_its_direction_and_every_field() -> None:
    said = tables()

    for where, kinds in (("bridge", get_args(FromBridge)), ("gateway", get_args(FromGateway))):
        for kind in kinds:
            name = kind.model_fields["type"].default
            _, found, after = said.partition(f"### `{name}`, from the {where}\n")
            assert found, name
            section = after.partition("\n### ")[0]
            for field in set(kind.model_fields) - {"type"}:
                assert f"| `{field}` |" in section, f"{name}.{field}"


def test_the_bounds_of_a_field_are_those_that_a_message_is_held_to() -> None:
    said = tables()

    assert "| `nonce` | bytes, 32 |" in said
    assert "| `host` | text, at most 64 |" in said
    assert "| `job` | integer, 0 to 2^53 | 0 |" in said
    assert "| `announcements` | list; each: bytes, at most 1,024 |" in said
    assert "| `log` | empty, `import`, `export`, `production` | empty |" in said


def test_a_renewed_page_keeps_what_stands_around_the_messages() -> None:
    page = renewed(f"before\n{BEGIN}\nold\n{END}\nafter\n")

    assert page.startswith(f"before\n{BEGIN}\n")
    assert page.endswith(f"\n{END}\nafter\n")
    assert "\nold\n" not in page


def test_a_page_without_the_two_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        renewed(f"before {BEGIN} only")
