"""Values of bulk requests.

A file is checked first (a dry run), which creates nothing. Its good lines are then loaded as requests of at
most 100 rows:

                  ┌──c──► cancelled
    waiting ──a───┼──► processing ──b──► done
                  │        ▲              │
                  │        └──────d───────┘

a: the first of its rows is processed · b: every row has its outcome · c: a member cancels it; one of a and c
wins · d: a member has the failed rows run again
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from backend.associations.values import Configuration
from backend.supplies.values import LookUpOutcome

MOST_ROWS = 100
"""Rows of one request."""
MOST_REQUESTS = 10
"""Requests that one file can become."""


class RequestState(StrEnum):
    """The state of a request. Stored by value."""

    WAITING = "waiting"
    """None of its rows was begun; it can be cancelled."""
    PROCESSING = "processing"
    """Rows are being processed."""
    DONE = "done"
    """Every row has its outcome."""
    CANCELLED = "cancelled"
    """A member cancelled it in time; it is in no list."""


class RowState(StrEnum):
    """The state of a row. Stored by value."""

    READY = "ready"
    """The dry run found that its association would be created."""
    LATER = "later"
    """The dry run found a failure that may pass: it can be loaded all the same."""
    WRONG = "wrong"
    """The dry run found a fault: it is not loaded."""
    ALREADY = "already"
    """The integrator has this very association already: the supply, the device and the configuration."""
    WAITING = "waiting"
    """It was loaded, and has no outcome yet."""
    CREATED = "created"
    """Its association was created."""
    REFUSED = "refused"
    """It was refused; the outcome says why."""
    FAILED = "failed"
    """It failed in a way that may pass; it can run again."""


TO_CORRECT = (RowState.WRONG, RowState.LATER)
"""States of rows whose cells are kept as they were written: somebody may have to correct them."""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A good line of a file: codes in their normal form."""

    line: int
    pod: str
    sid: str
    configuration: Configuration


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the dry run, or the processing, says of a row. `key` and `values` are those of its text."""

    state: RowState
    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A line of the file as it was written, what it was read as (None where it could not be), the verdict,
    and the outcome of its look-up, where there was one.
    """

    line: int
    cells: tuple[str, ...]
    read: BulkLine | None
    verdict: Verdict
    looked_up: LookUpOutcome | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file after its dry run. `heading` is the heading as it was written; `sheets` are those of a workbook
    from which one must be chosen first (there are no rows then).
    """

    heading: tuple[str, ...] = ()
    rows: tuple[CheckedRow, ...] = ()
    sheets: tuple[str, ...] = ()
    dialect: dict[str, Any] | None = None
    refused: Verdict | None = None
    """Why the file as a whole cannot be read, or checked now."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stored row."""

    id: int
    line: int
    cells: tuple[str, ...]
    pod: str | None
    sid: str | None
    configuration: Configuration | None
    state: RowState
    outcome: str
    values: dict[str, Any]
    association_id: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """A bulk request with what its card shows. `left_out` counts the lines of its file that were not loaded
    and are to be corrected.
    """

    id: int
    upload_id: int
    name: str
    digest: str
    state: RequestState
    rows: int
    counts: dict[RowState, int]
    left_out: int
    created_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def done(self) -> int:
        """Rows that have an outcome."""
        return self.rows - self.counts.get(RowState.WAITING, 0)


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file. `loaded_before` is the newest request of the same content, if there is one;
    `left_out` counts the lines to correct, and those that were not loaded though they could have been.
    """

    id: int
    name: str
    digest: str
    heading: tuple[str, ...]
    dialect: dict[str, Any] | None
    sheets: tuple[str, ...]
    refused: Verdict | None
    counts: dict[RowState, int]
    created_at: datetime
    loaded_before: Request | None
    loaded: bool
    left_out: int

    @property
    def rows(self) -> int:
        """The lines that were read."""
        return sum(self.counts.values())
