"""The shape of the code: the direction of imports and the size of modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = 600
MODULES = sorted(
    path
    for package in ("bot", "handlers", "conversations", "backend", "sandbox", "tests")
    for path in (ROOT / package).rglob("*.py")
)


def test_contracts_about_imports_are_kept() -> None:
    command = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    linted = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "0 broken" in linted.stdout


@pytest.mark.parametrize("folder", ["bot", "handlers", "conversations", "backend", "sandbox", "tests"])
def test_every_module_is_short_enough_to_be_read_in_one_go(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if path.is_relative_to(ROOT / folder)
    }

    assert lengths
    assert {path: length for path, length in lengths.items() if length > LINES} == {}
