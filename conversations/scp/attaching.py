"""Attaching the distributor's file to an association: which one, the file, a look at it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backend.core.clock import ROME
from backend.core.json_values import from_json
from backend.core.refusals import Refused
from backend.devices.codes import CodeKind, parse_sid
from backend.identity.permissions import Permission
from backend.scp import attaching
from backend.scp.errors import ScpAssociationGone, ScpChanged
from backend.scp.values import Sealed, Target
from backend.supplies.pod import parse_pod
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Go, Next, Question, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import Media, Reply, Sent, Typed

ATTACH = "attach"
AGAIN = "again"
KINDS = ("empty", "image", "pdf", "zip", "html", "envelope")
"""What a job finds a file to be that is none."""


@dataclass(frozen=True)
class AttachDraft:
    """The association (0: none yet), and the file once it was received; `size` is in bytes."""

    association_id: int = 0
    name: str = ""
    size: int = 0
    sealed: Sealed | None = None


class Which(Step[AttachDraft]):
    """Which association?"""

    name = "which"

    def filled(self, draft: AttachDraft) -> bool:
        return bool(draft.association_id)

    def claims(self, text: str, draft: AttachDraft, context: TurnContext) -> bool:
        return True

    def asks_codes(self, draft: AttachDraft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset({CodeKind.SID})

    async def ask(self, draft: AttachDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("scp_attach.which.ask"))

    async def answer(self, draft: AttachDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        found = await _association_of(reply.text, context)
        if found is None:
            raise Reject("unknown")
        return Next(replace(draft, association_id=found))


async def _association_of(text: str, context: TurnContext) -> int | None:
    """The live association of the POD or SID that was written, whosever it is: its id."""
    sid = parse_sid(text, context.services.sid_pattern)
    if sid is not None:
        found = await context.long_read(attaching.association_of, context.acting, sid=sid)
        if found is not None:
            return found
    pod = parse_pod(text)
    if pod is None:
        return None
    return await context.short_read(attaching.association_of, context.acting, point=pod.point)


class DistributorFile(Step[AttachDraft]):
    """Which file?"""

    name = "file"

    def filled(self, draft: AttachDraft) -> bool:
        return draft.sealed is not None

    def takes(self, reply: Sent, draft: AttachDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: AttachDraft, context: TurnContext) -> Prompt:
        target = await context.short_read(attaching.target, context.acting, draft.association_id)
        if target is None:
            return Prompt(context.say("scp_attach.gone"))
        lines = [context.say("scp_attach.file.ask"), about(target, context)]
        if target.has_file:
            lines.append(context.say("scp_attach.replaces"))
        return Prompt(join(lines, "\n\n"))

    async def waiting(self, draft: AttachDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("scp_attach.reading"))

    async def answer(self, draft: AttachDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Sent) or not reply.attachments:
            raise Reject("not_a_file")
        if reply.media is Media.PHOTO:
            raise Reject("photo")
        if reply.media is not Media.DOCUMENT:
            raise Reject("not_a_file")
        if len(reply.attachments) > 1:
            raise Reject("several")
        sent = reply.attachments[0]
        if sent.size is not None and sent.size > attaching.MOST_BYTES:
            raise Reject("too_big")
        arguments = {"file_id": sent.file_id, "association_id": draft.association_id}
        name = "".join(sign for sign in sent.name if sign.isprintable())[:80] or "file"
        return Await(Question(JobRequest("scp_receive", arguments)), replace(draft, name=name))

    async def resumed(self, draft: AttachDraft, result: Any, context: TurnContext) -> Answer:
        if "sealed" in result:
            sealed = from_json(Sealed, result["sealed"])
            return Next(replace(draft, sealed=sealed, size=int(result["size"])))
        why = result.get("why")
        if why == "association":
            return refused(ScpAssociationGone(), draft.association_id, context)
        if why == "too_big":
            raise Reject("too_big")
        if why in KINDS:
            raise Reject("wrong_kind", reason=context.say(f"scp_attach.kind.{why}"))
        raise Reject("gone")


class ConfirmFile(Step[AttachDraft]):
    """Is that the file, for this association?"""

    name = "confirm"

    def filled(self, draft: AttachDraft) -> bool:
        return False

    async def ask(self, draft: AttachDraft, context: TurnContext) -> Prompt:
        say = context.say
        target = await context.short_read(attaching.target, context.acting, draft.association_id)
        if target is None:
            return Prompt(say("scp_attach.gone"))
        digest = draft.sealed.sha256 if draft.sealed is not None else ""
        lines = [
            say("scp_attach.received", name=draft.name, size=draft.size, digest=digest[:16]),
            about(target, context),
        ]
        if target.has_file:
            lines.append(say("scp_attach.replaces"))
        attach = (Choice(say("scp_attach.button_attach"), ATTACH),)
        again = (Choice(say("scp_attach.button_again"), AGAIN),)
        return Prompt(join(lines, "\n\n"), (attach, again))

    async def answer(self, draft: AttachDraft, reply: Reply, context: TurnContext) -> Answer:
        if chosen(reply, ATTACH, AGAIN) == AGAIN or draft.sealed is None:
            return Next(AttachDraft(draft.association_id))
        rows = ((Entry(context.say("scp.menu"), AwaitedFiles.name), home_button(context)),)
        attached = order(attaching.attach, context.acting, draft.association_id, draft.sealed, context.now)
        return Do(
            attached,
            lambda made: [Prompt(context.say("scp_attach.attached", pod=made.pod.masked), rows)],
            more=lambda made: [JobRequest("programming_file", {"association_id": made.id})],
        )


def about(target: Target, context: TurnContext) -> Html:
    """The association that a file is for; the staff sees as much of the POD as it takes to tell it apart."""
    association = target.association
    production = association.production_pod
    said = context.say(
        "scp_attach.about",
        number=association.id,
        integrator=association.integrator_name,
        pod=association.pod.masked,
        sid=association.sid,
        nid=association.nid,
        configuration=context.say(f"configuration.{association.configuration.value.lower()}"),
    )
    if production is None:
        return said
    return join([said, context.say("scp_attach.production", pod=production.masked)])


class Attaching(Flow[AttachDraft]):
    """Attaches a file."""

    name = "scp_attach"
    draft_type = AttachDraft
    steps = (Which(), DistributorFile(), ConfirmFile())

    def key(self, draft: AttachDraft) -> str:
        return str(draft.association_id)

    def cancelled(self, draft: AttachDraft) -> Go | None:
        return Go(AwaitedFiles.name)

    async def refused(self, draft: AttachDraft, refusal: Refused, context: TurnContext) -> Answer:
        return refused(refusal, draft.association_id, context)


def refused(refusal: Refused, association_id: int, context: TurnContext) -> Answer:
    """What to say of a refusal, and the way on."""
    say = context.say
    to_list = Entry(say("scp.menu"), AwaitedFiles.name)
    match refusal:
        case ScpChanged():
            again = Entry(say("button.again"), BeginAttaching.name, str(association_id))
            return show(Prompt(say("scp_attach.changed"), ((again,), (to_list, home_button(context)))))
        case ScpAssociationGone():
            return show(Prompt(say("scp_attach.gone"), ((to_list, home_button(context)),)))
        case _:
            return show(Prompt(say("dialogue.refused")))


class BeginAttaching(Action):
    """Begin to attach a file. The argument is the association's id, or a POD or SID of it; empty: the
    dialogue asks.
    """

    name = "scp_attach"
    permission = Permission.ATTACH_SCP
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if not argument:
            return Start(Attaching.name, AttachDraft())
        number = id_of(argument) or await _association_of(argument, context)
        found = await context.short_read(attaching.target, context.acting, number or 0)
        if found is None:
            raise ScpAssociationGone
        return Start(Attaching.name, AttachDraft(found.association.id))

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        return refused(refusal, 0, context)


class AwaitedFiles(Action):
    """The files that are to be attached, oldest first. The argument is the file that the page before ended
    with.
    """

    name = "scp_awaited"
    permission = Permission.ATTACH_SCP
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument), newest_first=False)
        found = await context.long_read(attaching.awaited, context.acting, page.wanted, page.at)
        rows: Rows = tuple(
            (
                Entry(
                    say(
                        "scp.awaited_listed",
                        day=each.since.astimezone(ROME).strftime("%d/%m"),
                        pod=each.association.pod.masked,
                        sid=each.association.sid,
                    ),
                    BeginAttaching.name,
                    str(each.association.id),
                ),
            )
            for each in found[: page.size]
        )
        turning = page.turning(context, [each.scp_id for each in found])
        other = (Entry(say("scp.button.other"), BeginAttaching.name),)
        said = say("scp.awaited_list") if found or page.at is not None else say("scp.awaited_none")
        return show(Prompt(said, (*rows, *turning, other, (home_button(context),))))
