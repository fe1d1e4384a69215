"""The technician's word on site: a photo and the place, as they like, or a photo with a caption alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.core.refusals import Refused
from backend.devices.codes import find_codes
from backend.identity.permissions import Permission
from backend.programming import service as programming
from backend.programming.errors import ProgrammingRefused
from backend.programming.values import ProgrammingJob, ProgrammingState
from backend.supplies.pod import find_pods
from conversations.core.answers import Answer, Do, Go, Next, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.feature import Recognised
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Entry, Prompt, Rows
from conversations.core.replies import Attachment, Chosen, Media, Reply, Sent
from conversations.programming.asking import JobAction, back, followed
from conversations.programming.card import job_card

SKIP = "skip"
CONFIRM = "confirm"
DONE = frozenset(
    {"fatto", "fatta", "ok", "confermo", "conferma", "confermato", "installato", "done", "confirmed"}
)
"""Words that say it, in any language."""
MOST_CAPTION = 120
MOST_OPEN = 20
"""Open jobs among which a photo is matched."""


@dataclass(frozen=True)
class Draft:
    """A job and what comes with the technician's word. `photo` is Telegram's file id, empty for none; `place`
    is whether the question was answered.
    """

    job_id: int
    by_hand: bool
    photo: str | None = None
    place: bool = False
    latitude: float | None = None
    longitude: float | None = None


class PhotoStep(Step[Draft]):
    """A photo?"""

    name = "photo"

    def filled(self, draft: Draft) -> bool:
        return draft.photo is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        key = "on_site.photo.ask_by_hand" if draft.by_hand else "on_site.photo.ask"
        return Prompt(context.say(key), ((Choice(context.say("on_site.button.no_photo"), SKIP),),))

    def takes(self, reply: Sent, draft: Draft, context: TurnContext) -> bool:
        return _picture(reply.attachments) is not None

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Sent):
            picture = _picture(reply.attachments)
            if picture is None:
                raise Reject("none")
            return Next(replace(draft, photo=picture.file_id))
        if not isinstance(reply, Chosen):
            raise Reject("none")
        chosen(reply, SKIP)
        return Next(replace(draft, photo=""))


class PositionStep(Step[Draft]):
    """The position?"""

    name = "position"

    def filled(self, draft: Draft) -> bool:
        return draft.place

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        skip = Choice(context.say("on_site.button.no_place"), SKIP)
        return Prompt(context.say("on_site.position.ask"), ((skip,),))

    def takes(self, reply: Sent, draft: Draft, context: TurnContext) -> bool:
        return reply.location is not None

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Sent):
            found = reply.location
            if found is None:
                raise Reject("none")
            return Next(replace(draft, place=True, latitude=found.latitude, longitude=found.longitude))
        if not isinstance(reply, Chosen):
            raise Reject("none")
        chosen(reply, SKIP)
        return Next(replace(draft, place=True))


class WordStep(Step[Draft]):
    """Is it so?"""

    name = "word"

    def filled(self, draft: Draft) -> bool:
        return False

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        say = context.say
        job = await context.short_read(programming.get, context.acting, draft.job_id)
        said = say(
            "on_site.word.ask",
            pod=job.association.pod.code,
            sid=job.association.sid,
            photo=say("on_site.with" if draft.photo else "on_site.without"),
            place=say("on_site.with" if draft.latitude is not None else "on_site.without"),
        )
        return Prompt(said, ((Choice(say("on_site.button.confirm"), CONFIRM),),))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, CONFIRM)
        return _confirmed(
            draft.job_id,
            context,
            by_hand=draft.by_hand,
            photo=draft.photo or "",
            latitude=draft.latitude,
            longitude=draft.longitude,
        )


def _confirmed(
    job_id: int,
    context: TurnContext,
    *,
    by_hand: bool = False,
    photo: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> Do:
    """Give the word, and have the report made."""
    given = order(
        programming.confirm,
        context.acting,
        job_id,
        context.now,
        by_hand=by_hand,
        photo=photo,
        latitude=latitude,
        longitude=longitude,
    )

    def finish(job: ProgrammingJob) -> list[Prompt]:
        over = job.state is ProgrammingState.CONFIRMED
        head = context.say("on_site.confirmed" if over else "on_site.noted")
        return [job_card(context.say, job, context.acting, head)]

    def more(job: ProgrammingJob) -> list[Any]:
        if job.state is not ProgrammingState.CONFIRMED:
            return followed(job)
        report = JobRequest("programming_report", {"job_id": job.id}, "programming_report")
        return [*followed(job), report]

    return Do(given, finish, more=more)


class OnSite(Flow[Draft]):
    """The technician's word."""

    name = "on_site"
    draft_type = Draft
    steps = (PhotoStep(), PositionStep(), WordStep())

    def key(self, draft: Draft) -> str:
        return str(draft.job_id)

    def cancelled(self, draft: Draft) -> Go | None:
        return Go("job", str(draft.job_id))

    async def refused(self, draft: Draft, refusal: Refused, context: TurnContext) -> Answer:
        if not isinstance(refusal, ProgrammingRefused):
            return await super().refused(draft, refusal, context)
        return show(Prompt(context.say(refusal.key), (back(context),)))


