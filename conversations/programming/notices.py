"""Notices about programming jobs."""

from __future__ import annotations

from typing import Any, ClassVar

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices.values import Notice
from backend.programming import runs
from backend.programming import service as programming
from backend.programming.values import ProgrammingJob, ProgrammingState
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Document, Entry, Prompt, join
from conversations.programming.wording import why


class JobNotice(NoticeKind):
    """A notice about a job, to somebody who still acts for its integrator."""

    permission = Permission.SEE_ASSOCIATIONS
    needs: ClassVar[Permission] = Permission.SEE_ASSOCIATIONS

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        job = programming.get_any(connection, int(notice.argument["job_id"]))
        actor = identity.acting_for(connection, notice.person_id, int(notice.argument["integrator_id"]))
        if job is None or actor is None or not actor.may(self.needs):
            return None
        return self.about(job, actor, say)

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        """The message; None where it matters no longer."""
        raise NotImplementedError


def _open(job: ProgrammingJob, say: Say) -> tuple[Entry, ...]:
    return (Entry(say("programming.button.open", number=job.id), "job", str(job.id)),)


class Assigned(JobNotice):
    """A technician was given a job."""

    name = programming.ASSIGNED_NOTICE
    needs = Permission.PROGRAM

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        if job.technician_id != actor.person_id or job.ended_at is not None:
            return None
        lines = [
            say("programming.told_assigned", name=job.assigned_by, number=job.id),
            say("programming.pod", pod=job.association.pod.code),
        ]
        if job.place:
            lines.append(say("programming.place", place=job.place))
        return Prompt(join(lines), (_open(job, say),))


class Changed(JobNotice):
    """The supply of a technician's job has another device now."""

    name = programming.CHANGED_NOTICE
    needs = Permission.PROGRAM

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        if job.technician_id != actor.person_id or job.ended_at is not None:
            return None
        said = say(
            "programming.told_changed", number=job.id, sid=job.association.sid, nid=job.association.nid
        )
        return Prompt(said, (_open(job, say),))


class Wanted(JobNotice):
    """A technician asks for another device in place of one that does not work."""

    name = programming.REPLACE_NOTICE
    needs = Permission.ASSOCIATE

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        if job.ended_at is not None:
            return None
        said = say(
            "programming.told_replace", number=job.id, pod=job.association.pod.code, name=job.technician
        )
        change = (Entry(say("programming.button.replace"), "change", str(job.association.id)),)
        return Prompt(said, (change, _open(job, say)))


class Taken(JobNotice):
    """A technician's job was given to somebody else, or cancelled."""

    name = programming.TAKEN_NOTICE

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        if job.state is ProgrammingState.CANCELLED:
            key = "programming.told_cancelled"
        elif job.technician_id != actor.person_id:
            key = "programming.told_taken"
        else:
            return None
        said = say(key, number=job.id, pod=job.association.pod.code, name=job.technician)
        return Prompt(said, (_open(job, say),))


class Result(JobNotice):
    """A bridge has told what came of a try."""

    name = runs.RESULT_NOTICE
    urgent = True

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        pod = job.association.pod.code
        match job.state:
            case ProgrammingState.CANCELLED if job.read_back is not None:
                return Prompt(say("programming.told_although_cancelled", pod=pod), (_open(job, say),))
            case ProgrammingState.CONFIRMED if job.repeated and job.failure is not None:
                return Prompt(say("programming.told_again_failed", pod=pod), (_open(job, say),))
            case _ if job.technician_id != actor.person_id:
                return None
            case ProgrammingState.PROGRAMMED:
                confirm = (Entry(say("programming.button.confirm"), "job_confirm", str(job.id)),)
                return Prompt(say("programming.told_programmed", pod=pod), (confirm, _open(job, say)))
            case ProgrammingState.CONFIRMED if job.repeated:
                return Prompt(say("programming.told_repeated", pod=pod), (_open(job, say),))
            case ProgrammingState.CONFIRMED:
                return Prompt(say("programming.told_confirmed", pod=pod), (_open(job, say),))
            case ProgrammingState.FAILED if job.failure is not None:
                reason = why(say, job.failure.reason, job.failure.values)
                return Prompt(say("programming.told_failed", pod=pod, reason=reason), (_open(job, say),))
            case _:
                return None


class Stray(JobNotice):
    """A laptop has told of a device that it programmed for a job that is somebody else's, or another
    device's.
    """

    name = runs.STRAY_NOTICE
    urgent = True

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        said = say("programming.told_stray", number=job.id, pod=job.association.pod.code)
        return Prompt(said, (_open(job, say),))


class Confirmed(JobNotice):
    """An association that somebody had programmed is confirmed on site; with the report, where it is made."""

    name = programming.CONFIRMED_NOTICE
    optional = True

    def about(self, job: ProgrammingJob, actor: Actor, say: Say) -> Prompt | None:
        key = "programming.told_by_hand" if job.read_back is None else "programming.told_on_site"
        said = say(key, pod=job.association.pod.code, name=job.technician, number=job.id)
        if job.report is not None:
            return Prompt(said, (_open(job, say),), Document(job.report, f"rapporto-{job.id}.pdf"))
        report = (Entry(say("programming.button.report"), "programming_report", str(job.id)),)
        return Prompt(said, (report, _open(job, say)))
