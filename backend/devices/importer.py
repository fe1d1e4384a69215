"""Loading devices from a CSV file: `sid;nid;type;integrator` (any order, others ignored).

`type` is MOME or SMART_INFO (`Smart Info` is read too), `integrator` the partita IVA of the System Integrator
that the device was delivered to. A known SID is brought up to date; two lines of one file that say different
things of it are an error, and the first counts. Loading the same file again changes nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select
from stdnum.it import iva

from backend.core.db.database import Database
from backend.core.db.upsert import insert_for
from backend.devices.codes import SID_PATTERN, parse_nid, parse_sid
from backend.devices.models import devices
from backend.devices.values import DeviceType
from backend.identity import service as identity
from backend.tabular.csvfile import (
    BadLines,
    CsvRow,
    CsvRows,
    ImportReport,
    Progress,
    bad_lines_of,
    is_mangled,
)
from backend.tabular.reasons import Bad, BadLine, FileReason, FileRefused, Reason, Words, bare_words

COLUMNS = ("sid", "nid", "type", "integrator")
BATCH_LINES = 500
"""Lines in one transaction: few enough not to hold up the turns."""


class _Line(NamedTuple):
    line: int
    sid: str
    nid: str
    type: str
    integrator_code: str


async def import_devices(
    csv_path: Path,
    *,
    database: Database,
    sid_pattern: str = SID_PATTERN,
    progress: Progress | None = None,
    words: Words = bare_words,
) -> ImportReport:
    """Load devices, a batch of lines in each transaction; what was loaded before a failure stays.

    Raises FileRefused when the file as a whole cannot be read, DatabaseUnavailable.
    """
    try:
        with (
            BadLines(bad_lines_of(csv_path), words) as bad_lines,
            CsvRows(csv_path, COLUMNS) as rows,
            closing(_Said()) as said,
        ):
            loaded = 0
            batches = _batches(rows, sid_pattern, said)
            while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                good = [line for line in batch if isinstance(line, _Line)]
                refused = await database.write(partial(_store, lines=good)) if good else []
                for bad in sorted(
                    [*refused, *(b for b in batch if isinstance(b, Bad))], key=lambda b: b.line
                ):
                    bad_lines.add(bad)
                loaded += len(good) - len(refused)
                if progress is not None:
                    progress(rows.bytes_read, batch[-1].line)
            return ImportReport(loaded, bad_lines.count, bad_lines.path)
    except OSError as error:
        raise FileRefused(FileReason.UNREADABLE, error=str(error.strerror)) from error


class _Said:
    """The content of the lines so far by SID; on disk once it is large, since a file may be of any size."""

    def __init__(self) -> None:
        # A database without a name is a temporary file of its own; batches are read in various threads.
        self._kept = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._kept.execute("PRAGMA synchronous=OFF")
        self._kept.execute("CREATE TABLE said (sid TEXT PRIMARY KEY, what TEXT, line INT) WITHOUT ROWID")

    def contradicts(self, line: _Line) -> int | None:
        """The earlier line that says something else of this SID; none where this one is kept."""
        what = f"{line.nid} {line.type} {line.integrator_code}"
        self._kept.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", (line.sid, what, line.line))
        first = self._kept.execute("SELECT what, line FROM said WHERE sid = ?", (line.sid,)).fetchone()
        return None if first[0] == what else int(first[1])

    def close(self) -> None:
        self._kept.close()


def _batches(rows: CsvRows, sid_pattern: str, said: _Said) -> Iterator[list[_Line | Bad]]:
    batch: list[_Line | Bad] = []
    for row in rows:
        line = row if isinstance(row, Bad) else _read(row, sid_pattern)
        if isinstance(line, _Line) and (earlier := said.contradicts(line)) is not None:
            line = Bad(line.line, "sid", Reason.CONTRADICTION, {"earlier": earlier})
        batch.append(line)
        if len(batch) >= BATCH_LINES:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(row: CsvRow, sid_pattern: str) -> _Line | Bad:
    try:
        for column in ("sid", "nid"):
            if is_mangled(row.cells[column]):
                raise BadLine(column, Reason.MANGLED)
        sid = parse_sid(row.cells["sid"], sid_pattern)
        if sid is None:
            raise BadLine("sid", Reason.NOT_A_SID)
        nid = parse_nid(row.cells["nid"])
        if nid is None:
            raise BadLine("nid", Reason.NOT_A_NID)
        kind = row.cells["type"].upper().replace(" ", "_")
        if kind not in {known.value for known in DeviceType}:
            raise BadLine("type", Reason.NONE_OF, allowed=", ".join(known.value for known in DeviceType))
        return _Line(row.line, sid, nid, kind, iva.compact(row.cells["integrator"]))
    except BadLine as bad:
        return Bad(row.line, bad.column, bad.reason, bad.values)


def _store(connection: Connection, lines: list[_Line]) -> list[Bad]:
    """Insert or bring up to date; returns the lines that contradict what is known."""
    codes = {line.integrator_code for line in lines}
    found = identity.integrators_by_code(connection, codes)
    known = {code: integrator.id for code, integrator in found.items()}
    owners: dict[str, str] = {
        row.nid: row.sid
        for row in connection.execute(
            select(devices.c.nid, devices.c.sid).where(devices.c.nid.in_({line.nid for line in lines}))
        )
    }
    present: dict[str, str] = {
        row.sid: row.nid
        for row in connection.execute(
            select(devices.c.sid, devices.c.nid).where(devices.c.sid.in_({line.sid for line in lines}))
        )
    }
    refused: list[Bad] = []
    for line in lines:
        if line.integrator_code not in known:
            refused.append(Bad(line.line, "integrator", Reason.INTEGRATOR_UNKNOWN))
        elif owners.setdefault(line.nid, line.sid) != line.sid:
            refused.append(Bad(line.line, "nid", Reason.OTHER_NID))
        else:
            if (before := present.get(line.sid, line.nid)) != line.nid:
                owners.pop(before, None)  # which is free for a line that follows
            present[line.sid] = line.nid
            values = {"nid": line.nid, "type": line.type, "integrator_id": known[line.integrator_code]}
            connection.execute(
                insert_for(connection, devices)
                .values(sid=line.sid, **values)
                .on_conflict_do_update(index_elements=["sid"], set_=values)
            )
    return refused
