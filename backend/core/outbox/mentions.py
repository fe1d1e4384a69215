"""Words that identify somebody, in what other people's chats show."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, String, cast, func, or_, select, update

from backend.core.db.statements import PORTION
from backend.core.outbox.models import posts

IN_PLACE = "…"
"""What stands where a word stood."""


def newest(connection: Connection) -> int:
    """The id of the newest post; 0 where there is none."""
    return int(connection.scalar(select(func.max(posts.c.id))) or 0)


def mentioning(connection: Connection, words: Collection[str], after: int = 0) -> list[int]:
    """The posts with an id above `after` that show one of these words. It looks at every post: for a long
    read, unless there are few.
    """
    if not words:
        return []
    # SQLite holds what Python wrote, with or without escapes; PostgreSQL what it made of it.
    spelt = {json.dumps(word, ensure_ascii=escaped)[1:-1] for word in words for escaped in (True, False)}
    content = cast(posts.c.content, String)
    found = connection.execute(
        select(posts.c.id, posts.c.content)
        .where(posts.c.id > after, or_(*(content.contains(each, autoescape=True) for each in sorted(spelt))))
        .execution_options(yield_per=PORTION)
    )
    pattern = _pattern(words)
    return [row.id for row in found if _without(row.content, pattern) != row.content]


def redact(connection: Connection, post_ids: Sequence[int], words: Collection[str]) -> None:
    """Take these words out of posts. What the chats show stays: only what is kept of it changes."""
    pattern = _pattern(words)
    for post_id in post_ids:
        content = connection.scalar(select(posts.c.content).where(posts.c.id == post_id))
        if content is not None:
            connection.execute(
                update(posts).where(posts.c.id == post_id).values(content=_without(content, pattern))
            )


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first))


def _without(content: dict[str, Any], pattern: re.Pattern[str]) -> dict[str, Any]:
    """The content without these words where people read them: a button's kind, action and argument stay."""
    made = dict(content)
    if "text" in made:
        made["text"] = pattern.sub(IN_PLACE, made["text"])
    if "rows" in made:
        made["rows"] = [[_button(button, pattern) for button in row] for row in made["rows"]]
    return made


def _button(button: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    kind, label, *rest = button
    copied = [pattern.sub(IN_PLACE, each) for each in rest] if kind == "copy" else rest
    return [kind, pattern.sub(IN_PLACE, label), *copied]
