"""Who was let out stays out until somebody lets them in; who comes back is the same person."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select

from backend.contracts import service as contracts
from backend.contracts.values import Named, NewContract
from backend.core.db.database import Database
from backend.identity import people
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.models import memberships, persons
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor
from backend.invitations import service as invitations
from backend.notices.models import notices
from backend.registrations import service as registrations
from backend.registrations.errors import CompanyClosed, NotOnePerson
from backend.registrations.models import registrations as rows
from backend.registrations.values import Doubt, RegistrationState
from tests.identity.test_takeover import (
    CODE,
    CONTRACT,
    EMAIL,
    IVA,
    MOBILE,
    THIEF,
    VICTIM,
    actor,
    load,
    register,
)
from tests.samples import START

OTHER_MOBILE = "+393339999999"
COLLEAGUE = Named("collega@esempio.it", "BNCLRA85M50F205E", Role.TECHNICIAN)
BOTH = replace(CONTRACT, people=(*CONTRACT.people, COLLEAGUE))


def commercial(connection: Connection) -> Actor:
    """Somebody who decides about registrations."""
    identity.add_staff(
        connection, telegram_user_id=7001, display_name="Operatore", role=StaffRole.COMMERCIAL, at=START
    )
    return actor(connection, 7001)


def register_colleague(connection: Connection, number: int = THIEF) -> RegistrationState:
    found = register(
        connection, number, email=COLLEAGUE.email, code=COLLEAGUE.codice_fiscale, phone=OTHER_MOBILE
    )
    return found.state


async def test_one_line_of_a_contract_enables_one_account(database: Database) -> None:
    """Two who read one mailbox wait for the contract; the second one is looked at."""

    def work(connection: Connection) -> None:
        register(connection, VICTIM)
        second = register(connection, THIEF, phone=OTHER_MOBILE)
        assert load(connection) == 1
        assert actor(connection, VICTIM).membership is not None
        assert actor(connection, THIEF).membership is None
        assert registrations.get(connection, commercial(connection), second.id).doubts == (
            Doubt.OTHER_PERSON,
        )

    await database.write(work)


async def test_staff_see_that_somebody_else_was_enabled_meanwhile(database: Database) -> None:
    def work(connection: Connection) -> None:
        first, second = register(connection, VICTIM), register(connection, THIEF, phone=OTHER_MOBILE)
        me = commercial(connection)
        registrations.enable(connection, me, first.id, Role.REFERENT, START)
        assert Doubt.OTHER_PERSON in registrations.get(connection, me, second.id).doubts

    await database.write(work)


async def test_whom_a_referent_removed_no_contract_lets_in_again(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection, BOTH)
        register(connection, VICTIM)
        assert register_colleague(connection) is RegistrationState.ENABLED
        referent = actor(connection, VICTIM)
        people.remove_member(connection, referent, actor(connection, THIEF).acting_for.id, START)
        assert register_colleague(connection) is RegistrationState.SUBMITTED
        assert load(connection, BOTH) == 0
        assert actor(connection, THIEF).membership is None
        (waiting,) = registrations.waiting(connection, commercial(connection), 5)
        assert waiting.doubts == (Doubt.REMOVED,)

        invitations.create(connection, referent, Role.TECHNICIAN, "again", START)
        asked = invitations.opened(connection, "again", START)
        invitations.ask(connection, asked.id, THIEF, "Collega", START)
        invitations.admit(connection, referent, asked.id, START)
        assert actor(connection, THIEF).acting_for.role is Role.TECHNICIAN

    await database.write(work)


async def test_the_number_of_a_place_is_never_used_again(database: Database) -> None:
    """It stands on buttons that outlive the member."""

    def work(connection: Connection) -> None:
        load(connection, BOTH)
        register(connection, VICTIM)
        register_colleague(connection)
        gone = actor(connection, THIEF).acting_for.id
        referent = actor(connection, VICTIM)
        people.remove_member(connection, referent, gone, START)
        other = people.add_person(connection, 8001, "Altro", START)
        assert (
            people.enable_member(connection, other, referent.acting_for.integrator_id, Role.TECHNICIAN, START)
            != gone
        )

    await database.write(work)


async def test_a_renewal_opens_no_place_that_no_contract_had_closed_and_tells_nobody(
    database: Database,
) -> None:
    def work(connection: Connection) -> None:
        load(connection, BOTH)
        register(connection, VICTIM)
        register_colleague(connection)
        identity.add_member(
            connection,
            telegram_user_id=THIEF,
            display_name="Collega",
            integrator_code=IVA,
            role=Role.TECHNICIAN,
            enabled=False,
            at=START,
        )
        me = commercial(connection)
        load(connection, replace(BOTH, number="C-2"))
        first = next(each for each in contracts.latest(connection, me, 5) if each.number == "C-1")
        contracts.end(connection, me, first.id, START)
        assert actor(connection, THIEF).acting_for.enabled is False
        assert actor(connection, VICTIM).acting_for.enabled is True
        told = connection.scalars(select(notices.c.kind)).all()
        assert contracts.PLACE_CHANGED not in told

    await database.write(work)


@pytest.mark.parametrize(("phone", "moves"), [(MOBILE, True), (OTHER_MOBILE, False)])
async def test_an_account_moves_on_the_number_that_was_proved(
    database: Database, phone: str, moves: bool
) -> None:
    """The number that they only said is nobody's proof."""

    def work(connection: Connection) -> None:
        load(connection)
        first = register(connection, VICTIM, phone=MOBILE, declared=OTHER_MOBILE)
        registrations.enable(connection, commercial(connection), first.id, Role.REFERENT, START)
        register(connection, THIEF, phone=phone)
        assert (identity.actor_of(connection, VICTIM) is None) is moves

    await database.write(work)


