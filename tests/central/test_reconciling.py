"""Both sides compared: what differs is told again, what is not ours is only said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from backend.associations.models import tellings
from backend.associations.reconciling import Reconciliation, reconcile
from backend.associations.registry import AssociationRegistry, InMemoryRegistry, RegistryAway, RegistryRefused
from backend.central.associations import HttpRegistry
from backend.supplies.pod import Pod
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.central.support import Telling, on_sqlite_file
from tests.samples import PROSUMER, SID_B


async def compared(ours: Telling, registry: AssociationRegistry, *, mend: bool = True) -> Reconciliation:
    return await reconcile(ours.database, registry, ours.clock.now(), mend=mend)


async def test_two_sides_that_have_the_same_agree(ours: Telling, registry: HttpRegistry) -> None:
    gone = await ours.create()
    await ours.tell(registry)
    await ours.delete(gone.id)
    await ours.create()
    await ours.create(PROSUMER, SID_B)
    await ours.tell(registry)
    found = await compared(ours, registry)
    assert found.agrees
    assert (found.compared, found.pending) == (2, 0)
    assert await ours.tell(registry) == 0


@on_sqlite_file
async def test_what_is_under_way_is_no_difference(ours: Telling, registry: HttpRegistry) -> None:
    told = await ours.create()
    await ours.tell(registry)
    await ours.delete(told.id)
    await ours.create()
    found = await compared(ours, registry)
    assert found.agrees
    assert found.pending == 2


@on_sqlite_file
async def test_what_the_central_system_lost_is_told_again(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.tell(registry)
    stub.held.clear()
    said = await compared(ours, registry, mend=False)
    assert said.missing == [made.id]
    assert await ours.tell(registry) == 0

    found = await compared(ours, registry)
    assert (found.missing, found.counted["missing"]) == ([made.id], 1)
    await ours.tell(registry)
    assert stub.live() == await ours.live()
    assert (await compared(ours, registry)).agrees


@on_sqlite_file
async def test_what_was_deleted_here_and_lives_there_is_deleted_there(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    heard, unheard = await ours.create(), await ours.create(PROSUMER, SID_B)
    await ours.tell(registry)
    await ours.delete(heard.id)
    await ours.tell(registry)
    await registry.put(heard, 9)  # by hand, as it were
    await ours.delete(unheard.id)
    await ours.tell(registry)
    await registry.put(unheard, 3)
    found = await compared(ours, registry)
    assert found.left_over == [heard.id, unheard.id]
    await ours.tell(registry)
    assert stub.live() == {}
    assert (await compared(ours, registry)).agrees


@on_sqlite_file
async def test_a_restored_backup_finds_its_way(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made, later = await ours.create(), replace(await ours.create(PROSUMER, SID_B), id=77)
    await ours.tell(registry)
    await registry.put(made, 5)  # told after the backup that was restored
    await registry.delete(2, 6)
    await registry.put(later, 1)
    await ours.delete(2)
    await ours.tell(registry)
    found = await compared(ours, registry)
    assert (found.different, found.unknown) == ([made.id], [77])
    await ours.tell(registry)
    assert stub.held[made.id].revision == 6
    assert set(stub.live()) == {made.id, 77}  # what we have never had stays


async def test_associations_without_a_row_are_found(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.database.write(lambda c: c.execute(delete(tellings)))
    found = await compared(ours, registry)
    assert found.missing == [made.id]
    await ours.tell(registry)
    assert stub.live() == await ours.live()


async def test_what_was_deleted_before_anybody_was_told_and_lives_there_is_deleted_there(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.delete(made.id)
    await registry.put(made, 4)
    assert (await compared(ours, registry)).left_over == [made.id]
    await ours.tell(registry)
    assert stub.live() == {}
    assert stub.held[made.id].revision == 5


@on_sqlite_file
async def test_many_are_compared_page_by_page(ours: Telling) -> None:
    registry = InMemoryRegistry(limit=2)
    first = await ours.create()
    await ours.tell(registry)
    last = await ours.replace(first.id, sid=SID_B)
    await ours.tell(registry)
    for number in range(10, 15):
        code = f"IT001E2000{number:04d}"
        await registry.put(replace(first, id=number, pod=Pod(code, code), sid=code), 1)
    await registry.delete(last.id, 7)
    found = await compared(ours, registry)
    assert (found.missing, found.unknown) == ([last.id], [10, 11, 12, 13, 14])
    assert found.compared == 5


@on_sqlite_file
async def test_a_central_system_that_is_away_is_compared_with_later(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    stub.trouble(StubFault.AWAY, "listAssociations")
    with pytest.raises(RegistryAway):
        await compared(ours, registry)


@on_sqlite_file
@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ('[{"association": 1, "revision": 1, "live": true}], "more": true', "order"),
        ('[], "more": true', "order"),
        (
            '[{"association": 9, "revision": 1, "live": true}, {"association": 8, "revision": 1,'
            ' "live": true}], "more": false',
            "order",
        ),
        ('[{"association": 9, "revision": 1, "live": false}], "more": false', "not-live"),
        ('[{"association": 0, "revision": 1, "live": true}], "more": false', "shape"),
    ],
)
async def test_a_list_that_makes_no_sense_is_refused_and_ends(
    page: str, reason: str, ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    for _ in range(2):  # the same page again and again
        stub.answer_next("listAssociations", f'{{"associations": {page}}}'.encode())
    with pytest.raises(RegistryRefused, match=reason):
        await compared(ours, registry)


@on_sqlite_file
async def test_both_sides_are_compared_at_the_start_and_every_day(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    await ours.create()
    async with ours.running(registry):
        await stub.came("putAssociation", 1)
        assert stub.calls["listAssociations"] == 1
        ours.later(timedelta(hours=25))
        await stub.came("listAssociations", 2)


@on_sqlite_file
async def test_a_comparison_that_failed_is_made_again_soon(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    stub.trouble(StubFault.AWAY, "listAssociations")
    await ours.create()
    async with ours.running(registry):
        await stub.came("putAssociation", 1)  # nobody waits for the comparison
        ours.later(timedelta(minutes=3))
        await stub.came("listAssociations", 2)
