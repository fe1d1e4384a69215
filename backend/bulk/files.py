"""Files that are made for members: the template, the lines to correct, the SCP files of a request."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from backend.associations.values import Association
from backend.bulk import service as bulk
from backend.bulk.lines import REASON_HEADING, TEMPLATE_HEADING
from backend.bulk.values import Row, RowState
from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.identity.values import Actor
from backend.scp import service as scp
from backend.scp.values import ScpFile, ScpState
from backend.tabular.dialect import Dialect
from backend.tabular.writing import written

TEMPLATE_NAME = "configurazione-massiva.csv"
EXAMPLE = ("IT001E00000000", "MOM00000000000000", "Standard")  # Excel would make a number of digits
MANIFEST_NAME = "elenco.csv"
PART_BYTES = 45 * 1024 * 1024
"""The most SCP files in one archive: Telegram takes 50 MB."""
CSV_TYPE = "text/csv"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_TYPE = "application/zip"
STATES = ("ready", "awaited", "distributor", "deleted")
"""States of an SCP file in the list: keys of texts. `awaited` is being made, `distributor` is AWAITED."""


def template() -> bytes:
    """The template: the heading and one line that shows the form. It opens well in Excel in Italian."""
    return written([TEMPLATE_HEADING, EXAMPLE], Dialect())


def corrections(
    heading: Sequence[str], rows: Sequence[Row], reasons: Sequence[str], dialect: Dialect | None
) -> bytes:
    """The lines as they were written, with the reason in a column of its own, in the dialect of the file that
    they are from; a workbook where `dialect` is None.
    """
    width = max([len(heading), *(len(row.cells) for row in rows)])
    names = [*heading, *[""] * (width - len(heading))]
    kept = [at for at, name in enumerate(names) if name.strip().casefold() != REASON_HEADING.casefold()]
    lines = [[*(names[at] for at in kept), REASON_HEADING]]
    for row, reason in zip(rows, reasons, strict=True):
        lines.append([*(row.cells[at] if at < len(row.cells) else "" for at in kept), reason])
    return written(lines, dialect)


@dataclass(frozen=True, slots=True)
class Entry:
    """An SCP file of a request, or what there is in its place. `state` is a key of its text; `to_make` is an
    SCP file that was asked for just now.
    """

    pod: str
    sid: str
    file: ScpFile | None
    state: str
    to_make: int | None = None

    @property
    def name(self) -> str:
        """The name in the archive, made of ids; empty where there is no file."""
        if self.file is None or self.file.digest is None:
            return ""
        return f"{self.file.association_id}-{self.file.sequence}.scp"


def entries_of(connection: Connection, actor: Actor, request_id: int, at: datetime) -> list[Entry]:
    """The SCP files of a request's associations, in the order of its lines. Those that expired or could not
    be made are asked for once more: `to_make` names them. Where some are awaited, the actor is told when the
    last one is there. Raises BulkNotFound.
    """
    rows = bulk.rows_of(connection, actor, request_id)
    created = {row.association_id: row for row in rows if row.state is RowState.CREATED}
    known = scp.latest_of(connection, actor, [number for number in created if number is not None])
    return [
        _entry(connection, actor, row, known.get(number or 0), request_id, at)
        for number, row in created.items()
    ]


def _entry(
    connection: Connection,
    actor: Actor,
    row: Row,
    known: tuple[Association, ScpFile | None] | None,
    request_id: int,
    at: datetime,
) -> Entry:
    pod, sid = row.pod or "", row.sid or ""
    if known is None:
        return Entry(pod, sid, None, "deleted")
    association, before = known
    if before is not None and before.is_current(at):
        return Entry(pod, sid, before, "ready")
    file = scp.request(connection, actor, association, at, batch=request_id)
    if file.state is ScpState.READY:
        return Entry(pod, sid, file, "ready")
    if file.state is ScpState.AWAITED:
        return Entry(pod, sid, None, "distributor")
    return Entry(
        pod, sid, None, "awaited", to_make=file.id if before is None or before.id != file.id else None
    )


def record_deliveries(
    connection: Connection, actor: Actor, scp_ids: Sequence[int], request_id: int, at: datetime
) -> None:
    """Record that these files of a request are handed to the actor. Raises NotPermitted, BulkNotFound,
    ScpAssociationGone or ScpNotReady.
    """
    bulk.get(connection, actor, request_id)
    scp.record_deliveries(connection, actor, scp_ids, at)


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
