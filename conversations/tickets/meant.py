"""Words with a POD in them, from somebody with an open ticket: they may be for it as well as a look-up."""

from __future__ import annotations

from collections.abc import Sequence

from backend.identity.permissions import Permission
from backend.supplies.pod import find_pods
from backend.tickets import service as tickets
from conversations.core.answers import Answer, Go, Start
from conversations.core.context import TurnContext
from conversations.core.feature import Recognised
from conversations.core.replies import Attachment, Typed
from conversations.tickets.asking import TicketAction
from conversations.tickets.room import LOOK_UP, WhichFlow
from conversations.tickets.saying import Said

LEAST_WORDS = 5
"""Words beside a POD that make a message of it: fewer are pasted with the code."""


def recognise_meant(text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
    """A message about one POD."""
    words = [word for word in text.split() if word.strip(".,;:!?()").isalpha()]
    if attachments or len(words) < LEAST_WORDS or not context.private:
        return None
    pods = find_pods(text)
    if len(pods) != 1 or not context.may(Permission.OPEN_TICKETS):
        return None
    return Recognised(Meant.name, pods[0].code)


class Meant(TicketAction):
    """Ask what a message is for, where a ticket is open; else look its POD up. The argument is the POD."""

    name = "ticket_meant"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        said = context.reply
        if not isinstance(said, Typed) or not await context.short_read(tickets.open_of, context.acting):
            return Go(LOOK_UP, argument)
        return Start(WhichFlow.name, Said.of(0, tickets.fitting(said.text.strip()), said.message))
