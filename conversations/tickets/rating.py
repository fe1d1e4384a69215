"""A word of who asked on how their ticket ended: two buttons under the news of the closing."""

from __future__ import annotations

from backend.tickets import satisfaction
from backend.tickets.values import Satisfaction, Ticket
from conversations.core.answers import Answer, Do, Go
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.navigation import id_of
from conversations.core.prompts import Entry, Rows
from conversations.tickets.asking import TicketAction
from conversations.tickets.wording import card_of

RATE = "ticket_rate"
WORDS = {"1": Satisfaction.SOLVED, "0": Satisfaction.UNSOLVED}


def rating_row(ticket: Ticket, say: Say) -> Rows:
    """The two buttons, as long as nothing was said."""
    if ticket.closed_at is None or ticket.satisfaction is not None:
        return ()
    return (
        tuple(
            Entry(say(f"ticket.button.{word.value}"), RATE, f"{ticket.id}_{mark}")
            for mark, word in WORDS.items()
        ),
    )


class Rate(TicketAction):
    """Say whether it is solved. The argument is `<ticket>_<1 or 0>`. Who says no finds on the card the button
    that reopens it.
    """

    name = RATE

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, mark = argument.partition("_")
        word = WORDS.get(mark)
        if word is None:
            return Go("ticket", number)
        head = context.say(f"ticket.thanks.{word.value}")
        return Do(
            order(satisfaction.rate, context.acting, id_of(number) or 0, word),
            lambda found: [card_of(context, found, head)],
        )
