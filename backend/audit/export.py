"""The audit as CSV files, written portion by portion: however many entries there are, a few are in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

from backend.audit import service as audit
from backend.audit.values import Search
from backend.core.audit.values import AuditRecord
from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.identity.values import Actor
from backend.tabular.dialect import Dialect
from backend.tabular.writing import written

CSV_TYPE = "text/csv"
PORTION = 500
"""Entries that are read and written at a time."""
PART_BYTES = 45 * 1024 * 1024
"""The most of one file: Telegram takes 50 MB."""
_BODY = Dialect(encoding="utf-8")
"""Below the heading, which begins with the mark that Excel knows UTF-8 by."""

Line = Callable[[AuditRecord], Sequence[str]]
Progress = Callable[[int, int], Awaitable[None]]


async def export(
    database: Database,
    vault: Vault,
    actor: Actor,
    wanted: Search,
    heading: Sequence[str],
    line: Line,
    progress: Progress,
    part_bytes: int = PART_BYTES,
) -> tuple[list[str], int]:
    """Store every entry that a search finds, newest first; returns the digests of the files and the number
    of entries. `line` puts an entry in words. Raises NotPermitted.
    """
    total = await database.long_read(partial(audit.count, actor=actor, wanted=wanted))
    done = 0

    async def portions() -> AsyncIterator[bytes]:
        nonlocal done
        before: int | None = None
        while found := await database.long_read(
            partial(audit.newest, actor=actor, wanted=wanted, limit=PORTION, before=before)
        ):
            yield written([line(entry) for entry in found], _BODY)
            before, done = found[-1].id, done + len(found)
            await progress(min(done, total), total)

    rest = portions()
    following = await anext(rest, None)

    async def part() -> AsyncIterator[bytes]:
        nonlocal following
        head = written([heading], Dialect())
        yield head
        size = len(head)
        while following is not None and (size == len(head) or size + len(following) <= part_bytes):
            yield following
            size += len(following)
            following = await anext(rest, None)

    digests = []
    while following is not None:
        digests.append(await blobs.store(database, part(), CSV_TYPE, vault))
    return digests, done
