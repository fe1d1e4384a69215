"""Contracts: loaded by commercial staff, matched with who registers, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, true, update

from backend.contracts.errors import ContractEnded, ContractNotFound, ContractOfAnother
from backend.contracts.models import contract_people, contracts
from backend.contracts.values import Change, Contract, ContractState, Named, NewContract
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.locks import hold
from backend.core.db.statements import PORTION
from backend.identity import people
from backend.identity.permissions import Permission, Role
from backend.identity.values import Actor, Enrolled
from backend.notices import service as notices

PLACE_CHANGED = "place_changed"
"""The kind of notice that tells members that a contract has closed or opened their place."""


def load(connection: Connection, actor: Actor, loaded: Sequence[NewContract], at: datetime) -> list[int]:
    """Load contracts. One that is there already gets the new name and the new list of people; whom it had
    enabled and names no longer keep what they have. Returns the ids.

    Raises NotPermitted, ContractEnded or ContractOfAnother; nothing was changed then.
    """
    actor.authorise(Permission.MANAGE_CONTRACTS)
    return load_as_operator(connection, loaded, at, actor)


def changes(connection: Connection, actor: Actor, loaded: Sequence[NewContract]) -> list[Change]:
    """What `load` would do, contract by contract. Raises NotPermitted."""
    actor.authorise(Permission.MANAGE_CONTRACTS)
    return [_compared(connection, each) for each in loaded]


def _compared(connection: Connection, new: NewContract) -> Change:
    row = connection.execute(
        select(contracts.c.id, contracts.c.state).where(contracts.c.number == new.number)
    ).first()
    known, state = (None, None) if row is None else (row.id, row.state)
    before = {
        (row.email, row.codice_fiscale)
        for row in connection.execute(select(contract_people).where(contract_people.c.contract_id == known))
    }
    after = {(each.email, each.codice_fiscale) for each in new.people}
    return Change(
        new.number,
        new.business_name,
        len(new.people),
        is_new=known is None,
        added=len(after - before),
        removed=len(before - after),
        ended=state == ContractState.ENDED,
    )


def load_as_operator(
    connection: Connection, loaded: Sequence[NewContract], at: datetime, actor: Actor | None = None
) -> list[int]:
    """`load` for the operator at the machine."""
    for code in sorted({each.integrator_code for each in loaded}):
        hold_company(connection, code)
    return [_load(connection, each, at, actor) for each in loaded]


def hold_company(connection: Connection, integrator_code: str) -> None:
    """Nobody else loads, ends or is matched with a contract of this company until the transaction ends."""
    hold(connection, f"contracts {integrator_code}")


def _load(connection: Connection, new: NewContract, at: datetime, actor: Actor | None) -> int:
    known = connection.execute(select(contracts).where(contracts.c.number == new.number)).first()
    if known is not None and known.integrator_code != new.integrator_code:
        raise ContractOfAnother(number=new.number)
    if known is not None and known.state == ContractState.ENDED:
        raise ContractEnded(number=new.number)
    if known is None:
        contract_id = connection.execute(
            insert(contracts)
            .values(
                number=new.number,
                integrator_code=new.integrator_code,
                business_name=new.business_name,
                state=ContractState.STANDING,
                loaded_by=None if actor is None else actor.person_id,
                created_at=at,
            )
            .returning(contracts.c.id)
        ).scalar_one()
    else:
        contract_id = known.id
        connection.execute(
            update(contracts).where(contracts.c.id == contract_id).values(business_name=new.business_name)
        )
        connection.execute(delete(contract_people).where(contract_people.c.contract_id == contract_id))
    connection.execute(
        insert(contract_people),
        [
            {
                "contract_id": contract_id,
                "email": each.email,
                "codice_fiscale": each.codice_fiscale,
                "role": None if each.role is None else each.role.value,
            }
            for each in new.people
        ],
    )
    _settle(connection, new.integrator_code, at)
    _record(connection, at, AuditAction.CONTRACT_LOADED, actor, int(contract_id), people=len(new.people))
    return int(contract_id)


def match(
    connection: Connection,
    integrator_code: str,
    email: str,
    codice_fiscale: str | None,
    *,
    person_id: int | None = None,
) -> tuple[Contract, Role | None] | None:
    """The standing contract of a company that names this person by both, and the role that it gives; None
    where there is none. One that `person_id` has loaded does not count for them.
    """
    row = connection.execute(
        select(contracts.c.id, contract_people.c.role)
        .join(contract_people, contract_people.c.contract_id == contracts.c.id)
        .where(
            contracts.c.integrator_code == integrator_code,
            contracts.c.state == ContractState.STANDING,
            contract_people.c.email == email,
            contract_people.c.codice_fiscale == codice_fiscale,
            contracts.c.loaded_by.is_distinct_from(person_id) if person_id is not None else true(),
        )
        .order_by(contracts.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return _get(connection, row.id), Role(row.role) if row.role else None


def standing_of(connection: Connection, integrator_code: str) -> Contract | None:
    """The newest standing contract of a company, or None."""
    row = connection.execute(
        _contracts()
        .where(contracts.c.integrator_code == integrator_code, contracts.c.state == ContractState.STANDING)
        .order_by(contracts.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _contract(row)


def get(connection: Connection, actor: Actor, contract_id: int) -> Contract:
    """A contract. Raises NotPermitted or ContractNotFound."""
    actor.authorise(Permission.MANAGE_CONTRACTS)
    return _get(connection, contract_id)


def number_of(connection: Connection, contract_id: int) -> str | None:
    """The number of a contract, for whom it has enabled; None where it is gone."""
    found: str | None = connection.scalar(select(contracts.c.number).where(contracts.c.id == contract_id))
    return found


def latest(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Contract]:
    """The contracts, newest first; `before` is the id that the page before ended with."""
    actor.authorise(Permission.MANAGE_CONTRACTS)
    query = _contracts().order_by(contracts.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(contracts.c.id < before)
    return [_contract(row) for row in connection.execute(query)]


def people_of(connection: Connection, actor: Actor, contract_id: int) -> list[Named]:
    """The people whom a contract names, by their e-mail."""
    actor.authorise(Permission.MANAGE_CONTRACTS)
    rows = connection.execute(
        select(contract_people)
        .where(contract_people.c.contract_id == contract_id)
        .order_by(contract_people.c.email)
    )
    return [Named(row.email, row.codice_fiscale, Role(row.role) if row.role else None) for row in rows]


def end(connection: Connection, actor: Actor, contract_id: int, at: datetime) -> Contract:
    """End a contract. Where no other one stands, nobody of the company is enabled any longer, until one is
    loaded. Raises NotPermitted, ContractNotFound or ContractEnded.
    """
    actor.authorise(Permission.MANAGE_CONTRACTS)
    hold_company(connection, _get(connection, contract_id).integrator_code)
    ended = connection.execute(
        update(contracts)
        .where(contracts.c.id == contract_id, contracts.c.state == ContractState.STANDING)
        .values(state=ContractState.ENDED, ended_at=at)
    )
    if ended.rowcount != 1:
        raise ContractEnded
    found = _get(connection, contract_id)
    closed = _settle(connection, found.integrator_code, at)
    _record(connection, at, AuditAction.CONTRACT_ENDED, actor, contract_id, people=closed)
    return _get(connection, contract_id)


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Forget a portion of whom contracts named that ended longer ago than `kept`. Returns how many."""
    ended = select(contracts.c.id).where(contracts.c.ended_at < at - kept)
    old = select(contract_people.c.id).where(contract_people.c.contract_id.in_(ended)).limit(PORTION)
    return connection.execute(delete(contract_people).where(contract_people.c.id.in_(old))).rowcount


