"""Files that are made for members: the template, the lines to correct, the SCP files of a request."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from backend.bulk import service as bulk
from backend.bulk.lines import REASON_HEADING, TEMPLATE_HEADING
from backend.bulk.values import Row, RowState
from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.identity.values import Actor
from backend.scp import service as scp
from backend.scp.errors import ScpAssociationGone
from backend.scp.values import ScpFile, ScpState
from backend.tabular.dialect import Dialect
from backend.tabular.writing import written

TEMPLATE_NAME = "configurazione-massiva.csv"
EXAMPLE = ("IT001E00000000", "00000000000000000", "Standard")
MANIFEST_NAME = "elenco.csv"
PART_BYTES = 45 * 1024 * 1024
"""The most SCP files in one archive: Telegram takes 50 MB."""
CSV_TYPE = "text/csv"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_TYPE = "application/zip"
STATES = ("ready", "awaited", "failed", "deleted")
"""States of an SCP file in the list: keys of texts."""


def template() -> bytes:
    """The template: the heading and one line that shows the form. It opens well in Excel in Italian."""
    return written([TEMPLATE_HEADING, EXAMPLE], Dialect())


def corrections(
    heading: Sequence[str], rows: Sequence[Row], reasons: Sequence[str], dialect: Dialect | None
) -> bytes:
    """The lines as they were written, with the reason in a column of its own, in the dialect of the file that
    they are from; a workbook where `dialect` is None.
    """
    kept = [at for at, name in enumerate(heading) if name.strip().casefold() != REASON_HEADING.casefold()]
    lines = [[*(heading[at] for at in kept), REASON_HEADING]]
    for row, reason in zip(rows, reasons, strict=True):
        lines.append([*(row.cells[at] if at < len(row.cells) else "" for at in kept), reason])
    return written(lines, dialect)


@dataclass(frozen=True, slots=True)
class Entry:
    """An SCP file of a request, or what there is in its place. `state` is a key of its text."""

    pod: str
    sid: str
    file: ScpFile | None
    state: str

    @property
    def name(self) -> str:
        """The name in the archive, made of ids; empty where there is no file."""
        if self.file is None or self.file.digest is None:
            return ""
        return f"{self.file.association_id}-{self.file.sequence}.scp"


async def entries_of(database: Database, actor: Actor, request_id: int) -> list[Entry]:
    """The SCP files of a request's associations, in the order of its lines. Raises BulkNotFound."""
    rows = await database.long_read(partial(bulk.rows_of, actor=actor, request_id=request_id))
    created = [row for row in rows if row.state is RowState.CREATED and row.association_id is not None]
    return [await database.long_read(partial(_entry, actor=actor, row=row)) for row in created]


def _entry(connection: Connection, actor: Actor, row: Row) -> Entry:
    pod, sid = row.pod or "", row.sid or ""
    try:
        file = scp.latest_for(connection, actor, row.association_id or 0)
    except ScpAssociationGone:
        return Entry(pod, sid, None, "deleted")
    if file is None or file.state is ScpState.REQUESTED:
        return Entry(pod, sid, None, "awaited")
    if file.state is not ScpState.READY:
        return Entry(pod, sid, None, "failed")
    return Entry(pod, sid, file, "ready")


def parts(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries in archives that Telegram takes; those without a file are with the first."""
    found: list[list[Entry]] = [[]]
    size = 0
    for entry in entries:
        more = (entry.file.size or 0) if entry.file is not None else 0
        if size and size + more > PART_BYTES:
            found.append([])
            size = 0
        found[-1].append(entry)
        size += more
    return found


class _Sink(io.RawIOBase):
    """Collects what a ZipFile writes until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


async def archive(
    database: Database, vault: Vault, entries: Sequence[Entry], words: dict[str, str]
) -> AsyncIterator[bytes]:
    """The archive of these entries, piece by piece, with one SCP file at a time in memory. The list of them
    comes last. `words` are the texts of the states.
    """
    sink = _Sink()
    lines: list[Sequence[str]] = [("POD", "SID", "File", "SHA-256", "Stato")]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in entries:
            check = ""
            if entry.file is not None and entry.file.digest is not None:
                blob = await database.long_read(partial(blobs.get, digest=entry.file.digest, vault=vault))
                check = hashlib.sha256(blob.data).hexdigest()
                packed.writestr(entry.name, blob.data)
                yield sink.take()
            lines.append((entry.pod, entry.sid, entry.name, check, words[entry.state]))
        packed.writestr(MANIFEST_NAME, written(lines, Dialect()))
    yield sink.take()
