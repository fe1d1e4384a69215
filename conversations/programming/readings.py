"""Readings: what the meter says through the device, its log as a chart and as CSV, and the values at the
primary of a GESIS meter.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from backend.associations import service as associations
from backend.bridges.values import CommandKind
from backend.gesis.values import Factor, NotRead, read_factor
from backend.identity.permissions import Permission
from backend.programming import service as programming
from backend.programming.values import ProgrammingJob
from conversations.core.answers import Answer, Go, Reject, Show, Start, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import id_of
from conversations.core.prompts import Document, Entry, Html, Photo, Prompt, Rows, join
from conversations.core.replies import Reply, Typed
from conversations.core.wording import unread
from conversations.programming.asking import BenchAction, JobAction

ENERGY = ("imported", "exported", "produced", "today")
POWER = ("power", "contractual", "available")
MEASURED = (*ENERGY, "power")
"""What the meter measures at the secondary; the powers of the contract are what they are."""


class Readings(BenchAction):
    """Read the device of a job. The argument is `<job>_<factor K>_<laptop>`; both may be missing."""

    name = "job_readings"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, rest = argument.partition("_")
        factor, _, bridge = rest.partition("_")
        job = await self.job(number, context)
        more = {"nid": job.association.nid, "log": "import"}
        keep = {"factor": factor}
        return await self.ask(job, CommandKind.READ, more, context, keep, bridge_id=id_of(bridge))

    def on_bridge(self, job_id: int, bridge_id: int, keep: dict[str, Any]) -> str:
        return f"{job_id}_{keep.get('factor', '')}_{bridge_id}"

    async def answered(
        self, job: ProgrammingJob, found: dict[str, Any], keep: dict[str, Any], context: TurnContext
    ) -> Answer:
        say, number = context.say, str(job.id)
        factor = _typed_factor(str(keep.get("factor", ""))) or job.association.factor
        rows: Rows = ((Entry(say("programming.button.open", number=job.id), "job", number),),)
        if job.association.gesis:
            rows = ((Entry(say("programming.button.factor"), AskFactor.name, number),), *rows)
        prompt = Prompt(readings_text(say, found, factor), rows)
        log = found.get("log")
        if not log or not log.get("samples"):
            return show(prompt)
        shown = "" if factor is None else factor.number
        arguments = {"log": at_primary(log, factor), "job_id": job.id, "factor": shown}
        drawn = JobRequest("programming_draw", arguments, ReadingsDrawn.name)
        return Show((prompt,), (drawn,))


class ReadingsDrawn(JobAction):
    """The chart and the table of a log, when they are there."""

    name = "job_readings_drawn"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Go("my_jobs")

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say, log = context.say, arguments["log"]
        title = log_title(say, log["kind"], str(arguments.get("factor", "")))
        if "chart" not in result:
            return show(Prompt(say("programming.not_drawn")))
        table = Document(result["csv"], f"registro-{int(arguments['job_id'])}.csv")
        return show(
            Prompt(title, photo=Photo(result["chart"])),
            Prompt(say("programming.log_file", samples=len(log["samples"])), (), table),
        )


@dataclass(frozen=True)
class FactorDraft:
    """The job whose meter has a factor K."""

    job_id: int


class FactorStep(Step[FactorDraft]):
    """What is K?"""

    name = "factor"

    def filled(self, draft: FactorDraft) -> bool:
        return False

    async def ask(self, draft: FactorDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("factor.factor.ask"))

    async def answer(self, draft: FactorDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        try:
            factor = read_factor(reply.text)
        except NotRead as error:
            raise unread(error, context) from None
        job = await context.short_read(programming.get, context.acting, draft.job_id)
        live = job.association.deleted_at is None and context.may(Permission.KEEP_FACTOR)
        kept = order(associations.keep_factor, context.acting, job.association.id, factor, context.now)
        return Go(Readings.name, f"{draft.job_id}_{factor.written}", effects=(kept,) if live else ())


class JobFactor(Flow[FactorDraft]):
    """Asks for K."""

    name = "factor"
    draft_type = FactorDraft
    steps = (FactorStep(),)

    def key(self, draft: FactorDraft) -> str:
        return str(draft.job_id)


class AskFactor(JobAction):
    """The values at the primary. The argument is the job's id."""

    name = "job_factor"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job = await self.job(argument, context)
        return Start(JobFactor.name, FactorDraft(job.id))


def _typed_factor(written: str) -> Factor | None:
    """The factor that a button carries; None for anything that is none."""
    try:
        return read_factor(written)
    except NotRead:
        return None


def readings_text(say: Say, found: dict[str, Any], factor: Factor | None) -> Html:
    """What the meter says, or, with a factor, what that is at the primary."""
    lines = [say("programming.readings", nid=str(found.get("nid", "")))]
    if factor is not None:
        lines.append(say("programming.at_primary", factor=factor.number))
    ratio = Decimal(1) if factor is None else factor.value
    missing = say("programming.missing")
    for names, unit in ((ENERGY, "kWh"), (POWER, "kW")):
        for name in names:
            value = found.get(name)
            by = ratio if name in MEASURED else Decimal(1)
            said = missing if not isinstance(value, int) else _amount(Decimal(value) * by, unit)
            lines.append(say("programming.reading", name=say(f"programming.value.{name}"), said=said))
    clock = found.get("clock")
    at = datetime.fromisoformat(clock).strftime("%d/%m/%Y %H:%M:%S") if clock else missing
    lines.append(say("programming.reading", name=say("programming.value.clock"), said=at))
    codes = ", ".join(f"{each['kind']}.{each['code']}" for each in found.get("diagnostics", ()))
    said = codes or say("programming.no_diagnostics")
    lines.append(say("programming.reading", name=say("programming.value.diagnostics"), said=said))
    return join(lines)


def _amount(value: Decimal, unit: str) -> str:
    return f"{value.scaleb(-3):.3f} {unit}".replace(".", ",")


def at_primary(log: dict[str, Any], factor: Factor | None) -> dict[str, Any]:
    """A log with the values at the primary, to the nearest Wh, where there is a factor."""
    if factor is None:
        return log
    return {**log, "samples": [[at, _whole(energy * factor.value)] for at, energy in log["samples"]]}


def _whole(energy: Decimal) -> int:
    return int(energy.to_integral_value(ROUND_HALF_UP))


def log_title(say: Say, kind: str, factor: str) -> Html:
    """What a log shows, and whether it is at the primary."""
    title = say(f"programming.log.{kind}")
    return say("programming.log_at_primary", title=title, factor=factor) if factor else title


def csv_of(log: dict[str, Any]) -> bytes:
    """A log as a table: `;` and a decimal comma, with a mark for Excel."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("Data", "Ora", "kWh"))
    for at, energy in log["samples"]:
        moment = datetime.fromisoformat(at)
        writer.writerow(
            (f"{moment:%d/%m/%Y}", f"{moment:%H:%M}", f"{Decimal(energy).scaleb(-3):.3f}".replace(".", ","))
        )
    return out.getvalue().encode("utf-8-sig")
