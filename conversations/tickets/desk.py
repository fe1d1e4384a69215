"""The desk of the staff: queues, and the work at a ticket."""

from __future__ import annotations

from backend.identity.permissions import Permission
from backend.tickets import service as tickets
from backend.tickets.values import Queue
from conversations.core.answers import Answer, Do, Go, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Button, Entry, Prompt, Rows
from conversations.tickets.asking import ShowTicket, TicketAction, label_of
from conversations.tickets.saying import AddFlow, AnswerFlow, CloseFlow, NoteFlow, Said
from conversations.tickets.wording import ticket_card

SHOWN = 8
QUEUES = {queue.value: queue for queue in Queue}


class DeskAction(TicketAction):
    """An action of the staff on a ticket."""

    permission = Permission.ANSWER_TICKETS


class Desk(DeskAction):
    """A queue of the staff. The argument is `<queue>_<after>`, both of which may be missing."""

    name = "desk"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, (which, _, after) = context.say, argument.partition("_")
        queue = QUEUES.get(which, Queue.UNASSIGNED)
        found = await context.short_read(tickets.queue, context.acting, queue, SHOWN + 1, id_of(after))
        rows: Rows = tuple(
            (Entry(label_of(each, context), ShowTicket.name, str(each.id)),) for each in found[:SHOWN]
        )
        turning: list[Button] = []
        if id_of(after) is not None:
            turning.append(Entry(say("desk.first"), self.name, queue.value))
        if len(found) > SHOWN:
            turning.append(Entry(say("desk.next"), self.name, f"{queue.value}_{found[SHOWN - 1].id}"))
        others = [each for each in Queue if each is not queue]
        queues = tuple(Entry(say(f"desk.queue.{each.value}"), self.name, each.value) for each in others)
        said = say(f"desk.head.{queue.value}") if found else say(f"desk.none.{queue.value}")
        turned = (tuple(turning),) if turning else ()
        ways = (Entry(say("ticket_find.button"), "tfind_ask"), Entry(say("ticket_report.menu"), "treport"))
        return show(
            Prompt(
                said,
                (*rows, *turned, queues, ways, (Entry(say("canned.menu"), "canned"), home_button(context))),
            )
        )


class Take(DeskAction):
    """Take a ticket. The argument is its number."""

    name = "ticket_take"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(tickets.take, context.acting, id_of(argument) or 0, context.now),
            lambda found: [ticket_card(context.say, found, context.acting, context.now)],
        )


class GiveBack(DeskAction):
    """Let anybody take it. The argument is the ticket's number."""

    name = "ticket_give_back"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(tickets.give_back, context.acting, id_of(argument) or 0, context.now),
            lambda found: [
                ticket_card(context.say, found, context.acting, context.now, context.say("desk.given_back"))
            ],
        )


class BeginAnswer(DeskAction):
    """Begin an answer. The argument is the ticket's number."""

    name = "ticket_answer"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await begin(AnswerFlow.name, argument, context)


class BeginNote(DeskAction):
    """Begin an internal note. The argument is the ticket's number."""

    name = "ticket_note"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await begin(NoteFlow.name, argument, context)


class BeginClose(DeskAction):
    """Begin to close. The argument is the ticket's number."""

    name = "ticket_close"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await begin(CloseFlow.name, argument, context)


class BeginAdd(TicketAction):
    """Begin to say more about one's own ticket. The argument is its number."""

    name = "ticket_add"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await begin(AddFlow.name, argument, context)


async def begin(flow: str, argument: str, context: TurnContext) -> Answer:
    """Begin a dialogue about a ticket that the actor may see. Raises TicketGone."""
    found = await context.short_read(tickets.get, context.acting, id_of(argument) or 0)
    if found.closed_at is not None:
        return Go(ShowTicket.name, argument)
    return Start(flow, Said(found.id))
