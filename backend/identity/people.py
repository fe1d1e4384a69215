"""Persons and their place: who they are, for whom they act, in which roles, whether they may at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.locks import hold
from backend.core.db.upsert import insert_for
from backend.identity.errors import LastReferent, MemberUnknown, NotOneself, NotPermitted
from backend.identity.models import integrators, memberships, persons, removals, staff
from backend.identity.permissions import Permission, Role, StaffRole
from backend.identity.service import business_name_of, memberships_of
from backend.identity.values import Actor, Enrolled, Member, PersonCard, Place, Profile

MOST_OF_A_NAME = 128
"""Characters of a person's name."""


def add_person(connection: Connection, telegram_user_id: int, name: str, at: datetime) -> int:
    """The person of a Telegram account; one who is not known yet gets this name. Returns the id."""
    return int(
        connection.execute(
            insert_for(connection, persons)
            .values(
                subject=str(uuid.uuid4()),
                telegram_user_id=telegram_user_id,
                display_name=name[:MOST_OF_A_NAME],
                created_at=at,
            )
            .on_conflict_do_update(
                index_elements=["telegram_user_id"], set_={"telegram_user_id": telegram_user_id}
            )
            .returning(persons.c.id)
        ).scalar_one()
    )


def profile_of(connection: Connection, actor: Actor) -> Profile:
    """What is known of the actor, with their places by the integrator's name."""
    row = connection.execute(
        select(persons.c.email, persons.c.mobile).where(persons.c.id == actor.person_id)
    ).one()
    more = {
        place.id: place
        for place in connection.execute(
            select(memberships.c.id, memberships.c.created_at, memberships.c.contract_id).where(
                memberships.c.person_id == actor.person_id
            )
        )
    }
    places = tuple(
        Place(each, more[each.id].created_at, more[each.id].contract_id)
        for each in memberships_of(connection, actor)
    )
    return Profile(actor.name, row.email, row.mobile, places)


def sole_referent_of(connection: Connection, telegram_user_id: int) -> list[str]:
    """The integrators with other members that would be left without a referent if this person went."""
    other = memberships.alias("other")
    others = (
        select(other.c.id)
        .join(persons, persons.c.id == other.c.person_id)
        .where(
            other.c.integrator_id == memberships.c.integrator_id,
            other.c.person_id != memberships.c.person_id,
            other.c.enabled,
        )
    )
    mine = select(persons.c.id).where(persons.c.telegram_user_id == telegram_user_id).scalar_subquery()
    name = business_name_of(memberships.c.integrator_id)
    return list(
        connection.scalars(
            select(name)
            .where(
                memberships.c.person_id == mine,
                memberships.c.enabled,
                memberships.c.role == Role.REFERENT.value,
                others.exists(),
                ~others.where(other.c.role == Role.REFERENT.value, persons.c.suspended_at.is_(None)).exists(),
            )
            .order_by(name)
        )
    )


def enable_member(
    connection: Connection,
    person_id: int,
    integrator_id: int,
    role: Role,
    at: datetime,
    *,
    actor: Actor | None = None,
    contract_id: int | None = None,
    keeps_role: bool = False,
) -> int:
    """Give a person an enabled place with an integrator. `actor` is who decided it; None for a contract. That
    leaves the role of an enabled member as it is, and so does what `keeps_role`. Returns the membership's id.

    Raises LastReferent where the integrator would have no referent any more.
    """
    before = connection.execute(
        select(memberships).where(
            memberships.c.person_id == person_id, memberships.c.integrator_id == integrator_id
        )
    ).first()
    if before is not None and before.enabled and (actor is None or keeps_role):
        role = next((known for known in Role if known.value == before.role), role)
    if contract_id is None and before is not None:
        contract_id = before.contract_id
    values = {
        "role": role.value,
        "enabled": True,
        "contract_id": contract_id,
        "closed_by_contract": False,
    }
    connection.execute(
        delete(removals).where(removals.c.person_id == person_id, removals.c.integrator_id == integrator_id)
    )
    membership_id = connection.execute(
        insert_for(connection, memberships)
        .values(person_id=person_id, integrator_id=integrator_id, created_at=at, **values)
        .on_conflict_do_update(index_elements=["person_id", "integrator_id"], set_=values)
        .returning(memberships.c.id)
    ).scalar_one()
    if before is not None and before.role == Role.REFERENT.value and role is not Role.REFERENT:
        _keep_a_referent(connection, integrator_id)
    record(
        connection,
        at,
        AuditAction.MEMBER_ADDED if before is None else AuditAction.MEMBER_CHANGED,
        subject=None if actor is None else actor.subject,
        integrator_id=integrator_id,
        detail={"subject": _subject(connection, person_id), "role": role.value, "enabled": True},
    )
    return int(membership_id)


