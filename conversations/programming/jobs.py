"""Programming jobs: lists, cards, handing over, cancelling, the report."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Any

from backend.identity.permissions import Permission
from backend.programming import service as programming
from backend.programming.values import ProgrammingJob, ProgrammingState
from conversations.core.answers import Answer, Do, Go, Question, Show, Wait, show
from conversations.core.assistance import about
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, NoteCard, order
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Copy, Document, Entry, Html, Prompt, Rows
from conversations.programming.asking import JobAction, back, followed
from conversations.programming.card import job_card
from conversations.programming.wording import why

LONGEST_COPY = 256
"""Characters that a button can copy."""


class MyJobs(JobAction):
    """One's open jobs, newest first. The argument is where a page begins."""

    name = "my_jobs"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        page = Page(self.name, id_of(argument))
        found = await context.short_read(programming.mine, context.acting, page.wanted, page.at)
        other = Entry(context.say("programming.ours"), OurJobs.name)
        laptops = Entry(context.say("bridges.menu"), "bridges")
        rows = ((other, laptops), (home_button(context),))
        key = "programming.mine" if found else "programming.mine_none"
        return show(Prompt(context.say(key), (*_listed(found, page, context), *rows)))


class OurJobs(JobAction):
    """The integrator's jobs, open or over, newest first. The argument is where a page begins."""

    name = "our_jobs"
    permission = Permission.SEE_ASSOCIATIONS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        page = Page(self.name, id_of(argument))
        found = await context.short_read(programming.latest, context.acting, page.wanted, page.at)
        company = context.acting.acting_for.integrator_name
        key = "programming.ours_list" if found else "programming.ours_none"
        said = context.say(key, company=company)
        return show(Prompt(said, (*_listed(found, page, context), (back(context)))))


def _listed(found: Sequence[ProgrammingJob], page: Page, context: TurnContext) -> Rows:
    rows: Rows = tuple(
        (Entry(_label(each, context), ShowJob.name, str(each.id)),) for each in found[: page.size]
    )
    return (*rows, *page.turning(context, [each.id for each in found]))


def _label(job: ProgrammingJob, context: TurnContext) -> str:
    return context.say(
        "programming.listed",
        mark=context.say(f"programming.mark.{job.state.value}"),
        pod=job.association.pod.code[-8:],
        about=job.place[:24] or job.technician[:24],
    )


class ShowJob(JobAction):
    """A job's card. The one that was opened last shows how far the job is."""

    name = "job"
    permission = Permission.SEE_ASSOCIATIONS

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return _shown(await self.job(argument, context), context)


def _shown(job: ProgrammingJob, context: TurnContext, head: Html | None = None) -> Show:
    card = job_card(context.say, job, context.actor, head or Html(""))
    return Show((card,), effects=(NoteCard(programming.show_on, (job.id,)),))


class AssociationJob(JobAction):
    """The open job of an association, or a new one. The argument is the association's id."""

    name = "programming"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        found = await context.short_read(programming.open_of, context.acting, number)
        return _shown(found, context) if found is not None else Go("assign", argument)


class ChooseTechnician(JobAction):
    """Whom to hand a job over to. The argument is the job's id."""

    name = "job_hand_over"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        job = await self.job(argument, context)
        people = await context.short_read(programming.technicians, context.acting)
        rows: Rows = tuple(
            (Entry(each.name[:40], AskHandOver.name, f"{job.id}_{each.person_id}"),)
            for each in people
            if each.person_id != job.technician_id
        )
        key = "programming.hand_over_to" if rows else "programming.nobody_else"
        return show(Prompt(say(key), (*rows, back(context))))


class AskHandOver(JobAction):
    """Is a job to be handed over to this person? The argument is `<job>_<person>`."""

    name = "job_ask_hand_over"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, (number, _, person) = context.say, argument.partition("_")
        job = await self.job(number, context)
        people = await context.short_read(programming.technicians, context.acting)
        found = next((each for each in people if each.person_id == id_of(person)), None)
        if found is None:
            return Go(ChooseTechnician.name, number)
        rows = (
            (Entry(say("programming.button.hand_over_now"), HandOver.name, argument),),
            (Entry(say("programming.button.keep"), ShowJob.name, number),),
        )
        return show(Prompt(say("programming.ask_hand_over", number=job.id, name=found.name), rows))


