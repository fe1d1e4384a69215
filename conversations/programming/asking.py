"""What actions on programming jobs share: the job, the refusals, asking a bridge."""

from __future__ import annotations

from typing import Any

from backend.bridges import service as bridges
from backend.bridges.values import Bridge, CommandKind
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from backend.programming import service as programming
from backend.programming.errors import ProgrammingRefused
from backend.programming.values import ProgrammingJob
from conversations.core.action import Action
from conversations.core.answers import Answer, Question, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, NoteCard
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Entry, Prompt
from conversations.core.waiting import moment
from conversations.programming.wording import why


def followed(job: ProgrammingJob) -> list[NoteCard | JobRequest]:
    """After a job has changed: the card just shown is one of its own, the others are brought up to date."""
    return [
        NoteCard(programming.show_on, (job.id,)),
        JobRequest("programming_cards", {"job_id": job.id}),
    ]


def back(context: TurnContext) -> tuple[Entry, ...]:
    """The way on under what is over."""
    return (Entry(context.say("programming.menu"), "my_jobs"), home_button(context))


class JobAction(Action):
    """An action on a job."""

    permission = Permission.PROGRAM

    async def job(self, argument: str, context: TurnContext) -> ProgrammingJob:
        """The job of the own integrator that a button names. Raises ProgrammingGone."""
        return await context.short_read(programming.get, context.acting, id_of(argument) or 0)

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if not isinstance(refusal, ProgrammingRefused):
            return await super().refused(refusal, context)
        return show(Prompt(context.say(refusal.key), (back(context),)))


class BenchAction(JobAction):
    """An action in which a bridge does something with the device of a job."""

    async def ask(
        self,
        job: ProgrammingJob,
        kind: CommandKind,
        argument: dict[str, Any],
        context: TurnContext,
        keep: dict[str, Any] | None = None,
        bridge_id: int | None = None,
    ) -> Answer:
        """Have a connected laptop do this; `answered` gets what came of it, and what is to be kept. Of
        several that are connected it is `bridge_id`, else the one that has the job, else the technician says
        which.
        """
        say = context.say
        if job.technician_id != context.acting.person_id:
            return show(Prompt(say("programming.not_yours", name=job.technician), (back(context),)))
        found = await context.short_read(bridges.mine, context.acting, context.now)
        connected = [each for each in found if each.connected]
        if not connected:
            return show(away(job, found, context))
        wanted = bridge_id or (job.bridge_id if kind is not CommandKind.IDENTIFY else None)
        chosen = next((each for each in connected if each.id == wanted), None)
        if chosen is None and len(connected) > 1:
            rows = tuple(
                (Entry(each.host[:40], self.name, self.on_bridge(job.id, each.id, keep or {})),)
                for each in connected
            )
            return show(Prompt(say("programming.which_laptop"), (*rows, back(context))))
        chosen = chosen or connected[0]
        arguments = {
            "bridge_id": chosen.id,
            "kind": kind.value,
            "argument": {**argument, "job": job.id},
            "keep": {**(keep or {}), "bridge": chosen.id, "host": chosen.host, "several": len(connected) > 1},
        }
        asked = Question(JobRequest("bridge_ask", arguments, self.name))
        return Wait(asked, lambda: moment(say(f"programming.asking.{kind.value}", host=chosen.host), context))

    def on_bridge(self, job_id: int, bridge_id: int, keep: dict[str, Any]) -> str:
        """The argument of this action with a laptop named."""
        return f"{job_id}_{bridge_id}"

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        job = await self.job(str(arguments["argument"]["job"]), context)
        said = result.get("answer")
        if said is None:
            silent = result.get("why") == "silent"
            key = "programming.bridge_silent" if silent else "programming.bridge_lost"
            return show(Prompt(context.say(key), _again(job, context)))
        if said["reason"]:
            sentence = why(context.say, said["reason"], said["values"])
            return show(Prompt(sentence, _again(job, context)))
        return await self.answered(job, said["result"], arguments["keep"], context)

    async def answered(
        self, job: ProgrammingJob, found: dict[str, Any], keep: dict[str, Any], context: TurnContext
    ) -> Answer:
        """Answer with what the bridge has found."""
        raise NotImplementedError(f"{self.name} asks nothing")


def job_and_bridge(argument: str) -> tuple[str, int | None]:
    """The job's id, and the laptop's where there is one: `<job>` or `<job>_<laptop>`."""
    number, _, bridge = argument.partition("_")
    return number, id_of(bridge)


def away(job: ProgrammingJob, known: list[Bridge], context: TurnContext) -> Prompt:
    """No laptop is connected: what to do."""
    say, number = context.say, str(job.id)
    without = (Entry(say("programming.button.without"), "job_without", number),)
    if not known:
        pair = (Entry(say("bridges.button.pair"), "bridge_pair"),)
        return Prompt(say("programming.no_bridge"), (pair, without, back(context)))
    again = (Entry(say("button.again"), "job_connect", number),)
    bridge = known[0]
    return Prompt(
        say("programming.bridge_away", host=bridge.host, at=bridge.seen_at or bridge.asked_at),
        (again, without, (Entry(say("bridges.menu"), "bridges"), home_button(context))),
    )


def _again(job: ProgrammingJob, context: TurnContext) -> tuple[tuple[Entry, ...], ...]:
    say, number = context.say, str(job.id)
    return (
        (Entry(say("button.again"), "job_connect", number),),
        (Entry(say("programming.button.open", number=job.id), "job", number), home_button(context)),
    )
