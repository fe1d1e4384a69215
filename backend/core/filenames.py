"""Names of files that come from outside."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 80
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def clean_line(text: str) -> str:
    """The text on one line, without signs that hide or reorder what stands there."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in plain)
    return " ".join(plain.split())


def clean_name(name: str, suffix: str) -> str:
    """A name that shows what the file is: one line, without signs that hide or reorder what stands there,
    with the ending that its content calls for.
    """
    plain = re.sub(r'[\\/:*?"<>|]', "_", clean_line(name))
    plain = " ".join(plain.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if dot and (ending.lower() == suffix or len(ending) <= 5):
        plain = stem
    plain = plain[: LONGEST_NAME - len(suffix) - 1].strip(". ")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return f"{plain or 'documento'}.{suffix}"
