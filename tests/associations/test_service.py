"""Associations: refusals, records, and simultaneous wishes for the same supply or device."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update

from backend.associations import service
from backend.associations.errors import (
    AlreadyDeleted,
    AssociationNotFound,
    AssociationRefused,
    DeviceInUse,
    DeviceMismatch,
    DeviceTypeMismatch,
    DeviceUnknown,
    NotExchangePod,
    PointChanged,
    ProductionPodMissing,
    ProductionPodNotWanted,
    ProductionPodUnknown,
    SupplyAssociated,
    SupplyNotEligible,
)
from backend.associations.values import Association, AssociationRequest, Configuration
from backend.core.audit.models import audit_entries
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.devices.models import devices
from backend.devices.values import DeviceType
from backend.identity.errors import NotPermitted
from backend.identity.values import Actor
from backend.supplies.values import LookUpOutcome, PointStanding, SupplyFound
from tests import samples as world
from tests.samples import (
    HOME,
    NID_A,
    NID_B,
    PROSUMER,
    ROOF,
    SHED,
    SID_A,
    SID_B,
    facts,
    not_enabled,
    wanted,
)
from tests.statements import seen

START = world.START


async def create(
    database: Database,
    member: Actor,
    request: AssociationRequest | None = None,
    found: SupplyFound | None = None,
) -> Association:
    return await database.write(
        lambda c: service.create(c, member, request or wanted(), found or facts(), START)
    )


async def actions(database: Database) -> list[str]:
    return await database.long_read(
        lambda c: list(
            c.execute(
                select(audit_entries.c.action)
                .where(audit_entries.c.association_id.is_not(None))
                .order_by(audit_entries.c.id)
            ).scalars()
        )
    )


async def test_an_association_holds_everything_that_its_card_shows(database: Database, us: Actor) -> None:
    request = wanted(PROSUMER, nid=NID_A, production=ROOF)
    made = await create(database, us, request, facts(PROSUMER, SHED, ROOF))
    assert (made.sid, made.nid, made.device_type) == (SID_A, NID_A, DeviceType.MOME)
    assert (made.pod, made.production_pod) == (PROSUMER.pod, ROOF.pod)
    assert made.configuration is Configuration.PROSUMER
    assert (made.eneltel, made.meter_serial, made.gesis) == (PROSUMER.eneltel, PROSUMER.meter_serial, True)
    assert (made.created_by, made.integrator_name) == ("Configuratore 1", "Installatore Uno")
    assert (made.created_at, made.deleted_at, made.deleted_by) == (START, None, None)
    assert made == await database.long_read(lambda c: service.get(c, us, made.id))
    assert await actions(database) == ["association-created"]


@pytest.mark.parametrize(
    ("request_", "found", "refusal"),
    [
        (wanted(sid="MOME9999999999999"), facts(), DeviceUnknown),
        (wanted(sid=None, nid="FFFFFFFFFFFF"), facts(), DeviceUnknown),
        (wanted(sid=world.SID_THEIRS, device_type=DeviceType.SMART_INFO), facts(), DeviceUnknown),
        (wanted(sid=SID_A, nid=NID_B), facts(), DeviceMismatch),
        (wanted(sid=SID_A, nid=world.NID_THEIRS), facts(), DeviceMismatch),
        (wanted(sid=SID_A, nid="FFFFFFFFFFFF"), facts(), DeviceMismatch),
        (wanted(device_type=DeviceType.SMART_INFO), facts(), DeviceTypeMismatch),
        (replace(wanted(), configuration=Configuration.PROSUMER), facts(), ProductionPodMissing),
        (wanted(PROSUMER, production=HOME), facts(PROSUMER, ROOF), ProductionPodUnknown),
        (replace(wanted(), production_pod=ROOF.pod), facts(), ProductionPodNotWanted),
        (wanted(ROOF), SupplyFound(ROOF.pod, PROSUMER, (ROOF,), production_asked=True), NotExchangePod),
        (wanted(), facts(replace(HOME, reachable=False)), SupplyNotEligible),
        (wanted(), facts(replace(HOME, ceased=True)), SupplyNotEligible),
    ],
)
async def test_a_refusal_changes_nothing(
    database: Database,
    us: Actor,
    request_: AssociationRequest,
    found: SupplyFound,
    refusal: type[AssociationRefused],
) -> None:
    with pytest.raises(refusal) as refused:
        await create(database, us, request_, found)
    assert type(refused.value) is refusal
    assert await database.long_read(lambda c: service.latest(c, us, 10)) == []
    assert await actions(database) == []


async def test_a_refusal_carries_what_its_text_needs(database: Database, us: Actor) -> None:
    with pytest.raises(SupplyNotEligible) as ineligible:
        await create(database, us, None, facts(replace(HOME, reachable=False)))
    assert ineligible.value.data == {"outcome": LookUpOutcome.UNREACHABLE}
    with pytest.raises(DeviceTypeMismatch) as other_type:
        await create(database, us, wanted(device_type=DeviceType.SMART_INFO))
    assert other_type.value.actual is DeviceType.MOME


async def test_a_member_who_is_not_enabled_neither_creates_nor_deletes(database: Database, us: Actor) -> None:
    idle = not_enabled(us)
    with pytest.raises(NotPermitted):
        await create(database, idle)
    made = await create(database, us)
    with pytest.raises(NotPermitted):
        await database.write(lambda c: service.delete(c, idle, made.id, START))


async def test_a_supply_takes_one_association_and_a_device_another(database: Database, us: Actor) -> None:
    made = await create(database, us)
    with pytest.raises(SupplyAssociated) as taken:
        await create(database, us, wanted(sid=SID_B))
    assert taken.value.own_id == made.id
    with pytest.raises(DeviceInUse) as in_use:
        await create(database, us, wanted(PROSUMER), facts(PROSUMER))
    assert (in_use.value.association_id, in_use.value.pod) == (made.id, HOME.pod)


async def test_an_association_of_another_integrator_is_reported_without_detail(
    database: Database, us: Actor, them: Actor
) -> None:
    await create(database, us)
    theirs = wanted(sid=world.SID_THEIRS, device_type=DeviceType.SMART_INFO)
    with pytest.raises(SupplyAssociated) as taken:
        await create(database, them, theirs)
    assert taken.value.own_id is None
    assert await database.long_read(lambda c: service.standing_of(c, them, HOME.point)) == PointStanding(None)


async def test_an_association_of_others_is_like_a_missing_one_down_to_the_statements(
    database: Database, us: Actor, them: Actor
) -> None:
    made = await create(database, us)

    def run(connection: Connection, work: Callable[[Connection], object]) -> list[str]:
        with seen(connection.dialect) as statements, pytest.raises(AssociationNotFound):
            work(connection)
        return statements

    for association_id in (made.id, made.id + 1000):
        read = partial(service.get, actor=them, association_id=association_id)
        written = partial(service.delete, actor=them, association_id=association_id, at=START)
        told = [
            await database.long_read(partial(run, work=read)),
            await database.write(partial(run, work=written)),
        ]
        if association_id == made.id:
            about_theirs = told
    assert about_theirs == told
    assert all(told)
    assert (await database.long_read(lambda c: service.get(c, us, made.id))).deleted_at is None


async def test_a_deleted_association_stays_on_record_and_frees_both(
    database: Database, us: Actor, clock: ManualClock
) -> None:
    made = await create(database, us)
    clock.advance(timedelta(hours=1))
    deleted = await database.write(lambda c: service.delete(c, us, made.id, clock.now()))
    assert (deleted.deleted_at, deleted.deleted_by) == (clock.now(), "Configuratore 1")
    with pytest.raises(AlreadyDeleted) as again:
        await database.write(lambda c: service.delete(c, us, made.id, clock.now() + timedelta(hours=1)))
    assert again.value.at == clock.now()
    assert await database.long_read(lambda c: service.standing_of(c, us, HOME.point)) is None
    assert (await create(database, us)).id > made.id
    assert await actions(database) == ["association-created", "association-deleted", "association-created"]


async def test_a_replacement_happens_as_a_whole_or_not_at_all(database: Database, us: Actor) -> None:
    made = await create(database, us)

    def attempt(connection: Connection, request: AssociationRequest) -> type[AssociationRefused] | None:
        """Write as a turn does that catches the refusal and commits its other effects."""
        try:
            service.replace(connection, us, made.id, request, facts(), START)
        except AssociationRefused as refused:
            return type(refused)
        return None

    unknown_device = partial(attempt, request=wanted(sid="MOME9999999999999"))
    assert await database.write(unknown_device) is DeviceUnknown
    assert await database.write(partial(attempt, request=wanted(PROSUMER))) is PointChanged
    assert (await database.long_read(lambda c: service.get(c, us, made.id))).deleted_at is None
    assert await actions(database) == ["association-created"]

    replaced = await database.write(
        lambda c: service.replace(c, us, made.id, wanted(sid=SID_B), facts(), START)
    )
    assert (replaced.sid, replaced.point) == (SID_B, HOME.point)
    assert (await database.long_read(lambda c: service.get(c, us, made.id))).deleted_at == START


async def test_pages_of_the_latest_are_newest_first(database: Database, us: Actor, them: Actor) -> None:
    first = await create(database, us)
    second = await create(database, us, wanted(PROSUMER, sid=SID_B), facts(PROSUMER))
    newest = await database.long_read(lambda c: service.latest(c, us, 1))
    assert newest == [second]
    assert await database.long_read(lambda c: service.latest(c, us, 1, before=second.id)) == [first]
    assert await database.long_read(lambda c: service.latest(c, us, 1, before=first.id)) == []
    assert await database.long_read(lambda c: service.latest(c, them, 10)) == []
    found = await database.long_read(lambda c: service.find_by_device(c, us, second.device_id))
    assert found == second


async def test_a_device_can_be_checked_before_the_association_is_created(
    database: Database, us: Actor
) -> None:
    def try_device(connection: Connection, sid: str, replaces: int | None = None) -> str:
        kind = DeviceType.MOME
        return service.free_device(connection, us, sid=sid, nid=None, device_type=kind, replaces=replaces).sid

    assert await database.long_read(partial(try_device, sid=SID_A)) == SID_A
    made = await create(database, us)
    with pytest.raises(DeviceInUse) as in_use:
        await database.long_read(partial(try_device, sid=SID_A))
    assert in_use.value.association_id == made.id
    assert await database.long_read(partial(try_device, sid=SID_A, replaces=made.id)) == SID_A
    assert await database.long_read(partial(try_device, sid=SID_B)) == SID_B
    with pytest.raises(DeviceUnknown):
        await database.long_read(partial(try_device, sid=world.SID_THEIRS))
    assert await database.long_read(lambda c: service.find(c, us, made.id)) == made
    assert await database.long_read(lambda c: service.find(c, us, made.id + 1)) is None


async def test_an_associated_device_that_changed_owner_is_unknown_to_the_new_one(
    database: Database, us: Actor, them: Actor
) -> None:
    await create(database, us)
    await database.write(
        lambda c: c.execute(
            update(devices).where(devices.c.sid == SID_A).values(integrator_id=them.integrator_id)
        )
    )
    with pytest.raises(DeviceUnknown):
        await create(database, them, wanted(PROSUMER), facts(PROSUMER))


@pytest.mark.parametrize("contested", ["point", "device"])
async def test_exactly_one_of_two_simultaneous_creations_wins(
    database: Database, database_url: str, us: Actor, contested: str
) -> None:
    other_request = wanted(sid=SID_B) if contested == "point" else wanted(PROSUMER)
    other_facts = facts() if contested == "point" else facts(PROSUMER)
    async with Database(database_url) as other:
        outcomes = await asyncio.gather(
            database.write(partial(service.create, actor=us, request=wanted(), facts=facts(), at=START)),
            other.write(
                partial(service.create, actor=us, request=other_request, facts=other_facts, at=START)
            ),
            return_exceptions=True,
        )
    made = [outcome for outcome in outcomes if isinstance(outcome, Association)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(made) == 1
    assert [type(outcome) for outcome in refused] == [
        SupplyAssociated if contested == "point" else DeviceInUse
    ]
    assert await database.long_read(lambda c: service.latest(c, us, 10)) == made
