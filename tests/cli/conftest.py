"""The command line on a data folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.cli import console
from bot.core.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the commands use; nothing else is set."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"A486_{name.upper()}", raising=False)
    monkeypatch.setenv("A486_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(console, "width", 250)  # tables are not folded
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    """`run("members", "list")`: the result of the command."""

    def run(*arguments: str, typed: str = "") -> Result:
        result = CliRunner().invoke(cli, list(arguments), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
