"""Tickets in words: cards, labels of the tree."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import escape, unescape

from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.tickets.times import USUAL, WorkingHours, working_time
from backend.tickets.values import Ticket, TicketMessage, TicketState
from conversations.core.context import Say, TurnContext
from conversations.core.prompts import NOTHING, Button, Entry, Html, Prompt, Rows, join
from conversations.tickets.files import summed
from conversations.tickets.tree import CONTACT, SEPARATOR, tree

_TAG = re.compile(r"<[^>]*>")
SHOWN = 8
"""Messages on a card: the last ones."""
MOST_UNITS = 4000
"""UTF-16 units of a card's text: Telegram takes 4,096."""
SHORT = 400
"""Characters of a message on a card."""


def card_of(context: TurnContext, ticket: Ticket, head: Html = NOTHING) -> Prompt:
    """A ticket as who acts in this turn sees it, below `head`."""
    services = context.services
    return ticket_card(
        context.say,
        ticket,
        context.acting,
        context.now,
        head,
        services.working_hours,
        scp_uploaded=services.scp_uploaded,
    )


def ticket_card(
    say: Say,
    ticket: Ticket,
    actor: Actor,
    now: datetime,
    head: Html = NOTHING,
    hours: WorkingHours = USUAL,
    *,
    scp_uploaded: bool = False,
) -> Prompt:
    """A ticket as this person sees it. How late it is is told to the staff, in working `hours`; so is that an
    SCP file can be attached, where they are uploaded.
    """
    lines = _lines(say, ticket)
    days = ticket.days(now)
    if ticket.closed_at is not None:
        lines.append(say("ticket.closed", at=ticket.closed_at, days=days))
    else:
        lines.append(say("ticket.days", days=days))
    if actor.may(Permission.ANSWER_TICKETS):
        lines += due_lines(say, ticket, now, hours)
    about = join([head, join(lines)], "\n\n")
    said, room = list[Html](), MOST_UNITS - units(about)
    for each in reversed(ticket.messages[-SHOWN:]):
        worded = words(say, each)
        room -= units(worded) + 2
        if room < 0 and said:
            break
        said.insert(0, worded)
    if hidden := len(ticket.messages) - len(said):
        said.insert(0, say("ticket.earlier", number=hidden))
    text = join([about, join(said, "\n\n")], "\n\n")
    return Prompt(text, _rows(say, ticket, actor, scp_uploaded), persistent=True)


def units(text: Html) -> int:
    """The length of a text as Telegram counts it: in UTF-16 units, without its tags."""
    return len(unescape(_TAG.sub("", text)).encode("utf-16-le")) // 2


def words(say: Say, said: TicketMessage, *, in_topic: bool = False) -> Html:
    """Something that was said, with who said it and what became of it; in a topic it is a message of its own,
    with all of its text and Telegram's time.
    """
    if in_topic:
        text = join([Html(escape(said.text)), attached(say, said)])
        lines = [say(f"ticket.topic_{said.kind.value}", name=said.author, text=text)]
    else:
        text = said_in(say, said)
        lines = [say(f"ticket.said.{said.kind.value}", name=said.author, at=said.at, text=text)]
    if said.edited:
        lines.append(say("ticket.edited"))
    if said.undelivered:
        lines.append(say("ticket.undelivered"))
    return join(lines)


def topic_card(say: Say, ticket: Ticket) -> Prompt:
    """A ticket at the head of its topic, for everybody who answers tickets: what is said stands below."""
    lines = _lines(say, ticket)
    if ticket.closed_at is not None:
        lines.append(say("ticket.closed", at=ticket.closed_at, days=ticket.days(ticket.closed_at)))
        return Prompt(join(lines), persistent=True)
    dues = (("answer", ticket.answer_due_at), ("solve", ticket.solve_due_at))
    lines += [say(f"ticket.due.{target}", at=due) for target, due in dues if due is not None]
    rules = say("ticket.topic_rules", name=ticket.requester)
    return Prompt(join([join(lines), rules], "\n\n"), _topic_rows(say, ticket), persistent=True)


def _lines(say: Say, ticket: Ticket) -> list[Html]:
    """What a ticket is about, and who is at it."""
    labels = " › ".join(tree().labels(ticket.category, say.language)[1:])
    lines = [
        say("ticket.title", number=ticket.id, state=say(f"ticket.state.{ticket.state.value}")),
        say("ticket.about", device=ticket.device_type.product_name, category=labels),
        *(
            say("ticket.code", name=name, code=code)
            for name, code in (
                ("POD", ticket.pod),
                (say("ticket.production"), ticket.production_pod),
                ("SID", ticket.sid),
                ("NID", ticket.nid),
            )
            if code
        ),
        _opened(say, ticket),
    ]
    if ticket.operator:
        lines.append(say("ticket.operator", name=ticket.operator))
    return lines


def due_lines(say: Say, ticket: Ticket, now: datetime, hours: WorkingHours) -> list[Html]:
    """By when a ticket is to be answered and solved, or how late that is; what who asked says of its end."""
    lines = []
    for target, due in (("answer", ticket.answer_due_at), ("solve", ticket.solve_due_at)):
        if due is None:
            continue
        if now < due:
            lines.append(say(f"ticket.due.{target}", at=due))
        else:
            by = hours_in_words(say, working_time(hours, due, now))
            lines.append(say(f"ticket.overdue.{target}", late=by))
    if ticket.satisfaction is not None:
        lines.append(say(f"ticket.rated.{ticket.satisfaction.value}"))
    return lines


