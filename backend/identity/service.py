"""Persons, integrators and memberships."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update
from stdnum.exceptions import ValidationError
from stdnum.it import iva

from backend.audit.service import record
from backend.audit.values import Action
from backend.db.statements import Statement
from backend.db.upsert import insert_for
from backend.identity.errors import IntegratorCodeInvalid, MemberUnknown
from backend.identity.models import integrators, memberships, persons
from backend.identity.values import ActingMember, Integrator, Membership, Role


def acting_member(connection: Connection, telegram_user_id: int) -> ActingMember | None:
    """Who a Telegram user acts as: an enabled membership before one that is not, then the oldest. None if
    unknown.
    """
    row = _ACTING.first(connection, {"user": telegram_user_id})
    return None if row is None else _member(row)


def person_id_of(connection: Connection, telegram_user_id: int) -> int | None:
    """The person of a Telegram user number, or None."""
    found: int | None = connection.scalar(
        select(persons.c.id).where(persons.c.telegram_user_id == telegram_user_id)
    )
    return found


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
        record(connection, at, Action.INTEGRATOR_ADDED, integrator_id=added)
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
) -> ActingMember:
    """Add a person to an integrator, or bring name, role and enabling up to date: running it twice changes
    nothing.

    Raises MemberUnknown when there is no such integrator.
    """
    integrator = find_integrator(connection, integrator_code)
    if integrator is None:
        raise MemberUnknown(integrator_code=integrator_code)
    person_id = connection.execute(
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
    member = _member(connection.execute(_members().where(memberships.c.id == membership_id)).one())
    if before is None or (before.role, before.enabled) != (role.value, enabled):
        record(
            connection,
            at,
            Action.MEMBER_ADDED if before is None else Action.MEMBER_CHANGED,
            integrator_id=integrator.id,
            detail={"subject": member.subject, "role": role.value, "enabled": enabled},
        )
    return member


def list_members(connection: Connection) -> list[Membership]:
    """Every membership, by integrator and then by name, for the operator."""
    rows = connection.execute(
        _members().order_by(integrators.c.business_name, persons.c.display_name, memberships.c.id)
    )
    return [Membership(_member(row), row.telegram_user_id, row.code) for row in rows]


def _members() -> Select[tuple[object, ...]]:
    return (
        select(
            persons.c.id.label("person_id"),
            persons.c.subject,
            persons.c.display_name,
            persons.c.telegram_user_id,
            integrators.c.id.label("integrator_id"),
            integrators.c.business_name,
            integrators.c.code,
            memberships.c.role,
            memberships.c.enabled,
        )
        .join_from(memberships, persons)
        .join(integrators, memberships.c.integrator_id == integrators.c.id)
    )


_ACTING = Statement(
    _members()
    .where(persons.c.telegram_user_id == bindparam("user"))
    .order_by(memberships.c.enabled.desc(), memberships.c.id)
    .limit(1)
)
"""Built once: every turn asks for it."""


def _member(row: Any) -> ActingMember:
    return ActingMember(
        person_id=row.person_id,
        subject=row.subject,
        integrator_id=row.integrator_id,
        integrator_name=row.business_name,
        person_name=row.display_name,
        role=Role(row.role),
        enabled=row.enabled,
    )
