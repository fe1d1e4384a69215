"""Associating a supply with a device, and changing an association: the same questions, the same summary."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.associations import service as associations
from backend.associations.errors import AlreadyDeleted, AssociationNotFound, DeviceRefused, SupplyAssociated
from backend.associations.values import Association, AssociationRequest, Configuration
from backend.devices.codes import find_codes
from backend.devices.values import DeviceType
from backend.identity.permissions import Permission
from backend.refusals import Refused
from backend.scp import service as scp
from backend.scp.values import ScpFile
from backend.supplies.outcome import judge
from backend.supplies.pod import Pod, find_pods, parse_pod
from backend.supplies.values import CentralAnswer, LookUpOutcome, SupplyFound
from conversations.action import Action
from conversations.answers import Answer, Await, Do, Go, Next, Reject, Show, Start, Wait, show
from conversations.central import answer_of, ask_central
from conversations.context import Here
from conversations.effects import JobRequest, order
from conversations.feature import Feature
from conversations.flow import Flow, Step, chosen, column
from conversations.look_up import conclude, judged, moment
from conversations.prompts import Choice, Entry, Html, Prompt, join
from conversations.replies import Reply, Typed
from conversations.summary import Summary
from conversations.views import (
    DEVICE_NAMES,
    LISTED_PRODUCTIONS,
    association_gone,
    association_view,
)


@dataclass(frozen=True)
class Draft:
    """The answers so far. `replaces` is the association that is being changed; codes are as the services
    write them.
    """

    pod: str
    productions: tuple[str, ...] = ()
    type: str | None = None
    sid: str | None = None
    nid: str | None = None
    configuration: str | None = None
    production: str | None = None
    replaces: int | None = None

    def request(self) -> AssociationRequest:
        """What the service is asked for, once every question has its answer."""
        prosumer = self.configuration == Configuration.PROSUMER.value
        return AssociationRequest(
            pod=Pod(self.pod, self.pod),
            sid=self.sid,
            nid=self.nid,
            device_type=DeviceType(self.type),
            configuration=Configuration(self.configuration),
            production_pod=Pod(self.production, self.production) if prosumer and self.production else None,
        )


class TypeStep(Step[Draft]):
    """MOME or Smart Info?"""

    name = "type"

    def filled(self, draft: Draft) -> bool:
        return draft.type is not None

    async def ask(self, draft: Draft, here: Here) -> Prompt:
        choices = tuple(Choice(name, kind.value) for kind, name in DEVICE_NAMES.items())
        return Prompt(here.say("associate.type.ask", pod=draft.pod), (choices,))

    async def answer(self, draft: Draft, reply: Reply, here: Here) -> Answer:
        kind = chosen(reply, *(kind.value for kind in DeviceType))
        if kind == draft.type:
            return Next(draft)
        return Next(dataclasses.replace(draft, type=kind, sid=None, nid=None))

    def value(self, draft: Draft, here: Here) -> str:
        return DEVICE_NAMES[DeviceType(draft.type)]


class DeviceStep(Step[Draft]):
    """Which device: its SID, its NID, or both?"""

    name = "device"

    def filled(self, draft: Draft) -> bool:
        return draft.sid is not None or draft.nid is not None

    def claims(self, text: str, draft: Draft, here: Here) -> bool:
        codes = find_codes(text, here.services.sid_pattern)
        return bool(codes.sids or codes.nids) and not find_pods(text)

    async def ask(self, draft: Draft, here: Here) -> Prompt:
        return Prompt(here.say("associate.device.ask", device=DEVICE_NAMES[DeviceType(draft.type)]))

    async def answer(self, draft: Draft, reply: Reply, here: Here) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        codes = find_codes(reply.text, here.services.sid_pattern)
        if not codes.sids and not codes.nids:
            raise Reject("unreadable")
        if len(codes.sids) > 1 or len(codes.nids) > 1:
            raise Reject("several")
        sid, nid = next(iter(codes.sids), None), next(iter(codes.nids), None)
        try:
            device = await here.short_read(
                associations.free_device,
                here.acting,
                sid=sid,
                nid=nid,
                device_type=DeviceType(draft.type),
                replaces=draft.replaces,
            )
        except DeviceRefused as refusal:
            raise Reject(_key(refusal), **_values(refusal)) from refusal
        return Next(dataclasses.replace(draft, sid=device.sid, nid=device.nid))

    def value(self, draft: Draft, here: Here) -> str:
        return here.say("associate.device.value", sid=draft.sid or "", nid=draft.nid or "")


class ConfigurationStep(Step[Draft]):
    """Standard or Prosumer?"""

    name = "configuration"

    def filled(self, draft: Draft) -> bool:
        return draft.configuration is not None

    async def ask(self, draft: Draft, here: Here) -> Prompt:
        choices = tuple(
            Choice(here.say(f"configuration.{each.value.lower()}"), each.value) for each in Configuration
        )
        key = "ask" if draft.productions else "ask_single"
        return Prompt(here.say(f"associate.configuration.{key}", number=len(draft.productions)), (choices,))

    async def answer(self, draft: Draft, reply: Reply, here: Here) -> Answer:
        configuration = chosen(reply, *(each.value for each in Configuration))
        if configuration == Configuration.PROSUMER.value:
            if not draft.productions:
                raise Reject("production_pod_missing")
            return Next(dataclasses.replace(draft, configuration=configuration))
        return Next(dataclasses.replace(draft, configuration=configuration, production=None))

    def value(self, draft: Draft, here: Here) -> str:
        return here.say(f"configuration.{(draft.configuration or '').lower()}")


class ProductionStep(Step[Draft]):
    """Which of the production PODs?"""

    name = "production"

    def applies(self, draft: Draft) -> bool:
        return draft.configuration == Configuration.PROSUMER.value

    def filled(self, draft: Draft) -> bool:
        return draft.production is not None

    async def ask(self, draft: Draft, here: Here) -> Prompt:
        say, shown = here.say, draft.productions[:LISTED_PRODUCTIONS]
        question = say("associate.production.ask", number=len(draft.productions))
        more = say("associate.production.more") if len(shown) < len(draft.productions) else Html("")
        return Prompt(join([question, more]), column([Choice(pod, pod) for pod in shown]))

    def claims(self, text: str, draft: Draft, here: Here) -> bool:
        return _among(draft.productions, text) is not None

    async def answer(self, draft: Draft, reply: Reply, here: Here) -> Answer:
        if isinstance(reply, Typed):
            match = _among(draft.productions, reply.text)
            if match is None:
                raise Reject("production_pod_unknown")
            return Next(dataclasses.replace(draft, production=match))
        return Next(dataclasses.replace(draft, production=chosen(reply, *draft.productions)))

    def value(self, draft: Draft, here: Here) -> str:
        return here.say("associate.production.value", pod=draft.production or "")


def _among(productions: Sequence[str], text: str) -> str | None:
    """The one of these PODs that the text is, in any spelling."""
    pod = parse_pod(text)
    return next((each for each in productions if pod is not None and Pod(each, each) == pod), None)


class ConfirmStep(Summary[Draft]):
    """Is it all right?"""

    def questions(self) -> Flow[Draft]:
        return Associate()

    def heading(self, draft: Draft, here: Here) -> Html:
        key = "heading" if draft.replaces is None else "heading_change"
        return here.say(f"associate.confirm.{key}", pod=draft.pod)

    async def confirm(self, draft: Draft, here: Here) -> Answer:
        pod = Pod(draft.pod, draft.pod)
        if draft.replaces is not None:
            present = await here.short_read(associations.find, here.acting, draft.replaces)
            if present is not None and _same(present, draft):
                raise Reject("unchanged")
        return Await(ask_central(pod, here), draft)

    async def waiting(self, draft: Draft, here: Here) -> Prompt:
        return Prompt(here.say("look_up.checking", pod=draft.pod))

    async def resumed(self, draft: Draft, result: Any, here: Here) -> Answer:
        pod, answer = Pod(draft.pod, draft.pod), answer_of(result)
        if not isinstance(answer, SupplyFound):
            raise Reject("central", outcome=here.say(f"outcome.{_failed(pod, answer)}", pod=pod.code))
        return _made(draft, answer, here)


class Associate(Flow[Draft]):
    """Associates; or, begun with an association, changes it."""

    name = "associate"
    draft_type = Draft
    steps = (TypeStep(), DeviceStep(), ConfigurationStep(), ProductionStep(), ConfirmStep())

    @classmethod
    def load(cls, data: dict[str, Any]) -> Draft:
        return Draft(**{**data, "productions": tuple(data["productions"])})

    def key(self, draft: Draft) -> str:
        return f"{Pod(draft.pod, draft.pod).point} {draft.replaces or ''}"

    def cancelled(self, draft: Draft) -> Go | None:
        return Go("association", str(draft.replaces)) if draft.replaces is not None else None

    async def refused(self, draft: Draft, refusal: Refused, here: Here) -> Answer:
        ended = await _ended(refusal, draft.replaces, here)
        if ended is not None:
            return ended
        raise Reject(_key(refusal), **_values(refusal))


class BeginAssociation(Action):
    """Begin the dialogue for this POD, with what the central system knows of it now."""

    name = "associate"
    permission = Permission.ASSOCIATE
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(here.say("look_up.not_a_pod")))
        return Wait(ask_central(pod, here), lambda: moment(pod, here, "look_up.checking"))

    async def result(self, arguments: dict[str, Any], result: Any, here: Here) -> Answer:
        pod, answer = Pod(arguments["pod"], arguments["pod"]), answer_of(result)
        found = await judged(pod, answer, here)
        eligible = LookUpOutcome.ELIGIBLE in (found.outcome, found.exchange_outcome)
        if not eligible or not isinstance(answer, SupplyFound):
            return await conclude(found, here)
        productions = tuple(production.pod.code for production in answer.productions)
        return Start(Associate.name, Draft(answer.supply.pod.code, productions))


class BeginChange(Action):
    """Begin the dialogue with an association's own values: another device, or the other configuration."""

    name = "change"
    permission = Permission.ASSOCIATE

    async def run(self, argument: str, here: Here) -> Answer:
        present = await find_association(argument, here)
        if present is None or present.deleted_at is not None:
            return show(association_gone(here, present))
        pod = present.pod
        return Wait(ask_central(pod, here, id=present.id), lambda: moment(pod, here, "look_up.checking"))

    async def result(self, arguments: dict[str, Any], result: Any, here: Here) -> Answer:
        present = await here.short_read(associations.find, here.acting, int(arguments["id"]))
        if present is None or present.deleted_at is not None:
            return show(association_gone(here, present))
        answer = answer_of(result)
        if not isinstance(answer, SupplyFound):
            outcome = here.say(f"outcome.{_failed(present.pod, answer)}", pod=present.pod.code)
            return show(
                Prompt(
                    join([outcome, here.say("association.not_now")], "\n\n"),
                    ((Entry(here.say("look_up.button.association"), "association", str(present.id)),),),
                )
            )
        production = present.production_pod.code if present.production_pod is not None else None
        draft = Draft(
            pod=present.pod.code,
            productions=tuple(each.pod.code for each in answer.productions),
            type=present.device_type.value,
            sid=present.sid,
            nid=present.nid,
            configuration=present.configuration.value,
            production=production,
            replaces=present.id,
        )
        return Start(Associate.name, draft)


