"""Reading the lines of a bulk file: headings in their usual variants, codes, duplicates.

Columns: POD (at most 15 characters), SID or MOME-ID (17), type of configuration (Standard or Prosumer).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backend.associations.values import Configuration
from backend.bulk.values import MOST_REQUESTS, MOST_ROWS, BulkLine
from backend.devices.codes import SID_PATTERN, parse_nid, parse_sid
from backend.supplies.pod import Pod, parse_pod
from backend.tabular.csvfile import is_mangled
from backend.tabular.reasons import Bad, BadLine, FileReason, FileRefused, Reason
from backend.tabular.table import Table

TEMPLATE_HEADING = ("POD", "MOME-ID/SID", "Tipo di Configurazione")
"""The heading of the template, and of a file that has none."""
REASON_HEADING = "Motivo"
"""The column that a file of corrections has besides; it is ignored when the file comes back."""

_POD, _SID, _CONFIGURATION, _NID, _PRODUCTION = "pod", "sid", "configuration", "nid", "production"
_NAMES = dict(zip((_POD, _SID, _CONFIGURATION), TEMPLATE_HEADING, strict=True))
_HEADINGS: Mapping[str, str] = {
    **dict.fromkeys(
        ("pod", "codicepod", "podscambio", "poddiscambio", "podfornitura", "puntodiprelievo", "fornitura"),
        _POD,
    ),
    **dict.fromkeys(
        (
            "sid",
            "momeid",
            "momeidsid",
            "sidmomeid",
            "momeidosid",
            "sidomomeid",
            "codicesid",
            "dispositivo",
            "device",
            "deviceid",
            "smartinfosid",
            "smartinfoid",
            "mome",
            "idmome",
        ),
        _SID,
    ),
    **dict.fromkeys(
        (
            "tipodiconfigurazione",
            "tipoconfigurazione",
            "configurazione",
            "tipo",
            "tipologia",
            "tipoassociazione",
            "tipodiassociazione",
            "configuration",
            "configurationtype",
            "type",
        ),
        _CONFIGURATION,
    ),
    **dict.fromkeys(("nid", "momenid", "smartinfonid", "codicenid"), _NID),
}
_OF_PRODUCTION = ("produz", "production", "eneltel", "immission")
"""What the headings of production PODs and of their ENELTEL have in common."""
_CONFIGURATIONS: Mapping[str, Configuration] = {
    "standard": Configuration.STANDARD,
    "std": Configuration.STANDARD,
    "s": Configuration.STANDARD,
    "prosumer": Configuration.PROSUMER,
    "pros": Configuration.PROSUMER,
    "p": Configuration.PROSUMER,
}
_HEADING_WITHIN = 10
"""Lines among which the heading is looked for: titles may stand above it."""
_MONTH = "(?:gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic|jan|may|jun|jul|aug|sep|oct|dec)[a-z]*"
_DATE = re.compile(
    rf"\d{{1,2}}/\d{{1,2}}/\d{{2,4}}(?: \d{{2}}:\d{{2}})?|\d{{4}}-\d{{2}}-\d{{2}}(?:[ T].*)?"
    rf"|\d{{1,2}}[-/ ]{_MONTH}(?:[-/ ]\d{{2,4}})?|{_MONTH}[-/ ]\d{{2,4}}",
    re.IGNORECASE,
)
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
_AS_TEXT = re.compile(r'="(?P<formula>[^"]*)"|\'(?P<mark>.*)')
"""What people write so that a spreadsheet leaves a code as it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file as it was written, and what it was read as."""

    line: int
    cells: tuple[str, ...]
    read: BulkLine | Bad


def read_lines(table: Table, sid_pattern: str = SID_PATTERN) -> tuple[tuple[str, ...], list[Line]]:
    """The heading as it was written, and every line after it.

    Raises FileRefused where the table has no line, lacks a column, or holds more than can be loaded.
    """
    heading, positions, rest = _split(table)
    most = MOST_ROWS * MOST_REQUESTS
    if len(rest) + len(table.broken) > most:
        raise FileRefused(FileReason.TOO_MANY, rows=len(rest) + len(table.broken), most=most)
    if not rest and not table.broken:
        raise FileRefused(FileReason.EMPTY)
    for column, places in positions.items():
        filled = [at for at in places if any(_cell(cells, at) for _, cells in rest)]
        if column == _PRODUCTION and filled:
            raise FileRefused(FileReason.PRODUCTION)
        if column in _NAMES and len(filled) > 1:
            raise FileRefused(FileReason.TWICE, column=_NAMES[column])
    lines = [Line(number, (raw,), Bad(number, "", reason)) for number, reason, raw in table.broken]
    lines += [Line(number, cells, _read(number, cells, positions, sid_pattern)) for number, cells in rest]
    return heading, list(_without_duplicates(sorted(lines, key=lambda each: each.line)))


def _split(
    table: Table,
) -> tuple[tuple[str, ...], Mapping[str, Sequence[int]], Sequence[tuple[int, tuple[str, ...]]]]:
    """The heading, the positions of its columns, and the lines after it."""
    if not table.lines:
        raise FileRefused(FileReason.NOT_TEXT if table.broken else FileReason.EMPTY)
    best: tuple[int, Mapping[str, Sequence[int]]] = (0, {})
    for index, (_, cells) in enumerate(table.lines[:_HEADING_WITHIN]):
        positions = _positions(cells)
        if len(positions) > len(best[1]):
            best = index, positions
    index, positions = best
    if not positions and _looks_like_data(table.lines[0][1]):
        return TEMPLATE_HEADING, {_POD: [0], _SID: [1], _CONFIGURATION: [2]}, table.lines
    if _SID not in positions and _NID in positions:
        raise FileRefused(FileReason.NID)
    if missing := [name for column, name in _NAMES.items() if column not in positions]:
        raise FileRefused(FileReason.COLUMNS, columns=", ".join(missing))
    return table.lines[index][1], positions, table.lines[index + 1 :]


def _positions(cells: Sequence[str]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        bare = _bare(_IN_PARENTHESES.sub("", cell)) or _bare(cell)
        known = _PRODUCTION if any(part in _bare(cell) for part in _OF_PRODUCTION) else _HEADINGS.get(bare)
        if known is not None:
            found.setdefault(known, []).append(at)
    return found


def _bare(text: str) -> str:
    """A heading without accents, case, and everything that is neither letter nor digit."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() and letter.isascii())


