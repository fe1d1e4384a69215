"""`program`: a job from the terminal, with or without a network."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from device_bridge.agent import utc_now
from device_bridge.cli.common import (
    STOPS,
    JsonLinesOption,
    LoaderOption,
    PortsOption,
    fail,
    link_of,
    local,
    sentences,
    show,
    show_json_line,
    warn,
    why_stopped,
    words,
)
from device_bridge.cli.devices import model_of
from device_bridge.cli.display import Display, display, together
from device_bridge.cli.jobs import is_open, lease_is_over
from device_bridge.home import Home
from device_bridge.journal import JobState, Journal, JournalJob
from device_bridge.link import NoLink, NotOurServer, TurnedAway, about
from device_bridge.loaders.loader import LoadFailed
from device_bridge.loaders.registry import loader_named
from device_bridge.log import BridgeLog, logging_to
from device_bridge.programmer import Step
from device_bridge.reasons import Reason, reason_of
from device_bridge.telling import tell
from device_bridge.texts import Texts
from device_bridge.wire.messages import JobOrder
from device_bridge.wire.report import Report
from device_bridge.work import FAILURES, SerialPorts, Work


def program(
    job: Annotated[int | None, typer.Argument(help="The job's number; none: the only open one.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also a job that is done.")] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also a job that may be another's by now.")
    ] = False,
    port: PortsOption = None,
    loader: LoaderOption = "",
    as_json: JsonLinesOption = False,
) -> None:
    """Program a device here, without the chat and without a network. The result is told when there is one."""
    with sentences():
        home = Home.usual()
        name = loader or home.pairing().loader
        make_loader = loader_named(name)
        with (
            home.at_work(),
            logging_to(home.logs, "program", expected=STOPS, program=about().program, loader=name) as log,
        ):
            journal = Journal(home.journal)
            journal.cut_off(utc_now())
            home.forget_files()
            number = _chosen(journal, job, again=again, anyway=anyway).number
            with display(as_json=as_json) as shown:
                one = _Programming(home, journal, shown, log)
                work = Work(
                    journal,
                    SerialPorts(*(port or ())),
                    make_loader,
                    home.key(),
                    lambda: home.pairing().trusted,
                    utc_now,
                    files=home.files,
                    loaded=one.by_hand,
                )
                try:
                    ended = asyncio.run(one.carried_out(work, number, again=again))
                except KeyboardInterrupt:
                    journal.cut_off(utc_now())
                    ended = Reason("", "interrupted")
            _show(ended, number, as_json=as_json)
            with suppress(KeyboardInterrupt):
                _tell(home, journal, log, as_json=as_json)
    if isinstance(ended, Reason):
        raise typer.Exit(1)


def _chosen(journal: Journal, number: int | None, *, again: bool, anyway: bool) -> JournalJob:
    """The job to be done. What is against it is said, and ends the program."""
    say = words()
    if number is None:
        found = [each for each in journal.jobs() if is_open(each)]
        if not found:
            fail(say("program.none"))
        if len(found) > 1:
            for each in found:
                show(
                    say(
                        "program.one_of", job=str(each.number), pod=each.order.pods[0], place=each.order.place
                    )
                )
            fail(say("program.which"))
        job = found[0]
    else:
        named = journal.get(number)
        if named is None:
            fail(say("program.unknown", job=str(number)))
        job = named
    if job.state is JobState.DONE:
        if not again:
            fail(say("program.done", job=str(job.number)))
        warn(say("program.again", attempt=str(job.attempt + 1)))
    if lease_is_over(job, utc_now()):
        if not anyway:
            fail(say("program.lease_over", until=local(job.order.leased_until)))
        warn(say("program.anyway"))
    return job


@dataclass(frozen=True)
class _Programming:
    home: Home
    journal: Journal
    shown: Display
    log: BridgeLog

    def heard(self, event: str, **values: Any) -> None:
        together(self.log.heard, self.shown.heard)(event, values)

    async def carried_out(self, work: Work, number: int, *, again: bool) -> Report | Reason:
        """The report of the job, or why there is none."""

        def told(order: JobOrder, attempt: int, step: Step, done: int, of: int) -> None:
            self.heard("progress", job=number, step=step.value, done=done, of=of)

        self.heard("begun", job=number)
        try:
            report = await work.program(number, told, again=again)
        except FAILURES as error:
            reason = reason_of(error)
            self.heard("ended", job=number, reason=reason.word, values=dict(reason.values))
            return reason
        self.heard("done", job=number, outcome=report.outcome.value)
        return report

    async def by_hand(self, file: Path, job: int = 0) -> None:
        """Ask the technician to load the file, and wait for Enter. Raises LoadFailed where nobody is."""
        self.heard("enter", file=str(file))
        self.shown.silent(True)
        try:
            await _enter()
        finally:
            self.shown.silent(False)


async def _enter() -> None:
    """Wait for Enter. Raises LoadFailed where the input ends.

    It is read past Python's buffer, in a thread that nothing waits for: so Ctrl+C ends the program at once.
    """
    loop = asyncio.get_running_loop()
    pressed: asyncio.Future[bool] = loop.create_future()

    def settle(there: bool) -> None:
        if not pressed.done():
            pressed.set_result(there)

    def read() -> None:
        said = b""
        with suppress(OSError, ValueError):
            while (said := os.read(sys.stdin.fileno(), 1)) not in (b"", b"\n"):
                pass
        with suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(settle, bool(said))

    threading.Thread(target=read, name="enter", daemon=True).start()
    if not await pressed:
        raise LoadFailed("nobody")


def _show(ended: Report | Reason, number: int, *, as_json: bool) -> None:
    """The result: what was read back, or why it failed and what to do."""
    say = words()
    if as_json:
        show_json_line({"event": "result", "job": number, **result_json(ended)})
    elif isinstance(ended, Report):  # why it failed is said already
        for line in read_back(ended, say):
            show(line)


def result_json(ended: Report | Reason) -> dict[str, Any]:
    """How a programming ended, as JSON."""
    if isinstance(ended, Reason):
        return {"outcome": "failed", "reason": ended.word, "values": ended.values}
    names = ("attempt", "nid", "sequence", "loader", "pod", "model", "firmware", "links", "simulated")
    return {"outcome": ended.outcome.value, **{name: getattr(ended, name) for name in names}}


def read_back(report: Report, say: Texts) -> list[str]:
    """What was read back from the device, in lines."""
    lines = [say("identify.info", nid=report.nid, firmware=report.firmware)]
    if report.pod is None:
        lines.append(say("program.unread"))
    else:
        lines.append(say("identify.pod", pod=report.pod, model=model_of(report.model or 0, say)))
    for meter, said in report.links.items():
        lines.append(f"{say(f'link.{meter}')}: {link_of(said, say)}")
    if report.simulated:
        lines.append(say("program.simulated"))
    return lines


def _tell(home: Home, journal: Journal, log: BridgeLog, *, as_json: bool) -> None:
    """Tell the service at once, where there is a network. Otherwise the journal keeps it."""
    say = words()
    try:
        number = asyncio.run(tell(home, journal))
    except (NoLink, NotOurServer, TurnedAway) as error:
        if isinstance(error, TurnedAway):
            log.heard("turned_away", {"reason": error.reason})
        else:
            log.heard("offline", {"why": error.word if isinstance(error, NoLink) else "other"})
        if as_json:
            show_json_line({"event": "untold", "number": len(journal.untold())})
        else:
            warn(f"{why_stopped(error, say)}\n{say('program.later')}")
        return
    log.heard("told", {"number": number})
    if as_json:
        show_json_line({"event": "told", "number": number})
    else:
        show(say("event.told"))
