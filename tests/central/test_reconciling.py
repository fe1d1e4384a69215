"""Both sides compared: what differs is told again, what is not ours is only said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.engine import URL

from backend.associations import telling
from backend.associations.models import associations, tellings
from backend.associations.reconciling import NAMED, PORTION, Reconciliation, reconcile
from backend.associations.registry import (
    AssociationRegistry,
    InMemoryRegistry,
    PageOfStandings,
    RegistryAway,
    RegistryFailed,
    RegistryRefused,
    RegistryStanding,
)
from backend.central.associations import HttpRegistry
from backend.core.db.database import Database
from backend.devices.models import devices
from backend.supplies.pod import Pod
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.central.support import Telling, on_sqlite_file
from tests.samples import PROSUMER, SID_B

T = TypeVar("T")
KINDS = ("missing", "left_over", "different", "unknown")


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
async def test_what_is_told_while_a_page_is_on_its_way_is_no_difference(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    gone, changed = await ours.create(), await ours.create(PROSUMER, SID_B)
    await ours.tell(registry)
    old = await registry.page(0)
    began = ours.clock.now()
    ours.later(timedelta(seconds=1))
    await ours.delete(gone.id)
    await ours.confirm(changed.id)
    await ours.create()
    await ours.tell(registry)

    class Slow(InMemoryRegistry):
        """Its page was made before."""

        async def page(self, after: int) -> PageOfStandings:
            return old

    found = await reconcile(ours.database, Slow(), began)
    assert found.agrees
    assert found.pending == 3
    assert await ours.tell(registry) == 0
    assert (await compared(ours, registry)).agrees


@on_sqlite_file
async def test_a_revision_that_none_can_follow_is_said_and_not_told_again(
    ours: Telling, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.tell(registry)
    await registry.put(made, 2**53 - 1)
    found = await compared(ours, registry)
    assert found.different == [made.id]
    assert await ours.tell(registry) == 0


MANY = 3 * PORTION + 7


async def many(ours: Telling) -> list[int]:
    """So many associations of ours, of which everybody was told: their numbers."""
    first = await ours.create()
    await ours.tell(InMemoryRegistry())
    numbers = range(first.id + 1, first.id + MANY)

    def copy(connection: Connection) -> None:
        association = dict(connection.execute(select(associations)).mappings().one())
        telling_ = dict(connection.execute(select(tellings)).mappings().one())
        ids = connection.scalars(select(devices.c.id).order_by(devices.c.id.desc()).limit(len(numbers)))
        rows = [
            association | {"id": number, "point": f"IT001E3{number:07d}", "device_id": device_id}
            for number, device_id in zip(numbers, ids, strict=True)
        ]
        connection.execute(insert(associations), rows)
        connection.execute(insert(tellings), [telling_ | {"association_id": number} for number in numbers])

    await ours.add_devices(MANY)
    await ours.database.write(copy)
    return [first.id, *numbers]


class Measured(Database):
    """Counts its reads, and how many rows each write has made wanted."""

    def __init__(self, url: URL) -> None:
        super().__init__(url)
        self.reads, self.wanted = 0, list[int]()

    async def long_read(self, work: Callable[[Connection], T]) -> T:
        self.reads += 1
        return await super().long_read(work)

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        then: Callable[[T], None] | None = None,
        patient: bool = False,
        rides: bool = False,
    ) -> T:
        def counted(connection: Connection) -> tuple[T, int]:
            before = telling.counts(connection).untold
            done = work(connection)
            return done, telling.counts(connection).untold - before

        assert (patient, rides) == (True, False)
        done, number = await super().write(counted, patient=True)
        self.wanted.append(number)
        return done


async def test_many_of_ours_are_compared_and_told_again_a_portion_at_a_time(ours: Telling) -> None:
    numbers = await many(ours)
    async with Measured(ours.database.url) as database:
        found = await reconcile(database, InMemoryRegistry(), ours.clock.now())
        assert found.counted == dict.fromkeys(KINDS, 0) | {"missing": MANY}
        assert found.missing == numbers[:NAMED]
        assert database.wanted == [PORTION, PORTION, PORTION, 7]
        assert database.reads == 4
        assert (await ours.counts()).untold == MANY

        again = await reconcile(database, InMemoryRegistry(), ours.clock.now())
        assert again.agrees
        assert (again.pending, database.reads, len(database.wanted)) == (MANY, 8, 4)


@on_sqlite_file
async def test_what_stands_between_and_behind_portions_is_found(ours: Telling) -> None:
    numbers = await many(ours)
    missing = [numbers[0], numbers[PORTION - 1], numbers[PORTION], numbers[-1]]
    strange = [numbers[-1] + 1, numbers[-1] + 900]
    there = sorted({*numbers, *strange} - set(missing))

    class Listing(InMemoryRegistry):
        """Pages of 700."""

        async def page(self, after: int) -> PageOfStandings:
            left = [number for number in there if number > after]
            return PageOfStandings(tuple(RegistryStanding(each, 1) for each in left[:700]), len(left) > 700)

    found = await compared(ours, Listing())
    assert (found.missing, found.unknown) == (missing, strange)
    assert (found.different, found.left_over, found.pending) == ([], [], 0)
    assert found.compared == len(there)


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
    with pytest.raises(RegistryFailed if reason == "shape" else RegistryRefused, match=reason):
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
