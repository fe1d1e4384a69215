"""`jobs`: the jobs that this laptop holds, with or without a network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from device_bridge.cli.common import JsonOption, console, local, sentences, show, show_json, why, words
from device_bridge.home import Home, Pairing
from device_bridge.journal import JobState, Journal, JournalJob
from device_bridge.programmer import CLOCK_TOLERANCE
from device_bridge.reasons import reason_of
from device_bridge.texts import Texts
from device_bridge.wire.envelope import open_envelope
from device_bridge.wire.errors import EnvelopeError


def list_jobs(as_json: JsonOption = False) -> None:
    """List the jobs that this laptop holds. Works without a network."""
    with sentences():
        home = Home.usual()
        pairing = home.pairing()
        held = Journal(home.journal).jobs()
    now = datetime.now(UTC)
    if as_json:
        show_json([job_json(each, pairing, now) for each in held])
    elif not held:
        show(words()("jobs.none"))
    else:
        console.print(_table(held, pairing, now))


def is_open(job: JournalJob) -> bool:
    """True for a job that is still to be done."""
    return job.state in (JobState.WAITING, JobState.FAILED)


def lease_is_over(job: JournalJob, now: datetime) -> bool:
    """True if the server may have given the job to another laptop."""
    return job.order.leased_until < now.timestamp()


def job_json(job: JournalJob, pairing: Pairing, now: datetime) -> dict[str, Any]:
    """A job as JSON, without its file. `file` as in `file_of`."""
    order = job.order
    return {
        "job": job.number,
        "pods": order.pods,
        "device": order.device,
        "nid": order.nid,
        "configuration": order.configuration,
        "place": order.place,
        "note": order.note,
        "state": job.state.value,
        "attempt": job.attempt,
        "step": job.step,
        "reason": None if job.reason is None else job.reason.word,
        "told": job.told,
        "leased_until": order.leased_until,
        "lease_over": lease_is_over(job, now),
        "file": file_of(job, pairing, now),
    }


def file_of(job: JournalJob, pairing: Pairing, now: datetime) -> str:
    """Whether the job's file can be loaded: `ready`, `expired` or `changed`."""
    try:
        open_envelope(job.order.envelope, pairing.trusted, now, CLOCK_TOLERANCE)
    except EnvelopeError as error:
        return reason_of(error).word.removeprefix("envelope.")
    return "ready"


def state_of(job: JournalJob, say: Texts) -> str:
    """The state in words: why it failed, and whether the service knows it."""
    said = say(f"jobs.state_{job.state.value}")
    if job.reason is not None:
        said = f"{said}: {why(job.reason, say)}"
    return said if job.told else f"{said} ({say('jobs.untold')})"


def _table(held: list[JournalJob], pairing: Pairing, now: datetime) -> Table:
    say = words()
    names = ("number", "pod", "device", "place", "note", "state", "lease", "file")
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(say(f"jobs.{name}"), overflow="fold")
    for job in held:
        order, lease = job.order, local(job.order.leased_until)
        table.add_row(
            str(job.number),
            "\n".join(order.pods),
            f"{order.device}\n{order.nid}",
            *(escape(text) for text in (order.place, order.note, state_of(job, say))),
            say("jobs.lease_over", until=lease) if lease_is_over(job, now) else lease,
            say(f"jobs.file_{file_of(job, pairing, now)}"),
        )
    return table
