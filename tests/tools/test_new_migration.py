"""Writing migrations: the differences between the models and the newest schema."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, String, Table

from backend.core.db.metadata import BigId, UtcDateTime
from backend.product import metadata
from tools.new_migration import write


@pytest.fixture
def parcels() -> Iterator[Table]:
    """A table that no migration knows."""
    table = Table(
        "parcels",
        metadata,
        Column("id", BigId, primary_key=True),
        Column("title", String(80), nullable=False),
        Column("opened_at", UtcDateTime, nullable=False),
    )
    yield table
    metadata.remove(table)


def test_a_table_without_migration_becomes_the_next_migration(parcels: Table, tmp_path: Path) -> None:
    written = asyncio.run(write("add parcels", tmp_path))

    assert written is not None
    assert written.parent == tmp_path
    number, _, slug = written.stem.partition("_")
    assert slug == "add_parcels"
    source = written.read_text()
    assert f'down_revision = "{int(number) - 1:04d}"' in source.replace("'", '"')
    assert 'op.create_table("parcels"' in source.replace("'", '"').replace("\n", "").replace("    ", "")
    assert "from backend.core.db.metadata import UtcDateTime" in source
    compile(source, str(written), "exec")


def test_a_migration_is_not_written_while_models_and_newest_schema_agree(tmp_path: Path) -> None:
    assert asyncio.run(write("nothing", tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_a_migration_without_a_name_is_refused_with_a_hint() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tools.new_migration"], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert 'make migration NAME="add tickets"' in ended.stderr
