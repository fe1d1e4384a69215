"""Why a file or a line is rejected. Reasons are keys of texts (`import.file.…`, `import.reason.…`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class FileReason(StrEnum):
    """Why a file as a whole is rejected. The value is the key of its text."""

    EMPTY = "empty"
    """It has no heading or no line after it."""
    NOT_TEXT = "not_text"
    """It is neither text nor a workbook."""
    WORKBOOK = "workbook"
    """It is a workbook or an archive where CSV is needed."""
    PAGE = "page"
    """It is a web page under another name."""
    DAMAGED = "damaged"
    """It is compressed, or a workbook, and damaged."""
    PASSWORD = "password"  # noqa: S105 - the reason, not one
    """It is protected by a password."""
    MACROS = "macros"
    """It holds macros."""
    TOO_LARGE = "too_large"
    """It holds more than is read: cells, rows or bytes."""
    TOO_SLOW = "too_slow"
    """Reading it took too long or died."""
    COLUMNS = "columns"
    """It lacks the `columns`."""
    TOO_MANY = "too_many"
    """It has `rows` rows, and `most` can be loaded."""
    PRODUCTION = "production"
    """It names production PODs, or their ENELTEL."""
    TWICE = "twice"
    """It has the `column` twice."""
    NO_SHEET = "no_sheet"
    """It does not have the sheet that was chosen."""
    NID = "nid"
    """It has NIDs in place of SIDs."""
    NO_LINE = "no_line"
    """It has no good line."""
    NOT_STORED = "not_stored"
    """What it holds cannot be stored: `error`."""
    UNREADABLE = "unreadable"
    """The operating system says `error`."""


class FileRefused(Exception):
    """A file as a whole cannot be read; what was there stays as it was. `values` are those of the text."""

    def __init__(self, reason: FileReason, **values: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.values = values


class Reason(StrEnum):
    """Why a line is rejected. The value is the key of its text."""

    TOO_LONG = "too_long"
    """It is longer than `limit` characters."""
    NOT_CSV = "not_csv"
    """Its quotes do not match."""
    WIDTH = "width"
    """It has `found` columns instead of `expected`."""
    MANGLED = "mangled"
    """A spreadsheet has turned the value into a number."""
    EMPTY = "empty"
    """There is no value."""
    NOT_A_POD = "not_a_pod"
    """The value is not a POD."""
    NOT_A_SID = "not_a_sid"
    """The value is not a SID."""
    NID_GIVEN = "nid_given"
    """The value is a NID where a SID is asked for."""
    NOT_A_NID = "not_a_nid"
    """The value is not 12 hexadecimal characters."""
    NOT_AN_ENELTEL = "not_an_eneltel"
    """The value is not 9 digits."""
    NOT_A_SERIAL = "not_a_serial"
    """The value is not 6 to 32 letters and digits."""
    DATE = "date"
    """A spreadsheet has turned the value into a date."""
    NOT_WATTS = "not_watts"
    """The value is not a whole number of watts."""
    NOT_BOOLEAN = "not_boolean"
    """The value is neither true nor false."""
    NONE_OF = "none_of"
    """The value is none of `allowed`."""
    NO_CONFIGURATION = "no_configuration"
    """The value is neither Standard nor Prosumer."""
    EXCHANGE_POD_UNWANTED = "exchange_pod_unwanted"
    """Only a production supply (M2) has an exchange POD."""
    EXCHANGE_POD_MISSING = "exchange_pod_missing"
    """A production supply (M2) needs its exchange POD."""
    DUPLICATE = "duplicate"
    """An earlier line has the same supply point."""
    SAME_POD = "same_pod"
    """Line `earlier` has the same supply point."""
    SAME_DEVICE = "same_device"
    """Line `earlier` has the same device."""
    CONTRADICTION = "contradiction"
    """Line `earlier` says something else of this SID."""
    OTHER_NID = "other_nid"
    """Another device has this NID."""
    INTEGRATOR_UNKNOWN = "integrator_unknown"
    """No System Integrator has this partita IVA."""


class BadLine(Exception):
    """A fault of a line: the column (empty for the whole line), the reason, and the values of its text."""

    def __init__(self, column: str, reason: Reason, **values: object) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class Bad:
    """A rejected line."""

    line: int
    column: str
    reason: Reason
    values: Mapping[str, object] = field(default_factory=dict)


class Words(Protocol):
    """Says a reason in words."""

    def __call__(self, reason: Reason, **values: object) -> str: ...


def bare_words(reason: Reason, **values: object) -> str:
    """The reason's key, for whoever has no texts."""
    return str(reason)