def has_role(connection: Connection, integrator_id: int, role: Role) -> bool:
    """True if somebody has this role with an integrator, enabled and not suspended."""
    return bool(with_role(connection, integrator_id, role))


def has_members(connection: Connection, integrator_id: int) -> bool:
    """True if anybody has a place with an integrator, enabled or not."""
    place = select(memberships.c.id).where(memberships.c.integrator_id == integrator_id)
    return connection.execute(place.limit(1)).first() is not None


def has_place(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the person of another table's column has a place with an integrator, as a condition."""
    return select(memberships.c.id).where(memberships.c.person_id == person_id).exists()


def was_removed(connection: Connection, person_id: int, integrator_code: str) -> bool:
    """True if a referent of this integrator has removed the person, who was not let in again."""
    query = (
        select(removals.c.at)
        .join(integrators, integrators.c.id == removals.c.integrator_id)
        .where(removals.c.person_id == person_id, integrators.c.code == integrator_code)
    )
    return connection.execute(query).first() is not None


def with_role(connection: Connection, integrator_id: int, role: Role) -> list[int]:
    """Who has this role with an integrator, enabled and not suspended: their ids."""
    query = (
        select(memberships.c.person_id)
        .join(persons, persons.c.id == memberships.c.person_id)
        .where(
            memberships.c.integrator_id == integrator_id,
            memberships.c.role == role.value,
            memberships.c.enabled,
            persons.c.suspended_at.is_(None),
        )
    )
    return list(connection.scalars(query.order_by(memberships.c.id)))


def members_with_details(connection: Connection, integrator_code: str) -> list[Enrolled]:
    """Everybody who has a place with the integrator of a partita IVA, enabled or not."""
    rows = connection.execute(
        select(memberships, persons.c.email, persons.c.codice_fiscale)
        .join(persons, persons.c.id == memberships.c.person_id)
        .join(integrators, integrators.c.id == memberships.c.integrator_id)
        .where(integrators.c.code == integrator_code)
        .order_by(memberships.c.id)
    )
    return [
        Enrolled(
            row.id,
            row.person_id,
            row.enabled,
            row.contract_id,
            row.closed_by_contract,
            row.email,
            row.codice_fiscale,
        )
        for row in rows
    ]


def place_under(
    connection: Connection, membership_id: int, contract_id: int, enabled: bool, at: datetime
) -> None:
    """A member's place depends on this contract from now on, and is open or not."""
    row = connection.execute(
        update(memberships)
        .where(memberships.c.id == membership_id)
        .values(contract_id=contract_id, enabled=enabled, closed_by_contract=not enabled)
        .returning(memberships.c.person_id, memberships.c.integrator_id, memberships.c.role)
    ).one()
    detail = {"subject": _subject(connection, row.person_id), "role": row.role, "enabled": enabled}
    record(connection, at, AuditAction.MEMBER_CHANGED, integrator_id=row.integrator_id, detail=detail)


def place_of(connection: Connection, membership_id: int) -> tuple[str, bool, str] | None:
    """The integrator's name of a place, whether it is enabled, and the role's name; None for one that is
    gone.
    """
    name = business_name_of(memberships.c.integrator_id).label("name")
    row = connection.execute(
        select(name, memberships.c.enabled, memberships.c.role).where(memberships.c.id == membership_id)
    ).first()
    return None if row is None else (row.name, row.enabled, row.role)


def enabled_by(contract_id: ColumnElement[Any]) -> ColumnElement[int]:
    """How many the contract of another table's column has enabled, as a column of that table's query."""
    return (
        select(func.count())
        .where(memberships.c.contract_id == contract_id, memberships.c.enabled)
        .scalar_subquery()
    )


def members_of(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Member]:
    """The members of the actor's integrator, newest first. Raises NotPermitted."""
    actor.authorise(Permission.SEE_MEMBERS)
    query = _members().where(memberships.c.integrator_id == actor.integrator_id)
    if before is not None:
        query = query.where(memberships.c.id < before)
    rows = connection.execute(query.order_by(memberships.c.id.desc()).limit(limit))
    return [_member(row) for row in rows]


def count_members(connection: Connection, actor: Actor) -> int:
    """How many members the actor's integrator has. Raises NotPermitted."""
    actor.authorise(Permission.SEE_MEMBERS)
    query = select(func.count()).where(memberships.c.integrator_id == actor.integrator_id)
    return int(connection.execute(query).scalar_one())


def member(connection: Connection, actor: Actor, membership_id: int) -> Member:
    """A member of the actor's integrator. Raises NotPermitted or MemberUnknown."""
    actor.authorise(Permission.SEE_MEMBERS)
    row = connection.execute(
        _members().where(
            memberships.c.id == membership_id, memberships.c.integrator_id == actor.integrator_id
        )
    ).first()
    if row is None:
        raise MemberUnknown
    return _member(row)


def change_role(connection: Connection, actor: Actor, membership_id: int, role: Role, at: datetime) -> Member:
    """Give a member of the actor's integrator another role. Raises NotPermitted, MemberUnknown, or
    LastReferent where nobody would be left to say who belongs to it.
    """
    actor.authorise(Permission.MANAGE_MEMBERS)
    found = member(connection, actor, membership_id)
    connection.execute(update(memberships).where(memberships.c.id == membership_id).values(role=role.value))
    _keep_a_referent(connection, actor.integrator_id)
    record(
        connection,
        at,
        AuditAction.MEMBER_CHANGED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"subject": found.subject, "role": role.value, "enabled": found.enabled},
    )
    return member(connection, actor, membership_id)


