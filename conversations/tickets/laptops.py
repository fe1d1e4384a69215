"""A diagnostic report of one's own laptop as a file of a ticket."""

from __future__ import annotations

from backend.bridges import service as bridges
from backend.bridges.values import Bridge
from backend.identity.permissions import Permission
from conversations.core.answers import Answer, Await, Question, Reject
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest
from conversations.core.prompts import Choice, Rows

JOB = "ticket_diagnostics"
LAPTOP = "laptop"
MOST_SHOWN = 3


async def laptop_buttons(context: TurnContext) -> Rows:
    """A button for each paired laptop of who writes, connected or not."""
    found = await _laptops(context)
    if len(found) == 1:
        return ((Choice(context.say("ticket.files.button.laptop"), f"{LAPTOP}{found[0].id}"),),)
    return tuple(
        (Choice(context.say("ticket.files.button.this_laptop", host=each.host[:30]), f"{LAPTOP}{each.id}"),)
        for each in found
    )


async def diagnosed(value: str, draft: object, context: TurnContext) -> Answer:
    """Ask the laptop whose button this is. Raises Reject where it is not connected."""
    found = next((each for each in await _laptops(context) if value == f"{LAPTOP}{each.id}"), None)
    if found is None:
        raise Reject("press")
    if not found.connected:
        raise Reject("ticket.files.laptop_away", host=found.host, at=found.seen_at or found.asked_at)
    return Await(Question(JobRequest(JOB, {"bridge_id": found.id})), draft)


async def _laptops(context: TurnContext) -> list[Bridge]:
    if not context.may(Permission.PROGRAM):
        return []
    return (await context.short_read(bridges.mine, context.acting, context.now))[:MOST_SHOWN]
