"""Worlds of this folder run on SQLite: what differs by database is tested on both without a world."""

from __future__ import annotations

import pytest

from tests.core.bot.desk import desk

__all__ = ["desk"]  # a fixture: found by its name


@pytest.fixture
def database_kind() -> str:
    return "sqlite"
