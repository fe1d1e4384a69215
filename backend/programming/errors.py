"""Refusals about programming jobs.

Refused
└── ProgrammingRefused
    ├── ProgrammingGone       there is no such job of this integrator, or for this technician
    ├── ProgrammingOpen       the association has an open job already (`job_id`)
    ├── ProgrammingBegun      too late: it was begun, or is over
    ├── AssociationOver       the association was deleted
    └── NoTechnician          the person cannot be given the job
"""

from __future__ import annotations

from backend.core.refusals import Refused


class ProgrammingRefused(Refused):
    """What was asked of a programming job is not possible."""

    key = "programming-refused"


class ProgrammingGone(ProgrammingRefused):
    """There is no such job for this person."""

    key = "programming.gone"


class ProgrammingOpen(ProgrammingRefused):
    """The association has an open job; `job_id` is its."""

    key = "programming.open_already"

    def __init__(self, job_id: int) -> None:
        super().__init__(job_id=job_id)
        self.job_id = job_id


class ProgrammingBegun(ProgrammingRefused):
    """It was begun meanwhile, or is over."""

    key = "programming.begun"


class AssociationOver(ProgrammingRefused):
    """The association was deleted."""

    key = "programming.association_over"


class NoTechnician(ProgrammingRefused):
    """The person is no member who may program, or not one any more."""

    key = "programming.no_technician"
