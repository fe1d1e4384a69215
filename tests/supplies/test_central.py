"""One contract for every central system, and the additions of the stand-ins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from backend.central.client import CentralClient
from backend.central.supplies import HttpCentralSystem
from backend.core.db.database import Database
from backend.supplies.central import (
    CentralSystem,
    CentralSystemWithFaults,
    Fault,
    FaultKind,
    GenericFault,
    InMemoryCentralSystem,
    SqlCentralSystem,
)
from backend.supplies.errors import CentralDataError, CentralUnavailable
from backend.supplies.importer import import_register
from backend.supplies.register import Register
from backend.supplies.service import ask
from backend.supplies.values import MeterRole, Supply, SupplyFound, SupplyUnknown
from sandbox.central import StubCentral
from tests.csvfiles import line_of, write_register
from tests.samples import ALL_SUPPLIES, HOME, PROSUMER, ROOF, SHED, pod

Make: TypeAlias = Callable[[tuple[Supply, ...]], Awaitable[CentralSystem]]

ORPHAN = replace(ROOF, pod=pod("IT001E20000001"), exchange_point="IT001E29999999")
NESTED = replace(ROOF, pod=pod("IT001E20000002"), exchange_point=ROOF.point)


@pytest.fixture(params=["sql", "in-memory", "with-faults", "http"])
async def make(
    request: pytest.FixtureRequest,
    database: Database,
    register: Register,
    register_path: Path,
    tmp_path: Path,
) -> AsyncIterator[Make]:
    async def sql(supplies: tuple[Supply, ...]) -> CentralSystem:
        csv = write_register(tmp_path / "supplies.csv", [line_of(supply) for supply in supplies])
        await import_register(csv, database=database, register_path=register_path)
        return SqlCentralSystem(register)

    async def in_memory(supplies: tuple[Supply, ...]) -> CentralSystem:
        return InMemoryCentralSystem(supplies)

    async def with_faults(supplies: tuple[Supply, ...]) -> CentralSystem:
        return CentralSystemWithFaults(InMemoryCentralSystem(supplies), {})

    async with AsyncExitStack() as stack:

        async def http(supplies: tuple[Supply, ...]) -> CentralSystem:
            stub = await stack.enter_async_context(StubCentral(supplies))
            client = await stack.enter_async_context(CentralClient(stub.url, stub.token))
            return HttpCentralSystem(client)

        yield {"sql": sql, "in-memory": in_memory, "with-faults": with_faults, "http": http}[request.param]


async def test_a_supply_is_found(make: Make) -> None:
    central = await make(ALL_SUPPLIES)
    assert central.is_local(HOME.pod) is not isinstance(central, HttpCentralSystem)
    assert await central.look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)


async def test_productions_are_in_alphabetical_order_without_ceased_ones(make: Make) -> None:
    central = await make(ALL_SUPPLIES)
    assert await central.look_up(PROSUMER.pod) == SupplyFound(PROSUMER.pod, PROSUMER, (SHED, ROOF))


async def test_a_production_pod_is_answered_with_its_exchange_pod(make: Make) -> None:
    central = await make(ALL_SUPPLIES)
    assert await central.look_up(ROOF.pod) == SupplyFound(ROOF.pod, PROSUMER, (SHED, ROOF), True)


async def test_the_fifteenth_character_does_not_matter(make: Make) -> None:
    central = await make(ALL_SUPPLIES)
    answer = await central.look_up(pod(HOME.pod.code + "9"))
    assert isinstance(answer, SupplyFound)
    assert answer.asked.code == HOME.pod.code + "9"
    assert answer.supply.pod.code == HOME.pod.code


@pytest.mark.parametrize("code", ["IT001E99999999", "IT123E10000001", "IT001E10000023"])
async def test_other_pods_and_ceased_productions_are_unknown(make: Make, code: str) -> None:
    central = await make(ALL_SUPPLIES)
    assert await central.look_up(pod(code)) == SupplyUnknown(pod(code))


async def test_contradictions_are_data_errors(make: Make) -> None:
    central = await make((*ALL_SUPPLIES, ORPHAN, NESTED))
    for asked in (ORPHAN.pod, NESTED.pod):
        with pytest.raises(CentralDataError) as contradiction:
            await central.look_up(asked)
        assert contradiction.value.reason


async def test_a_register_never_loaded_counts_as_a_central_system_out_of_reach(register: Register) -> None:
    assert isinstance(await ask(SqlCentralSystem(register), HOME.pod), CentralUnavailable)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        (FaultKind.UNAVAILABLE, CentralUnavailable),
        (FaultKind.CONTRADICTORY, CentralDataError),
        (FaultKind.GENERIC, GenericFault),
    ],
)
async def test_a_stand_in_fails_as_it_is_told(kind: FaultKind, failure: type[Exception]) -> None:
    stand_in = InMemoryCentralSystem(ALL_SUPPLIES)
    stand_in.fail(HOME.pod, kind)
    assert type(await ask(stand_in, HOME.pod)) is failure
    assert isinstance(await ask(stand_in, PROSUMER.pod), SupplyFound)
    stand_in.fail(HOME.pod, None)
    assert isinstance(await ask(stand_in, HOME.pod), SupplyFound)

    wrapped = CentralSystemWithFaults(stand_in, {HOME.pod: Fault(kind)})
    assert not wrapped.is_local(HOME.pod)
    assert wrapped.is_local(PROSUMER.pod)
    assert type(await ask(wrapped, HOME.pod)) is failure
    assert isinstance(await ask(wrapped, PROSUMER.pod), SupplyFound)


async def test_a_held_answer_arrives_when_the_gate_opens() -> None:
    stand_in = InMemoryCentralSystem(ALL_SUPPLIES)
    gate = asyncio.Event()
    stand_in.hold(HOME.pod, gate)
    assert not stand_in.is_local(HOME.pod)
    asked = asyncio.create_task(stand_in.look_up(HOME.pod))
    done, _ = await asyncio.wait({asked}, timeout=0.05)
    assert not done
    gate.set()
    assert await asked == SupplyFound(HOME.pod, HOME)
    with pytest.raises(ValueError, match="gate"):
        stand_in.fail(HOME.pod, FaultKind.SLOW)


async def test_a_slow_fault_answers_after_its_time() -> None:
    wrapped = CentralSystemWithFaults(InMemoryCentralSystem([HOME]), {HOME.pod: Fault(FaultKind.SLOW, 0.05)})
    began = asyncio.get_running_loop().time()
    assert await wrapped.look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)
    assert asyncio.get_running_loop().time() - began >= 0.05


async def test_a_stand_in_takes_new_supplies() -> None:
    stand_in = InMemoryCentralSystem(local=False)
    assert not stand_in.is_local(HOME.pod)
    assert await stand_in.look_up(HOME.pod) == SupplyUnknown(HOME.pod)
    stand_in.put(HOME)
    assert await stand_in.look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)
    stand_in.put(replace(HOME, meter_role=MeterRole.M2))
    with pytest.raises(CentralDataError):
        await stand_in.look_up(HOME.pod)
