"""Values of searches and reports of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.identity.values import Integrator
from backend.supplies.pod import Pod


@dataclass(frozen=True, slots=True)
class Search:
    """The entries that are wanted: about a POD, of an integrator, from a moment on. None: whichever."""

    pod: Pod | None = None
    integrator_id: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LookUps:
    """What came of a person's look-ups for an integrator. `points` counts the supply points that they looked
    up, `followed` those of them that the integrator associated afterwards. An erased person has no name.
    """

    person_name: str | None
    integrator: Integrator | None
    points: int
    followed: int

    @property
    def rest(self) -> int:
        """The points that no association followed."""
        return self.points - self.followed

    @property
    def share(self) -> int:
        """The rest in per cent."""
        return round(100 * self.rest / self.points)
