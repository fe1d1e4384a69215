"""One contract for whoever is told of associations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from backend.associations.registry import (
    AssociationRegistry,
    InMemoryRegistry,
    RegistryOutdated,
    RegistryRefused,
    RegistryStanding,
)
from backend.associations.values import Association, Configuration
from backend.central.associations import HttpRegistry
from backend.central.client import CentralClient
from backend.devices.values import DeviceType
from backend.supplies.pod import Pod
from sandbox.central import StubCentral
from tests.samples import HOME, NID_A, PROSUMER, ROOF, SID_A, SID_B, START

FIRST = Association(
    id=1,
    pod=HOME.pod,
    production_pod=None,
    device_id=1,
    sid=SID_A,
    nid=NID_A,
    device_type=DeviceType.MOME,
    configuration=Configuration.STANDARD,
    eneltel=HOME.eneltel,
    meter_serial=HOME.meter_serial,
    gesis=False,
    over_65_kw=False,
    integrator_id=1,
    integrator_name="Installatore Uno",
    created_at=START,
    created_by="Configuratore 1",
    deleted_at=None,
    deleted_by=None,
)
SECOND = replace(FIRST, id=2, pod=PROSUMER.pod, production_pod=ROOF.pod, sid=SID_B, confirmed_at=START)
SAME_POINT = replace(FIRST, id=3, sid=SID_B)
SAME_DEVICE = replace(FIRST, id=4, pod=PROSUMER.pod)


@pytest.fixture(params=["in-memory", "http"])
async def registry(request: pytest.FixtureRequest) -> AsyncIterator[AssociationRegistry]:
    if request.param == "in-memory":
        yield InMemoryRegistry()
        return
    async with StubCentral() as stub, CentralClient(stub.url, stub.token) as client:
        yield HttpRegistry(client)


async def live(registry: AssociationRegistry) -> list[RegistryStanding]:
    page = await registry.page(0)
    assert not page.more
    return list(page.standings)


async def test_what_is_put_lives_until_it_is_deleted(registry: AssociationRegistry) -> None:
    await registry.put(SECOND, 1)
    await registry.put(FIRST, 1)
    assert await live(registry) == [RegistryStanding(1, 1), RegistryStanding(2, 1)]
    assert (await registry.page(1)).standings == (RegistryStanding(2, 1),)
    await registry.put(FIRST, 2)
    await registry.delete(2, 2)
    assert await live(registry) == [RegistryStanding(1, 2)]


async def test_a_call_that_is_repeated_changes_nothing(registry: AssociationRegistry) -> None:
    for _ in range(2):
        await registry.put(FIRST, 1)
    assert await live(registry) == [RegistryStanding(1, 1)]
    for _ in range(2):
        await registry.delete(1, 2)
    assert await live(registry) == []


async def test_a_call_that_arrives_late_changes_nothing_and_hears_what_is_known(
    registry: AssociationRegistry,
) -> None:
    await registry.delete(1, 2)
    with pytest.raises(RegistryOutdated) as outdated:
        await registry.put(FIRST, 1)
    assert outdated.value.known == 2
    await registry.put(SECOND, 5)
    with pytest.raises(RegistryOutdated) as outdated:
        await registry.delete(2, 4)
    assert outdated.value.known == 5
    assert await live(registry) == [RegistryStanding(2, 5)]


async def test_a_revision_says_one_thing_only(registry: AssociationRegistry) -> None:
    await registry.put(FIRST, 3)
    with pytest.raises(RegistryOutdated):
        await registry.put(replace(FIRST, confirmed_at=START), 3)
    with pytest.raises(RegistryOutdated):
        await registry.delete(1, 3)
    await registry.delete(1, 4)
    with pytest.raises(RegistryOutdated) as outdated:
        await registry.put(FIRST, 4)
    assert outdated.value.known == 4
    assert await live(registry) == []


async def test_what_was_deleted_lives_again_by_a_greater_revision(registry: AssociationRegistry) -> None:
    await registry.put(FIRST, 1)
    await registry.delete(1, 2)
    await registry.put(FIRST, 3)
    assert await live(registry) == [RegistryStanding(1, 3)]


@pytest.mark.parametrize("other", [SAME_POINT, SAME_DEVICE])
async def test_of_a_point_and_of_a_device_one_association_lives(
    registry: AssociationRegistry, other: Association
) -> None:
    await registry.put(FIRST, 1)
    with pytest.raises(RegistryRefused, match="taken"):
        await registry.put(other, 1)
    await registry.delete(1, 2)
    await registry.put(other, 1)
    assert await live(registry) == [RegistryStanding(other.id, 1)]


async def test_many_come_in_pages(registry: AssociationRegistry) -> None:
    for number in range(1, 504):
        await registry.put(replace(FIRST, id=number, pod=_pod(number), sid=f"MOME{number:013d}"), 1)
    first = await registry.page(0)
    rest = await registry.page(500)
    assert [each.association_id for each in first.standings] == list(range(1, 501))
    assert [each.association_id for each in rest.standings] == [501, 502, 503]
    assert (first.more, rest.more) == (True, False)


def _pod(number: int) -> Pod:
    code = f"IT001E{20_000_000 + number}"
    return Pod(code, code)
