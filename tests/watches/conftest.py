"""A central system whose meters a test brings within reach, and the due check of watches made at once."""

from __future__ import annotations

import pytest

from sandbox import demo
from tests.support import Switchboard
from tests.watches.meters import Meters


@pytest.fixture
def meters() -> Meters:
    """The meters that are within reach, whatever the register says."""
    return Meters()


@pytest.fixture
def central(meters: Meters) -> Switchboard:
    """The demo's central system, with these meters."""
    inner = demo.ports().central
    return Switchboard(lambda healthy: meters.before(inner(healthy)))
