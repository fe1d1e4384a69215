"""Assigning a programming job: who, where, what they should know."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend.associations import service as associations
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from backend.programming import service as programming
from backend.programming.errors import ProgrammingOpen, ProgrammingRefused
from backend.programming.service import NOTE_LENGTH, PLACE_LENGTH
from backend.programming.values import ProgrammingJob
from conversations.core.answers import Answer, Do, Go, Next, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, NoteCard, order
from conversations.core.flow import Flow, Step, chosen, column
from conversations.core.navigation import id_of
from conversations.core.prompts import Choice, Prompt
from conversations.core.replies import Chosen, Reply, Typed
from conversations.programming.asking import JobAction, back
from conversations.programming.card import job_card

SHOWN = 12
"""Technicians to choose from."""
SKIP = "skip"


@dataclass(frozen=True)
class Draft:
    """What is known of the job so far; empty texts are answers, None are open questions."""

    association_id: int
    pod: str
    technician_id: int | None = None
    place: str | None = None
    note: str | None = None


class TechnicianStep(Step[Draft]):
    """Who?"""

    name = "technician"

    def filled(self, draft: Draft) -> bool:
        return draft.technician_id is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        say, me = context.say, context.acting.person_id
        people = await context.short_read(programming.technicians, context.acting)
        choices = [
            Choice(
                say("assign.technician.me") if each.person_id == me else each.name[:40], str(each.person_id)
            )
            for each in people[:SHOWN]
        ]
        return Prompt(say("assign.technician.ask", pod=draft.pod), column(choices))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        people = await context.short_read(programming.technicians, context.acting)
        value = chosen(reply, *(str(each.person_id) for each in people))
        return Next(replace(draft, technician_id=int(value)))


class PlaceStep(Step[Draft]):
    """Where?"""

    name = "place"

    def filled(self, draft: Draft) -> bool:
        return draft.place is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(context.say("assign.place.ask"), ((Choice(context.say("assign.skip"), SKIP),),))

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        return True

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        place = _line(reply)
        if len(place) > PLACE_LENGTH:
            raise Reject("long", most=PLACE_LENGTH)
        return Next(replace(draft, place=place))


class NoteStep(Step[Draft]):
    """What should they know?"""

    name = "note"

    def filled(self, draft: Draft) -> bool:
        return False

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(context.say("assign.note.ask"), ((Choice(context.say("assign.skip"), SKIP),),))

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        return True

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        note = _line(reply)
        if len(note) > NOTE_LENGTH:
            raise Reject("long", most=NOTE_LENGTH)

        def finish(made: ProgrammingJob) -> list[Prompt]:
            key = "assign.taken" if made.technician_id == context.acting.person_id else "assign.done"
            head = context.say(key, name=made.technician)
            return [job_card(context.say, made, context.acting, head)]

        made = order(
            programming.assign,
            context.acting,
            draft.association_id,
            draft.technician_id or 0,
            draft.place or "",
            note,
            context.now,
        )
        return Do(
            made,
            finish,
            more=lambda job: [
                NoteCard(programming.show_on, (job.id,)),
                JobRequest("programming_scp", {"job_id": job.id}),
            ],
        )


def _line(reply: Reply) -> str:
    """What was written, in one line; empty where it was skipped. Raises Reject."""
    if isinstance(reply, Typed):
        return " ".join("".join(sign if sign.isprintable() else " " for sign in reply.text).split())
    if not isinstance(reply, Chosen):
        raise Reject("text")
    chosen(reply, SKIP)
    return ""


class Assign(Flow[Draft]):
    """Assigns a programming job."""

    name = "assign"
    draft_type = Draft
    steps = (TechnicianStep(), PlaceStep(), NoteStep())

    def key(self, draft: Draft) -> str:
        return str(draft.association_id)

    async def refused(self, draft: Draft, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, ProgrammingOpen):
            return Go("job", str(refusal.job_id), head=context.say("programming.open_already"))
        if not isinstance(refusal, ProgrammingRefused):
            return await super().refused(draft, refusal, context)
        return show(Prompt(context.say(refusal.key), (back(context),)))


class BeginAssign(JobAction):
    """Begin to assign. The argument is the association's id."""

    name = "assign"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        found = await context.short_read(associations.find, context.acting, number)
        if found is None or found.deleted_at is not None:
            return Go("association", argument)
        alone = not context.may(Permission.ASSIGN_PROGRAMMING)
        technician = context.acting.person_id if alone else None
        return Start(Assign.name, Draft(found.id, found.pod.code, technician))
