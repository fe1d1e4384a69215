"""The POD look-up: by a pasted POD, by the dialogue that asks for one, from the last ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.associations import service as associations
from backend.identity.permissions import Permission
from backend.supplies import service as supplies
from backend.supplies.near_pod import PodFault, near_pod
from backend.supplies.pod import Pod, find_pods, parse_pod, suggest
from backend.supplies.values import LookUpOutcome
from backend.watches import service as watches
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Reject, Start, Wait, show
from conversations.core.central import AskingAction, answer_of, ask_central
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.feature import Recognised
from conversations.core.flow import Flow, Step
from conversations.core.navigation import choose_code, home_button, id_of, menu, way_on
from conversations.core.prompts import Entry, Prompt
from conversations.core.replies import Attachment, Reply, Typed
from conversations.core.waiting import moment
from conversations.supplies.card import look_up_card, watch_on


class LookUpPod(AskingAction):
    """Look this POD up."""

    name = "pod"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, context: TurnContext) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(context.say("look_up.not_a_pod"), menu(context)))
        return Wait(
            await ask_central(pod, context),
            lambda: moment(context.say("look_up.moment", pod=pod.code), context),
        )

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        pod = Pod(arguments["pod"], arguments["pod"])
        found = await context.short_read(associations.judged, context.acting, pod, answer_of(result))
        recorded = order(watches.looked_up, context.acting, found, context.now)
        own = found.association_id
        # An association whose meter was replaced does not show what is there now: the supply's card does.
        as_made = found.outcome is LookUpOutcome.ASSOCIATED_BY_US and found.meter_before is None
        if as_made and own is not None:
            head = context.say(f"outcome.{found.outcome.value}", pod=pod.code)
            return Go("association", str(own), effects=(recorded,), head=head)
        watch = await watch_on(found, context)
        return Do(recorded, lambda _: [look_up_card(found, context, own, watch)])


class WhichPod(Action):
    """Several PODs were pasted: which one?"""

    name = "which_pod"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, context: TurnContext) -> Answer:
        codes = [pod.code for pod in find_pods(argument)]
        return choose_code("look_up.which", LookUpPod.name, codes, context)


class DidYouMean(Action):
    """Ask back: the typed text is nearly a POD."""

    name = "did_you_mean"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, context: TurnContext) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(context.say("look_up.not_a_pod"), menu(context)))
        return show(
            Prompt(
                context.say("look_up.did_you_mean", pod=pod.code),
                (
                    (Entry(context.say("look_up.button.this_one", pod=pod.code), LookUpPod.name, pod.code),),
                    (Entry(context.say("look_up.menu"), BeginLookUp.name),),
                ),
            )
        )


class ExplainNearPod(Action):
    """Say what is wrong with what is nearly a POD. The argument is the fault and the length."""

    name = "near_pod"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, context: TurnContext) -> Answer:
        fault, _, length = argument.partition(" ")
        known = next((each for each in PodFault if each == fault), None)
        if known is None:
            return show(Prompt(context.say("look_up.not_a_pod"), menu(context)))
        said = context.say(f"look_up.pod.error.{known}", length=id_of(length) or 0)
        return show(Prompt(said, way_on(context)))


class RecentPods(Action):
    """The PODs that the user looked up last."""

    name = "recent"
    permission = Permission.LOOK_UP
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        pods = await context.short_read(supplies.recent_pods, context.acting)
        home = (home_button(context),)
        if not pods:
            begin = (Entry(context.say("look_up.menu"), BeginLookUp.name),)
            return show(Prompt(context.say("recent.none"), (begin, home)))
        rows = tuple((Entry(pod.code, LookUpPod.name, pod.code),) for pod in pods)
        return show(Prompt(context.say("recent.list", number=len(pods)), (*rows, home)))


@dataclass(frozen=True)
class LookUpDraft:
    """Nothing is kept while the POD is asked for."""


class AskPod(Step[LookUpDraft]):
    """Which POD?"""

    name = "pod"

    def filled(self, draft: LookUpDraft) -> bool:
        return False

    def claims(self, text: str, draft: LookUpDraft, context: TurnContext) -> bool:
        return bool(find_pods(text)) or suggest(text) is not None or near_pod(text) is not None

    async def ask(self, draft: LookUpDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("look_up.pod.ask"))

    async def answer(self, draft: LookUpDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        recognised = recognise_pods(reply.text, (), context) or recognise_misspelt_pod(
            reply.text, (), context
        )
        if recognised is None:
            near = near_pod(reply.text)
            raise Reject("unreadable") if near is None else Reject(near.fault, length=near.length)
        return Go(recognised.action, recognised.argument)


class LookUp(Flow[LookUpDraft]):
    """Asks for a POD; what comes of it is the look-up's own."""

    name = "look_up"
    draft_type = LookUpDraft
    steps = (AskPod(),)


class BeginLookUp(Action):
    """Ask for a POD."""

    name = "look_up"
    permission = Permission.LOOK_UP
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(LookUp.name, LookUpDraft())


def recognise_pods(text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
    """One POD is a look-up, several are a choice."""
    pods = find_pods(text)
    if not pods:
        return None
    if len(pods) == 1:
        return Recognised(LookUpPod.name, pods[0].code)
    return Recognised(WhichPod.name, " ".join(pod.code for pod in pods))


def recognise_misspelt_pod(
    text: str, attachments: Sequence[Attachment], context: TurnContext
) -> Recognised | None:
    """Something that is nearly a POD leads to a question."""
    meant = suggest(text)
    return Recognised(DidYouMean.name, meant.code) if meant is not None else None


def recognise_near_pod(
    text: str, attachments: Sequence[Attachment], context: TurnContext
) -> Recognised | None:
    """Something that is nearly a POD, and cannot be mended, is explained."""
    near = near_pod(text)
    return Recognised(ExplainNearPod.name, f"{near.fault} {near.length}") if near is not None else None
