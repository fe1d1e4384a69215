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
from conversations.core.context import Here
from conversations.core.effects import order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import way_on
from conversations.core.prompts import Choice, Entry, Prompt
from conversations.core.replies import Reply


@dataclass(frozen=True)
class Doomed:
    """The association to be deleted, as it is named in the question."""

    association_id: int
    pod: str
    device: str
    sid: str


class Sure(Step[Doomed]):
    """Really?"""

    name = "sure"

    def filled(self, draft: Doomed) -> bool:
        return False

    async def ask(self, draft: Doomed, here: Here) -> Prompt:
        return Prompt(
            here.say(
                "delete.sure.ask", pod=draft.pod, device=DeviceType(draft.device).product_name, sid=draft.sid
            ),
            ((Choice(here.say("delete.sure.button"), "yes"),),),
        )

    async def answer(self, draft: Doomed, reply: Reply, here: Here) -> Answer:
        chosen(reply, "yes")

        def finish(gone: Association) -> list[Prompt]:
            say = here.say
            return [
                Prompt(
                    say("delete.done", pod=gone.pod.code, device=gone.device_type.product_name, sid=gone.sid),
                    (
                        (Entry(say("button.look_up_again"), "pod", gone.pod.code),),
                        *way_on(here, associations_button(here)),
                    ),
                )
            ]

        return Do(order(associations.delete, here.acting, draft.association_id, here.now), finish)


class Delete(Flow[Doomed]):
    """Deletes an association."""

    name = "delete"
    draft_type = Doomed
    steps = (Sure(),)

    def key(self, draft: Doomed) -> str:
        return str(draft.association_id)

    def cancelled(self, draft: Doomed) -> Go:
        return Go("association", str(draft.association_id))

    async def refused(self, draft: Doomed, refusal: Refused, here: Here) -> Answer:
        if isinstance(refusal, AssociationNotFound | AlreadyDeleted):
            return show(await gone_by_now(draft.association_id, here))
        return await super().refused(draft, refusal, here)


class BeginDeletion(Action):
    """Ask whether this association should really go."""

    name = "delete"
    permission = Permission.DELETE_ASSOCIATION

    async def run(self, argument: str, here: Here) -> Answer:
        found = await find_association(argument, here)
        if found is None or found.deleted_at is not None:
            return show(association_gone(here, found))
        return Start(Delete.name, Doomed(found.id, found.pod.code, found.device_type.value, found.sid))
