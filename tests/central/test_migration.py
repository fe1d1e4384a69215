"""The migration to tellings: what lives is to be told, for the day on which there is somebody to be told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from backend.core.db.migrate import migrate

LIVE, GONE = 7, 8


def add(connection: sqlite3.Connection, number: int, deleted_at: str | None) -> None:
    """An association as the version before made it; what it refers to does not matter here."""
    connection.execute(
        "INSERT INTO associations (id, integrator_id, point, pod, device_id, device_type, configuration,"
        " eneltel, meter_serial, gesis, over_65_kw, created_at, created_by, deleted_at)"
        " VALUES (?, 1, ?, ?, ?, 'MOME', 'STANDARD', '100000001', '20G2A000000001', 0, 0,"
        " '2025-03-10 08:00:00.000000', 1, ?)",
        (number, f"IT001E1000000{number}", f"IT001E1000000{number}", number, deleted_at),
    )


async def test_associations_that_live_are_to_be_told(tmp_path: Path) -> None:
    file = tmp_path / "a486.db"
    url = f"sqlite:///{file}"
    await migrate(url, "0029")
    with closing(sqlite3.connect(file)) as connection:
        add(connection, LIVE, None)
        add(connection, GONE, "2025-03-11 08:00:00.000000")
        connection.commit()
    await migrate(url)
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT association_id, state, revision, begun, attempts, since FROM association_tellings"
        ).fetchall()
    assert rows == [(LIVE, "waiting", 1, 0, 0, "2025-03-10 08:00:00.000000")]
