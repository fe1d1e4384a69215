"""Errors between the product and its database.

DatabaseError
├── DatabaseUnavailable   the database refused or could not be reached; the work was not done
└── LeaseLost             another worker holds the lane by now; nothing was written
"""

from __future__ import annotations


class DatabaseError(Exception):
    """Root of this package's exceptions."""


class DatabaseUnavailable(DatabaseError):
    """The database refused or could not be reached; the work was not done. Caused by the driver's error."""


class LeaseLost(DatabaseError):
    """A worker was too slow and another one took over; its writes were rolled back."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the lease on {name} is held by another worker")
        self.name = name
