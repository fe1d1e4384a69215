"""Checking the lines of a file, and processing the rows of a request: questions to the central system, and a
row's transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from backend.associations import service as associations
from backend.associations.errors import DeviceInUse
from backend.associations.values import AssociationRequest, Configuration
from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Limits
from backend.bulk.errors import BulkRefused
from backend.bulk.lines import Line
from backend.bulk.models import bulk_requests, bulk_rows
from backend.bulk.service import row_from
from backend.bulk.values import BulkLine, CheckedRow, RequestState, Row, RowState, Verdict
from backend.core.db.statements import Statement, among
from backend.core.refusals import Refused
from backend.devices import service as devices
from backend.devices.values import Device
from backend.identity.errors import NotPermitted
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.scp import service as scp
from backend.scp.values import ScpState
from backend.supplies import service as supplies
from backend.supplies.central import CentralSystem
from backend.supplies.outcome import judge
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer, LookUp, LookUpOutcome, SupplyFound
from backend.tabular.reasons import Bad

AT_ONCE = 40
"""Questions to the central system at the same time."""
CHECK_SECONDS = 8.0
"""For so long a dry run waits for the central system; what it did not answer by then is seen when it is
processed.
"""
MAY_PASS = (
    LookUpOutcome.UNREACHABLE,
    LookUpOutcome.UNAVAILABLE,
    LookUpOutcome.INTERNAL_ERROR,
    LookUpOutcome.GENERIC_ERROR,
)
"""Outcomes after which a row is tried again."""

Answer = CentralAnswer | Exception


def to_ask(lines: Sequence[Line]) -> list[str]:
    """The PODs of these lines."""
    return [each.read.pod for each in lines if isinstance(each.read, BulkLine)]


async def ask_for(central: CentralSystem, lines: Sequence[Line]) -> dict[str, Answer]:
    """Ask the central system for the PODs of these lines, some at a time. What it has not answered in time is
    missing.
    """
    answers: dict[str, Answer] = {}
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(code: str) -> None:
        async with places:
            answers[code] = await supplies.ask(central, Pod(code, code))

    try:
        async with asyncio.timeout(CHECK_SECONDS), asyncio.TaskGroup() as group:
            for code in to_ask(lines):
                group.create_task(ask(code))
    except TimeoutError:
        pass
    return answers


def check(
    connection: Connection, actor: Actor, lines: Sequence[Line], answers: dict[str, Answer]
) -> list[CheckedRow]:
    """The dry run: what would come of each line. Nothing changes."""
    actor.authorise(Permission.BULK)
    return [_checked(connection, actor, each, answers) for each in lines]


def record_look_ups(connection: Connection, actor: Actor, rows: Sequence[CheckedRow], at: datetime) -> None:
    """Record the look-ups of a dry run in the audit."""
    found = [(_pod(row.read.pod), row.looked_up) for row in rows if row.read and row.looked_up]
    supplies.record_look_ups(connection, actor, found, at)


def _checked(connection: Connection, actor: Actor, line: Line, answers: dict[str, Answer]) -> CheckedRow:
    if isinstance(line.read, Bad):
        return CheckedRow(line.line, line.cells, None, _of_bad(line.read))
    answer = answers.get(line.read.pod)
    look_up = None if answer is None else associations.judged(connection, actor, _pod(line.read.pod), answer)
    verdict = _expected(connection, actor, line.read, look_up, answer)
    outcome = None if look_up is None else look_up.outcome
    return CheckedRow(line.line, line.cells, line.read, verdict, outcome)


def _pod(code: str) -> Pod:
    return Pod(code, code)


def _of_bad(bad: Bad) -> Verdict:
    return Verdict(RowState.WRONG, f"reason:{bad.reason.value}", {"column": bad.column, **bad.values})


def _expected(
    connection: Connection, actor: Actor, line: BulkLine, look_up: LookUp | None, answer: Answer | None
) -> Verdict:
    device = devices.find(connection, actor, sid=line.sid)
    if device is None:
        return Verdict(RowState.WRONG, "device-unknown")
    if look_up is None:
        return Verdict(RowState.LATER, "unanswered")
    if look_up.outcome is not LookUpOutcome.ELIGIBLE or not isinstance(answer, SupplyFound):
        wanted = line.sid, line.configuration
        return _verdict(connection, actor, look_up, wanted, (RowState.WRONG, RowState.LATER))
    if line.configuration is Configuration.PROSUMER and not answer.productions:
        return Verdict(RowState.WRONG, "production-pod-missing")
    in_use = associations.find_by_device(connection, actor, device.id)
    if in_use is not None:
        return Verdict(RowState.WRONG, DeviceInUse.key)
    return Verdict(RowState.READY, "ready")


def _verdict(
    connection: Connection,
    actor: Actor,
    look_up: LookUp,
    wanted: tuple[str, Configuration],
    otherwise: tuple[RowState, RowState],
) -> Verdict:
    """The verdict on a supply that is not to be associated now. `wanted` is the SID and the configuration;
    `otherwise` are the states of a fault and of what may pass.
    """
    wrong, passing = otherwise
    if look_up.outcome is not LookUpOutcome.ASSOCIATED_BY_US:
        return Verdict(passing if look_up.outcome in MAY_PASS else wrong, look_up.outcome.value)
    own = associations.find(connection, actor, look_up.association_id or 0)
    if own is None or own.deleted_at is not None:
        return Verdict(passing, "supply-associated")  # deleted at this moment
    if own.sid != wanted[0]:
        return Verdict(wrong, "other-device")
    if own.configuration is not wanted[1]:
        return Verdict(wrong, "other-configuration")
    return Verdict(RowState.ALREADY, look_up.outcome.value)


@dataclass(frozen=True, slots=True)
class Work:
    """A row that waits for its outcome."""

    row: Row
    request_id: int
    begun: bool


GOES_ON = ("bulk_begin", "bulk_row", "bulk_card", "bulk_scp")
"""Kinds of jobs that go on where who asked for them is gone: a row that was not processed yet fails then, and
a colleague can have it run again.
"""


def work_of(connection: Connection, row_id: int) -> Work | None:
    """The row, if it still waits and its request was not cancelled."""
    found = _WORK.first(connection, {"at_id": row_id})
    if found is None:
        return None
    return Work(row_from(found), found.request_id, found.request_state == RequestState.PROCESSING)


def begin(connection: Connection, request_id: int, at: datetime) -> bool:
    """Begin to process a request. False where it was cancelled: of the two, one wins."""
    begun = connection.execute(
        update(bulk_requests)
        .where(bulk_requests.c.id == request_id, bulk_requests.c.state == RequestState.WAITING)
        .values(state=RequestState.PROCESSING, started_at=at)
    )
    if begun.rowcount == 1:
        return True
    state = connection.scalar(select(bulk_requests.c.state).where(bulk_requests.c.id == request_id))
    return state == RequestState.PROCESSING


def waiting_rows(connection: Connection, request_id: int) -> list[int]:
    """The rows of a request that wait for their outcome, in the order of their lines."""
    return list(
        connection.scalars(
            select(bulk_rows.c.id)
            .where(bulk_rows.c.request_id == request_id, bulk_rows.c.state == RowState.WAITING)
            .order_by(bulk_rows.c.line)
        )
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """Further work after a row's outcome: an SCP file to be made, the end of the request, and the card, which
    `shows` it soon.
    """

    request_id: int
    scp_id: int | None
    finished: bool
    person_id: int
    integrator_id: int
    runs: int
    shows: bool


def may_pass(work: Work, answer: Answer) -> bool:
    """True if another try may help."""
    pod = Pod(work.row.pod or "", work.row.pod or "")
    return judge(pod, answer, None).outcome in MAY_PASS


def check_budget(connection: Connection, actor: Actor | None, at: datetime, limits: Limits) -> None:
    """Check that the central system may be asked for a row. Raises BudgetSpent, or NotPermitted."""
    if actor is None:
        raise NotPermitted(Permission.BULK)
    budgets.check(connection, actor, 1, at, limits)


def conclude(connection: Connection, actor: Actor | None, work: Work, answer: Answer, at: datetime) -> Ended:
    """Process a row: its association, the request of its SCP file, the audit and its outcome, all in this
    transaction. A refusal is an outcome, and changes nothing else.
    """
    scp_id: int | None = None
    association_id: int | None = None
    try:
        verdict, association_id, scp_id = _carry_out(connection, actor, work.row, answer, at)
    except Refused as refusal:
        verdict = _of_refusal(refusal)
    return _end(connection, work, verdict, association_id, scp_id, at)


def refuse(connection: Connection, actor: Actor | None, work: Work, refusal: Refused, at: datetime) -> Ended:
    """End a row for which the central system was not asked."""
    if isinstance(refusal, BudgetSpent) and actor is not None:
        budgets.record_spent(connection, actor, refusal, at)
    return _end(connection, work, _of_refusal(refusal), None, None, at)


def _of_refusal(refusal: Refused) -> Verdict:
    # A colleague can have it run again, or anybody once the budget has room.
    passing = isinstance(refusal, NotPermitted | BudgetSpent)
    return Verdict(RowState.FAILED if passing else RowState.REFUSED, refusal.key)


def fail(connection: Connection, work: Work, at: datetime) -> Ended:
    """End a row whose processing never came to an end."""
    return _end(connection, work, Verdict(RowState.FAILED, "generic-error"), None, None, at)


def _carry_out(
    connection: Connection, actor: Actor | None, row: Row, answer: Answer, at: datetime
) -> tuple[Verdict, int | None, int | None]:
    if actor is None or row.pod is None or row.sid is None or row.configuration is None:
        raise NotPermitted(Permission.BULK)
    actor.authorise(Permission.BULK)
    pod = Pod(row.pod, row.pod)
    look_up = associations.judged(connection, actor, pod, answer)
    supplies.record_look_up(connection, actor, pod, look_up.outcome, at, remember=False)
    if look_up.outcome is not LookUpOutcome.ELIGIBLE or not isinstance(answer, SupplyFound):
        states = RowState.REFUSED, RowState.FAILED
        return _verdict(connection, actor, look_up, (row.sid, row.configuration), states), None, None
    device = devices.find(connection, actor, sid=row.sid)
    if device is None:
        return Verdict(RowState.REFUSED, "device-unknown"), None, None
    with connection.begin_nested():  # a refusal keeps the record of the look-up
        request = _association_request(pod, device, row.configuration, answer)
        made, file = scp.associate(connection, actor, request, answer, None, at)
    asked = file.id if file.state is ScpState.REQUESTED else None
    return Verdict(RowState.CREATED, "created"), made.id, asked


def _association_request(
    pod: Pod, device: Device, configuration: Configuration, facts: SupplyFound
) -> AssociationRequest:
    """The request of a row; a Prosumer's production POD is the first one in alphabetical order."""
    prosumer = configuration is Configuration.PROSUMER and facts.productions
    return AssociationRequest(
        pod=pod,
        sid=device.sid,
        nid=None,
        device_type=device.type,
        configuration=configuration,
        production_pod=facts.productions[0].pod if prosumer else None,
    )