def lateness_of(ticket: Ticket, now: datetime, hours: WorkingHours) -> timedelta:
    """The working time since the first of its targets passed; none where no target has."""
    dues = [due for due in (ticket.answer_due_at, ticket.solve_due_at) if due is not None]
    return working_time(hours, min(dues), now) if dues else timedelta()


def hours_in_words(say: Say, span: timedelta) -> Html:
    """Working time in whole hours, or in minutes where it is less than one."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return say("ticket.minutes", number=minutes)
    return say("ticket.hours", number=minutes // 60)


def words_of(say: Say, message: TicketMessage) -> str:
    """The words of a message, or that it has none."""
    return message.text or say("ticket.files.wordless")


def attached(say: Say, message: TicketMessage) -> Html:
    """How many files of which kind a message has; nothing for none."""
    files = summed(say, message.files)
    return say("ticket.files.with", files=files) if files else NOTHING


def said_in(say: Say, message: TicketMessage) -> Html:
    """A message on a card: its words as far as there is room, and its files."""
    words = say("ticket.files.text", text=shortened(message.text)) if message.text else NOTHING
    return join([words, attached(say, message)])


def files_button(say: Say, ticket: Ticket, message: TicketMessage | None = None) -> tuple[Button, ...]:
    """The button to the files of a ticket, or of one of its messages."""
    shown = ticket.messages if message is None else (message,)
    number = sum(len(each.files) for each in shown)
    argument = str(ticket.id) if message is None else f"{ticket.id}_{message.id}"
    return (Entry(say("ticket.files.button.show", number=number), "ticket_files", argument),)


def _opened(say: Say, ticket: Ticket) -> Html:
    name = ticket.requester or say("ticket.somebody")
    if ticket.category.rpartition(SEPARATOR)[2] == CONTACT:
        return say("ticket.begun", at=ticket.opened_at, name=name, company=ticket.integrator or "–")
    if ticket.integrator is None:
        return say("ticket.opened_alone", at=ticket.opened_at, name=name)
    return say("ticket.opened", at=ticket.opened_at, name=name, company=ticket.integrator)


def shortened(text: str, most: int = SHORT) -> str:
    """A text as long as there is room for it: a message on a card, where nothing else is said."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _topic_rows(say: Say, ticket: Ticket) -> Rows:
    number = str(ticket.id)

    def entry(key: str, action: str) -> Entry:
        return Entry(say(f"ticket.button.{key}"), action, number)

    if ticket.state is TicketState.CLOSED:
        return ()
    if ticket.state is TicketState.OPEN:
        first = (entry("take", "ticket_take"), entry("answer", "ticket_answer"))
    else:
        first = (entry("answer", "ticket_answer"), entry("give_back", "ticket_give_back"))
    return (first, (entry("hand_over", "ticket_hand"), entry("close", "ticket_close")))


def _rows(say: Say, ticket: Ticket, actor: Actor, scp_uploaded: bool) -> Rows:
    number, rows = str(ticket.id), list[tuple[Button, ...]]()
    if any(each.files for each in ticket.messages):
        rows.append(files_button(say, ticket))

    def entry(key: str, action: str) -> Entry:
        return Entry(say(f"ticket.button.{key}"), action, number)

    if actor.may(Permission.ANSWER_TICKETS):
        if ticket.state is TicketState.OPEN or (
            ticket.state is TicketState.IN_PROGRESS and ticket.operator_left
        ):
            rows.append((entry("take", "ticket_take"), entry("answer", "ticket_answer")))
            rows.append((entry("note", "ticket_note"), entry("close", "ticket_close")))
        elif ticket.state is TicketState.IN_PROGRESS and ticket.operator_id == actor.person_id:
            rows.append((entry("answer", "ticket_answer"), entry("close", "ticket_close")))
            rows.append((entry("note", "ticket_note"), entry("hand_over", "ticket_hand")))
            rows.append((entry("give_back", "ticket_give_back"),))
        elif ticket.state is TicketState.IN_PROGRESS:
            rows.append((entry("note", "ticket_note"), entry("hand_over", "ticket_hand")))
        code = ticket.sid or ticket.pod
        if scp_uploaded and code and ticket.closed_at is None and actor.may(Permission.ATTACH_SCP):
            rows.append((Entry(say("ticket.button.scp"), "scp_attach", code),))
    if ticket.requester_id == actor.person_id:
        if ticket.state is TicketState.CLOSED:
            rows.append((entry("reopen", "ticket_reopen"),))
        else:
            rows.append((entry("add", "ticket_add"),))
    transcript = Entry(say("ticket_transcript.button"), "ticket_transcript", number)
    if actor.may(Permission.ANSWER_TICKETS):
        rows.append((transcript, Entry(say("desk.menu"), "desk")))
    else:
        rows.append((transcript,))
        rows.append((Entry(say("ticket.mine"), "tickets"), Entry(say("button.home"), "home")))
    return tuple(rows)
