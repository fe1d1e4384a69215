"""The SCP file of an association: at once where it is ready, else as soon as it is."""

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
from conversations.core.context import Here
from conversations.core.effects import JobRequest, order
from conversations.core.navigation import id_of
from conversations.core.prompts import Document, Entry, Prompt


class GetScp(Action):
    """Get the file. The argument is the association's id; what is no live one shows what became of it."""

    name = "scp"
    permission = Permission.GET_SCP

    async def run(self, argument: str, here: Here) -> Answer:
        number = id_of(argument)
        found = await here.short_read(associations.find, here.acting, number) if number is not None else None
        if found is None or found.deleted_at is not None:
            return Go("association", argument)
        file = await here.short_read(scp.latest_for, here.acting, found.id)
        if file is not None and file.is_current(here.now):
            return _deliver(found, file, here)
        return Do(
            order(scp.request, here.acting, found, here.now),
            lambda _: [Prompt(here.say("scp.moment"), below=True)],
            more=lambda asked: [JobRequest(self.name, {"scp_id": asked.id, "association_id": found.id})],
        )

    async def result(self, arguments: dict[str, Any], result: Any, here: Here) -> Answer:
        association_id = int(arguments["association_id"])
        found = await here.short_read(associations.find, here.acting, association_id)
        try:
            file = await here.short_read(scp.latest_for, here.acting, association_id)
        except ScpAssociationGone:
            return show(Prompt(here.say("scp.gone")))
        if found is None or file is None or file.state is not ScpState.READY:
            again = Entry(here.say("button.again"), self.name, str(association_id))
            return show(Prompt(here.say("scp.failed"), ((again,),)))
        return _deliver(found, file, here)


def _deliver(association: Association, file: ScpFile, here: Here) -> Do:
    """Send the file and record that it was handed over."""
    say = here.say
    prompt = Prompt(
        say(
            "scp.caption",
            number=association.id,
            configuration=say(f"configuration.{association.configuration.value.lower()}"),
            pod=association.pod.code,
            sid=association.sid,
            until=file.expires_at or here.now,
        ),
        ((Entry(say("association.button.open"), "association", str(association.id)),),),
        Document(file.digest or "", file.name),
    )
    return Do(order(scp.record_delivery, here.acting, file.id, here.now), lambda _: [prompt])