class BeginOnSite(JobAction):
    """Confirm a job whose device was read back. The argument is its id."""

    name = "job_confirm"
    navigates = True
    by_hand = False

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job = await self.job(argument, context)
        if job.technician_id != context.acting.person_id:
            return show(Prompt(context.say("programming.not_yours", name=job.technician), (back(context),)))
        read = job.state is ProgrammingState.PROGRAMMED
        open_by_hand = self.by_hand and job.state in (ProgrammingState.ASSIGNED, ProgrammingState.FAILED)
        if not (read or open_by_hand):
            return Go("job", argument)
        return Start(OnSite.name, Draft(job.id, by_hand=not read))


class BeginByHand(BeginOnSite):
    """Confirm a job whose file was loaded without a laptop. The argument is its id."""

    name = "job_confirm_by_hand"
    by_hand = True


def recognise_photo(text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
    """A photo whose caption says that it is done, or names the POD or the device and nothing else, is a
    technician's word: Telegram keeps it until there is a network.
    """
    picture = _picture(attachments)
    if picture is None or not context.may(Permission.PROGRAM) or not _says_done(text, context):
        return None
    return Recognised(PhotoSent.name, json.dumps([picture.file_id, text.strip()[:200]]))


class PhotoSent(JobAction):
    """A photo with a caption: the word on the one open job that it can be about. The argument is JSON, the
    file id and the caption.
    """

    name = "job_photo"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        try:
            photo, caption = json.loads(argument)
        except ValueError:
            return Go("my_jobs")
        found = await context.short_read(programming.mine, context.acting, MOST_OPEN)
        found = [job for job in found if job.on_site is None]
        matching = [job for job in found if _is_about(str(caption), job, context)]
        pods, codes = find_pods(str(caption)), find_codes(str(caption), context.services.sid_pattern)
        if not matching and pods:
            return Go("pod", pods[0].code)
        if not matching and (codes.sids or codes.nids):
            return show(Prompt(context.say("on_site.another"), (back(context),)))
        waiting = [job for job in found if job.state is ProgrammingState.PROGRAMMED]
        chosen_jobs = matching or waiting or found
        if len(chosen_jobs) == 1:
            return _confirmed(chosen_jobs[0].id, context, photo=str(photo))
        if not chosen_jobs:
            return show(Prompt(context.say("on_site.no_job"), (back(context),)))
        rows: Rows = tuple(
            (Entry(f"{job.association.pod.code} · {job.place[:20]}".rstrip(" ·"), "job", str(job.id)),)
            for job in chosen_jobs[:8]
        )
        return show(Prompt(context.say("on_site.which"), (*rows, back(context))))


def _is_about(caption: str, job: ProgrammingJob, context: TurnContext) -> bool:
    about, codes = job.association, find_codes(caption, context.services.sid_pattern)
    pods = {pod.point for pod in find_pods(caption)}
    return about.point in pods or about.sid in codes.sids or about.nid in codes.nids


def _says_done(caption: str, context: TurnContext) -> bool:
    if len(caption) > MOST_CAPTION:
        return False
    codes = find_codes(caption, context.services.sid_pattern)
    has_code = bool(codes.sids or codes.nids or find_pods(caption))
    words = re.findall(r"[^\W\d_]+", caption.casefold())
    others = [word for word in words if word not in DONE and word not in ("pod", "sid", "nid")]
    if has_code:
        named = {*codes.sids, *codes.nids, *(pod.code for pod in find_pods(caption))}
        letters = "".join(named).casefold()
        others = [word for word in others if word not in letters]
    return not others and (has_code or bool(words))


def _picture(attachments: Sequence[Attachment]) -> Attachment | None:
    """The first picture."""
    return next(
        (
            each
            for each in attachments
            if each.media is Media.PHOTO
            or (each.media is Media.DOCUMENT and each.media_type.startswith("image/"))
        ),
        None,
    )
