"""Reading the codes on a device: SID (or MOME-ID) and NID.

The structure of a SID is not public; 17 capital letters and digits is what is known, so the pattern is a
setting. A NID is six bytes in hexadecimal, often written with separators.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

SID_PATTERN = "[0-9A-Z]{17}"
"""The default form of a SID, as a regular expression that the whole code matches."""

_DIGITS_IN_GROUPS = 4

_NID = re.compile("[0-9A-F]{12}")
_SEPARATORS = {"Cf", "Cc", "Zs", "Zl", "Zp", "Pd"}
_MARKS = frozenset(".:·_")
_LABEL = re.compile(r"^\s*[A-Za-z][A-Za-z .-]{0,15}[:#]\s*")  # "SID:", "MOME-ID: "


class CodeKind(StrEnum):
    """What a code of a device can be."""

    SID = "sid"
    NID = "nid"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes found in a text; at most one of each kind is what a label shows."""

    sids: tuple[str, ...]
    nids: tuple[str, ...]


def normalise(text: str) -> str:
    """Upper-case `text` and drop spaces, dots, colons, dashes and invisible characters."""
    shaped = unicodedata.normalize("NFKC", text)
    return "".join(
        letter
        for letter in shaped
        if unicodedata.category(letter) not in _SEPARATORS and letter not in _MARKS
    ).upper()


def parse_sid(text: str, pattern: str = SID_PATTERN) -> str | None:
    """Read the whole of `text` as one SID of the given form, or None."""
    code = normalise(text)
    return code if re.fullmatch(pattern, code) else None


def parse_nid(text: str) -> str | None:
    """Read the whole of `text` as one NID: 12 hexadecimal characters, capital, without separators; or
    None.
    """
    code = normalise(text)
    return code if _NID.fullmatch(code) else None


def _words(line: str) -> list[str]:
    return "".join(letter if _is_inside(letter) else " " for letter in line).split()


def _is_inside(letter: str) -> bool:
    """True if it may stand inside a code."""
    if letter.isalnum() or letter in _MARKS:
        return True
    return not letter.isspace() and unicodedata.category(letter) in _SEPARATORS


def find_codes(text: str, pattern: str = SID_PATTERN) -> Codes:
    """Find the SIDs and NIDs in a free text, in order and each once.

    A code is found where it is one word (separators other than spaces inside it), or where it is a line by
    itself.
    """
    sids: dict[str, None] = {}
    nids: dict[str, None] = {}
    for line in text.splitlines():
        words = _words(line)
        # A code in groups has figures; a sentence that happens to be as long has hardly any.
        grouped = [line] if len(words) == 1 or sum(map(str.isdigit, line)) >= _DIGITS_IN_GROUPS else []
        for piece in (*grouped, *words):
            for code in (piece, _LABEL.sub("", piece)):
                if (sid := parse_sid(code, pattern)) is not None:
                    sids.setdefault(sid)
                elif (nid := parse_nid(code)) is not None:
                    nids.setdefault(nid)
    return Codes(tuple(sids), tuple(nids))
