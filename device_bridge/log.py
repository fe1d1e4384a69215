"""The bridge's own log: files in its folder, one JSON object a line, the oldest are dropped.

Event names are constant, and each has its own fields; no other value gets there. PODs and pairing codes are
masked wherever they come from, as this is what the support is sent.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

NAME = "bridge.log"
MOST_BYTES, EARLIER = 500_000, 3
"""Of one file, and how many full ones are kept beside it."""
_FIELDS: dict[str, tuple[str, ...]] = {
    "started": ("command", "program", "loader"),
    "stopped": ("command",),
    "crashed": ("error", "where"),
    "pairing_asked": (),
    "paired": (),
    "not_paired": ("reason",),
    "online": (),
    "clock_differs": ("minutes",),
    "offline": ("why",),
    "turned_away": ("reason",),
    "jobs": ("number",),
    "begun": ("job", "attempt"),
    "step": ("job", "step"),
    "by_hand": (),
    "enter": (),
    "done": ("job", "outcome"),
    "ended": ("job", "reason", "values"),
    "failed": ("error",),
    "told": ("number",),
}
"""What may be said of each event."""
# A point's code however it was typed, with the middle left out; a pairing code, whole.
_POD = re.compile(r"\b(IT)(?=[A-Z]*\d)([0-9A-Z]{4})[0-9A-Z]{4}([0-9A-Z]{4})[0-9A-Z]?\b", re.IGNORECASE)
_CODE = re.compile(r"\b[0-9A-Z]{4}([\s-]?[0-9A-Z]{4}){6}\b", re.IGNORECASE)


def scrub(text: str) -> str:
    """The text with every POD masked, and without pairing codes."""
    return _POD.sub(r"\1\2…\3", _CODE.sub("[code]", text))


class BridgeLog:
    """The log in a folder. Raises OSError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(
            folder / NAME, maxBytes=MOST_BYTES, backupCount=EARLIER, encoding="utf-8"
        )
        self._steps: dict[object, object] = {}

    def heard(self, event: str, values: Mapping[str, Any]) -> None:
        """Note what happens. Of a progress, only the steps."""
        if event == "progress":
            job, step = values.get("job"), values.get("step")
            if self._steps.get(job) == step:
                return
            self._steps[job], event = step, "step"
        said = {name: _safe(values[name]) for name in _FIELDS.get(event, ()) if name in values}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "event": f"bridge.{event}", **said}, ensure_ascii=False)
        self._handler.emit(logging.makeLogRecord({"msg": line}))

    def close(self) -> None:
        """Close the file."""
        self._handler.close()


@contextmanager
def logging_to(
    folder: Path, command: str, *, expected: tuple[type[Exception], ...] = (), **about: str
) -> Iterator[BridgeLog]:
    """The log of a command, from its start to its end. Of a defect it says which and where: the message of an
    exception may quote what a log must not hold.
    """
    log = BridgeLog(folder)
    log.heard("started", {"command": command, **about})
    try:
        yield log
    except Exception as error:
        if not isinstance(error, expected):
            log.heard("crashed", {"error": type(error).__name__, "where": _place(error)})
        raise
    finally:
        log.heard("stopped", {"command": command})
        log.close()


def files(folder: Path) -> list[Path]:
    """The files of a log, oldest first."""
    kept = [folder / f"{NAME}.{number}" for number in range(EARLIER, 0, -1)]
    return [each for each in (*kept, folder / NAME) if each.is_file()]


def last_lines(folder: Path, most: int) -> list[str]:
    """The last lines of a log."""
    lines: deque[str] = deque(maxlen=most)
    for each in files(folder):
        with each.open(encoding="utf-8", errors="replace") as file:
            lines.extend(line.rstrip("\n") for line in file)
    return list(lines)


def _place(error: Exception) -> str:
    """Where an exception comes from: the innermost functions, and their lines."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in reversed(frames))


def _safe(value: Any) -> Any:
    match value:
        case str():
            return scrub(value)
        case Mapping():
            return {str(name): _safe(each) for name, each in value.items()}
        case int() | None:
            return value
        case _:
            return scrub(str(value))
