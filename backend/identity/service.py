"""Persons, integrators, memberships and staff roles."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    bindparam,
    delete,
    false,
    func,
    select,
    update,
)
from stdnum.exceptions import ValidationError
from stdnum.it import iva

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import Statement, words_of
from backend.core.db.upsert import insert_for
from backend.identity.errors import IntegratorCodeInvalid, MemberUnknown
from backend.identity.models import integrators, memberships, persons, staff
from backend.identity.permissions import GRANTED, Permission, Role, StaffRole
from backend.identity.values import Actor, Address, Integrator, Listed, Membership

R = TypeVar("R", Role, StaffRole)


def actor_of(connection: Connection, telegram_user_id: int) -> Actor | None:
    """The actor behind a Telegram user, in the membership that they chose; else in an enabled one before one
    that is not, then in the oldest. None for somebody unknown.
    """
    return ask_actor(connection, telegram_user_id)()


def ask_actor(connection: Connection, telegram_user_id: int) -> Callable[[], Actor | None]:
    """Ask for `actor_of`, together with what is asked for next; the answer gives it."""
    asked = _ACTOR.ask(connection, {"user": telegram_user_id})
    return lambda: None if (row := asked.first()) is None else _actor(row)


def acting_as(connection: Connection, telegram_user_id: int, membership_id: int) -> Actor | None:
    """The actor behind a Telegram user in one of their memberships, for work that they asked for
    earlier; None where either is gone.
    """
    row = _ACTING_USER.first(connection, {"user": telegram_user_id, "at_membership": membership_id})
    return None if row is None else _actor(row)


def acting_for(connection: Connection, person_id: int, integrator_id: int) -> Actor | None:
    """The actor as a member of an integrator; None for somebody who is not one any more."""
    row = connection.execute(
        _actors().where(persons.c.id == person_id, integrators.c.id == integrator_id)
    ).first()
    return None if row is None else _actor(row)


def memberships_of(connection: Connection, actor: Actor) -> list[Membership]:
    """The actor's memberships, by the integrator's name."""
    rows = connection.execute(
        _actors().where(persons.c.id == actor.person_id).order_by(integrators.c.business_name)
    )
    return [membership for row in rows if (membership := _actor(row).membership) is not None]


def integrator_of(connection: Connection, person_id: int) -> int | None:
    """The integrator that a person acts for now; None for whoever belongs to none."""
    number = connection.scalar(select(persons.c.telegram_user_id).where(persons.c.id == person_id))
    actor = actor_of(connection, number) if number else None
    return actor.membership.integrator_id if actor is not None and actor.membership is not None else None


def choose_membership(connection: Connection, actor: Actor, membership_id: int) -> Membership:
    """From now on the actor acts in this membership. Raises MemberUnknown where it is not theirs."""
    own = memberships_of(connection, actor)
    found = next((membership for membership in own if membership.id == membership_id), None)
    if found is None:
        raise MemberUnknown
    connection.execute(
        update(persons).where(persons.c.id == actor.person_id).values(chosen_membership_id=membership_id)
    )
    return found


def note_language(connection: Connection, person_id: int, language: str) -> None:
    """Remember the language of the person's Telegram app, for what they are told unasked."""
    _NOTE_LANGUAGE.ask(connection, {"person": person_id, "spoken": language[:16]})


def person_id_of(connection: Connection, telegram_user_id: int) -> int | None:
    """The person of a Telegram user number, or None."""
    found: int | None = connection.scalar(
        select(persons.c.id).where(persons.c.telegram_user_id == telegram_user_id)
    )
    return found


def names_of(connection: Connection, person_ids: Collection[int]) -> dict[int, str]:
    """The names of these persons; erased ones have no name."""
    rows = connection.execute(
        select(persons.c.id, persons.c.display_name).where(persons.c.id.in_(person_ids))
    )
    return {row.id: row.display_name for row in rows}


def name_of(person_id: ColumnElement[Any]) -> ColumnElement[str]:
    """The name of the person of another table's column, as a column of that table's query."""
    return select(persons.c.display_name).where(persons.c.id == person_id).scalar_subquery()


def business_name_of(integrator_id: ColumnElement[Any]) -> ColumnElement[str]:
    """The name of the integrator of another table's column, as a column of that table's query."""
    return select(integrators.c.business_name).where(integrators.c.id == integrator_id).scalar_subquery()


