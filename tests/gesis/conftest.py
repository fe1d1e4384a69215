"""A central system whose meters a test replaces."""

from __future__ import annotations

from tests.watches.conftest import central, meters

__all__ = ["central", "meters"]
