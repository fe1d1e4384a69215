"""Finding documents by words: in their titles, the names of their files and of their folders."""

from __future__ import annotations

from dataclasses import dataclass

from backend.documents import service as documents
from backend.documents.values import Document, Words
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.core.replies import Reply, Typed
from conversations.documents.browsing import DocumentAction
from conversations.documents.tree import tree
from conversations.documents.wording import FOLDER, document_button, trail, version_said

MOST_WORDS = 6
LONGEST_SEARCH = 100
"""Characters."""


def words_of(text: str) -> list[str]:
    """The words of a search; empty for nothing that can be searched for."""
    words = list(dict.fromkeys(text.split()))
    sound = len(text) <= LONGEST_SEARCH and len(words) <= MOST_WORDS and len("".join(words)) > 1
    return words if sound else []


class Documents(DocumentAction):
    """Useful documents; with words behind the command, those that they find."""

    name = "documents"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if not argument.strip():
            return Go(FOLDER)
        words = words_of(argument)
        if not words:
            return Start(FindDocument.name, SearchDraft())
        return await results(words, context)


async def results(words: list[str], context: TurnContext) -> Answer:
    """Keep a search, and show the first page of what it finds."""
    wanted = tree().wanted(words)
    size = page_of(0).wanted
    found, number = await context.long_read(documents.found, context.acting, wanted, size)
    return Do(
        order(documents.keep, context.acting, wanted, context.now),
        lambda search: [found_prompt(wanted, page_of(search), found, number, context)],
    )


def page_of(search: int, after: int | None = None) -> Page:
    """A page of what a search finds."""
    return Page(FoundDocuments.name, after, of=f"{search}_", newest_first=False)


class FoundDocuments(DocumentAction):
    """What a search finds, by title: `<search>_<document that the page before ended with>`."""

    name = "docs_found"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        search, _, after = argument.partition("_")
        number = id_of(search) or 0
        wanted = await context.short_read(documents.kept, context.acting, number)
        if wanted is None:
            again = Entry(context.say("documents.button.find"), BeginFindDocument.name)
            return show(Prompt(context.say("documents.search_gone"), ((again, home_button(context)),)))
        page = page_of(number, id_of(after))
        found, total = await context.long_read(documents.found, context.acting, wanted, page.wanted, page.at)
        return show(found_prompt(wanted, page, found, total, context))


def found_prompt(
    wanted: Words, page: Page, found: list[Document], number: int, context: TurnContext
) -> Prompt:
    """A page of what a search finds: where each is, and a button to it."""
    say, search = context.say, page.of.rstrip("_")
    words = " ".join(wanted.words)
    shown = found[: page.size]
    lines = [
        say(
            "documents.line",
            title=each.title,
            trail=trail(each.folder, context),
            version=version_said(each.version, say),
        )
        for each in shown
    ]
    title = say("documents.found", number=number, words=words)
    rows: Rows = tuple((document_button(each, search),) for each in shown)
    again = Entry(say("documents.button.find_again"), BeginFindDocument.name)
    ways = ((again,), (Entry(say("documents.menu"), FOLDER), home_button(context)))
    turning = page.turning(context, [each.id for each in found])
    return Prompt(join([title, *lines], "\n\n"), (*rows, *turning, *ways))


@dataclass(frozen=True)
class SearchDraft:
    """Nothing is kept: the only answer ends the dialogue."""


class DocumentWords(Step[SearchDraft]):
    """Which words?"""

    name = "words"

    def filled(self, draft: SearchDraft) -> bool:
        return False

    def claims(self, text: str, draft: SearchDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: SearchDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("document_find.words.ask"))

    async def answer(self, draft: SearchDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        words = words_of(reply.text)
        if not words:
            raise Reject("unusable", number=MOST_WORDS)
        return await results(words, context)


class FindDocument(Flow[SearchDraft]):
    """Asks for words."""

    name = "document_find"
    draft_type = SearchDraft
    steps = (DocumentWords(),)

    def cancelled(self, draft: SearchDraft) -> Go | None:
        return Go(FOLDER)


class BeginFindDocument(DocumentAction):
    """Begin to search."""

    name = "docs_find"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(FindDocument.name, SearchDraft())


ACTIONS: tuple[Action, ...] = (Documents(), FoundDocuments(), BeginFindDocument())
