"""Texts that are nearly a POD: what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from backend.supplies.pod import POINT_LENGTH, find_pods, latin, normalise

_LONGEST = 40  # characters of a text that can be one mistyped code


class PodFault(StrEnum):
    """What is wrong with a text that is nearly a POD. Stored by value: a member is never renamed."""

    TOO_SHORT = "too_short"
    """Characters are missing at its end."""
    TOO_LONG = "too_long"
    """It has more characters than a POD."""
    OTHER_PREFIX = "other_prefix"
    """It does not begin like a POD: not with IT, or without the E."""


@dataclass(frozen=True, slots=True)
class NearPod:
    """A text that is nearly a POD, and how many characters it has without spaces and marks."""

    fault: PodFault
    length: int


_HEAD = re.compile(r"IT[0-9OIL]{2,3}E[0-9A-Z]*")
_SHAPE = re.compile(r"[A-Z]{2}[0-9]{3}[A-Z][0-9A-Z]{8,9}")
_BODY_DIGITS = 4  # so many digits after the prefix: else it is a word


def near_pod(text: str) -> NearPod | None:
    """Say what is wrong with a text that is nearly a POD; None for a POD, and for anything else.

    Look-alikes of letters count as what they look like; a text that only needs these mended is for `suggest`.
    """
    if find_pods(text):
        return None
    words = [latin(normalise(word)) for word in text.split()]
    codes = words + ["".join(groups) for may_be, groups in groupby(words, _may_be_group) if may_be]
    return next((found for code in codes if (found := _judged(code)) is not None), None)


def _may_be_group(word: str) -> bool:
    """True if a code written in groups (`IT 001 E 1234 5678`) may have this one."""
    return word in {"IT", "E"} or any(letter.isdigit() for letter in word)


def _judged(code: str) -> NearPod | None:
    length = len(code)
    if length > _LONGEST or sum(letter.isdigit() for letter in code[6:]) < _BODY_DIGITS:
        return None
    if _HEAD.fullmatch(code) is not None:
        if length < POINT_LENGTH:
            return NearPod(PodFault.TOO_SHORT, length)
        if length > POINT_LENGTH + 1:
            return NearPod(PodFault.TOO_LONG, length)
    elif _SHAPE.fullmatch(code) is not None:
        return NearPod(PodFault.OTHER_PREFIX, length)
    return None
