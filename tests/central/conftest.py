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
def patience() -> float:
    """Seconds that a call may take: more than any machine needs. Tests of calls that hang have less."""
    return 20.0


@pytest.fixture
async def client(stub: StubCentral, breaker: CircuitBreaker, patience: float) -> AsyncIterator[CentralClient]:
    """A client that loses no time between its tries."""
    async with CentralClient(
        stub.url, stub.token, seconds=patience, total_seconds=50.0, breaker=breaker, chance=Hasty()
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
