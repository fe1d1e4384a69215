"""The SCP file of an association: at once where it is ready, else as soon as it is made; one that the staff
has to attach is awaited.
"""

from __future__ import annotations

from typing import Any

from backend.associations import service as associations
from backend.associations.values import Association
from backend.identity.permissions import Permission
from backend.scp import service as scp
from backend.scp.errors import ScpAssociationGone
from backend.scp.values import ScpFile, ScpState
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.navigation import id_of
from conversations.core.prompts import Document, Entry, Prompt


class GetScp(Action):
    """Get the file. The argument is the association's id; what is no live one shows what became of it."""

    name = "scp"
    permission = Permission.GET_SCP

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument)
        found = (
            await context.short_read(associations.find, context.acting, number)
            if number is not None
            else None
        )
        if found is None or found.deleted_at is not None:
            return Go("association", argument)
        file = await context.short_read(scp.latest_for, context.acting, found.id)
        if file is not None and file.is_current(context.now):
            return _deliver(found, file, context)

        def is_awaited(asked: ScpFile) -> bool:
            return asked.state is ScpState.AWAITED and context.services.scp_uploaded

        def finish(asked: ScpFile) -> list[Prompt]:
            if is_awaited(asked):
                return [_awaited(found, context, below=True)]
            return [Prompt(context.say("scp.moment"), below=True)]

        return Do(
            order(scp.request, context.acting, found, context.now),
            finish,
            more=lambda asked: (
                []
                if is_awaited(asked)
                else [JobRequest(self.name, {"scp_id": asked.id, "association_id": found.id})]
            ),
        )

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        association_id = int(arguments["association_id"])
        found = await context.short_read(associations.find, context.acting, association_id)
        try:
            file = await context.short_read(scp.latest_for, context.acting, association_id)
        except ScpAssociationGone:
            return show(Prompt(context.say("scp.gone")))
        if found is not None and file is not None and file.state is ScpState.AWAITED:
            return show(_awaited(found, context))
        if found is None or file is None or file.state is not ScpState.READY:
            again = Entry(context.say("button.again"), self.name, str(association_id))
            return show(Prompt(context.say("scp.failed"), ((again,),)))
        return _deliver(found, file, context)


def _awaited(association: Association, context: TurnContext, *, below: bool = False) -> Prompt:
    """The file is to come from the distributor, and a notice will say when it is there."""
    say = context.say
    rows = ((Entry(say("association.button.open"), "association", str(association.id)),),)
    return Prompt(say("scp.awaited", pod=association.pod.code), rows, below=below)


def _deliver(association: Association, file: ScpFile, context: TurnContext) -> Do:
    """Send the file and record that it was handed over."""
    say = context.say
    prompt = Prompt(
        say(
            "scp.caption",
            number=association.id,
            configuration=say(f"configuration.{association.configuration.value.lower()}"),
            pod=association.pod.code,
            sid=association.sid,
            until=file.expires_at or context.now,
        ),
        ((Entry(say("association.button.open"), "association", str(association.id)),),),
        Document(file.digest or "", file.name),
    )
    return Do(order(scp.record_delivery, context.acting, file.id, context.now), lambda _: [prompt])