def names() -> Subquery:
    """Everybody's `id` and `name`, for queries of many rows to join."""
    return select(persons.c.id, persons.c.display_name.label("name")).subquery("names")


def business_names() -> Subquery:
    """Every integrator's `id` and `name`, for queries of many rows to join."""
    return select(integrators.c.id, integrators.c.business_name.label("name")).subquery("business_names")


def names_of_subjects(connection: Connection, subjects: Collection[str]) -> dict[str, str]:
    """The names behind these random ids of the audit; those of erased persons are missing."""
    rows = connection.execute(
        select(persons.c.subject, persons.c.display_name).where(persons.c.subject.in_(subjects))
    )
    return {row.subject: row.display_name for row in rows}


def subject_of(connection: Connection, person_id: int) -> str | None:
    """The random id that stands for a person in the audit."""
    found: str | None = connection.scalar(select(persons.c.subject).where(persons.c.id == person_id))
    return found


def may(connection: Connection, person_id: int, permission: Permission) -> bool:
    """True if a person has this permission, in one of their places or as staff."""
    rows = connection.execute(_actors().where(persons.c.id == person_id))
    return any(_actor(row).may(permission) for row in rows)


def who_may(connection: Connection, person_ids: Collection[int], permission: Permission) -> set[int]:
    """Those of these persons who have this permission, in one of their places or as staff."""
    actors = map(_actor, connection.execute(_actors().where(persons.c.id.in_(person_ids))))
    return {actor.person_id for actor in actors if actor.may(permission)}


def who_may_for(
    connection: Connection, person_ids: Collection[int], permission: Permission
) -> set[tuple[int, int]]:
    """The persons, of these, who have this permission as members: each with the integrator."""
    actors = map(_actor, connection.execute(_actors().where(persons.c.id.in_(person_ids))))
    return {
        (actor.person_id, actor.membership.integrator_id)
        for actor in actors
        if actor.membership is not None and actor.may(permission)
    }


def may_as_member(
    person_id: ColumnElement[Any], integrator_id: ColumnElement[Any], permission: Permission
) -> ColumnElement[bool]:
    """Whether the person of another table's column has this permission as a member of the integrator of
    another, as a condition of that table's query.
    """
    roles = [role.value for role in Role if permission in GRANTED[role]]
    return (
        select(memberships.c.id)
        .join(persons, persons.c.id == memberships.c.person_id)
        .where(
            memberships.c.person_id == person_id,
            memberships.c.integrator_id == integrator_id,
            memberships.c.enabled,
            memberships.c.role.in_(roles),
            persons.c.suspended_at.is_(None),
        )
        .exists()
    )


def addresses_of(connection: Connection, person_ids: Collection[int]) -> dict[int, Address]:
    """The addresses of these persons; those of erased ones are missing."""
    rows = connection.execute(
        select(persons.c.id, persons.c.telegram_user_id, persons.c.language).where(
            persons.c.id.in_(person_ids), persons.c.telegram_user_id > 0
        )
    )
    return {row.id: Address(row.telegram_user_id, row.language or "") for row in rows}


def integrators_by_id(connection: Connection, ids: Collection[int]) -> dict[int, Integrator]:
    """The integrators of these ids."""
    rows = connection.execute(select(integrators).where(integrators.c.id.in_(ids)))
    return {row.id: Integrator(row.id, row.code, row.business_name) for row in rows}


def integrators_by_code(connection: Connection, codes: Collection[str]) -> dict[str, Integrator]:
    """The integrators of these codes, as they are stored."""
    rows = connection.execute(select(integrators).where(integrators.c.code.in_(codes)))
    return {row.code: Integrator(row.id, row.code, row.business_name) for row in rows}


def integrators_like(connection: Connection, text: str) -> list[Integrator]:
    """The integrators whose business name holds these words, however they are capitalised, or whose partita
    IVA begins so; by name.
    """
    words, digits = text.strip().casefold(), iva.compact(text)
    if not words:
        return []
    rows = connection.execute(select(integrators).order_by(integrators.c.business_name, integrators.c.id))
    return [
        Integrator(row.id, row.code, row.business_name)
        for row in rows
        if words in row.business_name.casefold() or (digits.isdigit() and row.code.startswith(digits))
    ]