def remove_member(connection: Connection, actor: Actor, membership_id: int, at: datetime) -> Member:
    """Take a member's place with the actor's integrator away, from their next message on; a contract does not
    let them in again. Raises NotPermitted, MemberUnknown or LastReferent.
    """
    actor.authorise(Permission.MANAGE_MEMBERS)
    found = member(connection, actor, membership_id)
    connection.execute(delete(memberships).where(memberships.c.id == membership_id))
    connection.execute(
        insert_for(connection, removals)
        .values(person_id=found.person_id, integrator_id=actor.integrator_id, at=at)
        .on_conflict_do_nothing()
    )
    _keep_a_referent(connection, actor.integrator_id)
    record(
        connection,
        at,
        AuditAction.MEMBER_REMOVED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"subject": found.subject},
    )
    return found


def _keep_a_referent(connection: Connection, integrator_id: int) -> None:
    """After a change. Two referents who leave at once must not each count on the other."""
    hold(connection, f"referents {integrator_id}")
    if not has_role(connection, integrator_id, Role.REFERENT):
        raise LastReferent


def strangers(
    connection: Connection,
    known_before: datetime,
    unless: Callable[[ColumnElement[Any]], ColumnElement[bool]],
    limit: int,
) -> list[int]:
    """The Telegram numbers of persons who were never let in, have been known since before then, and are not
    what `unless` says of their ids. Suspended ones stay: they must be recognised.
    """
    places = select(memberships.c.id).where(memberships.c.person_id == persons.c.id)
    roles = select(staff.c.role).where(staff.c.person_id == persons.c.id)
    query = select(persons.c.telegram_user_id).where(
        persons.c.telegram_user_id > 0,
        persons.c.created_at < known_before,
        persons.c.suspended_at.is_(None),
        ~places.exists(),
        ~roles.exists(),
        ~unless(persons.c.id),
    )
    return list(connection.scalars(query.order_by(persons.c.id).limit(limit)))


