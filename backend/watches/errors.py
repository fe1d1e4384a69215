"""Why a watch is not begun or shown.

WatchRefused (a Refused)
├── TooManyWatches          the person has as many as they can
└── WatchGone               none with this id, for this person
"""

from __future__ import annotations

from backend.core.refusals import Refused


class WatchRefused(Refused):
    """Root of this package's refusals."""


class TooManyWatches(WatchRefused):
    """The person has as many watches as they can have."""

    key = "too-many-watches"


class WatchGone(WatchRefused):
    """The person has no watch of this id."""

    key = "watch-gone"