class HandOver(JobAction):
    """Hand a job over. The argument is `<job>_<person>`."""

    name = "job_hand_over_to"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job, _, person = argument.partition("_")
        moved = order(programming.hand_over, context.acting, id_of(job) or 0, id_of(person) or 0, context.now)

        def finish(found: ProgrammingJob) -> list[Prompt]:
            head = context.say("programming.handed_over", name=found.technician)
            return [job_card(context.say, found, context.acting, head)]

        return Do(moved, finish, more=followed)


class AskCancel(JobAction):
    """Is a job to be cancelled? The argument is its id."""

    name = "job_ask_cancel"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, job = context.say, await self.job(argument, context)
        rows = (
            (Entry(say("programming.button.cancel_now"), Cancel.name, str(job.id)),),
            (Entry(say("programming.button.keep"), ShowJob.name, str(job.id)),),
        )
        return show(Prompt(say("programming.ask_cancel", number=job.id, pod=job.association.pod.code), rows))


class Cancel(JobAction):
    """Cancel a job. The argument is its id."""

    name = "job_cancel"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(programming.cancel, context.acting, id_of(argument) or 0, context.now),
            lambda found: [job_card(context.say, found, context.acting)],
            more=followed,
        )


class WithoutBridge(JobAction):
    """Without a laptop: the file, and what to do with it. The argument is the job's id."""

    name = "job_without"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, job = context.say, await self.job(argument, context)
        rows = (
            (Entry(say("scp.button.get"), "scp", str(job.association.id)),),
            (Entry(say("programming.button.confirm_by_hand"), "job_confirm_by_hand", str(job.id)),),
            (Entry(say("programming.button.open", number=job.id), ShowJob.name, str(job.id)),),
        )
        return show(Prompt(say("programming.without"), rows))


class Replace(JobAction):
    """Another device in place of one that does not work: the association is changed. The argument is the
    job's id.
    """

    name = "job_replace"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job = await self.job(argument, context)
        if not context.may(Permission.ASSOCIATE):
            asked = order(programming.ask_replacement, context.acting, job.id, context.now)
            said = context.say("programming.asked_replacement", name=job.assigned_by)
            return Do(asked, lambda _: [Prompt(said, (back(context),))])
        return Go("change", str(job.association.id))


class Help(JobAction):
    """A message for the support, with what is known of a failure. The argument is the job's id."""

    name = "job_help"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, job = context.say, await self.job(argument, context)
        text = self.text(job, context)
        rows = (
            (Entry(say("button.assistance"), AskAssistance.name, str(job.id)),),
            (Copy(say("programming.button.copy_help"), text.replace("\n", " ")[:LONGEST_COPY]),),
            back(context),
        )
        return show(Prompt(say("programming.help", text=text), rows))

    def text(self, job: ProgrammingJob, context: TurnContext) -> str:
        """What is known of the job and of its failure."""
        say, failure = context.say, job.failure
        reason = say("programming.help_none")
        if failure is not None:
            reason = why(say, failure.reason, failure.values)
        return say(
            "programming.help_text",
            number=job.id,
            pod=job.association.pod.code,
            sid=job.association.sid,
            nid=job.association.nid,
            step=failure.step if failure is not None else "-",
            attempt=job.attempt,
            reason=reason,
        )


class AskAssistance(Help):
    """A request for assistance with what is known of a failure. The argument is the job's id."""

    name = "job_assistance"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job = await self.job(argument, context)
        found = job.association
        return about(
            unescape(self.text(job, context)),
            pod=found.pod.code,
            sid=found.sid,
            nid=found.nid,
            device=found.device_type,
        )


class GetReport(JobAction):
    """The installation report. The argument is the job's id."""

    name = "programming_report"
    permission = Permission.SEE_ASSOCIATIONS

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job = await self.job(argument, context)
        if job.state is not ProgrammingState.CONFIRMED:
            return _shown(job, context)
        if job.report is not None:
            return show(report_prompt(job, context))
        making = Prompt(context.say("programming.making_report"), below=True)
        return Wait(Question(JobRequest("programming_report", {"job_id": job.id}, self.name)), lambda: making)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        job = await self.job(str(arguments["job_id"]), context)
        if job.report is None:
            return show(Prompt(context.say("programming.no_report"), (back(context),)))
        return show(report_prompt(job, context))


def report_prompt(job: ProgrammingJob, context: TurnContext) -> Prompt:
    """The message with the report."""
    file = Document(job.report or "", f"rapporto-{job.id}.pdf")
    caption = context.say("programming.report_caption", number=job.id, pod=job.association.pod.code)
    return Prompt(caption, (), file)