def is_sole_staff(connection: Connection, telegram_user_id: int, role: StaffRole) -> bool:
    """True if this account's person is the only one with a role among the staff."""
    query = select(persons.c.telegram_user_id).join(staff, staff.c.person_id == persons.c.id)
    return list(connection.scalars(query.where(staff.c.role == role.value))) == [telegram_user_id]


def is_staff(connection: Connection, person_id: int, role: StaffRole) -> bool:
    """True if a person has this role among the staff."""
    row = select(staff.c.role).where(staff.c.person_id == person_id, staff.c.role == role.value)
    return connection.execute(row).first() is not None


def find_people(
    connection: Connection, actor: Actor, text: str, limit: int, before: int | None = None
) -> list[PersonCard]:
    """People whose name, e-mail or company holds these words, newest first. Raises NotPermitted."""
    actor.authorise(Permission.MANAGE_STAFF)
    return _page(connection, select(persons).where(_holds(text)), limit, before)


def count_people(connection: Connection, actor: Actor, text: str) -> int:
    """How many people `find_people` finds. Raises NotPermitted."""
    actor.authorise(Permission.MANAGE_STAFF)
    query = select(func.count()).select_from(persons).where(_holds(text))
    return int(connection.execute(query).scalar_one())


def find_members(connection: Connection, actor: Actor, text: str, limit: int) -> list[PersonCard]:
    """Members of integrators whose name, e-mail or company holds these words, or whose company has this
    partita IVA, newest first: for who answers tickets. Raises NotPermitted.
    """
    actor.authorise(Permission.ANSWER_TICKETS)
    place = (
        select(memberships.c.id)
        .join(integrators, integrators.c.id == memberships.c.integrator_id)
        .where(memberships.c.person_id == persons.c.id)
    )
    by_code = and_(persons.c.telegram_user_id > 0, place.where(integrators.c.code == text.strip()).exists())
    of_members = select(persons).where(place.exists(), or_(_holds(text), by_code))
    return _page(connection, of_members, limit, None)


def _holds(text: str) -> ColumnElement[bool]:
    words = text.lower()
    company = select(memberships.c.id).where(
        memberships.c.person_id == persons.c.id,
        func.lower(business_name_of(memberships.c.integrator_id)).contains(words, autoescape=True),
    )
    return and_(
        persons.c.telegram_user_id > 0,
        or_(
            func.lower(persons.c.display_name).contains(words, autoescape=True),
            func.lower(persons.c.email).contains(words, autoescape=True),
            company.exists(),
        ),
    )


def staff_people(
    connection: Connection, actor: Actor, limit: int, before: int | None = None
) -> list[PersonCard]:
    """Those who are among the staff, newest first. Raises NotPermitted."""
    actor.authorise(Permission.MANAGE_STAFF)
    among = select(persons).where(persons.c.id.in_(select(staff.c.person_id)))
    return _page(connection, among, limit, before)


def _page(connection: Connection, query: Select[Any], limit: int, before: int | None) -> list[PersonCard]:
    if before is not None:
        query = query.where(persons.c.id < before)
    rows = connection.execute(query.order_by(persons.c.id.desc()).limit(limit)).all()
    return [_card(connection, row) for row in rows]


