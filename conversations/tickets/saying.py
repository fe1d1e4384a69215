"""Saying something in a ticket: answers, notes, the last word, and a word more from who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from backend.tickets import service as tickets
from backend.tickets.values import Source, Ticket
from conversations.core.answers import Answer, Do, Go, Next
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Step, chosen
from conversations.core.prompts import Choice, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, MessageRef, Reply, Typed
from conversations.tickets.asking import TicketFlow, text_of
from conversations.tickets.canned import canned_rows, canned_text
from conversations.tickets.files import (
    DROP,
    GO_ON,
    NO_FILES,
    Files,
    FilesStep,
    dropping,
    joined,
    listed,
    news,
    quiet,
    sent,
)
from conversations.tickets.wording import card_of

SEND = "send"
AGAIN = "again"


@dataclass(frozen=True)
class Said:
    """What is being said in a ticket."""

    ticket_id: int
    text: str | None = None
    chat_id: int | None = None
    message_id: int | None = None
    files: Files = NO_FILES

    @classmethod
    def of(cls, ticket_id: int, text: str | None, message: MessageRef | None) -> Said:
        """What was said in a message of Telegram."""
        return cls(ticket_id).said(text, message)

    def said(self, text: str | None, message: MessageRef | None) -> Said:
        """The same with this text, which was said in a message of Telegram."""
        chat_id, message_id = (message.chat_id, message.message_id) if message is not None else (None, None)
        return replace(self, text=text, chat_id=chat_id, message_id=message_id)

    @property
    def source(self) -> Source | None:
        """The message of Telegram that it was said in."""
        return Source.of(self.chat_id, self.message_id)


class SaidStep(FilesStep[Said]):
    """A step at which files may come, with words or without."""

    def received(self, draft: Said, context: TurnContext) -> Answer:
        return Next(draft)

    def with_words(self, draft: Said, words: str, context: TurnContext) -> Said:
        # Of several messages: none of them can change it alone.
        return draft.said(joined(draft.text, words), None)


class TextStep(SaidStep):
    """What is to be said? `flow` is whose texts it asks with; `canned` offers canned answers."""

    name = "text"

    def __init__(self, flow: str, *, canned: bool = False) -> None:
        self.flow, self.canned = flow, canned

    def filled(self, draft: Said) -> bool:
        return draft.text is not None

    def claims(self, text: str, draft: Said, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: Said, context: TurnContext) -> Prompt:
        say, files = context.say, draft.files
        asked = say(f"{self.flow}.text.ask", number=draft.ticket_id)
        if not context.private:
            asked = join([asked, say("ticket.answer_here")])
        rows: Rows = await canned_rows(context) if self.canned else ()
        if files.held:
            asked = join([asked, say("ticket.files.words")])
            rows = ((Choice(say("ticket.files.button.wordless"), GO_ON),), *rows, *dropping(say, files))
        return Prompt(join([news(say, files), asked], "\n\n"), rows)

    async def answer(self, draft: Said, reply: Reply, context: TurnContext) -> Answer:
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        draft = quiet(draft)
        if isinstance(reply, Chosen) and draft.files.held and reply.value in (GO_ON, DROP):
            if reply.value == DROP:
                return Next(replace(draft, files=NO_FILES))
            return Next(replace(draft, text=""))
        if self.canned and isinstance(reply, Chosen):
            return Next(draft.said(await canned_text(reply, context), None))
        text = text_of(reply, least=1)
        return Next(draft.said(text, reply.message if isinstance(reply, Typed) else None))


class SendStep(SaidStep):
    """Is this what the other side is to read?"""

    name = "send"

    def __init__(self, flow: str, service: Callable[..., Ticket]) -> None:
        self.flow, self.service = flow, service

    def filled(self, draft: Said) -> bool:
        return False

    async def ask(self, draft: Said, context: TurnContext) -> Prompt:
        say = context.say
        found = await context.short_read(tickets.get, context.acting, draft.ticket_id)
        files = draft.files
        text = draft.text or say("ticket.files.wordless")
        said = say(f"{self.flow}.send.ask", number=found.id, name=found.requester, text=text)
        send = Choice(say(f"{self.flow}.button.send"), SEND)
        rows = ((send, Choice(say("ticket.button.again"), AGAIN)), *dropping(say, files))
        return Prompt(join([news(say, files), said, listed(say, files.held)], "\n\n"), rows)

    async def answer(self, draft: Said, reply: Reply, context: TurnContext) -> Answer:
        if (sent_files := sent(reply)) is not None:
            return self.gather(draft, sent_files, context)
        draft = quiet(draft)
        match chosen(reply, SEND, AGAIN, DROP):
            case value if value == AGAIN:
                return Next(draft.said(None, None))
            case value if value == DROP:  # words that there are stay
                return Next(replace(draft, files=NO_FILES, text=draft.text or None))

        def finish(found: Ticket) -> list[Prompt]:
            head: Html = context.say(f"{self.flow}.done")
            if not context.private:  # the topic has the card already
                return [Prompt(join([head, context.say("ticket.done_here", text=draft.text or "")], "\n\n"))]
            return [card_of(context, found, head)]

        acting, number = context.acting, draft.ticket_id
        held = draft.files.held
        saying = order(self.service, acting, number, draft.text or "", context.now, draft.source, held)
        return Do(saying, finish)


class SayingFlow(TicketFlow[Said]):
    """What dialogues about a ticket share."""

    draft_type = Said
    steps: ClassVar[tuple[Step[Any], ...]] = ()

    def key(self, draft: Said) -> str:
        return str(draft.ticket_id)

    def begins_anew(self, draft: Said) -> bool:
        return draft.text is not None

    def cancelled(self, draft: Said) -> Go | None:
        return Go("ticket_unsaid", str(draft.ticket_id))


class AnswerFlow(SayingFlow):
    """The staff answers who asked."""

    name = "ticket_answer"
    steps = (TextStep(name, canned=True), SendStep(name, tickets.answer))


class CloseFlow(SayingFlow):
    """The staff closes with a last word."""

    name = "ticket_close"
    steps = (TextStep(name), SendStep(name, tickets.close))


class NoteFlow(SayingFlow):
    """The staff notes something for itself."""

    name = "ticket_note"
    steps = (TextStep(name), SendStep(name, tickets.note))


class AddFlow(SayingFlow):
    """Who asked says more."""

    name = "ticket_add"
    steps = (TextStep(name), SendStep(name, tickets.add_word))
