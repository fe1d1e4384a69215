"""The log: constant event names, identifiers as fields, nothing in it that a log must not hold.

Tokens and e-mail addresses are scrubbed from every string on the way out, wherever they come from, and PODs
are masked.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# In a URL the token follows the word “bot” without a gap.
_TOKEN = re.compile(r"\d{3,}(:|%3A)[A-Za-z0-9_-]{6,}", re.IGNORECASE)
# Any point's code, a production one's too, however it was typed; a word of that length has no digit in it.
_POD = re.compile(r"\b(IT)(?=[A-Z]*\d)([0-9A-Z]{4})[0-9A-Z]{4}([0-9A-Z]{4})[0-9A-Z]?\b", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+")
# PostgreSQL quotes the row that it refuses, whatever is in it.
_DETAIL = re.compile(r"\bDETAIL: [^\n]*")
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def scrub(text: str) -> str:
    """The text without bot tokens, e-mail addresses and rows of the database, and with every POD masked."""
    safe = _TOKEN.sub("[token]", _DETAIL.sub("DETAIL: [hidden]", text))
    if "@" in safe:
        safe = _EMAIL.sub("[e-mail]", safe)
    return _POD.sub(r"\1\2…\3", safe)


def _scrub_event(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {key: _scrub_value(value) for key, value in event.items()}


def _scrub_value(value: Any) -> Any:
    match value:
        case str():
            return scrub(value)
        case dict():
            return {key: _scrub_value(item) for key, item in value.items()}
        case list() | tuple():
            return [_scrub_value(item) for item in value]
        case int() | float() | bool() | None:
            return value
        case _:
            return scrub(str(value))


def configure(style: str, level: str, stream: TextIO | None = None) -> None:
    """Set up the log of the process; `style` is `console` or `json`. Libraries' own logs come out the same
    way.
    """
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),  # before anything is made of it
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _scrub_event, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(LEVELS[level])
    for noisy in ("aiosqlite", "asyncio", "apscheduler", "telegram", "aiohttp.access", "alembic", "mail.log"):
        logging.getLogger(noisy).setLevel(max(LEVELS[level], logging.WARNING))