def person(connection: Connection, actor: Actor, person_id: int) -> PersonCard:
    """A person, as an administrator sees them. Raises NotPermitted or MemberUnknown."""
    actor.authorise(Permission.MANAGE_STAFF)
    row = connection.execute(
        select(persons).where(persons.c.id == person_id, persons.c.telegram_user_id > 0)
    ).first()
    if row is None:
        raise MemberUnknown
    return _card(connection, row)


def suspend(
    connection: Connection, actor: Actor, person_id: int, suspended: bool, at: datetime
) -> PersonCard:
    """Suspend a person from the next message on, in all their roles, or let them back in. Raises
    NotPermitted, MemberUnknown, or NotOneself.
    """
    found = person(connection, actor, person_id)
    if person_id == actor.person_id:
        raise NotOneself
    connection.execute(
        update(persons)
        .where(persons.c.id == person_id)
        .values(suspended_at=(found.suspended_at or at) if suspended else None)
    )
    record(
        connection,
        at,
        AuditAction.PERSON_SUSPENDED if suspended else AuditAction.PERSON_RESTORED,
        subject=actor.subject,
        detail={"subject": _subject(connection, person_id)},
    )
    return person(connection, actor, person_id)


def set_staff_role(
    connection: Connection, actor: Actor, person_id: int, role: StaffRole, has: bool, at: datetime
) -> PersonCard:
    """Give a person a role among the staff, or take it. Raises NotPermitted, MemberUnknown, or NotOneself
    where administrators would take their own.
    """
    person(connection, actor, person_id)
    if role is StaffRole.ADMINISTRATOR and not has:
        if person_id == actor.person_id:
            raise NotOneself
        hold(connection, "administrators")
        if not is_staff(connection, actor.person_id, role):  # two who take each other's: one stays
            raise NotPermitted(Permission.MANAGE_STAFF)
    if has:
        changed = connection.execute(
            insert_for(connection, staff)
            .values(person_id=person_id, role=role.value, created_at=at)
            .on_conflict_do_nothing()
        ).rowcount
    else:
        changed = connection.execute(
            delete(staff).where(and_(staff.c.person_id == person_id, staff.c.role == role.value))
        ).rowcount
    if changed:
        record(
            connection,
            at,
            AuditAction.STAFF_ADDED if has else AuditAction.STAFF_REMOVED,
            subject=actor.subject,
            detail={"subject": _subject(connection, person_id), "role": role.value},
        )
    return person(connection, actor, person_id)


def _members() -> Any:
    return select(
        memberships,
        persons.c.subject,
        persons.c.display_name,
        persons.c.email,
        persons.c.mobile,
        persons.c.suspended_at,
    ).join(persons, persons.c.id == memberships.c.person_id)


def _member(row: Any) -> Member:
    return Member(
        membership_id=row.id,
        person_id=row.person_id,
        subject=row.subject,
        name=row.display_name,
        role=next((role for role in Role if role.value == row.role), None),
        enabled=row.enabled,
        suspended=row.suspended_at is not None,
        email=row.email,
        mobile=row.mobile,
        since=row.created_at,
    )


def _card(connection: Connection, row: Any) -> PersonCard:
    roles = set(connection.scalars(select(staff.c.role).where(staff.c.person_id == row.id)))
    places = connection.execute(
        select(
            business_name_of(memberships.c.integrator_id).label("company"),
            memberships.c.role,
            memberships.c.enabled,
        )
        .where(memberships.c.person_id == row.id)
        .order_by(memberships.c.id)
    ).all()
    return PersonCard(
        id=row.id,
        name=row.display_name,
        email=row.email,
        telegram_user_id=row.telegram_user_id,
        suspended_at=row.suspended_at,
        staff_roles=frozenset(role for role in StaffRole if role.value in roles),
        companies=tuple((place.company, place.role, place.enabled) for place in places),
    )


def _subject(connection: Connection, person_id: int) -> str | None:
    found: str | None = connection.scalar(select(persons.c.subject).where(persons.c.id == person_id))
    return found
