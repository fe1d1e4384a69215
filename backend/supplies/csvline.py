"""One line of the register's CSV file, checked.

Columns (any order, others ignored):

    pod, eneltel (9 digits), meter_serial (6–32 characters), meter_role (M1 or M2), generation (1G or 2G),
    low_voltage, remotely_managed, reachable, ceased (1 or 0, also true/false, si/no),
    manufacturer (e-distribuzione or other), exchange_pod (for M2; empty for M1),
    contractual_power_w, available_power_w (whole watts)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from backend.csvfile import BadLine, is_mangled
from backend.supplies.models import supplies
from backend.supplies.pod import parse_pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole

COLUMNS = (
    "pod",
    "eneltel",
    "meter_serial",
    "meter_role",
    "generation",
    "low_voltage",
    "remotely_managed",
    "reachable",
    "manufacturer",
    "exchange_pod",
    "contractual_power_w",
    "available_power_w",
    "ceased",
)

FIELDS = tuple(column.name for column in supplies.columns)
"""The register's columns, in the order of `SupplyFields`."""

SupplyFields: TypeAlias = tuple[str | int | bool | None, ...]

_TRUE = frozenset({"1", "true", "si", "sì", "yes"})
_FALSE = frozenset({"0", "false", "no"})
_KINDS = (("meter_role", MeterRole), ("generation", MeterGeneration), ("manufacturer", Manufacturer))
_MEMBERS = {
    column: {str(member.value).lower(): str(member.value) for member in kind} for column, kind in _KINDS
}
_ENELTEL = re.compile("[0-9]{9}")
_SERIAL = re.compile("[0-9A-Z]{6,32}")
_POWER = re.compile("[0-9]{1,9}")


def fields_of(cells: Mapping[str, str]) -> SupplyFields:
    """The values of a line in the order of `FIELDS`. Raises BadLine."""
    for column in ("pod", "eneltel", "meter_serial"):
        if is_mangled(cells[column]):
            raise BadLine(column, "a spreadsheet has turned it into a number")
    pod = parse_pod(cells["pod"])
    if pod is None:
        raise BadLine("pod", "not a POD")
    role = _member(cells, "meter_role")
    serial = cells["meter_serial"].upper()
    values: dict[str, str | int | bool | None] = {
        "point": pod.point,
        "pod": pod.code,
        "eneltel": _matching(_ENELTEL, cells["eneltel"], "eneltel", "not 9 digits"),
        "meter_serial": _matching(_SERIAL, serial, "meter_serial", "not 6 to 32 letters and digits"),
        "meter_role": role,
        "generation": _member(cells, "generation"),
        "low_voltage": _truth(cells, "low_voltage"),
        "remotely_managed": _truth(cells, "remotely_managed"),
        "reachable": _truth(cells, "reachable"),
        "manufacturer": _member(cells, "manufacturer"),
        "exchange_point": _exchange_point(cells["exchange_pod"], role),
        "contractual_power_w": _power(cells, "contractual_power_w"),
        "available_power_w": _power(cells, "available_power_w"),
        "ceased": _truth(cells, "ceased"),
    }
    return tuple(values[name] for name in FIELDS)


def _exchange_point(text: str, role: str) -> str | None:
    if role == MeterRole.M1.value:
        if text:
            raise BadLine("exchange_pod", "only a production supply (M2) has one")
        return None
    exchange = parse_pod(text)
    if exchange is None:
        raise BadLine("exchange_pod", "a production supply (M2) needs its exchange POD")
    return exchange.point


def _matching(pattern: re.Pattern[str], text: str, column: str, reason: str) -> str:
    if pattern.fullmatch(text) is None:
        raise BadLine(column, reason)
    return text


def _member(cells: Mapping[str, str], column: str) -> str:
    value = _MEMBERS[column].get(cells[column].lower())
    if value is None:
        raise BadLine(column, f"none of {', '.join(_MEMBERS[column].values())}")
    return value


def _truth(cells: Mapping[str, str], column: str) -> bool:
    text = cells[column].lower()
    if text in _TRUE:
        return True
    if text not in _FALSE:
        raise BadLine(column, "neither 1 nor 0")
    return False


def _power(cells: Mapping[str, str], column: str) -> int:
    return int(_matching(_POWER, cells[column], column, "not a whole number of watts"))
