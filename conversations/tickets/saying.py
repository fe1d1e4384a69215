"""Saying something in a ticket: answers, notes, the last word, and a word more from who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from backend.core.refusals import Refused
from backend.tickets import service as tickets
from backend.tickets.service import MOST_TEXT
from backend.tickets.values import Ticket
from conversations.core.answers import Answer, Do, Go, Next, Reject, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply
from conversations.tickets.asking import ask_again, refusal_key, refused, text_of
from conversations.tickets.files import (
    DROP,
    GO_ON,
    NO_FILES,
    Files,
    FilesStep,
    dropping,
    listed,
    news,
    quiet,
    sent,
)
from conversations.tickets.wording import ticket_card

SEND = "send"
AGAIN = "again"


@dataclass(frozen=True)
class Said:
    """What is being said in a ticket."""

    ticket_id: int
    text: str | None = None
    files: Files = NO_FILES


class SaidStep(FilesStep[Said]):
    """A step at which files may come, with words or without."""

    def received(self, draft: Said, context: TurnContext) -> Answer:
        return Next(draft)

    def with_words(self, draft: Said, words: str, context: TurnContext) -> Said:
        text = "\n".join(part for part in (draft.text, words) if part)
        if len(text) > MOST_TEXT:
            raise Reject("ticket.error.length", least=1, most=MOST_TEXT)
        return replace(draft, text=text)


class TextStep(SaidStep):
    """What is to be said? `flow` is whose texts it asks with."""

    name = "text"

    def __init__(self, flow: str) -> None:
        self.flow = flow

    def filled(self, draft: Said) -> bool:
        return draft.text is not None

    def claims(self, text: str, draft: Said, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: Said, context: TurnContext) -> Prompt:
        say, files = context.say, draft.files
        asked = say(f"{self.flow}.text.ask", number=draft.ticket_id)
        rows: Rows = ()
        if files.held:
            asked = join([asked, say("ticket.files.words")])
            rows = ((Choice(say("ticket.files.button.wordless"), GO_ON),), *dropping(say, files))
        return Prompt(join([news(say, files), asked], "\n\n"), rows)

    async def answer(self, draft: Said, reply: Reply, context: TurnContext) -> Answer:
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        draft = quiet(draft)
        if isinstance(reply, Chosen) and draft.files.held:
            if chosen(reply, GO_ON, DROP) == DROP:
                return Next(replace(draft, files=NO_FILES))
            return Next(replace(draft, text=""))
        return Next(replace(draft, text=text_of(reply, least=1)))


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
                return Next(replace(draft, text=None))
            case value if value == DROP:  # words that there are stay
                return Next(replace(draft, files=NO_FILES, text=draft.text or None))

        def finish(found: Ticket) -> list[Prompt]:
            head: Html = context.say(f"{self.flow}.done")
            return [ticket_card(context.say, found, context.acting, context.now, head)]

        acting, number = context.acting, draft.ticket_id
        said = order(self.service, acting, number, draft.text or "", context.now, draft.files.held)
        return Do(said, finish)


class SayingFlow(Flow[Said]):
    """What dialogues about a ticket share."""

    draft_type = Said
    steps: ClassVar[tuple[Step[Any], ...]] = ()

    def key(self, draft: Said) -> str:
        return str(draft.ticket_id)

    def cancelled(self, draft: Said) -> Go | None:
        return Go("ticket", str(draft.ticket_id))

    async def refused(self, draft: Said, refusal: Refused, context: TurnContext) -> Answer:
        ask_again(refusal)
        key = refusal_key(refusal)
        if key is None:
            return await super().refused(draft, refusal, context)
        return show(refused(key, refusal, context))


class AnswerFlow(SayingFlow):
    """The staff answers who asked."""

    name = "ticket_answer"
    steps = (TextStep(name), SendStep(name, tickets.answer))


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
