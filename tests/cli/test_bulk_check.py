"""`a486 bulk check`: the dry run on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import showcase
from tests.bulk.corpus import R1, H, book
from tests.bulk.sheets import PLAIN, UNKNOWN, line, plain_pods, sheet
from tests.cli.conftest import Run


@pytest.fixture
def ready(run: Run, tmp_path: Path) -> Run:
    """A register, devices, and a member with the Telegram user number 7."""
    folder = tmp_path / "files"
    folder.mkdir()
    supplies, devices = showcase.write_files(folder)
    run("members", "add-integrator", showcase.OURS, "Impianti Demo")
    assert run("members", "add", "7", "Prova", showcase.OURS).exit_code == 0
    run("supplies", "import", str(supplies))
    run("devices", "import", str(devices))
    return run


def test_a_bulk_check_says_what_would_come_of_each_line(ready: Run, tmp_path: Path) -> None:
    file = tmp_path / "impianti.csv"
    file.write_bytes(sheet([line(PLAIN, 10), line(UNKNOWN, 11)]))
    told = ready("bulk", "check", str(file), "--member", "7", "--language", "it")
    assert told.exit_code == 1
    assert "POD inserito inesistente" in told.stdout
    assert "1 riga da creare" in told.stdout


def test_a_bulk_check_draws_on_no_budget_of_look_ups(
    ready: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A486_PERSON_LOOK_UPS_HOUR", "1")
    file = tmp_path / "impianti.csv"
    file.write_bytes(sheet([line(pod, 10 + at) for at, pod in enumerate(plain_pods(3))]))
    for _ in range(2):
        assert "3 rows to create" in ready("bulk", "check", str(file), "--member", "7").stdout


def test_a_bulk_check_of_a_workbook_asks_for_the_sheet(ready: Run, tmp_path: Path) -> None:
    file = tmp_path / "impianti.xlsx"
    file.write_bytes(book([H, R1], [H, R1]))
    told = ready("bulk", "check", str(file), "--member", "7")
    assert (told.exit_code, "--sheet" in told.stderr) == (1, True)
    assert "1 row to create" in ready("bulk", "check", str(file), "--member", "7", "--sheet", "2").stdout


def test_a_bulk_check_refuses_strangers_and_what_is_no_table(ready: Run, tmp_path: Path) -> None:
    file = tmp_path / "impianti.csv"
    file.write_bytes(sheet([line(PLAIN, 10)]))
    assert "nobody here" in ready("bulk", "check", str(file), "--member", "8").stderr
    file.write_bytes(b"<html>")
    assert "web page" in ready("bulk", "check", str(file), "--member", "7").stderr
