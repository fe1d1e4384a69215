"""Canned answers in the chat: looked after by the staff, and offered where an answer is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.identity.permissions import Permission
from backend.tickets import canned
from backend.tickets.canned import MOST_TITLE, Canned
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Next, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import NOTHING, Button, Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply, Typed
from conversations.core.summary import Summary
from conversations.core.texts import LANGUAGES
from conversations.tickets.asking import TicketAction, TicketFlow, text_of

SHORTEST_TITLE = 2
NO_LANGUAGE = "any"


async def canned_rows(context: TurnContext) -> Rows:
    """The canned answers as buttons of a question, two in a row."""
    found = await context.short_read(canned.answers, context.acting)
    choices = [Choice(_label(each, context), str(each.id)) for each in found]
    return tuple(tuple(choices[at : at + 2]) for at in range(0, len(choices), 2))


async def canned_text(reply: Chosen, context: TurnContext) -> str:
    """The text behind such a button. Raises Reject where it is not there any more."""
    found = await context.short_read(canned.answers, context.acting)
    text = next((each.text for each in found if str(each.id) == reply.value), None)
    if text is None:
        raise Reject("canned.error.gone")
    return text


def _label(answer: Canned, context: TurnContext) -> str:
    if answer.language is None:
        return answer.title
    return f"{answer.title} ({answer.language.upper()})"


class CannedAction(TicketAction):
    """An action on canned answers."""

    permission = Permission.ANSWER_TICKETS


class ListCanned(CannedAction):
    """All canned answers."""

    name = "canned"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return show(_list(await context.short_read(canned.answers, context.acting), context))


def _list(found: Sequence[Canned], context: TurnContext, head: Html = NOTHING) -> Prompt:
    say = context.say
    rows: list[tuple[Button, ...]] = [
        (Entry(_label(each, context), ShowCanned.name, str(each.id)),) for each in found
    ]
    rows.append((Entry(say("canned.button.add"), AddCanned.name),))
    rows.append((Entry(say("desk.menu"), "desk"), home_button(context)))
    text = say("canned.list") if found else say("canned.none")
    return Prompt(join([head, text], "\n\n"), tuple(rows))


class ShowCanned(CannedAction):
    """A canned answer. The argument is its number."""

    name = "canned_one"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(canned.answer, context.acting, id_of(argument) or 0)
        return show(_card(found, context))


def _card(answer: Canned, context: TurnContext, head: Html = NOTHING) -> Prompt:
    say, number = context.say, str(answer.id)
    text = say("canned.card", title=_label(answer, context), text=answer.text)
    change = Entry(say("canned.button.change"), ChangeCanned.name, number)
    remove = Entry(say("canned.button.remove"), RemoveCanned.name, number)
    return Prompt(
        join([head, text], "\n\n"), ((change, remove), (Entry(say("canned.menu"), ListCanned.name),))
    )


class AddCanned(CannedAction):
    """Begin another one."""

    name = "canned_add"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(CannedFlow.name, CannedDraft())


class ChangeCanned(CannedAction):
    """Begin to change one. The argument is its number."""

    name = "canned_change"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(canned.answer, context.acting, id_of(argument) or 0)
        language = found.language or NO_LANGUAGE
        return Start(CannedFlow.name, CannedDraft(found.id, found.title, found.text, language))


class RemoveCanned(CannedAction):
    """Ask whether one is to be deleted. The argument is its number."""

    name = "canned_drop"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found = await context.short_read(canned.answer, context.acting, id_of(argument) or 0)
        keep = Entry(say("canned.button.keep"), ShowCanned.name, str(found.id))
        gone = Entry(say("canned.button.remove_now"), CannedRemoved.name, str(found.id))
        return show(Prompt(say("canned.remove_ask", title=found.title), ((gone, keep),)))


class CannedRemoved(CannedAction):
    """Delete one. The argument is its number."""

    name = "canned_gone"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(canned.remove, context.acting, id_of(argument) or 0),
            lambda left: [_list(left, context, context.say("canned.removed"))],
        )


ACTIONS: tuple[Action, ...] = (
    ListCanned(),
    ShowCanned(),
    AddCanned(),
    ChangeCanned(),
    RemoveCanned(),
    CannedRemoved(),
)


@dataclass(frozen=True)
class CannedDraft:
    """A canned answer being written; a new one has no number. Without a language it says so."""

    id: int | None = None
    title: str | None = None
    text: str | None = None
    language: str | None = None


class TitleStep(Step[CannedDraft]):
    """What is it called?"""

    name = "title"

    def filled(self, draft: CannedDraft) -> bool:
        return draft.title is not None

    def claims(self, text: str, draft: CannedDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: CannedDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("canned_answer.title.ask"))

    async def answer(self, draft: CannedDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        title = " ".join(reply.text.split())
        if not SHORTEST_TITLE <= len(title) <= MOST_TITLE:
            raise Reject("length", least=SHORTEST_TITLE, most=MOST_TITLE)
        return Next(replace(draft, title=title))

    def value(self, draft: CannedDraft, context: TurnContext) -> str:
        return context.say("canned.value", text=draft.title or "")


class CannedTextStep(Step[CannedDraft]):
    """What does it say?"""

    name = "text"

    def filled(self, draft: CannedDraft) -> bool:
        return draft.text is not None

    def claims(self, text: str, draft: CannedDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: CannedDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("canned_answer.text.ask"))

    async def answer(self, draft: CannedDraft, reply: Reply, context: TurnContext) -> Answer:
        return Next(replace(draft, text=text_of(reply, least=1)))

    def value(self, draft: CannedDraft, context: TurnContext) -> str:
        return context.say("canned.value", text=draft.text or "")


class CannedLanguageStep(Step[CannedDraft]):
    """In which language is it?"""

    name = "language"

    def filled(self, draft: CannedDraft) -> bool:
        return draft.language is not None

    async def ask(self, draft: CannedDraft, context: TurnContext) -> Prompt:
        say = context.say
        languages = tuple(Choice(say(f"canned.language.{each}"), each) for each in LANGUAGES)
        none = Choice(say("canned.language.any"), NO_LANGUAGE)
        return Prompt(say("canned_answer.language.ask"), (languages, (none,)))

    async def answer(self, draft: CannedDraft, reply: Reply, context: TurnContext) -> Answer:
        return Next(replace(draft, language=chosen(reply, *LANGUAGES, NO_LANGUAGE)))

    def value(self, draft: CannedDraft, context: TurnContext) -> str:
        return context.say(f"canned.language.{draft.language or NO_LANGUAGE}")


class KeepCannedStep(Summary[CannedDraft]):
    """Is it all right?"""

    def questions(self) -> Flow[CannedDraft]:
        return CannedFlow()

    def heading(self, draft: CannedDraft, context: TurnContext) -> Html:
        return context.say("canned_answer.confirm.heading")

    async def confirm(self, draft: CannedDraft, context: TurnContext) -> Answer:
        language = draft.language if draft.language in LANGUAGES else None
        values = (draft.title or "", draft.text or "", language)
        change = order(canned.add, context.acting, *values)
        if draft.id is not None:
            change = order(canned.change, context.acting, draft.id, *values)
        return Do(change, lambda made: [_card(made, context, context.say("canned.kept"))])


class CannedFlow(TicketFlow[CannedDraft]):
    """Writes a canned answer, or changes one."""

    name = "canned_answer"
    draft_type = CannedDraft
    steps = (TitleStep(), CannedTextStep(), CannedLanguageStep(), KeepCannedStep())

    def key(self, draft: CannedDraft) -> str:
        return str(draft.id or "")

    def cancelled(self, draft: CannedDraft) -> Go | None:
        return Go(ListCanned.name)
