"""`a486 documents`: a folder on disk becomes documents, again and again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.documents import shelf
from backend.documents.shelf import OPERATOR
from backend.documents.syncing import Change, sync
from backend.documents.values import Document, DocumentState, split_name
from bot.documents.cli import FOLDERS
from tests.cli.conftest import Run, data, run
from tests.documents.files import EXE, archive, pdf
from tests.documents.walks import write_files

__all__ = ["data", "run"]

SHEET = "MOME/Documentazione tecnica/Datasheet/Datasheet MOME.pdf"
TOOLS = "smart info/tools/firmware"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder tree with a few documents."""
    root = tmp_path / "archivio"
    write_files(
        root,
        {
            "DOC/Kit informativo.pdf": pdf("kit"),
            SHEET: pdf("uno"),
            f"{TOOLS}/Firmware Smart Info v1.9.zip": archive("fw.bin"),
            f"{TOOLS}/Firmware Smart Info v1.10.zip": archive("fw.bin", "note.txt"),
        },
    )
    return root


def stored(data: Path, change: Callable[[Connection], object] = lambda connection: None) -> list[Document]:
    """What the database holds, by folder and title, after a change."""

    async def read() -> list[Document]:
        async with Database(f"sqlite:///{data / 'a486.db'}") as database:
            await database.write(change)
            return await database.long_read(shelf.everything)

    return asyncio.run(read())


def test_a_tree_is_published_once(run: Run, data: Path, tree: Path) -> None:
    result = run("documents", "sync", str(tree))
    assert result.exit_code == 0, result.stderr
    assert "new       MOME/Documentazione tecnica/Datasheet/Datasheet MOME.pdf (1)" in result.stdout
    assert result.stdout.index("v1.9.zip (1.9)") < result.stdout.index("version   smart info/tools")
    assert "4 changed, 0 the same." in result.stdout
    kit, sheet, firmware = stored(data)
    assert [each.title for each in (kit, sheet, firmware)] == [
        "Kit informativo",
        "Datasheet MOME",
        "Firmware Smart Info",
    ]
    assert (firmware.version.label, firmware.older) == ("1.10", 1)
    again = run("documents", "sync", str(tree))
    assert again.stdout == "0 changed, 4 the same.\n"
    assert stored(data) == [kit, sheet, firmware]


def test_another_content_is_the_next_version_and_an_older_one_is_left_out(
    run: Run, data: Path, tree: Path
) -> None:
    run("documents", "sync", str(tree))
    os.utime(tree / SHEET, (0, 0))
    write_files(tree, {SHEET: pdf("due"), f"{TOOLS}/Firmware Smart Info v1.2.zip": archive("old.bin")})
    os.utime(tree / SHEET, (datetime(2026, 3, 1, tzinfo=UTC).timestamp(),) * 2)
    dry = run("documents", "sync", "--dry-run", str(tree))
    assert f"version   {SHEET} (2)" in dry.stdout
    assert "1 would be changed" in dry.stdout
    result = run("documents", "sync", str(tree))
    assert f"version   {SHEET} (2)" in result.stdout
    assert "older     smart info/tools/firmware/Firmware Smart Info v1.2.zip (1.2)" in result.stdout
    _, sheet, firmware = stored(data)
    assert (sheet.version.label, sheet.older) == ("2", 1)
    assert f"{sheet.version.dated:%d/%m/%Y}" == "01/03/2026"
    assert firmware.version.label == "1.10"
    write_files(tree, {f"{TOOLS}/Firmware Smart Info v1.10.zip": archive("other.bin")})
    result = run("documents", "sync", str(tree))
    assert result.exit_code == 1
    assert "published with another content" in result.stderr


def test_what_vanished_is_withdrawn_only_when_told_to_and_comes_back(
    run: Run, data: Path, tree: Path
) -> None:
    run("documents", "sync", str(tree))
    (tree / SHEET).unlink()
    result = run("documents", "sync", str(tree))
    assert "missing   MOME › Documentazione tecnica › Datasheet › Datasheet MOME (1)" in result.stdout
    assert (stored(data))[1].stands
    result = run("documents", "sync", "--withdraw-missing", str(tree))
    assert "withdrawn MOME ›" in result.stdout
    assert (stored(data))[1].state is DocumentState.MISSING
    assert run("documents", "sync", "--withdraw-missing", str(tree)).stdout == "0 changed, 3 the same.\n"
    write_files(tree, {SHEET: pdf("uno")})
    assert f"back      {SHEET} (1)" in run("documents", "sync", str(tree)).stdout
    assert (stored(data))[1].stands
    (data.parent / "vuota").mkdir()
    result = run("documents", "sync", "--withdraw-missing", str(data.parent / "vuota"))
    assert "nothing is withdrawn" in result.stdout  # a disk that is not there empties no archive
    assert all(each.stands for each in stored(data))


