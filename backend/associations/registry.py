"""The port to who must know our associations: the distributor's central system.

Of each association the greatest revision that was ever told holds, and a revision says one thing only. So a
call can be repeated, and one that arrives late changes nothing.

RegistryError
├── RegistryAway      it cannot be reached, or cannot answer now
├── RegistryFailed    it failed, or nobody can read what it answered, whatever it was told
├── RegistryOutdated  it knows this revision of something else, or a greater one (`known`)
└── RegistryRefused   it refused what was told
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import structlog

from backend.associations.values import Association

log = structlog.get_logger(__name__)

GREATEST_REVISION = 2**53 - 1
"""The greatest revision that can be told."""


class RegistryError(Exception):
    """Root of what a registry raises. `reason` is a constant for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RegistryAway(RegistryError):
    """It cannot be reached, or cannot answer now. `after`: in how many seconds to tell it again; 0 where it
    did not say.
    """

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class RegistryFailed(RegistryError):
    """It failed, does not let us in, or answered what nobody can read: a failure of its own, and not of what
    it was told.
    """


class RegistryOutdated(RegistryError):
    """It knows a greater revision than the one that was told, or this one of something else: of a time before
    a backup was restored, perhaps.
    """

    def __init__(self, known: int) -> None:
        super().__init__("outdated")
        self.known = known


class RegistryRefused(RegistryError):
    """It did not take what was told; `taken`: the point or the device has another association."""


@dataclass(frozen=True, slots=True)
class RegistryStanding:
    """An association that lives there, and the revision that it knows."""

    association_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class PageOfStandings:
    """Associations that live there, by growing number; `more`: there are further ones."""

    standings: tuple[RegistryStanding, ...]
    more: bool


class AssociationRegistry(Protocol):
    """Is told of associations. Every method raises a RegistryError."""

    async def put(self, association: Association, revision: int) -> None:
        """The association lives, and is this. The same revision again changes nothing."""
        ...

    async def delete(self, association_id: int, revision: int) -> None:
        """The association lives no longer, if it ever did. The same revision again changes nothing."""
        ...

    async def page(self, after: int) -> PageOfStandings:
        """The associations that live there, from the first number greater than `after`."""
        ...


class InMemoryRegistry:
    """Stand-in that keeps what it is told; `limit` is how many stand on a page."""

    def __init__(self, limit: int = 500) -> None:
        log.warning("registry.stand_in", implementation="in-memory")
        self._limit = limit
        self._revisions: dict[int, int] = {}
        self._live: dict[int, Association] = {}

    async def put(self, association: Association, revision: int) -> None:
        """See `AssociationRegistry`."""
        self._check(association.id, revision, association)
        for number, held in self._live.items():
            same = held.point == association.point or held.sid == association.sid
            if same and number != association.id:
                raise RegistryRefused("taken")
        self._revisions[association.id] = revision
        self._live[association.id] = association

    async def delete(self, association_id: int, revision: int) -> None:
        """See `AssociationRegistry`."""
        self._check(association_id, revision, None)
        self._revisions[association_id] = revision
        self._live.pop(association_id, None)

    async def page(self, after: int) -> PageOfStandings:
        """See `AssociationRegistry`."""
        left = sorted(number for number in self._live if number > after)
        page = tuple(RegistryStanding(number, self._revisions[number]) for number in left[: self._limit])
        return PageOfStandings(page, len(left) > self._limit)

    def _check(self, association_id: int, revision: int, told: Association | None) -> None:
        known = self._revisions.get(association_id, 0)
        if known > revision or (known == revision and self._live.get(association_id) != told):
            raise RegistryOutdated(known)
