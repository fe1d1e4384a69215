"""Large files of what a query finds: a child process writes them (`extracts`), and they become blobs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backend.core.blobs import service as blobs
from backend.core.child import ChildLimits, run_in_child
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.tabular.extracts import Written
from backend.tabular.reports import MEDIA_TYPES, Format

PART_BYTES = 50_000_000
"""The most of one file: what Telegram takes from a bot."""
ZIP_TYPE = "application/zip"
LIMITS = ChildLimits(seconds=3600.0, memory_bytes=2 << 30, file_bytes=8 << 30, open_files=64)
"""It is this program's own query that takes long. Libraries reserve much memory and use little."""
_PIECE = 1 << 20

Progress = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Spooled:
    """Files as blobs: each one's digest and name, in order; how many lines they have together."""

    files: tuple[tuple[str, str], ...]
    lines: int


async def spool(
    database: Database,
    vault: Vault,
    work: str,
    order: dict[str, Any],
    kind: Format,
    progress: Progress,
    limits: ChildLimits = LIMITS,
) -> Spooled:
    """Have `work` (`module:function`, called with `order` as JSON, the folder and the kind) write files, and
    store them. `progress` hears the number of lines so far. Raises ChildFailed.
    """

    async def told(lines: Any) -> None:
        await progress(int(lines))

    with TemporaryDirectory(prefix="a486-report-") as name:
        folder = Path(name)
        content = json.dumps(order).encode()
        made = await run_in_child(work, content, limits, told, folder=name, kind=kind.value)
        written = Written(tuple(made["files"]), int(made["lines"]))
        digests = list[str]()
        for file in written.files:
            media = ZIP_TYPE if file.endswith(".zip") else MEDIA_TYPES[kind]
            digests.append(await blobs.store(database, _pieces(folder / file), media, vault))
    return Spooled(tuple(zip(digests, written.files, strict=True)), written.lines)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
