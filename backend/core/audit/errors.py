"""Errors of the audit.

AuditError
└── DetailRefused     a detail holds a value that does not survive the database unchanged
"""

from __future__ import annotations


class AuditError(Exception):
    """Root of this package's exceptions."""


class DetailRefused(AuditError):
    """A detail holds something other than text, whole numbers, truth values, None and lists or objects of
    these.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"the detail {name!r} cannot be recorded")
        self.name = name
