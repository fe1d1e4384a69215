"""One line of the register's CSV file, checked.

Columns (any order, others ignored):

    pod, eneltel (9 digits), meter_serial (6–32 characters), meter_role (M1 or M2), generation (1G or 2G),
    low_voltage, remotely_managed, reachable, ceased (1 or 0, also true/false, vero/falso, si/no),
    manufacturer (e-distribuzione or other), exchange_pod (for M2; empty for M1),
    contractual_power_w, available_power_w (whole watts)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from backend.supplies.pod import parse_pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole
from backend.tabular.csvfile import Piece, is_mangled
from backend.tabular.dialect import LINE_LIMIT
from backend.tabular.reasons import BadLine, Reason

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


@dataclass(frozen=True, slots=True)
class Batch:
    """Good lines: the number of each, and they as `Lines.columns` and `Lines.separator` say, mended, each
    ended by a line feed. No value needs quotes.
    """

    numbers: Sequence[int]
    text: str


_TRUE = frozenset({"1", "true", "vero", "si", "sì", "yes"})
_FALSE = frozenset({"0", "false", "falso", "no"})
_KINDS = (("meter_role", MeterRole), ("generation", MeterGeneration), ("manufacturer", Manufacturer))
_MEMBERS = {
    column: {str(member.value).lower(): str(member.value) for member in kind} for column, kind in _KINDS
}
_ENELTEL = re.compile("[0-9]{9}")
_SERIAL = re.compile("[0-9A-Z]{6,32}")
_POWER = re.compile("[0-9]{1,9}")


_POD = "IT(?=[A-Z]*[0-9])[0-9A-Z]{12}[0-9A-Z]?"
_PLAIN = {
    "pod": _POD,
    "eneltel": "[0-9]{9}",
    "meter_serial": "[0-9A-Z]{6,32}",
    **{column: f"(?:{'|'.join(members.values())})" for column, members in _MEMBERS.items()},
    **dict.fromkeys(("low_voltage", "remotely_managed", "reachable", "ceased"), "[01]"),
    **dict.fromkeys(("contractual_power_w", "available_power_w"), "(?:0|[1-9][0-9]{0,8})"),
}
"""The pattern of each column in a line that needs no mending, except for what depends on the meter's role."""
_PLAIN_LIMIT = 200  # characters that these and their separators have together, at most
_PLAIN_BY_ROLE = (
    {"meter_role": MeterRole.M1.value, "exchange_pod": ""},
    {"meter_role": MeterRole.M2.value, "exchange_pod": _POD},
)


class Lines:
    """Reads the lines of one file: a piece at once where they need no mending, else one by one."""

    def __init__(self, heading: Sequence[str], separator: str) -> None:
        positions = {heading.index(name): name for name in COLUMNS}
        self.columns = tuple(positions[position] for position in sorted(positions))
        """The columns of `COLUMNS` in the order in which the lines come."""
        self.separator = separator
        self._cut = itemgetter(*sorted(positions)) if len(positions) < len(heading) else None
        names = [positions.get(position, "") for position in range(len(heading))]
        longest = (LINE_LIMIT - _PLAIN_LIMIT) // max(1, len(heading) - len(positions))
        other = {"": f'[^"\r\n{separator}]{{0,{longest}}}'}
        roles = [
            separator.join((_PLAIN | by_role | other)[name] for name in names) for by_role in _PLAIN_BY_ROLE
        ]
        # Never going back over lines that are read: a megabyte of them would be remembered for it.
        self._plain = re.compile(f"(?:(?:{'|'.join(roles)})\r?\n)*+")

    def plain(self, piece: Piece) -> str | None:
        """The lines of a piece; None where one of them must be looked at more closely."""
        # A last line is whole only with its end: before 3.11.5 Python takes a part of one for a match.
        text = piece.text if piece.text.endswith("\n") else f"{piece.text}\n"
        if self._plain.fullmatch(text) is None:
            return None
        text = text.replace("\r", "")  # they stand at the ends of lines only
        if self._cut is None:
            return text
        separator, cut = self.separator, self._cut
        return "".join([f"{separator.join(cut(line.split(separator)))}\n" for line in text[:-1].split("\n")])

    def one(self, cells: Mapping[str, str]) -> str:
        """A line. Raises BadLine."""
        values = _values_of(cells)
        return self.separator.join([values[name] for name in self.columns]) + "\n"


def _values_of(cells: Mapping[str, str]) -> dict[str, str]:
    for column in ("pod", "eneltel", "meter_serial"):
        if is_mangled(cells[column]):
            raise BadLine(column, Reason.MANGLED)
    pod = parse_pod(cells["pod"])
    if pod is None:
        raise BadLine("pod", Reason.NOT_A_POD)
    role = _member(cells, "meter_role")
    serial = cells["meter_serial"].upper()
    return {
        "pod": pod.code,
        "eneltel": _matching(_ENELTEL, cells["eneltel"], "eneltel", Reason.NOT_AN_ENELTEL),
        "meter_serial": _matching(_SERIAL, serial, "meter_serial", Reason.NOT_A_SERIAL),
        "meter_role": role,
        "generation": _member(cells, "generation"),
        "low_voltage": _truth(cells, "low_voltage"),
        "remotely_managed": _truth(cells, "remotely_managed"),
        "reachable": _truth(cells, "reachable"),
        "manufacturer": _member(cells, "manufacturer"),
        "exchange_pod": _exchange_pod(cells["exchange_pod"], role),
        "contractual_power_w": _power(cells, "contractual_power_w"),
        "available_power_w": _power(cells, "available_power_w"),
        "ceased": _truth(cells, "ceased"),
    }


def _exchange_pod(text: str, role: str) -> str:
    if role == MeterRole.M1.value:
        if text:
            raise BadLine("exchange_pod", Reason.EXCHANGE_POD_UNWANTED)
        return ""
    exchange = parse_pod(text)
    if exchange is None:
        raise BadLine("exchange_pod", Reason.EXCHANGE_POD_MISSING)
    return exchange.code


def _matching(pattern: re.Pattern[str], text: str, column: str, reason: Reason) -> str:
    if pattern.fullmatch(text) is None:
        raise BadLine(column, reason)
    return text


def _member(cells: Mapping[str, str], column: str) -> str:
    value = _MEMBERS[column].get(cells[column].lower())
    if value is None:
        raise BadLine(column, Reason.NONE_OF, allowed=", ".join(_MEMBERS[column].values()))
    return value


def _truth(cells: Mapping[str, str], column: str) -> str:
    text = cells[column].lower()
    if text in _TRUE:
        return "1"
    if text not in _FALSE:
        raise BadLine(column, Reason.NOT_BOOLEAN)
    return "0"


def _power(cells: Mapping[str, str], column: str) -> str:
    return str(int(_matching(_POWER, cells[column], column, Reason.NOT_WATTS)))
