"""Watching the log of the whole test session: nothing private may stand in it.

Everything that the product logs passes `saw`, as it would be written: what `bot.core.logs` formats, what
`capture_logs` swallows (scrubbed as the product would), and what processes that tests start have written. A
test registers a code that it was given with `secret`. `tests/fixtures/privacy.py` makes the session fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SHORTEST_SECRET = 6  # a shorter one would be found in any number
SHOWN = 300  # characters of an event with something private
FEW_WORLDS = 3

_PRIVATE = {
    "a POD": re.compile(r"IT\d{3}E[0-9A-Z]{8,}", re.IGNORECASE),
    "a phone number": re.compile(
        r"(?<![\w.:+])\+[1-9](?:[ ./-]?\d){8,14}(?!\d)"
        r"|(?:(?:phone|telefono|cellulare|mobile|msisdn)\w*|\btel)[\"']*\s*[:=]\s*[\"']*"
        r"(?:00)?\d(?:[ ./-]?\d){8,10}(?!\d)",
        re.IGNORECASE,
    ),
    "a Codice Fiscale": re.compile(
        r"\b[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b"
    ),
    "an e-mail address": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    "a bot token": re.compile(r"\d{3,}(?::|%3A)(?:LOCAL-[\w-]{6,}|[\w-]{30,})", re.IGNORECASE),
    # As CBOR writes them: a text with its length before it. In a list of settings the name may stand alone.
    "SCP content": re.compile(
        r"ta486-reference-scp-1|sa486-scp-envelope-1|(?:encryption|authentication)_key"
    ),
    "SCP content in hexadecimal": re.compile(
        "|".join(name.encode().hex() for name in ("ta486-reference-scp-1", "sa486-scp-envelope-1")),
        re.IGNORECASE,
    ),
}


def private_in(text: str) -> list[str]:
    """The kinds of private things in a text."""
    return [kind for kind, pattern in _PRIVATE.items() if pattern.search(text)]


@dataclass
class Watch:
    """What was seen in this process: how many events, what was private in them, in which test."""

    events: int = 0
    worlds: int = 0
    """Tests that ran the bot, which logs at each start."""
    findings: list[str] = field(default_factory=list)
    _test: str = ""
    _logged: list[str] = field(default_factory=list)
    _lasting: list[str] = field(default_factory=list)
    _secrets: list[str] = field(default_factory=list)

    def begin(self, test: str, *, runs_the_bot: bool = False) -> None:
        """A test begins: what the one before registered counts no more."""
        self._test, self.worlds = test, self.worlds + runs_the_bot
        self._logged, self._secrets = [], []

    def secret(self, text: str) -> str:
        """Register a code that must not be logged, nor have been in this test; one that is registered outside
        of tests holds for all. Returns it. Raises ValueError for a short one.
        """
        if len(text) < SHORTEST_SECRET:
            raise ValueError(f"{text!r} is too short to be told from other words")
        (self._secrets if self._test else self._lasting).append(text)
        for line in self._logged:
            if _holds(line, text):
                self._note("a registered secret", line)
        return text

    def saw(self, text: str) -> None:
        """This was logged."""
        self.events += 1
        self._logged.append(text)
        for kind in private_in(text):
            self._note(kind, text)
        if any(_holds(text, each) for each in (*self._secrets, *self._lasting)):
            self._note("a registered secret", text)

    def saw_all(self, lines: str) -> None:
        """These lines were logged, by a process that a test started."""
        for line in lines.splitlines():
            self.saw(line)

    def saw_file(self, path: Path) -> None:
        """A process that a test started logged to this file, where it is there."""
        if path.exists():
            self.saw_all(path.read_text(encoding="utf-8", errors="replace"))

    def _note(self, kind: str, text: str) -> None:
        self.findings.append(f"{self._test or 'outside of tests'}: {kind} was logged: {text[:SHOWN]}")


def complaints(events: int, worlds: int, findings: list[str]) -> Iterator[str]:
    """Why the session fails: what is private, or that the watch was off."""
    yield from findings
    if worlds >= FEW_WORLDS and events < worlds:
        yield f"{worlds} tests ran the bot, and only {events} events were seen: the log is not being watched"


def _holds(text: str, secret: str) -> bool:
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", text) is not None


watch = Watch()
"""That of this process."""
secret, saw_all, saw_file = watch.secret, watch.saw_all, watch.saw_file
