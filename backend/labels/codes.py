"""The codes in what a symbol says. Stricter than for what a person types: nobody has meant it to be one."""

from __future__ import annotations

import re

from backend.devices.codes import Codes, parse_nid, parse_sid

MOST_LETTERS = 2000
_BETWEEN = re.compile(r"[^0-9A-Za-z:.-]+")
_NAMED = re.compile(r"(?:SID|NID|MOME-?ID|ID|SN|S/N):", re.IGNORECASE)
_PAIRS = re.compile(r"[0-9A-F]{2}(?:([:.-])[0-9A-F]{2})(?:\1[0-9A-F]{2}){4}", re.IGNORECASE)
_PLAIN = re.compile("[0-9A-Za-z]+")


def codes_in(text: str, pattern: str) -> Codes:
    """The SIDs and NIDs in the words of a symbol, each once. A code is a whole word, with its name before it
    or not; a SID has a figure in it, and a NID may have separators between its bytes.
    """
    sids: dict[str, None] = {}
    nids: dict[str, None] = {}
    for word in _BETWEEN.split(text[:MOST_LETTERS]):
        code = _NAMED.sub("", word, count=1)
        if _PAIRS.fullmatch(code):
            nids.setdefault(str(parse_nid(code)))
        elif not _PLAIN.fullmatch(code):
            continue
        elif any(map(str.isdigit, code)) and (sid := parse_sid(code, pattern)) is not None:
            sids.setdefault(sid)
        elif (nid := parse_nid(code)) is not None:
            nids.setdefault(nid)
    return Codes(tuple(sids), tuple(nids))
