"""Deleting an association: one question that names what goes."""

from __future__ import annotations

from dataclasses import dataclass

from backend.associations import service as associations
from backend.associations.errors import AlreadyDeleted, AssociationNotFound
from backend.associations.values import Association
from backend.core.refusals import Refused
from backend.devices.values import DeviceType
from backend.identity.permissions import Permission
from conversations.associations.card import (
    association_gone,
    associations_button,
    find_association,
    gone_by_now,
)
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import way_on
from conversations.core.prompts import Choice, Entry, Prompt
from conversations.core.replies import Reply


@dataclass(frozen=True)
class DeletionDraft:
    """The association to be deleted, as it is named in the question."""

    association_id: int
    pod: str
    device: str
    sid: str


class ConfirmDeletion(Step[DeletionDraft]):
    """Really?"""

    name = "sure"

    def filled(self, draft: DeletionDraft) -> bool:
        return False

    async def ask(self, draft: DeletionDraft, context: TurnContext) -> Prompt:
        return Prompt(
            context.say(
                "delete.sure.ask", pod=draft.pod, device=DeviceType(draft.device).product_name, sid=draft.sid
            ),
            ((Choice(context.say("delete.sure.button"), "yes"),),),
        )

    async def answer(self, draft: DeletionDraft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, "yes")

        def finish(gone: Association) -> list[Prompt]:
            say = context.say
            return [
                Prompt(
                    say("delete.done", pod=gone.pod.code, device=gone.device_type.product_name, sid=gone.sid),
                    (
                        (Entry(say("button.look_up_again"), "pod", gone.pod.code),),
                        *way_on(context, associations_button(context)),
                    ),
                )
            ]

        return Do(
            order(associations.delete, context.acting, draft.association_id, context.now),
            finish,
            (JobRequest("programming_follow", {}),),
        )


class Delete(Flow[DeletionDraft]):
    """Deletes an association."""

    name = "delete"
    draft_type = DeletionDraft
    steps = (ConfirmDeletion(),)

    def key(self, draft: DeletionDraft) -> str:
        return str(draft.association_id)

    def cancelled(self, draft: DeletionDraft) -> Go:
        return Go("association", str(draft.association_id))

    async def refused(self, draft: DeletionDraft, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, AssociationNotFound | AlreadyDeleted):
            return show(await gone_by_now(draft.association_id, context))
        return await super().refused(draft, refusal, context)


class BeginDeletion(Action):
    """Ask whether this association should really go."""

    name = "delete"
    permission = Permission.DELETE_ASSOCIATION

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await find_association(argument, context)
        if found is None or found.deleted_at is not None:
            return show(association_gone(context, found))
        return Start(Delete.name, DeletionDraft(found.id, found.pod.code, found.device_type.value, found.sid))
