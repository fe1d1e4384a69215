"""A stub of the central system, and clients of it that lose no time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from backend.central.associations import HttpRegistry
from backend.central.breaker import CircuitBreaker
from backend.central.client import CentralClient
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.identity.values import Actor
from sandbox.central import StubCentral
from tests.central.support import Hasty, Telling
from tests.log_watch import secret
from tests.samples import ALL_SUPPLIES

TOKEN = "stub.token-Zx81-kept-out-of-the-log"


@pytest.fixture
async def stub() -> AsyncIterator[StubCentral]:
    """A central system over HTTP with the sample supplies."""
    async with StubCentral(ALL_SUPPLIES, token=secret(TOKEN)) as running:
        yield running


@pytest.fixture
def breaker() -> CircuitBreaker:
    """A circuit that a test with a few failures does not open."""
    return CircuitBreaker(failures=100)


@pytest.fixture
async def client(stub: StubCentral, breaker: CircuitBreaker) -> AsyncIterator[CentralClient]:
    """A client with little patience."""
    async with CentralClient(
        stub.url, stub.token, seconds=0.4, total_seconds=3.0, breaker=breaker, chance=Hasty()
    ) as opened:
        yield opened


@pytest.fixture
async def ours(database: Database, clock: ManualClock, us: Actor) -> Telling:
    """Our side: a database with an integrator, devices and who tells."""
    made = Telling(database, clock, us)
    await made.begin()
    return made


@pytest.fixture
def registry(client: CentralClient) -> HttpRegistry:
    """The stub, as who tells knows it."""
    return HttpRegistry(client)
