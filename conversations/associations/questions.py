"""The questions of an association: which device, which configuration, which production POD."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from backend.associations import service as associations
from backend.associations.errors import DeviceRefused
from backend.associations.values import AssociationRequest, Configuration
from backend.core.refusals import Refused
from backend.devices.codes import CodeKind, find_codes
from backend.devices.values import DeviceType
from backend.supplies.pod import Pod, find_pods, parse_pod
from backend.supplies.values import LookUpOutcome
from conversations.core.answers import Answer, Next, Reject
from conversations.core.context import TurnContext
from conversations.core.effects import AnswerEffect
from conversations.core.flow import Step, chosen, column
from conversations.core.prompts import Choice, Html, Prompt, join
from conversations.core.replies import Reply, Typed
from conversations.core.wording import LISTED_PRODUCTIONS


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
        """The request to the service, once every question has its answer."""
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

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        choices = tuple(Choice(kind.product_name, kind.value) for kind in DeviceType)
        return Prompt(context.say("associate.type.ask", pod=draft.pod), (choices,))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        kind = chosen(reply, *(kind.value for kind in DeviceType))
        if kind == draft.type:
            return Next(draft)
        return Next(dataclasses.replace(draft, type=kind, sid=None, nid=None))

    def value(self, draft: Draft, context: TurnContext) -> str:
        return DeviceType(draft.type).product_name


class DeviceStep(Step[Draft]):
    """Which device: its SID, its NID, or both?"""

    name = "device"

    def filled(self, draft: Draft) -> bool:
        return draft.sid is not None or draft.nid is not None

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        codes = find_codes(text, context.services.sid_pattern)
        return bool(codes.sids or codes.nids) and not find_pods(text)

    def asks_codes(self, draft: Draft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset(CodeKind)

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(context.say("associate.device.ask", device=DeviceType(draft.type).product_name))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        codes = find_codes(reply.text, context.services.sid_pattern)
        if not codes.sids and not codes.nids:
            raise Reject("unreadable")
        if len(codes.sids) > 1 or len(codes.nids) > 1:
            raise Reject("several")
        sid, nid = next(iter(codes.sids), None), next(iter(codes.nids), None)
        try:
            device = await context.short_read(
                associations.free_device,
                context.acting,
                sid=sid,
                nid=nid,
                device_type=DeviceType(draft.type),
                replaces=draft.replaces,
            )
        except DeviceRefused as refusal:
            raise rejected(refusal) from refusal
        return Next(dataclasses.replace(draft, sid=device.sid, nid=device.nid))

    def value(self, draft: Draft, context: TurnContext) -> str:
        return context.say("associate.device.value", sid=draft.sid or "", nid=draft.nid or "")


class ConfigurationStep(Step[Draft]):
    """Standard or Prosumer?"""

    name = "configuration"

    def filled(self, draft: Draft) -> bool:
        return draft.configuration is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        choices = tuple(
            Choice(context.say(f"configuration.{each.value.lower()}"), each.value) for each in Configuration
        )
        key = "ask" if draft.productions else "ask_single"
        return Prompt(
            context.say(f"associate.configuration.{key}", number=len(draft.productions)), (choices,)
        )

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        configuration = chosen(reply, *(each.value for each in Configuration))
        if configuration == Configuration.PROSUMER.value:
            if not draft.productions:
                raise Reject("production-pod-missing")
            return Next(dataclasses.replace(draft, configuration=configuration))
        return Next(dataclasses.replace(draft, configuration=configuration, production=None))

    def value(self, draft: Draft, context: TurnContext) -> str:
        return context.say(f"configuration.{(draft.configuration or '').lower()}")


class ProductionStep(Step[Draft]):
    """Which of the production PODs?"""

    name = "production"

    def applies(self, draft: Draft) -> bool:
        return draft.configuration == Configuration.PROSUMER.value

    def filled(self, draft: Draft) -> bool:
        return draft.production is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        say, shown = context.say, draft.productions[:LISTED_PRODUCTIONS]
        question = say("associate.production.ask", number=len(draft.productions))
        more = say("associate.production.more") if len(shown) < len(draft.productions) else Html("")
        return Prompt(join([question, more]), column([Choice(pod, pod) for pod in shown]))

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        return _among(draft.productions, text) is not None

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Typed):
            match = _among(draft.productions, reply.text)
            if match is None:
                raise Reject("production-pod-unknown")
            return Next(dataclasses.replace(draft, production=match))
        return Next(dataclasses.replace(draft, production=chosen(reply, *draft.productions)))

    def value(self, draft: Draft, context: TurnContext) -> str:
        return context.say("associate.production.value", pod=draft.production or "")


def _among(productions: Sequence[str], text: str) -> str | None:
    """The one of these PODs that the text is, in any spelling."""
    pod = parse_pod(text)
    return next((each for each in productions if pod is not None and Pod(each, each) == pod), None)


def rejected(refusal: Refused, *effects: AnswerEffect) -> Reject:
    """A service's refusal as a rejection of the present answer, with what is ordered all the same."""
    return Reject(refusal.key, *effects, **_values(refusal))


def _values(refusal: Refused) -> dict[str, object]:
    """The values that the refusal's text may show."""
    values: dict[str, object] = {}
    for name, value in refusal.data.items():
        match value:
            case DeviceType():
                values[name] = value.product_name
            case Pod():
                values[name] = value.code
            case LookUpOutcome():
                values[name] = value.value
            case _:
                values[name] = value
    return values