def is_closed(connection: Connection, integrator_code: str) -> bool:
    """True if a company had contracts and none of them stands."""
    states = set(
        connection.scalars(select(contracts.c.state).where(contracts.c.integrator_code == integrator_code))
    )
    return states == {ContractState.ENDED.value}


def _settle(connection: Connection, integrator_code: str, at: datetime) -> int:
    """Bring the places of a company's members in line with its contracts: all are closed where none stands;
    those that an ended contract had closed are open again. Returns how many were closed.
    """
    newest = connection.execute(
        select(contracts)
        .where(contracts.c.integrator_code == integrator_code)
        .order_by((contracts.c.state == ContractState.STANDING).desc(), contracts.c.id.desc())
        .limit(1)
    ).first()
    if newest is None:
        return 0
    stands = newest.state == ContractState.STANDING
    ended = set(
        connection.scalars(
            select(contracts.c.id).where(
                contracts.c.integrator_code == integrator_code, contracts.c.state == ContractState.ENDED
            )
        )
    )
    closed = 0
    for each in people.members_with_details(connection, integrator_code):
        named = match(connection, integrator_code, each.email or "", each.codice_fiscale)
        under = named[0].id if named is not None else newest.id
        if not stands and each.enabled:
            _place(connection, each, newest.id, False, at)
            closed += 1
        elif stands and each.contract_id in ended and (each.enabled or each.closed_by_contract):
            _place(connection, each, under, True, at)
    return closed


def _place(connection: Connection, member: Enrolled, contract_id: int, enabled: bool, at: datetime) -> None:
    people.place_under(connection, member.membership_id, contract_id, enabled, at)
    if member.enabled == enabled:
        return
    argument = {"membership_id": member.membership_id}
    key = f"{contract_id} {enabled} {at.isoformat()}"
    notices.add(connection, member.person_id, PLACE_CHANGED, argument, dedupe_key=key, at=at)


def _get(connection: Connection, contract_id: int) -> Contract:
    row = connection.execute(_contracts().where(contracts.c.id == contract_id)).first()
    if row is None:
        raise ContractNotFound
    return _contract(row)


def _contracts() -> Select[Any]:
    named = select(func.count()).where(contract_people.c.contract_id == contracts.c.id)
    return select(
        contracts,
        named.scalar_subquery().label("people"),
        people.enabled_by(contracts.c.id).label("enabled"),
    )


def _contract(row: Any) -> Contract:
    return Contract(
        id=row.id,
        number=row.number,
        integrator_code=row.integrator_code,
        business_name=row.business_name,
        state=ContractState(row.state),
        people=row.people,
        enabled=row.enabled,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def _record(
    connection: Connection,
    at: datetime,
    action: AuditAction,
    actor: Actor | None,
    contract_id: int,
    **detail: int,
) -> None:
    record(
        connection,
        at,
        action,
        subject=None if actor is None else actor.subject,
        detail={"contract": contract_id, **detail},
    )
