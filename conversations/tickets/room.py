"""Tickets in the staff group: their topics, and what is said in them. Also what people say about a ticket in
private without any question: replies, edits, words that nobody else understands.

In a topic a plain line is an internal note. Only an answer to the requester's words, or the button, begins an
answer, which is shown as it will be read before it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

from backend.core.outbox import service as outbox
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from backend.staff_group import service as staff_group
from backend.supplies.pod import find_pods
from backend.tickets import service as tickets
from backend.tickets import telling
from backend.tickets import words as ticket_words
from backend.tickets.errors import TicketGone, TicketOver, TooLong
from backend.tickets.values import MessageKind, Source, Ticket, TicketEvent, TicketState
from conversations.core.answers import Answer, Do, Go, Show, Start, show
from conversations.core.assistance import about
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.feature import Recognised
from conversations.core.flow import Step, chosen
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Choice, Entry, Html, Prompt, Rows
from conversations.core.replies import ANONYMOUS, Command, Edited, MessageRef, Overheard, Reply, Sent, Typed
from conversations.core.topics import TopicKind, TopicNow
from conversations.tickets.asking import TicketAction, TicketFlow, label_of, refused
from conversations.tickets.saying import AnswerFlow, Said
from conversations.tickets.tree import tree
from conversations.tickets.wording import files_button, shortened, topic_card, words

NOTHING_SAID = Show(())
NONE, SEARCH = "new", "search"
LOOK_UP = "pod"
"""The action that looks a POD up."""


def _text(said: Typed | Sent | Edited) -> str:
    return (said.caption if isinstance(said, Sent) else said.text).strip()


def _has_files(said: Typed | Sent | Edited) -> bool:
    """Files have a way of their own, on which they are fetched and examined."""
    return isinstance(said, Sent) and bool(said.attachments)


async def hear(said: Typed | Sent | Edited, context: TurnContext) -> Recognised | None:
    """What is said in a ticket's topic, or about a ticket in private."""
    here = context.destination
    if context.staff_group:
        number = await context.short_read(staff_group.subject_in, here, telling.SUBJECT)
        return None if number is None else Recognised(InTopic.name, str(number))
    if not context.private or context.actor is None or said.message is None:
        return None
    if isinstance(said, Edited):
        source = Source(said.message.chat_id, said.message.message_id)
        known = await context.short_read(ticket_words.said_in, context.actor, source)
        return None if known is None else Recognised(EditWord.name, "")
    if said.message.reply_to is None or not _text(said) or _has_files(said):
        return None
    post_id = await context.short_read(outbox.post_at, here, said.message.reply_to)
    content = await context.short_read(outbox.content_of, here, post_id) if post_id is not None else None
    number = _ticket_in(content or {})
    if number is None:
        return None
    found = await context.short_read(tickets.find, context.actor, number)
    theirs = found is not None and found.requester_id == context.actor.person_id
    action = SayMore if theirs or not context.may(Permission.ANSWER_TICKETS) else AnswerByReply
    return Recognised(action.name, str(number))


def _ticket_in(content: dict[str, Any]) -> int | None:
    """The ticket that a message is about: the one that its button leads to."""
    for row in content.get("rows", ()):
        for kind, _, *rest in row:
            if kind == "entry" and rest[0] == "ticket":
                return id_of(rest[1])
    return None


async def take(said: Typed | Sent | Edited, context: TurnContext) -> Recognised | None:
    """Words that nobody has understood, from somebody with an open ticket: they are meant for it."""
    if context.actor is None or not context.may(Permission.OPEN_TICKETS):
        return None
    if not _text(said) or _has_files(said):
        return None
    found = await context.short_read(tickets.open_of, context.actor)
    if not found:
        return None
    return Recognised(SayMore.name, str(found[0].id) if len(found) == 1 else "")


