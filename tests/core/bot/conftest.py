"""Worlds of this folder run on SQLite: differences between databases are tested without a world."""

from __future__ import annotations

import pytest

from tests.core.bot.rig import rig

__all__ = ["rig"]  # a fixture: found by its name


@pytest.fixture
def database_kind() -> str:
    return "sqlite"
