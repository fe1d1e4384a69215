"""Persons, integrators, memberships, and the declaration they accept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from backend.core.audit.models import audit_entries
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.declarations.service import ACCESS, accept, standing
from backend.identity.errors import IntegratorCodeInvalid, MemberUnknown, NotPermitted
from backend.identity.permissions import Permission, Role, StaffRole
from backend.identity.service import (
    actor_of,
    add_integrator,
    add_member,
    add_staff,
    choose_membership,
    find_integrator,
    list_members,
    list_staff,
    memberships_of,
    remove_staff,
    staff_with,
)
from backend.identity.values import Actor
from tests.samples import OUR_CODE, START, THEIR_CODE, people


def add(
    connection: Connection, code: str = OUR_CODE, *, name: str = "Nome Nuovo", enabled: bool = True
) -> Actor:
    return add_member(
        connection,
        telegram_user_id=1,
        display_name=name,
        integrator_code=code,
        role=Role.CONFIGURATOR,
        enabled=enabled,
        at=START,
    )


def entries(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(audit_entries)).scalar_one()


async def test_a_telegram_user_acts_for_an_integrator(database: Database, us: Actor) -> None:
    found = await database.long_read(lambda c: actor_of(c, 1))
    assert found == us
    assert us.name == "Configuratore 1"
    assert (us.acting_for.integrator_name, us.acting_for.role) == ("Installatore Uno", Role.CONFIGURATOR)
    assert us.acting_for.enabled
    assert len(us.subject) == 36
    assert await database.long_read(lambda c: actor_of(c, 99)) is None


async def test_adding_a_member_again_changes_nothing(database: Database, us: Actor) -> None:
    before = await database.long_read(entries)
    again = await database.write(lambda c: add(c, name="Configuratore 1"))
    assert again == us
    assert await database.long_read(entries) == before


async def test_a_member_is_brought_up_to_date(database: Database, us: Actor) -> None:
    before = await database.long_read(entries)
    changed = await database.write(lambda c: add(c, enabled=False))
    assert (changed.person_id, changed.subject) == (us.person_id, us.subject)
    assert changed.name == "Nome Nuovo"
    assert not changed.acting_for.enabled
    assert await database.long_read(lambda c: actor_of(c, 1)) == changed
    assert await database.long_read(entries) == before + 1


async def test_an_enabled_membership_comes_before_one_that_is_not(database: Database, us: Actor) -> None:
    await database.write(lambda c: add(c, THEIR_CODE))
    assert (await database.long_read(lambda c: actor_of(c, 1))) == await database.write(lambda c: add(c))
    await database.write(lambda c: add(c, enabled=False))
    found = await database.long_read(lambda c: actor_of(c, 1))
    assert found is not None
    assert found.acting_for.integrator_name == "Installatore Due"
    listed = await database.long_read(list_members)
    assert [
        (each.actor.acting_for.integrator_code, each.telegram_user_id, each.actor.acting_for.enabled)
        for each in listed
    ] == [
        (THEIR_CODE, 2, True),
        (THEIR_CODE, 1, True),
        (OUR_CODE, 1, False),
    ]


async def test_the_chosen_membership_comes_before_all_others(
    database: Database, us: Actor, them: Actor
) -> None:
    here = us.acting_for
    navigates = (await database.write(lambda c: add(c, THEIR_CODE, enabled=False))).acting_for
    assert {each.id for each in await database.long_read(lambda c: memberships_of(c, us))} == {
        here.id,
        navigates.id,
    }
    assert await database.write(lambda c: choose_membership(c, us, navigates.id)) == navigates
    found = await database.long_read(lambda c: actor_of(c, 1))
    assert found is not None
    assert found.membership == navigates
    assert not found.may(Permission.LOOK_UP)

    with pytest.raises(MemberUnknown):  # it is somebody else's
        await database.write(lambda c: choose_membership(c, us, them.acting_for.id))
    assert await database.long_read(lambda c: actor_of(c, 1)) == found


async def test_a_role_among_the_staff_is_given_and_taken(database: Database, us: Actor) -> None:
    def give(connection: Connection, number: int = 1) -> None:
        add_staff(
            connection,
            telegram_user_id=number,
            display_name=f"Persona {number}",
            role=StaffRole.ADMINISTRATOR,
            at=START,
        )

    await database.write(give)
    await database.write(lambda c: give(c, 50))
    recorded = await database.long_read(entries)
    await database.write(give)
    assert await database.long_read(entries) == recorded

    both = await database.long_read(lambda c: actor_of(c, 1))
    only = await database.long_read(lambda c: actor_of(c, 50))
    assert both is not None
    assert only is not None
    assert both.may(Permission.OPERATE)
    assert both.may(Permission.LOOK_UP)
    assert only.may(Permission.OPERATE)
    assert not only.may(Permission.LOOK_UP)
    with pytest.raises(NotPermitted):
        _ = only.integrator_id
    operators = await database.long_read(lambda c: staff_with(c, Permission.OPERATE))
    assert operators == [us.person_id, only.person_id]
    listed = await database.long_read(list_staff)
    assert [(each.telegram_user_id, each.actor.name) for each in listed] == [
        (1, "Persona 1"),
        (50, "Persona 50"),
    ]

    def take(connection: Connection) -> None:
        remove_staff(connection, telegram_user_id=1, role=StaffRole.ADMINISTRATOR, at=START)

    await database.write(take)
    with pytest.raises(MemberUnknown):
        await database.write(take)
    left = await database.long_read(lambda c: actor_of(c, 1))
    assert left is not None
    assert not left.may(Permission.OPERATE)
    assert left.may(Permission.LOOK_UP)


@pytest.mark.parametrize("code", ["", "12345678901", "ABC", "0074311015"])
async def test_an_integrator_needs_a_partita_iva(database: Database, code: str) -> None:
    with pytest.raises(IntegratorCodeInvalid):
        await database.write(lambda c: add_integrator(c, code=code, business_name="X", at=START))


async def test_an_integrator_added_again_gets_its_new_name(database: Database, us: Actor) -> None:
    before = await database.long_read(entries)
    again = await database.write(
        lambda c: add_integrator(c, code=f"IT {OUR_CODE}", business_name="Uno Nuovo", at=START)
    )
    assert again.id == us.integrator_id
    assert await database.long_read(lambda c: find_integrator(c, OUR_CODE)) == again
    assert await database.long_read(lambda c: find_integrator(c, "00000000000")) is None
    assert await database.long_read(entries) == before


async def test_a_member_of_no_integrator_is_refused(database: Database) -> None:
    with pytest.raises(MemberUnknown):
        await database.write(lambda c: add(c, "00000000000"))


async def test_a_declaration_is_valid_for_one_access_and_one_integrator(
    database: Database, us: Actor, them: Actor, clock: ManualClock
) -> None:
    assert not await database.long_read(lambda c: standing(c, us, clock.now()))
    until = await database.write(lambda c: accept(c, us, "2025-01", clock.now()))
    assert until == clock.now() + ACCESS
    recorded = await database.long_read(entries)

    clock.advance(ACCESS - timedelta(microseconds=1))
    assert await database.long_read(lambda c: standing(c, us, clock.now()))
    assert not await database.long_read(lambda c: standing(c, them, clock.now()))
    assert await database.write(lambda c: accept(c, us, "2025-01", clock.now())) == until
    assert await database.long_read(entries) == recorded

    navigates = await database.write(lambda c: add(c, THEIR_CODE))
    assert not await database.long_read(lambda c: standing(c, navigates, clock.now()))

    clock.advance(timedelta(microseconds=1))
    assert not await database.long_read(lambda c: standing(c, us, clock.now()))
    again = await database.write(lambda c: accept(c, us, "2025-01", clock.now(), timedelta(hours=1)))
    assert again == clock.now() + timedelta(hours=1)


async def test_a_role_known_only_to_a_later_version_grants_nothing(database: Database) -> None:
    def work(connection: Connection) -> Actor | None:
        people(connection)
        connection.exec_driver_sql("UPDATE memberships SET role = 'approver'")
        connection.exec_driver_sql(
            "INSERT INTO staff (person_id, role, created_at) SELECT id, 'assistant', created_at FROM persons"
        )
        return actor_of(connection, 1)

    actor = await database.write(work)
    assert actor is not None
    assert not any(actor.may(permission) for permission in Permission)