def _end(
    connection: Connection,
    work: Work,
    verdict: Verdict,
    association_id: int | None,
    scp_id: int | None,
    at: datetime,
) -> Ended:
    ended = _END_ROW.run(
        connection,
        {
            "at_id": work.row.id,
            "new_state": verdict.state,
            "new_outcome": verdict.key,
            "new_values": verdict.values,
            "new_association": association_id,
        },
    )
    if ended != 1:
        raise RowEnded
    request = _COUNT.first(connection, {"at_id": work.request_id})
    finished = request.left == 0
    if finished:
        connection.execute(
            update(bulk_requests)
            .where(bulk_requests.c.id == work.request_id)
            .values(state=RequestState.DONE, ended_at=at)
        )
    shows = not finished and not request.cards_due
    if shows:
        connection.execute(
            update(bulk_requests).where(bulk_requests.c.id == work.request_id).values(cards_due=True)
        )
    return Ended(
        request_id=work.request_id,
        scp_id=scp_id,
        finished=finished,
        person_id=request.person_id,
        integrator_id=request.integrator_id,
        runs=request.runs,
        shows=shows,
    )


_WORK = Statement(
    select(bulk_rows, bulk_requests.c.state.label("request_state"))
    .join(bulk_requests, bulk_requests.c.id == bulk_rows.c.request_id)
    .where(
        bulk_rows.c.id == bindparam("at_id"),
        bulk_rows.c.state == RowState.WAITING,
        among(bulk_requests.c.state, (RequestState.WAITING, RequestState.PROCESSING)),
    )
)
_END_ROW = Statement(
    update(bulk_rows)
    .where(bulk_rows.c.id == bindparam("at_id"), bulk_rows.c.state == RowState.WAITING)
    .values(
        state=bindparam("new_state"),
        outcome=bindparam("new_outcome"),
        values=bindparam("new_values"),
        association_id=bindparam("new_association"),
    )
)
_COUNT = Statement(
    update(bulk_requests)
    .where(bulk_requests.c.id == bindparam("at_id"))
    .values(left=bulk_requests.c.left - 1)
    .returning(*bulk_requests.c)
)
"""Built once: every row runs them."""


class RowEnded(BulkRefused):
    """The row has its outcome already: the transaction must be undone."""

    key = "row-ended"
