"""Persons, integrators, memberships, and the declaration they accept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from backend.audit.models import audit_entries
from backend.clock import ManualClock
from backend.db.database import Database
from backend.declarations.service import ACCESS, accept, standing
from backend.identity.errors import IntegratorCodeInvalid, MemberUnknown
from backend.identity.service import (
    acting_member,
    add_integrator,
    add_member,
    find_integrator,
    list_members,
)
from backend.identity.values import ActingMember, Role
from tests.backend.world import OUR_CODE, START, THEIR_CODE


def add(
    connection: Connection, code: str = OUR_CODE, *, name: str = "Nome Nuovo", enabled: bool = True
) -> ActingMember:
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


async def test_a_telegram_user_acts_for_an_integrator(database: Database, us: ActingMember) -> None:
    found = await database.long_read(lambda c: acting_member(c, 1))
    assert found == us
    assert (us.integrator_name, us.person_name, us.role) == (
        "Installatore Uno",
        "Configuratore 1",
        Role.CONFIGURATOR,
    )
    assert us.may_configure
    assert len(us.subject) == 36
    assert await database.long_read(lambda c: acting_member(c, 99)) is None


async def test_adding_a_member_again_changes_nothing(database: Database, us: ActingMember) -> None:
    before = await database.long_read(entries)
    again = await database.write(lambda c: add(c, name="Configuratore 1"))
    assert again == us
    assert await database.long_read(entries) == before


async def test_a_member_is_brought_up_to_date(database: Database, us: ActingMember) -> None:
    before = await database.long_read(entries)
    changed = await database.write(lambda c: add(c, enabled=False))
    assert (changed.person_id, changed.subject) == (us.person_id, us.subject)
    assert changed.person_name == "Nome Nuovo"
    assert not changed.may_configure
    assert await database.long_read(lambda c: acting_member(c, 1)) == changed
    assert await database.long_read(entries) == before + 1


async def test_an_enabled_membership_comes_before_one_that_is_not(
    database: Database, us: ActingMember
) -> None:
    await database.write(lambda c: add(c, THEIR_CODE))
    assert (await database.long_read(lambda c: acting_member(c, 1))) == await database.write(lambda c: add(c))
    await database.write(lambda c: add(c, enabled=False))
    found = await database.long_read(lambda c: acting_member(c, 1))
    assert found is not None
    assert found.integrator_name == "Installatore Due"
    listed = await database.long_read(list_members)
    assert [(m.integrator_code, m.telegram_user_id, m.member.enabled) for m in listed] == [
        (THEIR_CODE, 2, True),
        (THEIR_CODE, 1, True),
        (OUR_CODE, 1, False),
    ]


@pytest.mark.parametrize("code", ["", "12345678901", "ABC", "0074311015"])
async def test_an_integrator_needs_a_partita_iva(database: Database, code: str) -> None:
    with pytest.raises(IntegratorCodeInvalid):
        await database.write(lambda c: add_integrator(c, code=code, business_name="X", at=START))


async def test_an_integrator_added_again_gets_its_new_name(database: Database, us: ActingMember) -> None:
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


async def test_a_declaration_stands_for_one_access_and_one_integrator(
    database: Database, us: ActingMember, them: ActingMember, clock: ManualClock
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

    elsewhere = await database.write(lambda c: add(c, THEIR_CODE))
    assert not await database.long_read(lambda c: standing(c, elsewhere, clock.now()))

    clock.advance(timedelta(microseconds=1))
    assert not await database.long_read(lambda c: standing(c, us, clock.now()))
    again = await database.write(lambda c: accept(c, us, "2025-01", clock.now(), timedelta(hours=1)))
    assert again == clock.now() + timedelta(hours=1)