def staff_with(connection: Connection, permission: Permission) -> list[int]:
    """The staff (person ids) whose roles grant this."""
    roles = [role.value for role in StaffRole if permission in GRANTED[role]]
    query = (
        select(staff.c.person_id)
        .join(persons, persons.c.id == staff.c.person_id)
        .where(staff.c.role.in_(roles), persons.c.suspended_at.is_(None))
        .distinct()
        .order_by(staff.c.person_id)
    )
    return list(connection.scalars(query))


def add_integrator(connection: Connection, *, code: str, business_name: str, at: datetime) -> Integrator:
    """Add a System Integrator by its partita IVA, or bring its business name up to date.

    Raises IntegratorCodeInvalid.
    """
    try:
        number = iva.validate(code)
    except ValidationError as error:
        raise IntegratorCodeInvalid(code) from error
    added = connection.execute(
        insert_for(connection, integrators)
        .values(code=number, business_name=business_name, created_at=at)
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(integrators.c.id)
    ).scalar()
    if added is not None:
        record(connection, at, AuditAction.INTEGRATOR_ADDED, integrator_id=added)
        return Integrator(added, number, business_name)
    row = connection.execute(
        update(integrators)
        .where(integrators.c.code == number)
        .values(business_name=business_name)
        .returning(integrators.c.id)
    ).one()
    return Integrator(row.id, number, business_name)


def find_integrator(connection: Connection, code: str) -> Integrator | None:
    """The integrator of a partita IVA, or None."""
    row = connection.execute(select(integrators).where(integrators.c.code == iva.compact(code))).first()
    return None if row is None else Integrator(row.id, row.code, row.business_name)


def add_member(
    connection: Connection,
    *,
    telegram_user_id: int,
    display_name: str,
    integrator_code: str,
    role: Role,
    enabled: bool,
    at: datetime,
) -> Actor:
    """Add a person to an integrator, or bring name, role and enabling up to date: running it twice changes
    nothing. Returns the person as they act in this membership.

    Raises MemberUnknown when there is no such integrator.
    """
    integrator = find_integrator(connection, integrator_code)
    if integrator is None:
        raise MemberUnknown(integrator_code=integrator_code)
    person_id = _add_person(connection, telegram_user_id, display_name, at)
    before = connection.execute(
        select(memberships.c.role, memberships.c.enabled).where(
            memberships.c.person_id == person_id, memberships.c.integrator_id == integrator.id
        )
    ).first()
    membership_id = connection.execute(
        insert_for(connection, memberships)
        .values(
            person_id=person_id, integrator_id=integrator.id, role=role.value, enabled=enabled, created_at=at
        )
        .on_conflict_do_update(
            index_elements=["person_id", "integrator_id"], set_={"role": role.value, "enabled": enabled}
        )
        .returning(memberships.c.id)
    ).scalar_one()
    member = _actor(connection.execute(_actors().where(memberships.c.id == membership_id)).one())
    if before is None or (before.role, before.enabled) != (role.value, enabled):
        record(
            connection,
            at,
            AuditAction.MEMBER_ADDED if before is None else AuditAction.MEMBER_CHANGED,
            integrator_id=integrator.id,
            detail={"subject": member.subject, "role": role.value, "enabled": enabled},
        )
    return member


def add_staff(
    connection: Connection, *, telegram_user_id: int, display_name: str, role: StaffRole, at: datetime
) -> None:
    """Give a person a role among the staff, and bring their name up to date."""
    person_id = _add_person(connection, telegram_user_id, display_name, at)
    added = connection.execute(
        insert_for(connection, staff)
        .values(person_id=person_id, role=role.value, created_at=at)
        .on_conflict_do_nothing()
    )
    if added.rowcount == 1:
        _record_staff(connection, AuditAction.STAFF_ADDED, person_id, role, at)


def remove_staff(connection: Connection, *, telegram_user_id: int, role: StaffRole, at: datetime) -> None:
    """Take a role among the staff from a person. Raises MemberUnknown where they do not have it."""
    person_id = person_id_of(connection, telegram_user_id)
    gone = connection.execute(delete(staff).where(staff.c.person_id == person_id, staff.c.role == role.value))
    if person_id is None or gone.rowcount == 0:
        raise MemberUnknown
    _record_staff(connection, AuditAction.STAFF_REMOVED, person_id, role, at)


