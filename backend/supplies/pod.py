"""Reading PODs: forgiving of how they are typed, strict about what they are.

A POD is `IT`, three digits of the distributor, `E`, eight alphanumerics and, sometimes, a fifteenth character
for control, for which no algorithm is public. Production PODs may look different: `IT` and 12 or 13
alphanumerics. The first 14 characters are the point: two codes that share them are the same supply.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

POINT_LENGTH = 14

_SUPPLY = re.compile(r"IT[0-9]{3}E[0-9A-Z]{8}[0-9A-Z]?")
_PASTED = re.compile(rf"(?:{_SUPPLY.pattern}){{2,}}")
_EACH = re.compile(rf"{_SUPPLY.pattern}(?=IT[0-9]{{3}}E|$)")
_PRODUCTION = re.compile(r"IT(?=[A-Z]*[0-9])[0-9A-Z]{12,13}")
_DROPPED = {"Cf", "Cc", "Zs", "Zl", "Zp", "Pd", "Mn"}  # invisible marks, spaces, dashes
_DOTS = frozenset(".·•…")
_INSIDE = {"Cf", "Cc", "Pd", "Mn"}  # what may stand inside a code: marks and dashes; a dot may too
_ORDINALS = frozenset("ºª")  # letters only in name: "n.º"
_LONGEST_IN_GROUPS = 9  # IT 001 E and the eight characters in pairs, and the fifteenth


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pod:
    """A well-formed POD. Equal to any other spelling of the same point.

    `code` is upper-case without separators, 14 or 15 characters; `typed` is what was written.
    """

    code: str
    typed: str

    @property
    def point(self) -> str:
        """The first 14 characters: the key of the supply."""
        return self.code[:POINT_LENGTH]

    @property
    def masked(self) -> str:
        """A form for logs, which does not identify the customer."""
        return f"{self.code[:6]}…{self.point[-4:]}"

    @property
    def has_supply_form(self) -> bool:
        """True if it has the common form (`IT001E…`) rather than the freer one of some production PODs."""
        return _SUPPLY.fullmatch(self.code) is not None

    def __eq__(self, other: object) -> bool:
        return self.point == other.point if isinstance(other, Pod) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.point)

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"Pod({self.masked})"


def normalise(text: str) -> str:
    """Upper-case `text` and drop spaces, dots, dashes and invisible characters (such as right-to-left
    marks).
    """
    if text.isascii() and text.isalnum():
        return text.upper()  # nothing to drop: the usual case of a register's millions of lines
    shaped = unicodedata.normalize("NFKC", text)
    return "".join(
        letter for letter in shaped if unicodedata.category(letter) not in _DROPPED and letter not in _DOTS
    ).upper()


def parse_pod(text: str) -> Pod | None:
    """Read the whole of `text` as one POD, or None when it is not one."""
    code = normalise(text)
    if _SUPPLY.fullmatch(code) or _PRODUCTION.fullmatch(code):
        return Pod(code, text.strip())
    return None


def find_pods(text: str) -> list[Pod]:
    """Find the PODs in a free text, in order, each point once.

    A code may be written in groups (`IT 001 E 1234 5678`); where a single character follows a code that is
    already whole, it is not taken for the fifteenth, because it may be a word. The freer form of production
    PODs is found only where it is written in one piece.
    """
    words = [(word, code) for word in _words(text) if (code := normalise(word))]
    found: dict[str, Pod] = {}
    start = 0
    while start < len(words):
        pod, used = _read_at(words, start)
        if pod is not None:
            found.setdefault(pod.point, pod)
        start += used
    return list(found.values())


def _words(text: str) -> Iterator[str]:
    """The pieces of a text that may be codes or groups of one. What is no code as a whole is taken apart at
    its dashes and dots too (`POD.IT001E…`, `IT001E…-Rossi`). Codes pasted without a space between them are
    separate pieces.
    """
    spaced = "".join(letter if _is_inside(letter) else " " for letter in text)
    for piece in spaced.split():
        if parse_pod(piece) is not None:
            yield piece
        elif _PASTED.fullmatch(normalise(piece)) is not None:
            yield from _EACH.findall(normalise(piece))
        else:
            yield from "".join(letter if letter.isalnum() else " " for letter in piece).split()


def _is_inside(letter: str) -> bool:
    if letter.isalnum():
        return letter not in _ORDINALS
    return letter in _DOTS or (not letter.isspace() and unicodedata.category(letter) in _INSIDE)


def _read_at(words: list[tuple[str, str]], start: int) -> tuple[Pod | None, int]:
    """Read a POD that begins at a word. Returns it and how many words it took (1 where there is none)."""
    first, code = words[start]
    if not code.startswith("I"):
        return None, 1
    if _PRODUCTION.fullmatch(code) or _SUPPLY.fullmatch(code):
        return Pod(code, first), 1
    joined = code
    for count, (_, more) in enumerate(words[start + 1 : start + _LONGEST_IN_GROUPS], start=2):
        if len(joined) >= 6 and len(more) == 1 and more.isalpha():
            break  # "e", "o", "a": words of Italian, not the end of a code
        joined += more
        if len(joined) > POINT_LENGTH + 1:
            break
        if _SUPPLY.fullmatch(joined):
            return Pod(joined, " ".join(word for word, _ in words[start : start + count])), count
    return None, 1


_LATIN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",  # Cyrillic, then Greek
    "ABESIJKMHOPCTYXABEZHIKMNOPTYX",
)
_AS_DIGITS = str.maketrans("OIL", "011")
_AS_HEAD = str.maketrans("1L", "II")


def latin(code: str) -> str:
    """The code with Cyrillic and Greek capitals replaced by the Latin ones that they look like."""
    return code if code.isascii() else code.translate(_LATIN)


def suggest(text: str) -> Pod | None:
    """The POD that was perhaps meant: `O` read as `0`, `I` and `L` as `1` where a digit is usual, Cyrillic
    and Greek letters as the Latin ones that they look like.

    For asking "did you mean…?", never for use as it is. None when there is nothing else to suggest.
    """
    typed = normalise(text)
    code = latin(typed)
    if len(code) not in (POINT_LENGTH, POINT_LENGTH + 1):
        return None
    head = code[:2].translate(_AS_HEAD)
    meant = head + code[2:5].translate(_AS_DIGITS) + code[5] + code[6:14].translate(_AS_DIGITS) + code[14:]
    if meant == typed or _SUPPLY.fullmatch(meant) is None:
        return None
    return Pod(meant, text.strip())
