"""How a person wants to be told of things: which notices, when not, and whether by e-mail too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, literal, or_, select

from backend.core.clock import ROME
from backend.core.db.upsert import insert_for
from backend.identity.models import muted_notices, persons, preferences
from backend.identity.values import Actor

_TIME = r"([0-9]{1,2})(?:[:.,h]([0-9]{2}))?"
_HOURS = re.compile(rf"\D*{_TIME}(?:(?![:.,])\D)+{_TIME}\D*")
_DAY = 24 * 60
LONGEST = 40
"""Characters in which somebody can say from when to when."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours in which nothing comes unasked, in minutes of the day in Rome: from the first one up to the last
    one, over midnight where that is the earlier one.
    """

    start: int
    end: int

    def hold(self, at: datetime) -> bool:
        """True if it is quiet then."""
        minute = minute_of_day(at)
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def __str__(self) -> str:
        return f"{_clock(self.start)}–{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has chosen. `muted` are kinds of notices."""

    quiet: QuietHours | None = None
    by_mail: bool = True
    muted: frozenset[str] = frozenset()


def read_hours(text: str) -> QuietHours | None:
    """Hours as people type them: `21:30-6:45`, `22–7`, "dalle 20 alle 7". None where they are no hours."""
    found = _HOURS.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        return None
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    return None if start is None or end is None or start == end else QuietHours(start, end)


def _minutes(hour: str, minute: str | None) -> int | None:
    value = int(hour) * 60 + int(minute or 0)
    return value % _DAY if int(minute or 0) < 60 and value <= _DAY else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def minute_of_day(at: datetime) -> int:
    """What a clock in Rome says then, in minutes. In autumn, when an hour comes twice, this one waits at the
    end of it the second time: hours that have ended do not begin again, nor do those that hold end.
    """
    local = at.astimezone(ROME)
    return local.hour * 60 + (59 if local.fold else local.minute)


def preferences_of(connection: Connection, actor: Actor) -> Preferences:
    """What the actor has chosen; the defaults where they have chosen nothing."""
    row = connection.execute(
        select(preferences).where(preferences.c.person_id == actor.person_id)
    ).one_or_none()
    muted = connection.scalars(
        select(muted_notices.c.kind).where(muted_notices.c.person_id == actor.person_id)
    )
    if row is None:
        return Preferences(muted=frozenset(muted))
    quiet = None if row.quiet_from is None else QuietHours(row.quiet_from, row.quiet_to)
    return Preferences(quiet, row.by_mail, frozenset(muted))


def keep_quiet(connection: Connection, actor: Actor, hours: QuietHours | None) -> None:
    """From now on these are the actor's quiet hours; it holds for what waits already."""
    start, end = (None, None) if hours is None else (hours.start, hours.end)
    _choose(connection, actor, quiet_from=start, quiet_to=end)


def write_by_mail(connection: Connection, actor: Actor, wanted: bool) -> None:
    """Whether what the chat cannot show goes by e-mail."""
    _choose(connection, actor, by_mail=wanted)


def mute(connection: Connection, actor: Actor, kind: str, muted: bool) -> None:
    """Whether notices of this kind stay away."""
    if muted:
        connection.execute(
            insert_for(connection, muted_notices)
            .values(person_id=actor.person_id, kind=kind)
            .on_conflict_do_nothing()
        )
    else:
        connection.execute(
            delete(muted_notices).where(
                muted_notices.c.person_id == actor.person_id, muted_notices.c.kind == kind
            )
        )


def _choose(connection: Connection, actor: Actor, **values: Any) -> None:
    connection.execute(
        insert_for(connection, preferences)
        .values(person_id=actor.person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )


def is_quiet(person_id: ColumnElement[Any], at: datetime) -> ColumnElement[bool]:
    """True if it is quiet for the person of another table's column, as a condition of that table's query."""
    minute = literal(minute_of_day(at))
    start, end = preferences.c.quiet_from, preferences.c.quiet_to
    return exists().where(
        preferences.c.person_id == person_id,
        or_(
            and_(start < end, start <= minute, minute < end),
            and_(start > end, or_(start <= minute, minute < end)),
        ),
    )


def is_muted(person_id: ColumnElement[Any], kind: ColumnElement[str]) -> ColumnElement[bool]:
    """True if the person of another table's column wants no notices of a kind."""
    return exists().where(muted_notices.c.person_id == person_id, muted_notices.c.kind == kind)


def mail_address_of(connection: Connection, person_id: int) -> str | None:
    """Where notices to a person go by e-mail: their verified address, unless they want none there."""
    found: str | None = connection.scalar(
        select(persons.c.email)
        .outerjoin(preferences, preferences.c.person_id == persons.c.id)
        .where(persons.c.id == person_id, func.coalesce(preferences.c.by_mail, True))
    )
    return found
