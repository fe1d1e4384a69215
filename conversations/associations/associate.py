"""Associating a supply with a device, and changing an association: the same questions, the same summary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.associations import service as associations
from backend.associations.errors import AlreadyDeleted, AssociationNotFound, SupplyAssociated
from backend.associations.values import Association
from backend.budgets.errors import BudgetSpent
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
from conversations.core.answers import Answer, Await, Do, Go, Reject, Show, Start, Wait, show
from conversations.core.assistance import assistance_button
from conversations.core.central import AskingAction, answer_of, ask_central, counted, room, spent_noted
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow
from conversations.core.prompts import Entry, Html, Prompt, join
from conversations.core.summary import Summary
from conversations.core.waiting import moment


class ConfirmStep(Summary[Draft]):
    """Is it all right?"""

    def questions(self) -> Flow[Draft]:
        return Associate()

    def heading(self, draft: Draft, context: TurnContext) -> Html:
        key = "heading" if draft.replaces is None else "heading_change"
        return context.say(f"associate.confirm.{key}", pod=draft.pod)

    async def confirm(self, draft: Draft, context: TurnContext) -> Answer:
        pod = Pod(draft.pod, draft.pod)
        if draft.replaces is not None:
            present = await context.short_read(associations.find, context.acting, draft.replaces)
            if present is not None and _same(present, draft):
                raise Reject("unchanged")
        try:
            return Await(await ask_central(pod, context), draft)
        except BudgetSpent as refusal:
            noted, values = spent_noted(refusal, context), room(context.say, refusal.spent)
            raise Reject("budget-spent", noted, **values) from refusal

    async def waiting(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(context.say("associate.checking", pod=draft.pod))

    async def resumed(self, draft: Draft, result: Any, context: TurnContext) -> Answer:
        pod, answer = Pod(draft.pod, draft.pod), answer_of(result)
        if not isinstance(answer, SupplyFound):
            failure = failure_of(pod, answer)
            outcome = context.say(f"outcome.{failure.value}", pod=pod.code)
            raise Reject("central", counted(context), outcome=outcome).offering(*_ways(failure, pod, context))
        return _made(draft, answer, context)


class Associate(Flow[Draft]):
    """Associates; or, begun with an association, changes it."""

    name = "associate"
    draft_type = Draft
    steps = (TypeStep(), DeviceStep(), ConfigurationStep(), ProductionStep(), ConfirmStep())

    def key(self, draft: Draft) -> str:
        return f"{Pod(draft.pod, draft.pod).point} {draft.replaces or ''}"

    def cancelled(self, draft: Draft) -> Go | None:
        return Go("association", str(draft.replaces)) if draft.replaces is not None else None

    async def refused(self, draft: Draft, refusal: Refused, context: TurnContext) -> Answer:
        ended = await _ended(refusal, draft.replaces, context)
        if ended is not None:
            return replace(ended, effects=(counted(context),))
        raise rejected(refusal, counted(context))


class BeginAssociation(AskingAction):
    """Begin the dialogue for this POD, with what the central system knows of it now."""

    name = "associate"
    permission = Permission.ASSOCIATE
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return Go("pod", argument)
        return Wait(
            await ask_central(pod, context),
            lambda: moment(context.say("associate.checking", pod=pod.code), context),
        )

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        pod, answer = Pod(arguments["pod"], arguments["pod"]), answer_of(result)
        found = await context.short_read(associations.judged, context.acting, pod, answer)
        eligible = LookUpOutcome.ELIGIBLE in (found.outcome, found.exchange_outcome)
        if not eligible or not isinstance(answer, SupplyFound):
            return Go("pod", pod.code, (counted(context),))
        productions = tuple(production.pod.code for production in answer.productions)
        return Start(Associate.name, Draft(answer.supply.pod.code, productions), (counted(context),))


class BeginChange(AskingAction):
    """Begin the dialogue with an association's own values: another device, or the other configuration."""

    name = "change"
    permission = Permission.ASSOCIATE

    async def run(self, argument: str, context: TurnContext) -> Answer:
        present = await find_association(argument, context)
        if present is None or present.deleted_at is not None:
            return show(association_gone(context, present))
        pod = present.pod
        checking = context.say("associate.checking", pod=pod.code)
        return Wait(await ask_central(pod, context, id=present.id), lambda: moment(checking, context))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        present = await context.short_read(associations.find, context.acting, int(arguments["id"]))
        if present is None or present.deleted_at is not None:
            return Show((association_gone(context, present),), (counted(context),))
        answer = answer_of(result)
        if not isinstance(answer, SupplyFound):
            failure = failure_of(present.pod, answer)
            outcome = context.say(f"outcome.{failure.value}", pod=present.pod.code)
            said = join([outcome, context.say("association.not_now")], "\n\n")
            back = Entry(context.say("association.button.open"), "association", str(present.id))
            rows = tuple((each,) for each in (*_ways(failure, present.pod, context), back))
            return Show((Prompt(said, rows),), (counted(context),))
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
        return Start(Associate.name, draft, (counted(context),))


def _made(draft: Draft, facts: SupplyFound, context: TurnContext) -> Do:
    """Have the association made, with its SCP file asked for in the same breath."""
    key = "associate.created" if draft.replaces is None else "associate.changed"

    def finish(made: tuple[Association, ScpFile]) -> list[Prompt]:
        return [association_card(made[0], context, context.say(key))]

    return Do(
        order(scp.associate, context.acting, draft.request(), facts, draft.replaces, context.now),
        finish,
        (counted(context),),
        more=lambda made: [
            JobRequest("scp", {"scp_id": made[1].id, "association_id": made[0].id}),
            *([JobRequest("programming_follow", {})] if draft.replaces is not None else []),
        ],
    )


async def _ended(refusal: Refused, replaces: int | None, context: TurnContext) -> Show | None:
    """The end of the dialogue if the refusal leaves nothing to ask again."""
    if isinstance(refusal, SupplyAssociated):
        association = None
        if refusal.own_id is not None:
            association = await context.short_read(associations.find, context.acting, refusal.own_id)
        head = context.say("associate.meanwhile")
        return show(association_card(association, context, head) if association else Prompt(head))
    if isinstance(refusal, AssociationNotFound | AlreadyDeleted):
        return show(await gone_by_now(replaces, context))
    return None


def _same(present: Association, draft: Draft) -> bool:
    request = draft.request()
    return (present.sid, present.configuration, present.production_pod) == (
        request.sid,
        request.configuration,
        request.production_pod,
    )


def _ways(failure: LookUpOutcome, pod: Pod, context: TurnContext) -> tuple[Entry, ...]:
    """The way to assistance, where the outcome says to ask for it."""
    return (assistance_button(context, failure.value, pod.code),) if failure.asks_for_assistance else ()


def failure_of(pod: Pod, answer: CentralAnswer | Exception) -> LookUpOutcome:
    return judge(pod, answer, None).outcome
