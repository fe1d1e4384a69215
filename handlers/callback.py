"""The data of a button: which post, and what the press means. At most 64 bytes, by Telegram's rule.

    <post>.d.<revision>.<value>     a dialogue button
    <post>.e.<action>.<argument>    an entry button

Post and revision are written in base 36. The data come back from the user's client and may be forged:
reading them never trusts them, and whoever uses them checks the post's chat and the user's right.
"""

from __future__ import annotations

from conversations.core.prompts import Choice, Entry
from conversations.core.replies import Chosen, Entered, Garbled

LIMIT = 64  # bytes
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 2**63 - 1


def encode(button: Choice | Entry, post_id: int, revision: int) -> str:
    """The data for a button of this post. Raises ValueError where it would not fit."""
    match button:
        case Choice(_, value):
            data = f"{_base36(post_id)}.d.{_base36(revision)}.{value}"
        case Entry(_, action, argument):
            data = f"{_base36(post_id)}.e.{action}.{argument}"
    if len(data.encode()) > LIMIT:
        raise ValueError(f"button data of {len(data.encode())} bytes: {data!r}")
    return data


def decode(data: str, message_id: int) -> Chosen | Entered | Garbled:
    """The reply that a press with this data on this message means."""
    parts = data.split(".", 3)
    if len(parts) != 4:
        return Garbled()
    post, kind, third, rest = parts
    post_id = _number(post)
    if post_id is None:
        return Garbled()
    if kind == "e" and third:
        return Entered(third, rest, post_id, message_id)
    revision = _number(third)
    if kind == "d" and revision is not None:
        return Chosen(post_id, revision, rest, message_id)
    return Garbled()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _number(text: str) -> int | None:
    if not text or len(text) > 13 or any(letter not in _DIGITS for letter in text):
        return None
    number = int(text, 36)
    return number if number <= _LARGEST else None
