"""The messages of the bridge's protocol as Markdown, from their classes.

`python -m tools.bridge_protocol` prints them; with `--write` it puts them into docs/bridge-protocol.md.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from device_bridge.wire import messages
from device_bridge.wire.messages import About, FromBridge, FromGateway, JobOrder

PAGE = Path(__file__).parents[1] / "docs" / "bridge-protocol.md"
BEGIN = "<!-- from device_bridge/wire/messages.py, by python -m tools.bridge_protocol --write -->"
END = "<!-- end of what is from the code -->"
_WIDTH = 120
_NAMES = {bytes: "bytes", str: "text", int: "integer", bool: "true or false", Any: "anything"}


def tables() -> str:
    """Every message, with what the code says of it."""
    said = (
        f"Version {messages.VERSION}, below the gateway's address at `{messages.PATH}`; a message has at most"
        f" {messages.MOST_BYTES:,} bytes."
    )
    parts = [
        said,
        *(_section(kind, "from the bridge") for kind in get_args(FromBridge)),
        *(_section(kind, "from the gateway") for kind in get_args(FromGateway)),
        *(_section(kind, "part of a message") for kind in (About, JobOrder)),
    ]
    return "\n\n".join(parts)


def renewed(page: str) -> str:
    """A page with the messages as the code has them now. Raises ValueError where it has no place for them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no place for the messages")
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def _section(kind: type[BaseModel], where: str) -> str:
    name = kind.model_fields["type"].default if "type" in kind.model_fields else kind.__name__
    about = " ".join((inspect.getdoc(kind) or "").split())
    lines = [f"### `{name}`, {where}", textwrap.fill(about, _WIDTH, break_on_hyphens=False)]
    hints = get_type_hints(kind, include_extras=True)
    rows = [_row(field, hints[field], kind) for field in kind.model_fields if field != "type"]
    if rows:
        lines += ["", "| field | type and bounds | default |", "|---|---|---|", *rows]
    return "\n".join(lines)


def _row(name: str, hint: Any, kind: type[BaseModel]) -> str:
    field = kind.model_fields[name]
    default = "" if field.is_required() else str(field.default) if field.default == 0 else "empty"
    return f"| `{name}` | {_type(hint)} | {default} |"


def _type(hint: Any) -> str:
    """A type in words, with its bounds."""
    arguments = get_args(hint)
    match get_origin(hint):
        case None if isinstance(hint, type) and issubclass(hint, BaseModel):
            return f"a map: `{hint.__name__}`"
        case None:
            return _NAMES[hint]
        case origin if origin is Annotated:
            bounds = [bound for field in arguments[1:] for bound in field.metadata]
            return f"{_type(arguments[0])}, {_bounds(bounds)}"
        case origin if origin is Literal:
            return ", ".join(f"`{word}`" if word else "empty" for word in arguments)
        case origin if origin is UnionType:
            return " or ".join(map(_type, arguments))
        case origin if origin is list:
            return f"list; each: {_type(arguments[0])}"
        case _:
            return f"map of {_type(arguments[0])} to {_type(arguments[1])}"


def _bounds(bounds: list[Any]) -> str:
    found: dict[str, int] = {}
    for bound in bounds:
        found |= asdict(bound)
    match found:
        case {"min_length": least, "max_length": most} if least == most:
            return str(most)
        case {"max_length": most}:
            return f"at most {most:,}"
        case {"ge": low, "le": high} if high.bit_count() == 1:
            return f"{low} to 2^{high.bit_length() - 1}"
        case {"ge": low, "le": high} if (high + 1).bit_count() == 1:
            return f"{low} to 2^{high.bit_length()} - 1"
    raise ValueError(f"bounds without words: {found}")


def main() -> None:
    """The entry point."""
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(f"{tables()}\n")


if __name__ == "__main__":
    main()
