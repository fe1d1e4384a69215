"""Associating a supply with a device, and changing an association: the same questions, the same summary."""

from __future__ import annotations

from typing import Any

from backend.associations import service as associations
from backend.associations.errors import AlreadyDeleted, AssociationNotFound, SupplyAssociated
from backend.associations.values import Association
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from backend.scp import service as scp
from backend.scp.values import ScpFile
from backend.supplies.outcome import judge
from backend.supplies.pod import Pod, parse_pod
from backend.supplies.values import CentralAnswer, LookUpOutcome, SupplyFound
from conversations.associations.card import association_card, association_gone, find_association, gone_by_now
from conversations.associations.questions import (
    ConfigurationStep,
    DeviceStep,
    Draft,
    ProductionStep,
    TypeStep,
    rejected,
)
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Go, Reject, Show, Start, Wait, show
from conversations.core.central import answer_of, ask_central
from conversations.core.context import Here
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow
from conversations.core.prompts import Entry, Html, Prompt, join
from conversations.core.summary import Summary
from conversations.core.waiting import moment


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
        return Prompt(here.say("associate.checking", pod=draft.pod))

    async def resumed(self, draft: Draft, result: Any, here: Here) -> Answer:
        pod, answer = Pod(draft.pod, draft.pod), answer_of(result)
        if not isinstance(answer, SupplyFound):
            raise Reject("central", outcome=here.say(f"outcome.{failure_of(pod, answer)}", pod=pod.code))
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
        raise rejected(refusal)


class BeginAssociation(Action):
    """Begin the dialogue for this POD, with what the central system knows of it now."""

    name = "associate"
    permission = Permission.ASSOCIATE
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return Go("pod", argument)
        return Wait(
            ask_central(pod, here), lambda: moment(here.say("associate.checking", pod=pod.code), here)
        )

    async def result(self, arguments: dict[str, Any], result: Any, here: Here) -> Answer:
        pod, answer = Pod(arguments["pod"], arguments["pod"]), answer_of(result)
        found = await here.short_read(associations.judged, here.acting, pod, answer)
        eligible = LookUpOutcome.ELIGIBLE in (found.outcome, found.exchange_outcome)
        if not eligible or not isinstance(answer, SupplyFound):
            return Go("pod", pod.code)
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
        checking = here.say("associate.checking", pod=pod.code)
        return Wait(ask_central(pod, here, id=present.id), lambda: moment(checking, here))

    async def result(self, arguments: dict[str, Any], result: Any, here: Here) -> Answer:
        present = await here.short_read(associations.find, here.acting, int(arguments["id"]))
        if present is None or present.deleted_at is not None:
            return show(association_gone(here, present))
        answer = answer_of(result)
        if not isinstance(answer, SupplyFound):
            outcome = here.say(f"outcome.{failure_of(present.pod, answer)}", pod=present.pod.code)
            return show(
                Prompt(
                    join([outcome, here.say("association.not_now")], "\n\n"),
                    ((Entry(here.say("association.button.open"), "association", str(present.id)),),),
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
        return [association_card(made[0], here, here.say(key))]

    return Do(
        order(scp.associate, here.acting, draft.request(), facts, draft.replaces, here.now),
        finish,
        more=lambda made: [JobRequest("scp", {"scp_id": made[1].id, "association_id": made[0].id})],
    )


async def _ended(refusal: Refused, replaces: int | None, here: Here) -> Show | None:
    """What to show where the refusal leaves nothing to ask again."""
    if isinstance(refusal, SupplyAssociated):
        association = None
        if refusal.own_id is not None:
            association = await here.short_read(associations.find, here.acting, refusal.own_id)
        head = here.say("associate.meanwhile")
        return show(association_card(association, here, head) if association else Prompt(head))
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


def failure_of(pod: Pod, answer: CentralAnswer | Exception) -> str:
    return judge(pod, answer, None).outcome.value