def _made(draft: Draft, facts: SupplyFound, here: Here) -> Do:
    """Have the association made, with its SCP file asked for in the same breath."""
    key = "associate.created" if draft.replaces is None else "associate.changed"

    def finish(made: tuple[Association, ScpFile]) -> list[Prompt]:
        return [association_view(made[0], here, here.say(key))]

    return Do(
        order(scp.associate, here.acting, draft.request(), facts, draft.replaces, here.now),
        finish,
        more=lambda made: [JobRequest("scp", {"scp_id": made[1].id, "association_id": made[0].id})],
    )


async def find_association(argument: str, here: Here) -> Association | None:
    """The association that a button names; none for anything that is not one of one's own."""
    if not argument.isascii() or not argument.isdigit() or len(argument) > 18:
        return None
    return await here.short_read(associations.find, here.acting, int(argument))


async def gone_by_now(number: int | None, here: Here) -> Prompt:
    """What stands where an association was that a colleague changed or deleted meanwhile."""
    found = await here.short_read(associations.find, here.acting, number) if number is not None else None
    return association_gone(here, found)


async def _ended(refusal: Refused, replaces: int | None, here: Here) -> Show | None:
    """What to show where the refusal leaves nothing to ask again."""
    if isinstance(refusal, SupplyAssociated):
        association = None
        if refusal.own_id is not None:
            association = await here.short_read(associations.find, here.acting, refusal.own_id)
        head = here.say("associate.meanwhile")
        return show(association_view(association, here, head) if association else Prompt(head))
    if isinstance(refusal, AssociationNotFound | AlreadyDeleted):
        return show(await gone_by_now(replaces, here))
    return None


def _same(present: Association, draft: Draft) -> bool:
    request = draft.request()
    return (present.sid, present.configuration, present.production_pod) == (
        request.sid,
        request.configuration,
        request.production_pod,
    )


def _failed(pod: Pod, answer: CentralAnswer | Exception) -> str:
    return judge(pod, answer, None).outcome.value.replace("-", "_")


def _key(refusal: Refused) -> str:
    return refusal.key.replace("-", "_")


def _values(refusal: Refused) -> dict[str, object]:
    """What the refusal's text may show."""
    values: dict[str, object] = {}
    for name, value in refusal.data.items():
        match value:
            case DeviceType():
                values[name] = DEVICE_NAMES[value]
            case Pod():
                values[name] = value.code
            case LookUpOutcome():
                values[name] = value.value
            case _:
                values[name] = value
    return values


FEATURE = Feature(flows=(Associate(),), actions=(BeginAssociation(), BeginChange()))
