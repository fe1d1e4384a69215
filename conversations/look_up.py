"""The POD look-up: by a pasted POD, by the dialogue that asks for one, from the last ones, from a device's
code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.associations import service as associations
from backend.devices import service as devices
from backend.devices.codes import parse_nid, parse_sid
from backend.supplies import service as supplies
from backend.supplies.answers import decode_answer
from backend.supplies.outcome import judge, point_to_check
from backend.supplies.pod import Pod, find_pods, parse_pod, suggest
from backend.supplies.values import CentralAnswer
from conversations.action import Action
from conversations.answers import Answer, Do, Errand, Go, Reject, Start, Wait, order, show
from conversations.context import Here
from conversations.flow import Flow, Step
from conversations.home import menu
from conversations.prompts import Entry, Prompt
from conversations.recognition import recognise
from conversations.replies import Reply, Typed
from conversations.views import device_view, look_up_view

SHOWN_PODS = 10


class LookUpPod(Action):
    """Look this POD up."""

    name = "pod"

    async def run(self, argument: str, here: Here) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(here.say("look_up.not_a_pod"), menu(here)))
        central = here.services.central
        if central.is_local(pod):
            return await self._conclude(pod, await supplies.ask(central, pod), here)
        return Wait(Errand(self.name, {"pod": pod.code}), moment(pod, here))

    async def result(self, arguments: dict[str, Any], result: dict[str, Any], here: Here) -> Answer:
        pod = Pod(arguments["pod"], arguments["pod"])
        return await self._conclude(pod, decode_answer(result), here)

    async def _conclude(self, pod: Pod, answer: CentralAnswer | Exception, here: Here) -> Answer:
        member = here.acting
        standing = await here.read(associations.standing_of, member, point_to_check(pod, answer))
        found = judge(pod, answer, standing)
        association = None
        if found.association_id is not None:
            association = await here.read(associations.find, member, found.association_id)
        prompt = look_up_view(found, association, here)
        return Do(
            order(supplies.record_look_up, member, pod, found.outcome, here.now),
            lambda _: [prompt],
        )


def moment(pod: Pod, here: Here) -> Prompt:
    """What is shown while the central system is asked."""
    return Prompt(
        here.say("look_up.moment", pod=pod.code),
        ((Entry(here.say("dialogue.button.cancel"), "stop_waiting"),),),
    )


class WhichPod(Action):
    """Several PODs were pasted: which one?"""

    name = "which_pod"

    async def run(self, argument: str, here: Here) -> Answer:
        pods = find_pods(argument)
        rows = tuple((Entry(pod.code, "pod", pod.code),) for pod in pods[:SHOWN_PODS])
        return show(Prompt(here.say("look_up.which", number=len(pods), shown=len(rows)), rows))


class DidYouMean(Action):
    """What was typed is nearly a POD."""

    name = "did_you_mean"

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
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        pods = await here.read(supplies.recent_pods, here.acting)
        say = here.say
        rows = tuple((Entry(pod.code, "pod", pod.code),) for pod in pods)
        home = (Entry(say("home.button.home"), "home"),)
        if not pods:
            return show(Prompt(say("recent.none"), ((Entry(say("home.button.look_up"), "look_up"),), home)))
        return show(Prompt(say("recent.list", number=len(pods)), (*rows, home)))


class ShowDevice(Action):
    """Whose device is this, and where is it?"""

    name = "device"

    async def run(self, argument: str, here: Here) -> Answer:
        member = here.acting
        sid, nid = parse_sid(argument, here.services.sid_pattern), parse_nid(argument)
        device = await here.read(devices.find, member, sid=sid, nid=nid) if sid or nid else None
        if device is None:
            return show(Prompt(here.say("device.unknown"), menu(here)))
        association = await here.read(associations.find_by_device, member, device.id)
        return show(device_view(device, association, here))


@dataclass(frozen=True)
class Wanted:
    """Nothing is kept while the POD is asked for."""


class AskPod(Step[Wanted]):
    """Which POD?"""

    name = "pod"

    def filled(self, draft: Wanted) -> bool:
        return False

    def claims(self, text: str) -> bool:
        return bool(find_pods(text)) or suggest(text) is not None

    async def ask(self, draft: Wanted, here: Here) -> Prompt:
        return Prompt(here.say("look_up.pod.ask"))

    async def answer(self, draft: Wanted, reply: Reply, here: Here) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        recognised = recognise(reply.text, here.services.sid_pattern)
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
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        return Start(LookUp.name, Wanted())
