"""Budgets of look-ups, for each person of an integrator and for each integrator, per clock hour and per 24
clock hours. They keep anybody from reading the register POD by POD.

A look-up is checked before the central system is asked, and counted with its audit entry. In between others
may be checked too: a budget can be exceeded by the few look-ups that run at the same moment. Counts of
several turns at once add up.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, select, tuple_

from backend.budgets.errors import BudgetSpent
from backend.budgets.models import look_up_budgets_spent, look_up_counts
from backend.budgets.values import DAY, LOOK_UPS_SPENT, Budget, Limits, Spent, hour_of, room_at, start_of
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import PORTION, Statement
from backend.core.db.upsert import insert_for, upsert
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices

HOURS_KEPT = 2 * DAY


def _used(*of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((and_(*of), look_up_counts.c.number), else_=0)), 0)


_DAY = and_(
    look_up_counts.c.integrator_id == bindparam("integrator"),
    look_up_counts.c.hour.between(bindparam("first"), bindparam("last")),
)
_MINE = look_up_counts.c.person_id == bindparam("person")
_THIS_HOUR = look_up_counts.c.hour == bindparam("last")
# Built once: every look-up runs the first two.
_USED = Statement(
    select(
        _used(_MINE, _THIS_HOUR).label(Budget.PERSON_HOUR),
        _used(_MINE).label(Budget.PERSON_DAY),
        _used(_THIS_HOUR).label(Budget.INTEGRATOR_HOUR),
        func.coalesce(func.sum(look_up_counts.c.number), 0).label(Budget.INTEGRATOR_DAY),
    ).where(_DAY)
)
_COUNT = upsert(
    look_up_counts,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["integrator_id", "hour", "person_id"],
        set_={"number": look_up_counts.c.number + insert.excluded.number},
    ),
)
_COUNTS = select(look_up_counts).where(_DAY)


def check(connection: Connection, actor: Actor, number: int, at: datetime, limits: Limits) -> None:
    """Check that the actor may make so many look-ups more. Raises BudgetSpent, or NotPermitted.

    Of several spent budgets it names the one that has room last.
    """
    actor.authorise(Permission.LOOK_UP)
    limited = {budget: limit for budget, limit in limits.items() if limit}
    if not limited or not number:
        return
    hour = hour_of(at)
    range_ = {"integrator": actor.integrator_id, "first": hour - DAY + 1, "last": hour}
    used = _USED.first(connection, {**range_, "person": actor.person_id})
    over = [budget for budget, limit in limited.items() if getattr(used, budget) + number > limit]
    if not over:
        return
    mine, everybodys = Counter[int](), Counter[int]()
    for row in connection.execute(_COUNTS, range_):
        everybodys[row.hour] += row.number
        if row.person_id == actor.person_id:
            mine[row.hour] += row.number
    found = []
    for budget in over:
        counts = mine if budget.whose == "person" else everybodys
        room = room_at(counts, number, hour, budget, limited[budget])
        until = None if room is None else start_of(room)
        found.append(Spent(budget, limited[budget], number, until))
    raise BudgetSpent(max(found, key=lambda spent: (spent.until is None, spent.until or at)))


def count(connection: Connection, actor: Actor, number: int, at: datetime) -> None:
    """Count so many look-ups. Raises NotPermitted."""
    actor.authorise(Permission.LOOK_UP)
    if number:
        _COUNT.ask(
            connection,
            {
                "integrator_id": actor.integrator_id,
                "hour": hour_of(at),
                "person_id": actor.person_id,
                "number": number,
            },
        )


def record_spent(connection: Connection, actor: Actor, refusal: BudgetSpent, at: datetime) -> None:
    """Record in the audit that a budget was spent, and tell those who run the service: once per clock hour of
    a person, and of an integrator. Raises NotPermitted.

    It belongs into the transaction of what is answered: the one that was refused is undone.
    """
    actor.authorise(Permission.LOOK_UP)
    spent, hour = refusal.spent, hour_of(at)
    whose = actor.person_id if spent.budget.whose == "person" else 0
    first = connection.execute(
        insert_for(connection, look_up_budgets_spent)
        .values(integrator_id=actor.integrator_id, hour=hour, person_id=whose)
        .on_conflict_do_nothing(index_elements=["integrator_id", "hour", "person_id"])
    )
    if first.rowcount != 1:
        return
    record(
        connection,
        at,
        AuditAction.LOOK_UP_BUDGET_SPENT,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"whose": spent.budget.whose, "per": spent.budget.per, "limit": spent.limit},
    )
    argument = {
        "subject": actor.subject if whose else None,
        "integrator": actor.acting_for.integrator_name,
        "budget": spent.budget,
        "limit": spent.limit,
    }
    key = f"{actor.integrator_id}-{whose}-{hour}"
    for person_id in identity.staff_with(connection, Permission.OPERATE):
        notices.add(connection, person_id, LOOK_UPS_SPENT, argument, dedupe_key=key, at=at)


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of what is two days old. Returns how many rows."""
    deleted = 0
    for table in (look_up_counts, look_up_budgets_spent):
        old = select(*table.primary_key).where(table.c.hour < hour_of(at) - HOURS_KEPT).limit(PORTION)
        deleted += connection.execute(delete(table).where(tuple_(*table.primary_key).in_(old))).rowcount
    return deleted