async def test_staff_move_the_access_of_somebody_with_a_new_account_and_number(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        before = actor(connection, VICTIM).person_id
        waiting = register(connection, THIEF, phone=OTHER_MOBILE)
        me = commercial(connection)
        assert registrations.get(connection, me, waiting.id).doubts == (Doubt.OTHER_PERSON,)
        moved = registrations.same_person(connection, me, waiting.id, START)
        assert (moved.person_id, moved.doubts) == (before, ())
        registrations.enable(connection, me, waiting.id, Role.REFERENT, START)
        assert actor(connection, THIEF).person_id == before
        assert actor(connection, VICTIM).membership is None
        told = connection.execute(
            select(notices.c.account).where(notices.c.kind == registrations.ACCOUNT_LEFT)
        )
        assert told.scalars().all() == [VICTIM]

    await database.write(work)


@pytest.mark.parametrize("role", [StaffRole.ADMINISTRATOR, None])
async def test_the_access_of_staff_and_suspended_people_is_not_moved(
    database: Database, role: StaffRole | None
) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        if role is not None:
            identity.add_staff(connection, telegram_user_id=VICTIM, display_name="Ada", role=role, at=START)
        else:
            connection.execute(persons.update().values(suspended_at=START))
        waiting = register(connection, THIEF, phone=OTHER_MOBILE)
        me = commercial(connection)
        with pytest.raises(NotOnePerson):
            registrations.same_person(connection, me, waiting.id, START)
        assert actor(connection, VICTIM).membership is not None

    await database.write(work)


async def test_to_know_somebodys_codice_fiscale_takes_nothing_from_them(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection, BOTH)
        register(connection, VICTIM)
        referent = actor(connection, VICTIM)
        code = COLLEAGUE.codice_fiscale
        invitations.create(connection, referent, Role.TECHNICIAN, "known", START, codice_fiscale=code)
        invitation = invitations.opened(connection, "known", START)
        invitations.accept(connection, invitation.id, 8001, "Complice", code, START)
        assert register_colleague(connection) is RegistrationState.ENABLED

    await database.write(work)


async def test_an_invitation_leaves_the_role_of_a_member_as_it_is(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        referent = actor(connection, VICTIM)
        invitations.create(connection, referent, Role.TECHNICIAN, "mine", START)
        mine = invitations.opened(connection, "mine", START)
        invitations.ask(connection, mine.id, VICTIM, "Ada Bo", START)
        invitations.admit(connection, referent, mine.id, START)
        assert actor(connection, VICTIM).acting_for.role is Role.REFERENT

    await database.write(work)


async def test_nobody_is_enabled_for_a_company_whose_contract_has_ended(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        me = commercial(connection)
        waiting = register(connection, THIEF, email="altra@esempio.it", phone=OTHER_MOBILE)
        (contract,) = contracts.latest(connection, me, 5)
        contracts.end(connection, me, contract.id, START)
        with pytest.raises(CompanyClosed):
            registrations.enable(connection, me, waiting.id, Role.REFERENT, START)

    await database.write(work)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_contract_that_ends_and_somebody_who_is_enabled_at_once_leave_nobody_in(
    database: Database, database_url: str
) -> None:
    def prepare(connection: Connection) -> tuple[Actor, int, int]:
        load(connection)
        me = commercial(connection)
        waiting = register(connection, THIEF, email="altra@esempio.it", phone=OTHER_MOBILE)
        (contract,) = contracts.latest(connection, me, 5)
        return me, contract.id, waiting.id

    me, contract_id, waiting_id = await database.write(prepare)
    async with Database(database_url) as other:
        await asyncio.gather(
            database.write(partial(contracts.end, actor=me, contract_id=contract_id, at=START)),
            other.write(
                partial(
                    registrations.enable, actor=me, registration_id=waiting_id, role=Role.REFERENT, at=START
                )
            ),
            return_exceptions=True,
        )
    enabled = await database.long_read(
        lambda connection: connection.scalars(select(memberships.c.id).where(memberships.c.enabled)).all()
    )
    assert enabled == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_two_administrators_who_take_each_others_role_one_stays(
    database: Database, database_url: str
) -> None:
    def prepare(connection: Connection) -> list[Actor]:
        for number in (VICTIM, THIEF):
            identity.add_staff(
                connection,
                telegram_user_id=number,
                display_name="Ada",
                role=StaffRole.ADMINISTRATOR,
                at=START,
            )
        return [actor(connection, VICTIM), actor(connection, THIEF)]

    one, two = await database.write(prepare)
    take = partial(people.set_staff_role, role=StaffRole.ADMINISTRATOR, has=False, at=START)
    async with Database(database_url) as other:
        done = await asyncio.gather(
            database.write(partial(take, actor=one, person_id=two.person_id)),
            other.write(partial(take, actor=two, person_id=one.person_id)),
            return_exceptions=True,
        )
    assert sum(isinstance(each, NotPermitted) for each in done) == 1


async def test_withdrawing_and_deleting_does_not_win_another_try(database: Database) -> None:
    def work(connection: Connection) -> None:
        register(connection, VICTIM)
        at = START + timedelta(hours=1)
        registrations.withdraw(connection, VICTIM, at)
        registrations.discard(connection, VICTIM)
        assert not registrations.is_proved(connection, VICTIM, EMAIL)
        kept = connection.execute(select(rows).where(rows.c.telegram_user_id == VICTIM)).all()
        assert [(row.state, row.email, row.phone) for row in kept] == [("withdrawn", None, None)]

    await database.write(work)


async def test_nobody_enables_themselves_by_a_contract_that_they_loaded(database: Database) -> None:
    def work(connection: Connection) -> None:
        identity.add_staff(
            connection, telegram_user_id=VICTIM, display_name="Ada", role=StaffRole.COMMERCIAL, at=START
        )
        me = actor(connection, VICTIM)
        contracts.load(connection, me, [NewContract("C-9", IVA, "Mia", (Named(EMAIL, CODE),))], START)
        assert register(connection, VICTIM).state is RegistrationState.SUBMITTED

    await database.write(work)
