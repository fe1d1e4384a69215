"""The POD look-up: by a pasted POD, by the dialogue that asks for one, from the last ones, from a device's
code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.associations import service as associations
from backend.devices import service as devices
from backend.devices.codes import find_codes, parse_nid, parse_sid
from backend.identity.permissions import Permission
from backend.supplies import service as supplies
from backend.supplies.outcome import judge, point_to_check
from backend.supplies.pod import Pod, find_pods, parse_pod, suggest
from backend.supplies.values import CentralAnswer
from backend.supplies.values import LookUp as LookUpResult
from conversations.action import Action
from conversations.answers import Answer, Do, Go, Reject, Show, Start, Wait, show
from conversations.central import answer_of, ask_central
from conversations.context import Here
from conversations.effects import order
from conversations.feature import Feature, Recognised
from conversations.flow import Flow, Step
from conversations.home import menu
from conversations.prompts import Entry, Prompt
from conversations.replies import Attachment, Reply, Typed
from conversations.views import device_view, look_up_view

SHOWN = 10


class LookUpPod(Action):
    """Look this POD up."""

    name = "pod"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, here: Here) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(here.say("look_up.not_a_pod"), menu(here)))
        return Wait(ask_central(pod, here), lambda: moment(pod, here))

    async def result(self, arguments: dict[str, Any], result: Any, here: Here) -> Answer:
        pod = Pod(arguments["pod"], arguments["pod"])
        return await conclude(await judged(pod, answer_of(result), here), here)


async def judged(pod: Pod, answer: CentralAnswer | Exception, here: Here) -> LookUpResult:
    """What the central system's answer means for the person who asked."""
    standing = await here.short_read(associations.standing_of, here.acting, point_to_check(pod, answer))
    return judge(pod, answer, standing)


async def conclude(found: LookUpResult, here: Here) -> Do:
    """Show what was found, and record that it was shown."""
    association = None
    if found.association_id is not None:
        association = await here.short_read(associations.find, here.acting, found.association_id)
    prompt = look_up_view(found, association, here)
    return Do(
        order(supplies.record_look_up, here.acting, found.asked, found.outcome, here.now), lambda _: [prompt]
    )


def moment(pod: Pod, here: Here, said: str = "look_up.moment") -> Prompt:
    """What is shown while the central system is asked."""
    return Prompt(
        here.say(said, pod=pod.code),
        ((Entry(here.say("dialogue.button.cancel"), "stop_waiting"),),),
    )


class WhichPod(Action):
    """Several PODs were pasted: which one?"""

    name = "which_pod"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, here: Here) -> Answer:
        return _which("look_up.which", LookUpPod.name, [pod.code for pod in find_pods(argument)], here)


def _which(key: str, action: str, codes: Sequence[str], here: Here) -> Show:
    """Let the user choose one of several codes."""
    rows = tuple((Entry(code, action, code),) for code in codes[:SHOWN])
    home = (Entry(here.say("home.button.home"), "home"),)
    asked = here.say(key, number=len(codes), shown=len(rows), more=len(codes) - len(rows))
    return show(Prompt(asked, (*rows, home)))


class DidYouMean(Action):
    """What was typed is nearly a POD."""

    name = "did_you_mean"
    permission = Permission.LOOK_UP

    async def run(self, argument: str, here: Here) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(here.say("look_up.not_a_pod"), menu(here)))
        return show(
            Prompt(
                here.say("look_up.did_you_mean", pod=pod.code),
                (
                    (Entry(here.say("look_up.button.this_one", pod=pod.code), "pod", pod.code),),
                    (Entry(here.say("home.button.look_up"), "look_up"),),
                ),
            )
        )


class RecentPods(Action):
    """The PODs that the user looked up last."""

    name = "recent"
    permission = Permission.LOOK_UP
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        pods = await here.short_read(supplies.recent_pods, here.acting)
        say = here.say
        rows = tuple((Entry(pod.code, "pod", pod.code),) for pod in pods)
        home = (Entry(say("home.button.home"), "home"),)
        if not pods:
            return show(Prompt(say("recent.none"), ((Entry(say("home.button.look_up"), "look_up"),), home)))
        return show(Prompt(say("recent.list", number=len(pods)), (*rows, home)))


class ShowDevice(Action):
    """Whose device is this, and where is it?"""

    name = "device"
    permission = Permission.SEE_DEVICES

    async def run(self, argument: str, here: Here) -> Answer:
        actor = here.acting
        codes = find_codes(argument, here.services.sid_pattern)
        several = codes.sids or codes.nids
        if len(several) > 1:
            return _which("device.which", self.name, several, here)
        sid, nid = parse_sid(argument, here.services.sid_pattern), parse_nid(argument)
        device = await here.short_read(devices.find, actor, sid=sid, nid=nid) if sid or nid else None
        if device is None:
            return show(Prompt(here.say("device.unknown"), menu(here)))
        association = await here.short_read(associations.find_by_device, actor, device.id)
        return show(device_view(device, association, here))


@dataclass(frozen=True)
class Wanted:
    """Nothing is kept while the POD is asked for."""


class AskPod(Step[Wanted]):
    """Which POD?"""

    name = "pod"

    def filled(self, draft: Wanted) -> bool:
        return False

    def claims(self, text: str, draft: Wanted, here: Here) -> bool:
        return bool(find_pods(text)) or suggest(text) is not None

    async def ask(self, draft: Wanted, here: Here) -> Prompt:
        return Prompt(here.say("look_up.pod.ask"))

    async def answer(self, draft: Wanted, reply: Reply, here: Here) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        recognised = recognise_pods(reply.text, (), here) or recognise_misspelt_pod(reply.text, (), here)
        if recognised is None:
            raise Reject("unreadable")
        return Go(recognised.action, recognised.argument)


class LookUp(Flow[Wanted]):
    """Asks for a POD; what comes of it is the look-up's own."""

    name = "look_up"
    draft_type = Wanted
    steps = (AskPod(),)


class BeginLookUp(Action):
    """Ask for a POD."""

    name = "look_up"
    permission = Permission.LOOK_UP
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        return Start(LookUp.name, Wanted())


def recognise_pods(text: str, attachments: Sequence[Attachment], here: Here) -> Recognised | None:
    """One POD is a look-up, several are a choice."""
    pods = find_pods(text)
    if not pods:
        return None
    if len(pods) == 1:
        return Recognised(LookUpPod.name, pods[0].code)
    return Recognised(WhichPod.name, " ".join(pod.code for pod in pods))


def recognise_devices(text: str, attachments: Sequence[Attachment], here: Here) -> Recognised | None:
    """SIDs or NIDs are devices."""
    codes = find_codes(text, here.services.sid_pattern)
    found = codes.sids or codes.nids
    return Recognised(ShowDevice.name, " ".join(found)) if found else None


def recognise_misspelt_pod(text: str, attachments: Sequence[Attachment], here: Here) -> Recognised | None:
    """What is nearly a POD is a question."""
    meant = suggest(text)
    return Recognised(DidYouMean.name, meant.code) if meant is not None else None


FEATURE = Feature(
    flows=(LookUp(),),
    actions=(BeginLookUp(), LookUpPod(), WhichPod(), DidYouMean(), RecentPods(), ShowDevice()),
    recognisers=(recognise_pods, recognise_devices, recognise_misspelt_pod),
)