class InTopic(TicketAction):
    """Something was said in the topic of a ticket. The argument is its number."""

    name = "ticket_topic"
    permission = None
    in_staff_group = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        said, number = context.reply, id_of(argument) or 0
        to_us = not isinstance(said, Overheard)
        if isinstance(said, Overheard):
            said = said.said
        if isinstance(said, Command):
            said = Typed(said.text, said.message)
        if not isinstance(said, Typed | Sent | Edited) or said.message is None:
            return NOTHING_SAID
        answers = await self._answers(said, number, context)
        if not context.may(Permission.ANSWER_TICKETS):
            anonymous = context.person.user_id == ANONYMOUS
            if not answers and not anonymous:
                return NOTHING_SAID  # talk of people without a role
            return show(Prompt(context.say("ticket.anonymous" if anonymous else "ticket.no_role")))
        text, source = _text(said), Source(said.message.chat_id, said.message.message_id)
        if isinstance(said, Edited):
            return await self._edited(source, text, context)
        if answers and _has_files(said):
            return show(Prompt(context.say("ticket.only_text")))
        if not text:
            return show(Prompt(context.say("ticket.only_words"))) if _has_files(said) else NOTHING_SAID
        if answers:
            return await answering(number, text, said.message, context)
        noting = order(tickets.note, context.acting, number, text, context.now, source)
        key = "ticket.only_words" if _has_files(said) else "ticket.noted" if to_us else None
        return Do(noting, lambda _: [Prompt(context.say(key))] if key is not None else [])

    async def _answers(self, said: Typed | Sent | Edited, number: int, context: TurnContext) -> bool:
        """True if it answers a message that shows the requester's words."""
        if isinstance(said, Edited) or said.message is None or said.message.reply_to is None:
            return False
        shown = await context.short_read(staff_group.shown_by, context.destination, said.message.reply_to)
        if shown is None or shown.reference is None:
            return False
        found = await context.short_read(tickets.for_staff, number)
        word = found.message(shown.reference) if found is not None else None
        return word is not None and word.kind is MessageKind.REQUEST

    async def _edited(self, source: Source, text: str, context: TurnContext) -> Answer:
        known = await context.short_read(ticket_words.said_in, context.acting, source)
        if known is None or not text:
            return NOTHING_SAID
        if known.kind is MessageKind.ANSWER:
            return show(Prompt(context.say("ticket.sent_already")))
        return Do(order(ticket_words.edit_note, context.acting, source, text, context.now), lambda _: [])

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, TicketGone):
            return NOTHING_SAID
        return await super().refused(refusal, context)


async def answering(number: int, text: str, message: MessageRef | None, context: TurnContext) -> Answer:
    """Begin an answer with these words, unless somebody else works at the ticket. Raises TooLong."""
    text = tickets.fitting(text)
    found = await context.short_read(tickets.get, context.acting, number)
    if found.closed_at is not None:
        return show(refused(TicketOver(), context))
    if found.operator_id not in (None, context.acting.person_id):
        return show(others_ticket(found, context))
    return Start(AnswerFlow.name, Said.of(number, text, message))


class AnswerByReply(TicketAction):
    """In a private chat, somebody of the staff replies to what they were told of a ticket. The argument is
    its number.
    """

    name = "ticket_by_reply"
    permission = Permission.ANSWER_TICKETS

    async def run(self, argument: str, context: TurnContext) -> Answer:
        said = context.reply
        if not isinstance(said, Typed | Sent):
            return Go("ticket", argument)
        return await answering(id_of(argument) or 0, _text(said), said.message, context)


def others_ticket(found: Ticket, context: TurnContext) -> Prompt:
    """Somebody else works at it: who wants to answer takes it over first."""
    say, me = context.say, context.acting.person_id
    take_over = Entry(say("ticket.button.take_over"), "ticket_hand_to", f"{found.id}_{me}")
    return Prompt(say("ticket.taken_here", number=found.id, name=found.operator), ((take_over,),))


class EditWord(TicketAction):
    """Somebody has changed a message that is in a ticket."""

    name = "ticket_edited"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        said = context.reply
        if not isinstance(said, Edited) or said.message is None or not _text(said):
            return show(Prompt(context.say("dialogue.edited")))
        source = Source(said.message.chat_id, said.message.message_id)
        known = await context.short_read(ticket_words.said_in, context.acting, source)
        if known is not None and known.kind is MessageKind.ANSWER:
            return show(Prompt(context.say("ticket.sent_already")))
        is_note = known is not None and known.kind is MessageKind.NOTE
        change = ticket_words.edit_note if is_note else ticket_words.edit_word
        return Do(
            order(change, context.acting, source, _text(said), context.now),
            lambda found: [Prompt(context.say("ticket.edit_told", number=found.id))],
        )

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, TooLong):
            return await super().refused(refusal, context)
        return show(Prompt(context.say("ticket.edit_late")))


class SayMore(TicketAction):
    """Words for a ticket that came without a question. The argument is its number; empty where there are
    several.
    """

    name = "ticket_say"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        said = context.reply
        if not isinstance(said, Typed | Sent):
            return Go("tickets")
        draft = Said.of(id_of(argument) or 0, tickets.fitting(_text(said)), said.message)
        if not draft.ticket_id:
            return Start(WhichFlow.name, draft)
        return adding(draft, context)


def adding(draft: Said, context: TurnContext) -> Answer:
    """Add what was said to the ticket."""
    acting, text = context.acting, draft.text or ""
    return Do(
        order(tickets.add_word, acting, draft.ticket_id, text, context.now, draft.source),
        lambda found: [added(found, context)],
    )


