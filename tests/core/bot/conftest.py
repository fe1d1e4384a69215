"""Worlds of this folder run on SQLite: differences between databases are tested without a world."""

from __future__ import annotations

import pytest

from tests.core.bot.desk import desk

__all__ = ["desk"]  # a fixture: found by its name


@pytest.fixture
def database_kind() -> str:
    return "sqlite"
