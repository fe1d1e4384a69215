"""The desk of the staff: queues, and the work at a ticket."""

from __future__ import annotations

from datetime import timedelta

from backend.identity.permissions import Permission
from backend.tickets import lateness
from backend.tickets import service as tickets
from backend.tickets.values import Queue, Ticket
from conversations.core.answers import Answer, Do, Go, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import NOTHING, Button, Entry, Html, Prompt, Rows
from conversations.tickets.asking import ShowTicket, TicketAction, label_of
from conversations.tickets.saying import AddFlow, AnswerFlow, CloseFlow, NoteFlow, Said
from conversations.tickets.tree import tree
from conversations.tickets.wording import lateness_of, shortened, ticket_card, topic_card

SHOWN = 8
HOUR = timedelta(hours=1)
MOST_SKIPPED = 100_000
QUEUES = {queue.value: queue for queue in Queue}
DESK = "desk"


def other_queues(queue: Queue, context: TurnContext) -> Rows:
    """The ways from a queue to the others, and home."""
    others = [
        Entry(context.say(f"desk.queue.{each.value}"), DESK, each.value)
        for each in Queue
        if each is not queue
    ]
    queues = (tuple(others[:2]), tuple(others[2:]))
    if not context.private:
        return queues
    say = context.say
    ways = (
        (Entry(say("ticket_find.button"), "tfind_ask"), Entry(say("ticket_report.menu"), "treport")),
        (Entry(say("canned.menu"), "canned"), Entry(say("desk.button.contact"), "ticket_contact")),
    )
    return (*queues, *ways, (home_button(context),))


async def late_queue(skipped: int, context: TurnContext) -> Prompt:
    """What is late, behind the first ones: it has an order of its own."""
    say, late = context.say, f"{Queue.LATE.value}_"
    found = await context.short_read(
        lateness.late, context.acting, context.now, SHOWN + 1, min(skipped, MOST_SKIPPED)
    )
    rows: Rows = tuple(
        (Entry(late_label(each, context), ShowTicket.name, str(each.id)),) for each in found[:SHOWN]
    )
    turning: list[Button] = []
    if skipped:
        turning.append(Entry(say("desk.first"), DESK, Queue.LATE.value))
    if len(found) > SHOWN:
        turning.append(Entry(say("desk.next"), DESK, f"{late}{skipped + SHOWN}"))
    said = say("desk.head.late") if found else say("desk.none.late")
    turned = (tuple(turning),) if turning else ()
    return Prompt(said, (*rows, *turned, *other_queues(Queue.LATE, context)))


def late_label(ticket: Ticket, context: TurnContext) -> str:
    """A late ticket on a button, with how late it is."""
    category = tree().labels(ticket.category, context.say.language)[-1]
    by = lateness_of(ticket, context.now, context.services.working_hours)
    return context.say(
        "ticket.listed_late",
        hours=by // HOUR,
        number=ticket.id,
        category=shortened(category, 30),
    )


class DeskAction(TicketAction):
    """An action of the staff on a ticket."""

    permission = Permission.ANSWER_TICKETS
    in_staff_group = True

    def card(self, found: Ticket, context: TurnContext, head: Html = NOTHING) -> list[Prompt]:
        """The ticket after it has changed: in its topic the card that all read."""
        if not context.private:
            return [topic_card(context.say, found)]
        hours = context.services.working_hours
        return [ticket_card(context.say, found, context.acting, context.now, head, hours)]


class Desk(DeskAction):
    """A queue of the staff. The argument is `<queue>_<after>`, both of which may be missing."""

    name = DESK
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, (which, _, after) = context.say, argument.partition("_")
        queue = QUEUES.get(which, Queue.UNASSIGNED)
        if queue is Queue.LATE:
            return show(await late_queue(id_of(after) or 0, context))
        found = await context.short_read(tickets.queue, context.acting, queue, SHOWN + 1, id_of(after))
        rows: Rows = tuple(
            (Entry(label_of(each, context), ShowTicket.name, str(each.id)),) for each in found[:SHOWN]
        )
        turning: list[Button] = []
        if id_of(after) is not None:
            turning.append(Entry(say("desk.first"), self.name, queue.value))
        if len(found) > SHOWN:
            turning.append(Entry(say("desk.next"), self.name, f"{queue.value}_{found[SHOWN - 1].id}"))
        said = say(f"desk.head.{queue.value}") if found else say(f"desk.none.{queue.value}")
        turned = (tuple(turning),) if turning else ()
        return show(Prompt(said, (*rows, *turned, *other_queues(queue, context))))


class Take(DeskAction):
    """Take a ticket. The argument is its number."""

    name = "ticket_take"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(tickets.take, context.acting, id_of(argument) or 0, context.now),
            lambda found: self.card(found, context),
        )


class GiveBack(DeskAction):
    """Let anybody take it. The argument is the ticket's number."""

    name = "ticket_give_back"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(tickets.give_back, context.acting, id_of(argument) or 0, context.now),
            lambda found: self.card(found, context, context.say("desk.given_back")),
        )


class HandOver(DeskAction):
    """Who is to work at it? The argument is the ticket's number."""

    name = "ticket_hand"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, number = context.say, id_of(argument) or 0
        found = await context.short_read(tickets.get, context.acting, number)
        people = await context.short_read(tickets.who_answers, context.acting)
        rows: Rows = tuple(
            (Entry(name or say("ticket.somebody"), HandTo.name, f"{number}_{person_id}"),)
            for person_id, name in people
            if person_id != found.operator_id
        )
        back = Entry(say("ticket.button.open", number=number), ShowTicket.name, str(number))
        return show(Prompt(say("desk.hand_over", number=number), (*rows, (back,))))


class HandTo(DeskAction):
    """Hand it over. The argument is `<number>_<person>`."""

    name = "ticket_hand_to"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, person = argument.partition("_")
        return Do(
            order(tickets.hand_over, context.acting, id_of(number) or 0, id_of(person) or 0, context.now),
            lambda found: self._handed(found, context),
        )

    def _handed(self, found: Ticket, context: TurnContext) -> list[Prompt]:
        if not context.private:  # the topic has its card
            return [Prompt(context.say("ticket.handed", name=found.operator or ""))]
        return self.card(found, context)


class Unsaid(TicketAction):
    """Nothing was sent after all. The argument is the ticket's number."""

    name = "ticket_unsaid"
    permission = Permission.SEE_TICKETS
    in_staff_group = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if context.private:
            return Go(ShowTicket.name, argument)
        return show(Prompt(context.say("ticket.not_sent")))


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
