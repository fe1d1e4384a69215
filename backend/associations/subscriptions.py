"""Weekly reports on associations: a saved search each, delivered once a week until its owner ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from backend.associations import report
from backend.associations.errors import SubscriptionsSpent
from backend.associations.models import association_subscriptions as subscriptions
from backend.associations.report import Criteria
from backend.core.clock import ROME
from backend.core.json_values import from_json, to_json
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor, Address
from backend.notices import service as notices

NOTICE = "association_report"
MOST = 10
"""Weekly reports that a person may have."""
WEEKDAY, HOUR = 0, 8
"""They are made on Mondays at eight, in Rome."""
MADE_UP_FOR = timedelta(days=28)
"""What came due longer ago is not made up for."""
AT_ONCE = 20
"""Reports that one look begins."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A weekly report. It shows what its owner may see as a member of `integrator_id`; as one of the staff
    where that is None.
    """

    id: int
    person_id: int
    integrator_id: int | None
    wanted: Criteria
    due_at: datetime


def as_of(due: datetime) -> datetime:
    """When the week ends that a report is about: on the evening before, so that the last seven days of one
    report and those of the next leave no hour out.
    """
    return due - timedelta(hours=HOUR + 1)


def next_time(after: datetime) -> datetime:
    """When the next report is to be made."""
    day = after.astimezone(ROME).date()
    day += timedelta(days=(WEEKDAY - day.weekday()) % 7)
    at = datetime.combine(day, time(HOUR), ROME)
    return at if at > after else datetime.combine(day + timedelta(days=7), time(HOUR), ROME)


def subscribe(connection: Connection, actor: Actor, wanted: Criteria, at: datetime) -> Subscription:
    """Have a report made of this search each week, from the next one on. Who has it already keeps it. Raises
    NotPermitted, NothingWanted or SubscriptionsSpent.
    """
    wanted.check()
    theirs, place = of_actor(connection, actor), place_of(actor)
    for each in theirs:
        if each.wanted == wanted and each.integrator_id == place:
            return each
    if len(theirs) >= MOST:
        raise SubscriptionsSpent(MOST)
    number = connection.execute(
        insert(subscriptions)
        .values(
            person_id=actor.person_id,
            integrator_id=place,
            criteria=to_json(wanted),
            created_at=at,
            due_at=next_time(at),
        )
        .returning(subscriptions.c.id)
    ).scalar_one()
    return Subscription(int(number), actor.person_id, place, wanted, next_time(at))


def of_actor(connection: Connection, actor: Actor) -> list[Subscription]:
    """The actor's weekly reports, in whichever place they have them, oldest first: each can be ended. Raises
    NotPermitted.
    """
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    query = select(subscriptions).where(subscriptions.c.person_id == actor.person_id)
    found = map(_read, connection.execute(query.order_by(subscriptions.c.id)))
    return [each for each in found if each is not None]


def end(connection: Connection, actor: Actor, subscription_id: int) -> Subscription | None:
    """End a weekly report of the actor, in whichever place they have it. Returns it; None where there is none
    any more. Raises NotPermitted.
    """
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    row = connection.execute(
        delete(subscriptions)
        .where(subscriptions.c.id == subscription_id, subscriptions.c.person_id == actor.person_id)
        .returning(subscriptions)
    ).first()
    return None if row is None else _read(row)


Begin = Callable[[Connection, Subscription, datetime, Address], None]


def begin_due(connection: Connection, at: datetime, begin: Begin) -> int:
    """Begin the reports that are due: `begin(connection, subscription, due, address)` orders the work that
    ends in `deliver`. Weeks in which nobody looked are made up for, one at each look, the last MADE_UP_FOR of
    them; what came due before is left out. What can never come any more is ended. Returns how many were due.
    """
    due = select(subscriptions).where(subscriptions.c.due_at <= at).order_by(subscriptions.c.due_at)
    rows = connection.execute(due.limit(AT_ONCE)).all()
    for row in rows:
        taken = connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == row.id, subscriptions.c.due_at == row.due_at)
            .values(due_at=next_time(max(row.due_at, at - MADE_UP_FOR)))
        )
        if taken.rowcount != 1:
            continue  # another scheduler was faster
        found = _read(row)
        if found is None or row.due_at < at - MADE_UP_FOR:
            continue
        address = identity.addresses_of(connection, [row.person_id]).get(row.person_id)
        actor = actor_for(connection, found)
        if actor is None:
            connection.execute(delete(subscriptions).where(subscriptions.c.id == row.id))
        elif address is not None and actor.may(Permission.REPORT_ASSOCIATIONS):
            begin(connection, found, row.due_at, address)
    return len(rows)


def find(connection: Connection, subscription_id: int) -> tuple[Subscription, Actor] | None:
    """A weekly report that was begun, and who is to get it, as they are now; None where it has ended, or they
    may not have it any more.
    """
    row = connection.execute(select(subscriptions).where(subscriptions.c.id == subscription_id)).first()
    found = None if row is None else _read(row)
    actor = None if found is None else actor_for(connection, found)
    if found is None or actor is None or not actor.may(Permission.REPORT_ASSOCIATIONS):
        return None
    return found, actor


def deliver(
    connection: Connection,
    subscription_id: int,
    due: datetime,
    files: Sequence[tuple[str, str]],
    lines: int | None,
    at: datetime,
) -> bool:
    """Deliver the report that was due then: its files (digest, name) and how many lines they have, None where
    they could not be made. Each is delivered once: returns False where this one was, or may not be any more.
    """
    found = find(connection, subscription_id)
    if found is None:
        return False
    subscription, actor = found
    argument: dict[str, Any] = {
        "subscription": subscription.id,
        "files": [list(each) for each in files],
        "lines": lines,
        "day": due.astimezone(ROME).date().isoformat(),
    }
    key = f"{subscription.id}-{argument['day']}"
    if not notices.add(connection, subscription.person_id, NOTICE, argument, dedupe_key=key, at=at):
        return False
    if files:
        report.record_export(connection, actor, at, format="csv", lines=lines, weekly=subscription.id)
    return True


def actor_for(connection: Connection, subscription: Subscription) -> Actor | None:
    """The owner of a weekly report in the place in which they asked for it; None where they have left it. In
    a company they are a member and nothing else: what else they may do elsewhere adds nothing to its report.
    """
    if subscription.integrator_id is not None:
        member = identity.acting_for(connection, subscription.person_id, subscription.integrator_id)
        return None if member is None else replace(member, staff_roles=frozenset())
    address = identity.addresses_of(connection, [subscription.person_id]).get(subscription.person_id)
    actor = None if address is None else identity.actor_of(connection, address.telegram_user_id)
    return actor if actor is not None and actor.staff_roles else None


def place_of(actor: Actor) -> int | None:
    """The place in which the actor asks: the company, unless the staff's right is what they have."""
    if actor.may(Permission.ALL_ASSOCIATIONS) or actor.membership is None:
        return None
    return actor.membership.integrator_id


def _read(row: Any) -> Subscription | None:
    """None where a later version has written what this one cannot read."""
    try:
        wanted = from_json(Criteria, row.criteria)
    except ValueError:
        return None
    return Subscription(row.id, row.person_id, row.integrator_id, wanted, row.due_at)
