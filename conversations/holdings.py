"""What the integrator has: its associations, each one's card, each one's SCP file."""

from __future__ import annotations

from typing import Any

from backend.associations import service as associations
from backend.associations.values import Association
from backend.identity.permissions import Permission
from backend.scp import service as scp
from backend.scp.errors import ScpAssociationGone
from backend.scp.values import ScpFile, ScpState
from conversations.action import Action
from conversations.answers import Answer, Do, show
from conversations.associate import find_association
from conversations.context import Here
from conversations.effects import JobRequest, order
from conversations.feature import Feature
from conversations.prompts import Button, Document, Entry, Prompt
from conversations.views import association_gone, association_view

PAGE = 8


class ListAssociations(Action):
    """The latest associations of the whole integrator, newest first. The argument is where a page begins."""

    name = "associations"
    permission = Permission.SEE_ASSOCIATIONS
    elsewhere = True

    async def run(self, argument: str, here: Here) -> Answer:
        say = here.say
        before = int(argument) if argument.isascii() and argument.isdigit() and len(argument) <= 18 else None
        found = await here.short_read(associations.latest, here.acting, PAGE + 1, before)
        home = Entry(say("home.button.home"), "home")
        if not found:
            return show(
                Prompt(say("associations.none"), ((Entry(say("home.button.look_up"), "look_up"),), (home,)))
            )
        rows: list[tuple[Button, ...]] = [
            (
                Entry(
                    say("associations.button", pod=each.pod.code, sid=each.sid[-6:]),
                    "association",
                    str(each.id),
                ),
            )
            for each in found[:PAGE]
        ]
        turning: list[Button] = []
        if before is not None:
            turning.append(Entry(say("associations.newest"), "associations"))
        if len(found) > PAGE:
            turning.append(Entry(say("associations.older"), "associations", str(found[PAGE - 1].id)))
        if turning:
            rows.append(tuple(turning))
        integrator = here.acting.acting_for.integrator_name
        return show(Prompt(say("associations.list", integrator=integrator), (*rows, (home,))))


class ShowAssociation(Action):
    """An association's card."""

    name = "association"
    permission = Permission.SEE_ASSOCIATIONS

    async def run(self, argument: str, here: Here) -> Answer:
        found = await find_association(argument, here)
        if found is None:
            return show(association_gone(here))
        return show(association_view(found, here))


class GetScp(Action):
    """The SCP file of an association: at once where it is ready, else as soon as it is."""

    name = "scp"
    permission = Permission.GET_SCP

    async def run(self, argument: str, here: Here) -> Answer:
        found = await find_association(argument, here)
        if found is None or found.deleted_at is not None:
            return show(association_gone(here, found))
        file = await here.short_read(scp.latest_for, here.acting, found.id)
        if file is not None and file.is_current(here.now):
            return deliver(found, file, here)
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
            again = Entry(here.say("scp.button.again"), "scp", str(association_id))
            return show(Prompt(here.say("scp.failed"), ((again,),)))
        return deliver(found, file, here)


def deliver(association: Association, file: ScpFile, here: Here) -> Do:
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
        ((Entry(say("look_up.button.association"), "association", str(association.id)),),),
        Document(file.digest or "", file.name),
    )
    return Do(order(scp.record_delivery, here.acting, file.id, here.now), lambda _: [prompt])


FEATURE = Feature(actions=(ListAssociations(), ShowAssociation(), GetScp()))
