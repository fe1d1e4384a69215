"""Nobody gets at what is another person's, or comes back by a side door."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from sqlalchemy import Connection, select, update

from backend.contracts import service as contracts
from backend.contracts.values import Named, NewContract
from backend.core.db.database import Database
from backend.email_codes import service as email_codes
from backend.identity import people
from backend.identity import service as identity
from backend.identity.errors import LastReferent, NotOneself
from backend.identity.fields import read_mobile, read_name
from backend.identity.models import persons
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor
from backend.invitations import service as invitations
from backend.invitations.errors import InvitationGone
from backend.registrations import service as registrations
from backend.registrations.values import Doubt, Form, Registration, RegistrationState
from tests.samples import START

VICTIM, THIEF = 5001, 6001
EMAIL, CODE, IVA, MOBILE = "titolare@esempio.it", "RSSMRA80A01H501U", "02345670158", "+393331234567"
OTHER_IVA = "00743110157"
CONTRACT = NewContract("C-1", IVA, "Impianti Nuovi", (Named(EMAIL, CODE),))
MINUTES = count(1)
"""Each registration has a minute of its own: codes are not sent all at once."""
COMMERCIAL = Actor(0, "operator", "Operatore", None, frozenset({StaffRole.COMMERCIAL}))


def load(connection: Connection, contract: NewContract = CONTRACT) -> int:
    return registrations.load_contracts(connection, None, [contract], START)


def register(
    connection: Connection,
    number: int,
    *,
    phone: str = MOBILE,
    iva: str = IVA,
    email: str = EMAIL,
    code: str = CODE,
    declared: str = "",
) -> Registration:
    """`phone` is the number that Telegram vouches for; `declared` the one that they say, if it is another."""
    mobile = declared or phone
    form = Form("Ada", "Bo", "Italiana", code, email, "Ditta", "Via Roma 1", iva, iva, mobile, True, True)
    at = START + timedelta(minutes=next(MINUTES))
    registrations.begin(connection, number, at)
    registrations.keep(connection, number, form, at)
    registrations.confirm(connection, number, form, at)
    registrations.share_phone(connection, number, phone.removeprefix("+"), at)
    email_codes.issue(connection, number, email, "123456", at)
    return registrations.submit(connection, number, "123456", at)


def actor(connection: Connection, number: int) -> Actor:
    found = identity.actor_of(connection, number)
    assert found is not None
    return found


@pytest.mark.parametrize("phone", [MOBILE, "+393339999999"])
async def test_an_account_moves_only_where_the_phone_is_the_persons_too(
    database: Database, phone: str
) -> None:
    def work(connection: Connection) -> bool:
        load(connection)
        register(connection, VICTIM)
        register(connection, THIEF, phone=phone)
        return identity.actor_of(connection, VICTIM) is None

    assert await database.write(work) is (phone == MOBILE)


async def test_an_account_that_nobody_ever_proved_does_not_keep_its_person_away(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        before = actor(connection, VICTIM)
        nobody = people.add_person(connection, THIEF, "Ada", START)  # their new phone, before they registered
        register(connection, THIEF)
        assert actor(connection, THIEF).person_id == before.person_id
        assert actor(connection, VICTIM).person_id == nobody
        assert actor(connection, VICTIM).membership is None

    await database.write(work)


async def test_staff_are_never_moved_to_another_account(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        identity.add_staff(
            connection, telegram_user_id=VICTIM, display_name="Ada Bo", role=StaffRole.ADMINISTRATOR, at=START
        )
        taken = register(connection, THIEF)
        assert taken.state is RegistrationState.SUBMITTED
        assert Doubt.OTHER_PERSON in taken.doubts
        assert actor(connection, THIEF).membership is None
        assert actor(connection, VICTIM).staff_roles

    await database.write(work)


async def test_what_is_known_of_a_person_stays_until_somebody_has_decided(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        register(connection, VICTIM, email="altra@esempio.it", phone="+393339999999", iva=OTHER_IVA)
        row = connection.execute(
            select(persons.c.email, persons.c.mobile).where(persons.c.telegram_user_id == VICTIM)
        ).one()
        assert tuple(row) == (EMAIL, MOBILE)

    await database.write(work)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_two_referents_who_step_down_at_once_one_stays(
    database: Database, database_url: str
) -> None:
    def prepare(connection: Connection) -> list[Actor]:
        load(connection)
        register(connection, VICTIM)
        first = actor(connection, VICTIM)
        second = people.add_person(connection, THIEF, "Altro", START)
        people.enable_member(connection, second, first.acting_for.integrator_id, Role.REFERENT, START)
        return [first, actor(connection, THIEF)]

    def step_down(connection: Connection, me: Actor) -> bool:
        people.change_role(connection, me, me.acting_for.id, Role.TECHNICIAN, START)
        return True

    both = await database.write(prepare)
    async with Database(database_url) as other:
        done = await asyncio.gather(
            database.write(partial(step_down, me=both[0])),
            other.write(partial(step_down, me=both[1])),
            return_exceptions=True,
        )
    assert sorted(type(each).__name__ for each in done) == ["LastReferent", "bool"]


async def test_a_suspended_person_does_not_come_back_as_another_one(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        referent = actor(connection, VICTIM)
        invitations.create(connection, referent, Role.TECHNICIAN, "mine", START, email=EMAIL)
        connection.execute(update(persons).values(suspended_at=START))
        other = NewContract("C-2", IVA, "Impianti Nuovi", (Named("altra@esempio.it", CODE),))
        load(connection, other)
        again = register(connection, THIEF, email="altra@esempio.it")
        assert again.state is RegistrationState.SUBMITTED
        assert Doubt.OTHER_PERSON in again.doubts
        with pytest.raises(InvitationGone):
            invitations.opened(connection, "mine", START)

    await database.write(work)


async def test_an_invitation_is_worth_what_its_maker_still_may(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        first = actor(connection, VICTIM)
        second = people.add_person(connection, THIEF, "Carla Neri", START)
        people.enable_member(connection, second, first.integrator_id, Role.REFERENT, START)
        invitations.create(
            connection, actor(connection, THIEF), Role.REFERENT, "token", START, email="x@y.it"
        )
        assert invitations.opened(connection, "token", START).is_bound
        people.remove_member(connection, first, actor(connection, THIEF).acting_for.id, START)
        with pytest.raises(InvitationGone):
            invitations.opened(connection, "token", START)

    await database.write(work)


async def test_the_end_of_the_last_contract_closes_the_company_and_a_new_one_opens_it(
    database: Database,
) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        referent = actor(connection, VICTIM)
        invited = people.add_person(connection, THIEF, "Carla Neri", START)
        people.enable_member(connection, invited, referent.integrator_id, Role.TECHNICIAN, START)
        invitations.create(connection, referent, Role.TECHNICIAN, "token", START)
        (first,) = [each.id for each in contracts.latest(connection, COMMERCIAL, 9)]

        contracts.end(connection, COMMERCIAL, first, START)
        assert not actor(connection, VICTIM).acting_for.enabled
        assert not actor(connection, THIEF).acting_for.enabled
        with pytest.raises(InvitationGone):
            invitations.opened(connection, "token", START)

        load(connection, NewContract("C-2", IVA, "Impianti Nuovi", CONTRACT.people))
        assert actor(connection, VICTIM).acting_for.enabled
        assert actor(connection, THIEF).acting_for.enabled

    await database.write(work)


async def test_a_contract_that_is_renewed_first_leaves_everybody_in(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        load(connection, NewContract("C-2", IVA, "Impianti Nuovi", CONTRACT.people))
        oldest = min(each.id for each in contracts.latest(connection, COMMERCIAL, 9))
        contracts.end(connection, COMMERCIAL, oldest, START)
        assert actor(connection, VICTIM).acting_for.enabled

    await database.write(work)


async def test_the_only_referent_stays_one_whatever_is_accepted(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        register(connection, VICTIM)  # once more for the same company
        referent = actor(connection, VICTIM)
        assert referent.acting_for.role is Role.REFERENT
        people.enable_member(connection, referent.person_id, referent.integrator_id, Role.TECHNICIAN, START)
        assert actor(connection, VICTIM).acting_for.role is Role.REFERENT
        with pytest.raises(LastReferent):
            people.change_role(connection, referent, referent.acting_for.id, Role.TECHNICIAN, START)

    await database.write(work)


async def test_nobody_enables_themselves_and_nobody_renames_a_company(database: Database) -> None:
    def work(connection: Connection) -> None:
        identity.add_integrator(connection, code=IVA, business_name="Vera Azienda", at=START)
        waiting = register(connection, VICTIM)
        mine = Actor(waiting.person_id or 0, "x", "Ada Bo", None, frozenset({StaffRole.COMMERCIAL}))
        with pytest.raises(NotOneself):
            registrations.enable(connection, mine, waiting.id, Role.REFERENT, START)
        operator = people.add_person(connection, 7001, "Operatore", START)
        registrations.enable(
            connection, replace(COMMERCIAL, person_id=operator), waiting.id, Role.REFERENT, START
        )
        assert actor(connection, VICTIM).acting_for.integrator_name == "Vera Azienda"

    await database.write(work)


@pytest.mark.parametrize(
    "name", ["Niccolo'", "NICCOLÒ", "D' Amico", "De’ Rossi", "Anna-Maria", "Müller", "Đỗ"]
)
def test_names_are_read_as_people_write_them(name: str) -> None:
    assert read_name(f"  {name} ") == name


@pytest.mark.parametrize("number", ["333 1234567", "+39 333 123 4567", "39 333 1234567", "0039-333-1234567"])
def test_mobiles_are_read_as_people_write_them(number: str) -> None:
    assert read_mobile(number) == MOBILE