def _looks_like_data(cells: Sequence[str]) -> bool:
    return len(cells) == len(TEMPLATE_HEADING) and parse_pod(cells[0]) is not None


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _one(cells: Sequence[str], places: Sequence[int]) -> str:
    """The cell of a column, of which one at most is filled where it stands twice."""
    text = next((cell for at in places if (cell := _cell(cells, at))), "")
    as_text = _AS_TEXT.fullmatch(text)
    return text if as_text is None else (as_text["formula"] or as_text["mark"] or "").strip()


def _read(
    number: int, cells: Sequence[str], positions: Mapping[str, Sequence[int]], sid_pattern: str
) -> BulkLine | Bad:
    pod, sid, configuration = (_one(cells, positions[column]) for column in (_POD, _SID, _CONFIGURATION))
    try:
        return BulkLine(number, _pod(pod).code, _sid(sid, sid_pattern), _configuration(configuration))
    except BadLine as bad:
        return Bad(number, bad.column, bad.reason, bad.values)


def _pod(text: str) -> Pod:
    _typed(text, "POD")
    pod = parse_pod(text)
    if pod is None:
        raise BadLine("POD", Reason.NOT_A_POD)
    return pod


def _sid(text: str, pattern: str) -> str:
    _typed(text, "SID")
    sid = parse_sid(text, pattern)
    if sid is None:
        raise BadLine("SID", Reason.NID_GIVEN if parse_nid(text) is not None else Reason.NOT_A_SID)
    return sid


def _configuration(text: str) -> Configuration:
    column = "Tipo di Configurazione"
    if not text:
        raise BadLine(column, Reason.EMPTY)
    found = _CONFIGURATIONS.get(_bare(text))
    if found is None:
        raise BadLine(column, Reason.NO_CONFIGURATION)
    return found


def _typed(text: str, column: str) -> None:
    """Raises BadLine for a code that is missing, or that a spreadsheet has turned into something else."""
    if not text:
        raise BadLine(column, Reason.EMPTY)
    if is_mangled(text):
        raise BadLine(column, Reason.MANGLED)
    if _DATE.fullmatch(text):
        raise BadLine(column, Reason.DATE)


def _without_duplicates(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines; of those with one supply point or one device, all but the first are bad."""
    points: dict[str, int] = {}
    devices: dict[str, int] = {}
    for each in lines:
        if isinstance(each.read, Bad):
            yield each
            continue
        point = Pod(each.read.pod, each.read.pod).point
        if point in points:
            yield Line(
                each.line, each.cells, Bad(each.line, "POD", Reason.SAME_POD, {"earlier": points[point]})
            )
        elif each.read.sid in devices:
            earlier = {"earlier": devices[each.read.sid]}
            yield Line(each.line, each.cells, Bad(each.line, "SID", Reason.SAME_DEVICE, earlier))
        else:
            points[point] = devices[each.read.sid] = each.line
            yield each
