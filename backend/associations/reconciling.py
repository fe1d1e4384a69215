"""Our associations beside those that the central system has: after a restored backup, a change by hand, or
years of small accidents, on either side.

Our row is the truth. What the central system lacks, or has and should not, is told again. An association that
we have never had is not deleted there: who restored an old backup would lose it in both places. It is
reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from backend.associations import telling
from backend.associations.registry import (
    GREATEST_REVISION,
    AssociationRegistry,
    RegistryRefused,
    RegistryStanding,
)
from backend.core.db.database import Database

PAGES = 100_000
"""More pages than this are none that anybody means."""
PORTION = 500
"""So many of ours are compared, or changed, at a time: this bounds what is held, and how long others wait."""
NAMED = 1000
"""So many associations are named in a report; all are counted."""


@dataclass
class Reconciliation:
    """What was found. Associations by their numbers, `NAMED` of each kind at most; `counted` has all."""

    compared: int = 0
    """Associations that live there."""
    missing: list[int] = field(default_factory=list)
    """They live here, and the central system was told so, and does not have them: told again."""
    left_over: list[int] = field(default_factory=list)
    """They were deleted here, and live there: told again."""
    different: list[int] = field(default_factory=list)
    """They live in both, with another revision than was told: told again."""
    unknown: list[int] = field(default_factory=list)
    """They live there, and were never ours. Nothing is done."""
    pending: int = 0
    """They are still to be told anyway."""
    counted: dict[str, int] = field(default_factory=dict)
    """How many of each of these kinds."""

    def add(self, kind: str, ids: list[int]) -> None:
        """Add what a page has shown."""
        named: list[int] = getattr(self, kind)
        named += ids[: max(0, NAMED - len(named))]
        self.counted[kind] = self.counted.get(kind, 0) + len(ids)

    @property
    def agrees(self) -> bool:
        """True if both sides have the same, but for what is under way."""
        return not any(self.counted.values())


async def reconcile(
    database: Database, registry: AssociationRegistry, at: datetime, *, mend: bool = True
) -> Reconciliation:
    """Compare, page by page, and have told again what differs (unless it is only to be said: `mend`). What
    was told after `at`, when this begins, is no difference: the page may be older.

    Raises a RegistryError; what earlier pages have shown is mended then.
    """
    found, after = Reconciliation(), 0
    for _ in range(PAGES):
        page = await registry.page(after)
        there = {each.association_id: each for each in page.standings}
        to = max(there) if page.more else None
        found.compared += len(there)
        # A page of theirs may have any number of ours beside it.
        reached: int | None = after
        while reached is not None:
            compare = partial(_compare, there=there, after=reached, to=to, at=at)
            difference = await database.long_read(compare)
            if mend:
                for first in range(0, len(difference.again), PORTION):
                    again = difference.again[first : first + PORTION]
                    await database.write(partial(telling.want_again, revisions=again, at=at), patient=True)
            found.pending += difference.pending
            for kind in ("missing", "left_over", "different", "unknown"):
                found.add(kind, getattr(difference, kind))
            reached = difference.reached
        if to is None:
            return found
        after = to
    raise RegistryRefused("endless")


@dataclass
class _Difference:
    """What a portion of ours has shown. `reached` is the number that it ends with, None after the last."""

    missing: list[int] = field(default_factory=list)
    left_over: list[int] = field(default_factory=list)
    different: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    again: list[tuple[int, int]] = field(default_factory=list)
    """What is to be told again, each with the revision that the central system has (0 for none)."""
    pending: int = 0
    reached: int | None = None


def _compare(
    connection: Connection,
    there: Mapping[int, RegistryStanding],
    after: int,
    to: int | None,
    at: datetime,
) -> _Difference:
    difference = _Difference()
    here = {each.association_id: each for each in telling.between(connection, after, to, PORTION)}
    if len(here) == PORTION:
        difference.reached = max(here)
    for number, ours in here.items():
        theirs = there.get(number)
        known = theirs.revision if theirs is not None else 0
        # What is on its way counts, and mends it.
        if ours.revision > known if ours.told is None else ours.told > at:
            difference.pending += 1
            continue
        if theirs is None:
            if not ours.live:
                continue
            difference.missing.append(number)
        elif not ours.live:
            difference.left_over.append(number)
        elif known != ours.revision:
            difference.different.append(number)
        else:
            continue
        difference.again.append((number, known))
    end = difference.reached
    beside = {number for number in there if after < number and (end is None or number <= end)}
    rest = sorted(beside - here.keys())
    ours_deleted = telling.exist(connection, rest)
    # Deleted here before anybody was told, and there all the same.
    difference.left_over += sorted(ours_deleted)
    difference.again += [(number, there[number].revision) for number in sorted(ours_deleted)]
    difference.unknown = [number for number in rest if number not in ours_deleted]
    # Nothing can be told with a greater revision than the greatest: it is only said.
    difference.again = [each for each in difference.again if each[1] < GREATEST_REVISION]
    return difference
