"""What a laptop says, as a text that an operator reads. Fields are named as in the device's protocol."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from backend.bridges.values import Bridge
from backend.core.clock import ROME
from conversations.core.context import Say

DEVICE = ("nid", "firmware", "modem_software", "modem_firmware", "kind", "pod", "model", "simulated")
READING = (
    "clock",
    "tariff",
    "imported",
    "exported",
    "produced",
    "today",
    "power",
    "contractual",
    "available",
)


def report(
    say: Say, bridge: Bridge | None, seen: dict[str, Any], readings: dict[str, dict[str, Any]], at: datetime
) -> str:
    """The text. `seen` is the answer to what is connected, `readings` those to what each device says."""
    return "\n".join(_lines(say, bridge, seen, readings, at)) + "\n"


def _lines(
    say: Say, bridge: Bridge | None, seen: dict[str, Any], readings: dict[str, dict[str, Any]], at: datetime
) -> Iterator[str]:
    def word(key: str, **values: object) -> str:
        return html.unescape(say(key, **values))

    yield word("ticket.report.title")
    yield f"{at.astimezone(ROME):%d/%m/%Y %H:%M:%S}"
    if bridge is not None:
        yield f"{word('ticket.report.laptop')}: {bridge.host} ({bridge.platform}, {bridge.program})"
    if seen.get("reason"):
        yield f"{word('ticket.report.reason')}: {_reason(seen)}"
    devices = seen.get("result", {}).get("devices", ())
    if not devices and not seen.get("reason"):
        yield word("ticket.report.nothing")
    for device in devices:
        yield ""
        yield f"[{device.get('port', '?')}]"
        if device.get("reason"):
            yield f"{word('ticket.report.reason')}: {_reason(device)}"
        yield from _fields(device, DEVICE)
        links = device.get("links", {})
        yield from (f"link {name}: {state}" for name, state in sorted(links.items()))
        said = readings.get(device.get("nid", ""))
        if said is not None:
            yield from _reading(said, word("ticket.report.reason"))


def _reading(said: dict[str, Any], reason: str) -> Iterator[str]:
    if said.get("reason"):
        yield f"{reason}: {_reason(said)}"
        return
    found = said.get("result", {})
    yield from _fields(found, READING)
    for each in found.get("diagnostics", ()):
        yield f"diagnostics {each['kind']}.{each['code']}: {each['number']}"


def _fields(found: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if found.get(name) not in (None, "", False):
            yield f"{name}: {found[name]}"


def _reason(said: dict[str, Any]) -> str:
    values = ", ".join(f"{name}={value}" for name, value in sorted(said.get("values", {}).items()))
    return f"{said['reason']} ({values})" if values else str(said["reason"])