def test_what_the_staff_withdrew_stays_withdrawn(run: Run, data: Path, tree: Path) -> None:
    run("documents", "sync", str(tree))
    sheet = (stored(data))[1]
    stored(data, lambda connection: shelf.withdraw(connection, OPERATOR, sheet.id, datetime.now(UTC)))
    write_files(tree, {SHEET: pdf("due")})
    result = run("documents", "sync", str(tree))
    assert "left      MOME/" in result.stdout
    assert "0 changed" in result.stdout
    assert (stored(data))[1].state is DocumentState.WITHDRAWN
    kit = stored(data)[0]
    write_files(tree, {"DOC/Kit informativo.pdf": pdf("sbagliato")})
    run("documents", "sync", str(tree))
    wrong = stored(data)[0].version
    stored(data, lambda connection: shelf.withdraw_version(connection, OPERATOR, wrong.id, datetime.now(UTC)))
    result = run("documents", "sync", str(tree))
    assert "left      DOC/Kit informativo.pdf" in result.stdout
    assert stored(data)[0].version == kit.version
    listed = run("documents", "list").stdout
    assert "Datasheet MOME: 1, " in listed
    assert "withdrawn" in listed


def test_hostile_files_are_refused_and_the_others_published(run: Run, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "segreto.pdf").write_bytes(pdf("segreto"))
    (tree / "DOC" / "link.pdf").symlink_to(tmp_path / "segreto.pdf")
    (tree / "MOME" / "fuori").symlink_to(tmp_path)
    write_files(
        tree,
        {
            "DOC/contratto.pdf": EXE,
            "DOC/setup.exe": EXE,
            "DOC/vuoto.pdf": b"",
            "DOC/pagina.html": b"<html>",
            "MOME/sciolto.pdf": pdf(),
            "Altro/x.pdf": pdf(),
            ".nascosto/y.pdf": pdf(),
            "DOC/.z.pdf": pdf(),
            f"{TOOLS}/setup.exe": EXE,
        },
    )
    result = run("documents", "sync", str(tree))
    assert result.exit_code == 1
    for line in (
        "DOC/link.pdf: links are not followed",
        "DOC/contratto.pdf: its content is not what its name says",
        "DOC/setup.exe: it can run",
        "DOC/vuoto.pdf: it is empty",
        "DOC/pagina.html: files of this kind",
        "MOME/sciolto.pdf: no folder of documents",
        "Altro/x.pdf: no folder of documents",
        "7 refused.",
    ):
        assert line in result.stderr
    assert "nascosto" not in result.output
    assert "5 changed" in result.stdout


def test_the_folders_are_made_as_they_are_looked_for(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "nuovo"
    result = run("documents", "folders", "--make", str(made))
    assert "Smart Info/Tool e strumenti software/Driver USB/64 bit (tools too)" in result.stdout
    write_files(made, {"Smart Info/Tool e strumenti software/Driver USB/64 bit/driver.zip": archive("d.sys")})
    assert "1 changed" in run("documents", "sync", str(made)).stdout


@pytest.mark.parametrize(
    ("name", "title", "label"),
    [
        ("Datasheet MOME v1.2.pdf", "Datasheet MOME", "1.2"),
        ("release_note-V2.0.1-rc1.pdf", "release note", "2.0.1-rc1"),
        ("driver v3.tar.gz", "driver", "3"),
        ("Windows v.pdf", "Windows v", None),
        ("v1.pdf", "v1", None),
        (".pdf", "pdf", None),
        ("\u202efdp.exe.pdf", "fdp.exe", None),
        ("x" * 300 + ".pdf", "x" * 100, None),
    ],
)
def test_a_name_says_title_and_version(name: str, title: str, label: str | None) -> None:
    assert split_name(name) == (title, label)


async def test_it_works_on_both_databases(database: Database, tree: Path) -> None:
    at = datetime.now(UTC)
    first = [told.change async for told in sync(database, tree, FOLDERS, at)]
    assert first.count(Change.NEW) == 3
    again = [told.change async for told in sync(database, tree, FOLDERS, at)]
    assert again == [Change.SAME] * 4
    (tree / SHEET).unlink()
    gone = [told.change async for told in sync(database, tree, FOLDERS, at, withdraw=True)]
    assert Change.WITHDRAWN in gone
