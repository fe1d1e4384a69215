"""On site with a laptop: what is connected, blink, program, loaded by hand."""

from __future__ import annotations

from typing import Any

from backend.bridges.values import CommandKind
from backend.programming import service as programming
from backend.programming.values import ProgrammingJob
from conversations.core.answers import Answer, Go, Show, show
from conversations.core.context import TurnContext
from conversations.core.effects import NoteCard
from conversations.core.prompts import Entry, Html, Prompt, join
from conversations.programming.asking import BenchAction, back, job_and_bridge
from conversations.programming.card import job_card
from conversations.programming.wording import links_of, model_of, why

MOST_SHOWN = 4
"""Devices."""


class Connect(BenchAction):
    """What is connected? The argument is the job's id."""

    name = "job_connect"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, bridge = job_and_bridge(argument)
        job = await self.job(number, context)
        return await self.ask(job, CommandKind.IDENTIFY, {}, context, bridge_id=bridge)

    async def answered(
        self, job: ProgrammingJob, found: dict[str, Any], keep: dict[str, Any], context: TurnContext
    ) -> Answer:
        say, number = context.say, str(job.id)
        seen = list(found.get("devices", ()))
        right = [each for each in seen if each.get("nid") == job.association.nid]
        devices = right or [each for each in seen if each.get("nid")] or seen
        devices = devices[:MOST_SHOWN]
        lines = [say("programming.on_laptop", host=str(keep.get("host", "")))] if keep.get("several") else []
        others = [each["nid"] for each in devices if each.get("nid")]
        if len(others) > 1 and not right:
            nids = ", ".join(others)
            lines.append(say("programming.wrong_devices", nids=nids, expected=job.association.nid))
        else:
            lines += [_seen(each, job, context) for each in devices] or [say("programming.why.port.none")]
        again = Entry(say("programming.button.look_again"), self.name, number)
        card = Entry(say("programming.button.open", number=job.id), "job", number)
        if not right:
            replace = Entry(say("programming.button.replace"), "job_replace", number)
            return show(Prompt(join(lines, "\n\n"), ((again, replace), (card, *back(context)[1:]))))
        if job.awaits_file:
            lines.append(say("programming.file_awaited"))
            return show(Prompt(join(lines, "\n\n"), ((again,), (card, *back(context)[1:]))))
        here = f"{number}_{keep['bridge']}" if "bridge" in keep else number
        rows = (
            (Entry(say("programming.button.program"), Program.name, here),),
            (Entry(say("programming.button.blink"), Blink.name, here), again),
            (card, *back(context)[1:]),
        )
        return show(Prompt(join(lines, "\n\n"), rows))


def _seen(device: dict[str, Any], job: ProgrammingJob, context: TurnContext) -> Html:
    say = context.say
    if device.get("reason"):
        return why(say, device["reason"], device.get("values", {}))
    if device.get("nid") != job.association.nid:
        return say("programming.why.device.wrong", connected=device["nid"], expected=job.association.nid)
    lines = [say("programming.right_device", nid=device["nid"], firmware=device.get("firmware", ""))]
    if device.get("pod") is None:
        lines.append(say("programming.not_configured"))
    else:
        model = model_of(say, device.get("model"))
        lines.append(say("programming.configured", pod=device["pod"], model=model))
        lines += [
            say(f"programming.read_link_{meter}", said=said)
            for meter, said in links_of(say, device.get("links", {}))
        ]
    if device.get("simulated"):
        lines.append(say("programming.simulated"))
    return join(lines)


class Blink(BenchAction):
    """Let the device's LED blink. The argument is the job's id."""

    name = "job_blink"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, bridge = job_and_bridge(argument)
        job = await self.job(number, context)
        blink = {"nid": job.association.nid}
        return await self.ask(job, CommandKind.BLINK, blink, context, bridge_id=bridge)

    async def answered(
        self, job: ProgrammingJob, found: dict[str, Any], keep: dict[str, Any], context: TurnContext
    ) -> Answer:
        say, number = context.say, str(job.id)
        program = Entry(say("programming.button.program"), Program.name, number)
        card = Entry(say("programming.button.open", number=job.id), "job", number)
        return show(Prompt(say("programming.blinks"), ((program,), (card,))))


class Program(BenchAction):
    """Program the device: the card follows. The argument is the job's id."""

    name = "job_program"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, bridge = job_and_bridge(argument)
        job = await self.job(number, context)
        if job.awaits_file:
            return Go("job", number)  # the card says so
        return await self.ask(job, CommandKind.PROGRAM, {}, context, bridge_id=bridge)

    async def answered(
        self, job: ProgrammingJob, found: dict[str, Any], keep: dict[str, Any], context: TurnContext
    ) -> Answer:
        card = job_card(context.say, job, context.acting)
        return Show((card,), effects=(NoteCard(programming.show_on, (job.id,)),))


class Loaded(BenchAction):
    """The technician has loaded the file by hand: the bridge reads the device back. The argument is the job's
    id.
    """

    name = "job_loaded"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await self.ask(await self.job(argument, context), CommandKind.LOADED, {}, context)

    async def answered(
        self, job: ProgrammingJob, found: dict[str, Any], keep: dict[str, Any], context: TurnContext
    ) -> Answer:
        card = job_card(context.say, job, context.acting)
        return Show((card,), effects=(NoteCard(programming.show_on, (job.id,)),))