class WhichTicketStep(Step[Said]):
    """For which of the open tickets is it? Where there is a POD in it, it may be a look-up."""

    name = "which"

    def filled(self, draft: Said) -> bool:
        return False

    async def ask(self, draft: Said, context: TurnContext) -> Prompt:
        found = await context.short_read(tickets.open_of, context.acting)
        say, pod = context.say, _pod_in(draft)
        rows: Rows = tuple(
            (Choice(say("ticket_photo.button.add", ticket=Html(label_of(each, context))), str(each.id)),)
            for each in found
        )
        if pod is not None and context.may(Permission.LOOK_UP):
            rows = (*rows, (Choice(say("ticket_which.button.search", pod=pod), SEARCH),))
        none = Choice(say("ticket_which.button.none"), NONE)
        text = shortened(draft.text or "")
        asked = (
            say("ticket_which.which.ask", text=text)
            if pod is None
            else say("ticket_which.which.ask_pod", text=text)
        )
        return Prompt(asked, (*rows, (none,)))

    async def answer(self, draft: Said, reply: Reply, context: TurnContext) -> Answer:
        found = await context.short_read(tickets.open_of, context.acting)
        pod = _pod_in(draft)
        which = chosen(reply, NONE, SEARCH, *(str(each.id) for each in found))
        if which == NONE:
            return about(draft.text or "", pod=pod)
        if which == SEARCH:
            return Go(LOOK_UP, pod or "")
        return adding(replace(draft, ticket_id=int(which)), context)


def _pod_in(draft: Said) -> str | None:
    return next((pod.code for pod in find_pods(draft.text or "")), None)


class WhichFlow(TicketFlow[Said]):
    """Words for one of several open tickets."""

    name = "ticket_which"
    draft_type = Said
    steps = (WhichTicketStep(),)


def added(found: Ticket, context: TurnContext) -> Prompt:
    """Something was added to a ticket without being asked for: it can be taken back."""
    say, mine = context.say, [each for each in found.messages if each.kind is MessageKind.REQUEST]
    take_back = Entry(say("ticket.button.withdraw"), Withdraw.name, str(mine[-1].id))
    shown = Entry(say("ticket.button.open", number=found.id), "ticket", str(found.id))
    return Prompt(say("ticket.added", number=found.id), ((shown, take_back),), persistent=True)


class Withdraw(TicketAction):
    """Take back what went into a ticket. The argument is the message's id."""

    name = "ticket_withdraw"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(ticket_words.withdraw, context.acting, id_of(argument) or 0, context.now),
            lambda found: [self._taken_back(found, context)],
        )

    def _taken_back(self, found: Ticket, context: TurnContext) -> Prompt:
        shown = Entry(context.say("ticket.button.open", number=found.id), "ticket", str(found.id))
        said = context.say("ticket.withdrawn", number=found.id)
        return Prompt(said, ((shown, home_button(context)),))


class TicketTopics(TopicKind):
    """A topic for each ticket."""

    name = telling.SUBJECT

    def now(self, connection: Any, number: int, say: Say, at: datetime) -> TopicNow | None:
        found = tickets.for_staff(connection, number)
        if found is None:
            return None
        category = tree().short(found.category, say.language)
        name = say(
            "ticket.topic",
            mark=say(f"ticket.mark.{found.state.value}"),
            number=number,
            category=category,
            company=found.integrator or found.requester or say("ticket.somebody"),
        )
        return TopicNow(unescape(name), found.state is not TicketState.CLOSED, topic_card(say, found))

    def word(
        self, connection: Any, chat_id: int, number: int, event: str, reference: int | None, say: Say
    ) -> Prompt | None:
        found = tickets.for_staff(connection, number)
        if found is None:
            return None
        if event == TicketEvent.REOPENED.value:
            return Prompt(say("ticket.topic_reopened", name=found.requester))
        if reference is None:
            return None
        said = found.message(reference)
        if said is None:
            return Prompt(say("ticket.topic_withdrawn")) if event == TicketEvent.EDITED.value else None
        if (
            said.kind is not MessageKind.REQUEST
            and said.source is not None
            and said.source.chat_id == chat_id
        ):
            if event == TicketEvent.DELIVERED.value:
                return Prompt(say("ticket.topic_delivered", name=found.requester, text=said.text))
            if not said.undelivered:
                return None  # it was said here
            return Prompt(say("ticket.topic_undelivered", name=found.requester, text=said.text))
        rows = (files_button(say, found, said),) if said.files else ()
        return Prompt(words(say, said, in_topic=True), rows)

    def standing(self, connection: Any) -> Sequence[tuple[int, str, int | None]]:
        return [
            (number, event.value, message_id)
            for number, first, last in tickets.open_ones(connection)
            for event, message_id in ((TicketEvent.OPENED, first), (TicketEvent.EDITED, last))
            if event is TicketEvent.OPENED or first != last
        ]

    def privately(
        self, connection: Any, number: int, event: str, reference: int | None, at: datetime
    ) -> None:
        telling.tell_in_private(connection, number, TicketEvent(event), reference, at)
