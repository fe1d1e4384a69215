"""The engine's chat."""

from __future__ import annotations

import pytest

from backend.core.db.database import Database
from tests.core.conversations.table import Table


@pytest.fixture
def table(database: Database) -> Table:
    return Table(database)
