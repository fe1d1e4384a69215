"""`jobs`: the jobs that this laptop holds, with or without a network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.text import Text

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
    for each in () if as_json else held:
        _show(each, pairing, now)


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


def _show(job: JournalJob, pairing: Pairing, now: datetime) -> None:
    """A title, and what there is to say below it."""
    say, order = words(), job.order
    until = local(order.leased_until)
    title = f"{job.number} · {' + '.join(order.pods)} · {order.device} {order.nid}"
    console.print(Text(title, "bold"), soft_wrap=True)
    rows = {
        "place": order.place,
        "note": order.note,
        "state": state_of(job, say),
        "lease": say("jobs.lease_over", until=until) if lease_is_over(job, now) else until,
        "file": say(f"jobs.file_{file_of(job, pairing, now)}"),
    }
    for name, text in rows.items():
        if text:
            show(f"  {say(f'jobs.{name}')}: {text}")