def list_members(connection: Connection) -> list[Listed]:
    """Every membership, by integrator and then by name, for the operator."""
    rows = connection.execute(
        _actors()
        .where(memberships.c.id.is_not(None))
        .order_by(integrators.c.business_name, persons.c.display_name, memberships.c.id)
    )
    return [Listed(_actor(row), row.telegram_user_id) for row in rows]


def list_staff(connection: Connection) -> list[Listed]:
    """Everybody who is among the staff, by name, for the operator."""
    rows = connection.execute(
        _actors()
        .where(persons.c.id.in_(select(staff.c.person_id)))
        .order_by(persons.c.display_name, persons.c.id, memberships.c.id)
    )
    people = {row.person_id: Listed(_actor(row), row.telegram_user_id) for row in reversed(rows.all())}
    return list(reversed(people.values()))


def _add_person(connection: Connection, telegram_user_id: int, display_name: str, at: datetime) -> int:
    return int(
        connection.execute(
            insert_for(connection, persons)
            .values(
                subject=str(uuid.uuid4()),
                telegram_user_id=telegram_user_id,
                display_name=display_name,
                created_at=at,
            )
            .on_conflict_do_update(index_elements=["telegram_user_id"], set_={"display_name": display_name})
            .returning(persons.c.id)
        ).scalar_one()
    )


def _record_staff(
    connection: Connection, action: AuditAction, person_id: int, role: StaffRole, at: datetime
) -> None:
    subject = connection.scalar(select(persons.c.subject).where(persons.c.id == person_id))
    record(connection, at, action, detail={"subject": subject, "role": role.value})


def _actors() -> Select[tuple[object, ...]]:
    roles = select(words_of(staff.c.role)).where(staff.c.person_id == persons.c.id)
    return (
        select(
            persons.c.id.label("person_id"),
            persons.c.subject,
            persons.c.display_name,
            persons.c.telegram_user_id,
            persons.c.language,
            persons.c.suspended_at,
            memberships.c.id.label("membership_id"),
            integrators.c.id.label("integrator_id"),
            integrators.c.business_name,
            integrators.c.code,
            memberships.c.role,
            memberships.c.enabled,
            roles.scalar_subquery().label("staff_roles"),
        )
        .select_from(persons)
        .outerjoin(memberships, memberships.c.person_id == persons.c.id)
        .outerjoin(integrators, memberships.c.integrator_id == integrators.c.id)
    )


_ACTOR = Statement(
    _actors()
    .where(persons.c.telegram_user_id == bindparam("user"))
    .order_by(
        func.coalesce(memberships.c.id == persons.c.chosen_membership_id, false()).desc(),
        memberships.c.enabled.desc(),
        memberships.c.id,
    )
    .limit(1)
)
"""Built once: every turn asks for it."""
_NOTE_LANGUAGE = Statement(
    update(persons)
    .where(persons.c.id == bindparam("person"))
    .values(language=bindparam("spoken", type_=persons.c.language.type))
)
_ACTING_USER = Statement(
    _actors().where(
        persons.c.telegram_user_id == bindparam("user"), memberships.c.id == bindparam("at_membership")
    )
)
"""Built once: every row of a bulk request asks for it."""


def _actor(row: Any) -> Actor:
    membership = None
    if row.membership_id is not None:
        membership = Membership(
            id=row.membership_id,
            integrator_id=row.integrator_id,
            integrator_name=row.business_name,
            integrator_code=row.code,
            role=_known(Role, row.role),
            enabled=row.enabled,
        )
    return Actor(
        person_id=row.person_id,
        subject=row.subject,
        name=row.display_name,
        membership=membership,
        staff_roles=frozenset(
            role for name in (row.staff_roles or "").split() if (role := _known(StaffRole, name)) is not None
        ),
        language=row.language or "",
        suspended=row.suspended_at is not None,
    )


def _known(roles: type[R], name: str) -> R | None:
    """The role of that name; None for one that only a later version knows: it grants nothing here."""
    return next((role for role in roles if role.value == name), None)
