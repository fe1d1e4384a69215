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
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import NOTHING, Entry, Html, Prompt, Rows
from conversations.tickets.asking import ShowTicket, TicketAction
from conversations.tickets.saying import AddFlow, AnswerFlow, CloseFlow, NoteFlow, Said
from conversations.tickets.tree import tree
from conversations.tickets.wording import card_of, lateness_of, shortened, topic_card

HOUR = timedelta(hours=1)
MOST_SKIPPED = 100_000
QUEUES = {queue.value: queue for queue in Queue}
DESK = "desk"


async def ways_on(context: TurnContext) -> Rows:
    """The queues with the number of what is in them, the tools of the desk, and home."""
    say = context.say
    numbers = await context.short_read(lateness.numbers, context.acting, context.now)
    others = [
        Entry(say(f"desk.queue.{each.value}", number=numbers.get(each, 0)), DESK, each.value)
        for each in Queue
    ]
    queues = (tuple(others[:2]), tuple(others[2:]))
    if not context.private:
        return queues
    ways = (
        (Entry(say("ticket_find.button"), "tfind_ask"), Entry(say("ticket_report.menu"), "treport")),
        (Entry(say("canned.menu"), "canned"), Entry(say("desk.button.contact"), "ticket_contact")),
    )
    return (*queues, *ways, (home_button(context),))


async def late_queue(page: Page, context: TurnContext) -> tuple[list[Ticket], list[int]]:
    """A page of what is late, and the positions of its tickets: it has an order of its own, by which the
    page counts.
    """
    skipped = min(page.at or 0, MOST_SKIPPED)
    found = await context.short_read(lateness.late, context.acting, context.now, page.wanted, skipped)
    return found, [skipped + position for position in range(1, len(found) + 1)]


def late_label(ticket: Ticket, context: TurnContext) -> str:
    """A late ticket on a button, with how late it is."""
    category = tree().short(ticket.category, context.say.language)
    by = lateness_of(ticket, context.now, context.services.working_hours)
    return context.say(
        "ticket.listed_late",
        hours=by // HOUR,
        number=ticket.id,
        company=company_of(ticket, context),
        category=shortened(category, 24),
    )


def desk_label(ticket: Ticket, context: TurnContext) -> str:
    """A ticket on a button of the desk, with whose it is."""
    category = tree().short(ticket.category, context.say.language)
    return context.say(
        "ticket.listed_desk",
        mark=context.say(f"ticket.mark.{ticket.state.value}"),
        number=ticket.id,
        company=company_of(ticket, context),
        category=shortened(category, 24),
    )


def company_of(ticket: Ticket, context: TurnContext) -> str:
    """The integrator of a ticket, or who asks where there is none."""
    return shortened(ticket.integrator or ticket.requester or context.say("ticket.somebody"), 24)


class DeskAction(TicketAction):
    """An action of the staff on a ticket."""

    permission = Permission.ANSWER_TICKETS
    in_staff_group = True

    def card(self, found: Ticket, context: TurnContext, head: Html = NOTHING) -> list[Prompt]:
        """The ticket after it has changed: in its topic the card that all read."""
        if not context.private:
            return [topic_card(context.say, found)]
        return [card_of(context, found, head)]


class Desk(DeskAction):
    """A queue of the staff. The argument is `<queue>_<page>`, both of which may be missing."""

    name = DESK
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, (which, _, at) = context.say, argument.partition("_")
        queue = QUEUES.get(which, Queue.UNASSIGNED)
        newest_first = queue is Queue.CLOSED
        page = Page(self.name, id_of(at), of=f"{queue.value}_", newest_first=newest_first)
        if queue is Queue.LATE:
            label = late_label
            found, places = await late_queue(page, context)
        else:
            label = desk_label
            found = await context.short_read(tickets.queue, context.acting, queue, page.wanted, page.at)
            places = [each.id for each in found]
        rows: Rows = tuple(
            (Entry(label(each, context), ShowTicket.name, str(each.id)),) for each in found[: page.size]
        )
        said = say(f"desk.head.{queue.value}") if found else say(f"desk.none.{queue.value}")
        ways = await ways_on(context)
        return show(Prompt(said, (*rows, *page.turning(context, places), *ways)))


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
