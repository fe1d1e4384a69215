"""Who is behind verified details, what is kept of them, and to whom an account belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.locks import hold
from backend.identity.errors import PersonSuspended
from backend.identity.fields import same_phone
from backend.identity.models import memberships, persons, staff
from backend.identity.people import MOST_OF_A_NAME, add_person
from backend.identity.values import Details, Identified

_BETWEEN = 0
"""No account: of one that is about to get another, within a transaction."""


def identify(connection: Connection, telegram_user_id: int, details: Details, at: datetime) -> Identified:
    """The person behind details that were verified. One who comes back with another Telegram account is the
    same one where e-mail, Codice Fiscale and phone agree: the account is theirs from now on. Staff never move
    so, nor does anybody who is suspended. What is known of anybody stays as it is.
    """
    hold_person(connection, details)
    mine = _where(connection, persons.c.telegram_user_id == telegram_user_id)
    known = _where(connection, persons.c.email == details.email)
    if known is None and details.codice_fiscale:
        known = _where(connection, persons.c.codice_fiscale == details.codice_fiscale)
    if (
        known is not None
        and (mine is None or (mine.id != known.id and _is_nobody(connection, mine)))
        and _comes_back(connection, known, details)
    ):
        _move(connection, known, mine, telegram_user_id, at)
        return Identified(int(known.id), left=known.telegram_user_id)
    return Identified(add_person(connection, telegram_user_id, details.name, at))


def is_doubtful(connection: Connection, person_id: int, details: Details) -> bool:
    """True if somebody has to look before a person is taken for who they say they are: the e-mail, the Codice
    Fiscale or the account is another person's, or the person is suspended.
    """
    mine = _where(connection, persons.c.id == person_id)
    other_code = mine.codice_fiscale not in (None, details.codice_fiscale)
    return other_code or mine.suspended_at is not None or is_anothers(connection, person_id, details)


def hold_person(connection: Connection, details: Details) -> None:
    """Nobody else with this e-mail or Codice Fiscale is identified or enabled until the transaction ends."""
    hold(connection, *(f"person {known}" for known in (details.email, details.codice_fiscale) if known))


def is_anothers(connection: Connection, person_id: int, details: Details) -> bool:
    """True if the e-mail or the Codice Fiscale is another person's by now."""
    return others_of(connection, person_id, details) != []


def others_of(connection: Connection, person_id: int, details: Details) -> list[int]:
    """The other persons who have this e-mail or this Codice Fiscale."""
    known = [persons.c.email == details.email] if details.email else []
    if details.codice_fiscale:
        known.append(persons.c.codice_fiscale == details.codice_fiscale)
    query = select(persons.c.id).where(persons.c.id != person_id, or_(false(), *known))
    return list(connection.scalars(query.order_by(persons.c.id)))


def _is_anothers_address(connection: Connection, person_id: int, details: Details) -> bool:
    return is_anothers(connection, person_id, replace(details, codice_fiscale=None))


def settle(connection: Connection, person_id: int, details: Details) -> None:
    """Keep the details of a person who was enabled. What is another person's by now is left out, and nothing
    that is known is lost.
    """
    email = None if _is_anothers_address(connection, person_id, details) else details.email
    # The number that was proved: a change of account is recognised by it.
    mobile = "+" + details.phone.lstrip("+") if details.phone else details.mobile
    values = {"email": email, "codice_fiscale": details.codice_fiscale, "mobile": mobile}
    known = {name: value for name, value in values.items() if value}
    connection.execute(
        update(persons)
        .where(persons.c.id == person_id)
        .values(display_name=details.name[:MOST_OF_A_NAME], **known)
    )


def complete(connection: Connection, person_id: int, details: Details) -> None:
    """Keep the address that an invitation has proved, where none was known before. Nobody's is taken twice. A
    Codice Fiscale is known to many: to know it proves nothing.
    """
    person = _where(connection, persons.c.id == person_id)
    if details.email and person.email is None and not _is_anothers_address(connection, person_id, details):
        connection.execute(update(persons).where(persons.c.id == person_id).values(email=details.email))


def is_suspended(connection: Connection, telegram_user_id: int, details: Details) -> bool:
    """True if the account, the e-mail or the Codice Fiscale is that of somebody who is suspended."""
    theirs = [persons.c.telegram_user_id == telegram_user_id]
    if details.email:
        theirs.append(persons.c.email == details.email)
    if details.codice_fiscale:
        theirs.append(persons.c.codice_fiscale == details.codice_fiscale)
    return _where(connection, and_(persons.c.suspended_at.is_not(None), or_(*theirs))) is not None


def check_not_suspended(connection: Connection, telegram_user_id: int) -> None:
    """Raises PersonSuspended."""
    if is_suspended(connection, telegram_user_id, Details("", None, None)):
        raise PersonSuspended


def _where(connection: Connection, condition: ColumnElement[bool]) -> Any:
    return connection.execute(select(persons).where(condition).order_by(persons.c.id).limit(1)).first()


def _comes_back(connection: Connection, person: Any, details: Details) -> bool:
    """True if all the details are the person's own, and nothing hangs on it but places with companies."""
    return (
        person.email == details.email
        and details.codice_fiscale is not None
        and person.codice_fiscale == details.codice_fiscale
        and same_phone(person.mobile, details.phone)
        and person.suspended_at is None
        and not _is_among_staff(connection, person)
    )


def _is_among_staff(connection: Connection, person: Any) -> bool:
    roles = select(staff.c.role).where(staff.c.person_id == person.id)
    return connection.execute(roles.limit(1)).first() is not None


def _is_nobody(connection: Connection, person: Any) -> bool:
    """True for an account that was seen, and of whose owner nothing was ever proved."""
    places = select(memberships.c.id).where(memberships.c.person_id == person.id)
    return (
        person.email is None
        and person.codice_fiscale is None
        and person.suspended_at is None
        and connection.execute(places.limit(1)).first() is None
        and not _is_among_staff(connection, person)
    )


def _move(connection: Connection, person: Any, nobody: Any, telegram_user_id: int, at: datetime) -> None:
    """The account is the person's from now on. Whoever it was known as takes the one that is left."""
    left = person.telegram_user_id
    if nobody is not None:
        _give(connection, nobody, _BETWEEN)
    _give(connection, person, telegram_user_id)
    if nobody is not None:
        _give(connection, nobody, left)
    record(connection, at, AuditAction.ACCOUNT_CHANGED, subject=person.subject)


def _give(connection: Connection, person: Any, telegram_user_id: int) -> None:
    connection.execute(
        update(persons).where(persons.c.id == person.id).values(telegram_user_id=telegram_user_id)
    )


def move_to(connection: Connection, person_id: int, nobody_id: int, at: datetime) -> int | None:
    """The account of `nobody_id`, of whom nothing was ever proved, is this person's from now on. Returns the
    account that they leave; None, and nothing is changed, where either may not be moved: staff, suspended
    people, members.
    """
    known = _where(connection, persons.c.id == person_id)
    nobody = _where(connection, persons.c.id == nobody_id)
    if (
        _is_among_staff(connection, known)
        or known.suspended_at is not None
        or not _is_nobody(connection, nobody)
    ):
        return None
    _move(connection, known, nobody, nobody.telegram_user_id, at)
    return int(known.telegram_user_id)
