"""Going through the folders: one on a screen, with the way back; documents, their versions, their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.core.refusals import Refused
from backend.documents import follows
from backend.documents import service as documents
from backend.documents.errors import DocumentGone
from backend.documents.links import LASTS
from backend.documents.values import Document, Version, Way
from backend.identity.permissions import Permission
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import (
    NOTHING,
    Button,
    Entry,
    Html,
    Link,
    Prompt,
    Rows,
    join,
)
from conversations.core.prompts import Document as SentDocument
from conversations.documents.tree import lead, tree
from conversations.documents.wording import (
    DOCUMENT,
    FOLDER,
    beside_home,
    document_button,
    gone,
    size_of,
    trail,
    up,
    version_said,
)

BEHIND = "~"
"""Between a folder and the document that the page before ended with."""
MOST_VERSIONS = 12
"""Versions that a card of the older ones shows."""


class DocumentAction(Action):
    """An action on documents: what is gone meanwhile is said so."""

    permission = Permission.SEE_DOCUMENTS
    navigates = True

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, DocumentGone):
            return show(gone(context))
        return await super().refused(refusal, context)


class ShowFolder(DocumentAction):
    """A folder: `<path>`, or `<path>~<document that the page before ended with>`; empty: the roots."""

    name = FOLDER

    async def run(self, argument: str, context: TurnContext) -> Answer:
        path, _, after = argument.partition(BEHIND)
        return show(await folder(path, context, after=id_of(after)))


async def folder(
    path: str,
    context: TurnContext,
    *,
    head: Html = NOTHING,
    after: int | None = None,
    following: bool | None = None,
) -> Prompt:
    """The screen of a folder; that of the roots for a path that there is not any more. `following`: whether
    the actor follows it, where this turn changes that.
    """
    say, node = context.say, tree().find(path)
    if path and node is None:
        return await folder("", context, head=say("documents.no_folder"))
    title = say("documents.title", trail=trail(path, context)) if path else say("documents.root")
    text = [head, title, lead(node, say.language)]
    children = tree().roots if node is None else node.children
    if children:
        rows = await _folders(path, context)
        return Prompt(join(text, "\n\n"), (*rows, *await _ways(path, following, context), *up(path, context)))
    page = Page(FOLDER, after, of=f"{path}{BEHIND}", newest_first=False)
    found = await context.long_read(documents.listed, context.acting, path, page.wanted, after)
    if not found and after is None:
        text.append(say("documents.empty"))
    rows = tuple((document_button(each),) for each in found[: page.size])
    turning = page.turning(context, [each.id for each in found])
    return Prompt(
        join(text, "\n\n"), (*rows, *turning, *await _ways(path, following, context), *up(path, context))
    )


async def _folders(path: str, context: TurnContext) -> Rows:
    """A button for each folder, with how many documents are in it."""
    counts = await context.long_read(documents.counts, context.acting)
    node = tree().find(path)
    rows: list[tuple[Button, ...]] = []
    for child in tree().roots if node is None else node.children:
        below = f"{path}.{child.id}" if path else child.id
        number = sum(counts[each] for each in tree().below(below))
        label = f"🗂 {child.label.of(context.say.language)}"
        rows.append((Entry(f"{label} ({number})" if number else label, FOLDER, below),))
    return tuple(rows)


async def _ways(path: str, following: bool | None, context: TurnContext) -> Rows:
    """What else can be done in a folder."""
    say = context.say
    own = await context.short_read(follows.followed, context.acting)
    if not path:
        first: list[Button] = [Entry(say("documents.button.find"), "docs_find")]
        if own:
            first.append(Entry(say("documents.button.followed"), "docs_mine"))
        rows: Rows = (tuple(first),)
    elif (path in own) if following is None else following:
        rows = ((Entry(say("documents.button.unfollow"), "docs_unfollow", path),),)
    else:
        rows = ((Entry(say("documents.button.follow"), "docs_follow", path),),)
    node = tree().find(path)
    if context.may(Permission.MANAGE_DOCUMENTS) and (node is None or not node.children):
        rows = (*rows, (Entry(say("documents.button.add"), "doc_new", path),))
    return rows


class ShowDocument(DocumentAction):
    """A document: `<id>`, or `<id>_<search that it was found by>`."""

    name = DOCUMENT

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, search = argument.partition("_")
        found = await context.short_read(documents.get, context.acting, id_of(number) or 0)
        return show(card(found, context, search=search if id_of(search) else ""))


def card(document: Document, context: TurnContext, *, head: Html = NOTHING, search: str = "") -> Prompt:
    """A document with its newest version, and what can be done with it."""
    say, version = context.say, document.version
    text = [head, _described(document, version, context)]
    if not document.stands:
        text.append(say("documents.withdrawn"))
    rows: list[tuple[Button, ...]] = []
    if document.stands:
        text.append(_size_warning(version, context))
        if (button := _get_button(version, context)) is not None:
            rows.append((button,))
    if document.older:
        label = say("documents.button.older", number=document.older)
        rows.append((Entry(label, OlderVersions.name, str(document.id)),))
    if context.may(Permission.MANAGE_DOCUMENTS):
        text.append(say("documents.downloads", number=version.downloads))
        rows.append(_staff_row(document, context))
    if search:
        rows.append((Entry(say("documents.button.results"), "docs_found", f"{search}_"),))
    back = beside_home(_to_folder(document.folder, context), context)
    return Prompt(join(text, "\n\n"), (*rows, *back))


def _described(document: Document, version: Version, context: TurnContext) -> Html:
    return context.say(
        "documents.card",
        trail=trail(document.folder, context),
        title=document.title,
        label=version.label,
        dated=version.dated,
        file=version.name,
        size=size_of(context.say, version.size),
    )


def _staff_row(document: Document, context: TurnContext) -> tuple[Button, ...]:
    say, number = context.say, str(document.id)
    again = Entry(say("documents.button.next"), "doc_next", number)
    if document.stands:
        return (again, Entry(say("documents.button.withdraw"), "doc_drop", number))
    return (again, Entry(say("documents.button.restore"), "doc_back", number))


def _to_folder(path: str, context: TurnContext) -> Entry:
    labels = tree().labels(path, context.say.language)
    return Entry(f"‹ {labels[-1]}"[:40], FOLDER, path)


def _is_large(version: Version, context: TurnContext) -> bool:
    return version.size > context.services.send_bytes


def _size_warning(version: Version, context: TurnContext) -> Html:
    """What to know of a file that Telegram does not send."""
    if not _is_large(version, context):
        return NOTHING
    if context.services.document_links is None:
        return context.say("documents.too_large")
    return context.say("documents.by_link", number=int(LASTS.total_seconds() // 3600))


def _get_button(version: Version, context: TurnContext) -> Entry | None:
    """The button that hands a version over; None where nothing can."""
    if not _is_large(version, context):
        return Entry(context.say("documents.button.get"), GetVersion.name, str(version.id))
    if context.services.document_links is None:
        return None
    return Entry(context.say("documents.button.link"), GetVersion.name, str(version.id))


class OlderVersions(DocumentAction):
    """The versions of a document below its newest. The argument is the document."""

    name = "doc_old"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        found = await context.short_read(documents.get, context.acting, number)
        standing = await context.short_read(documents.versions, context.acting, number)
        older = [each for each in standing if each.id != found.version.id]
        return show(older_prompt(found, older[:MOST_VERSIONS], context))


def older_prompt(
    document: Document, older: Sequence[Version], context: TurnContext, *, head: Html = NOTHING
) -> Prompt:
    """The older versions, each with its file; the staff can withdraw each."""
    say = context.say
    title = (
        say("documents.older", title=document.title)
        if older
        else say("documents.no_older", title=document.title)
    )
    rows: list[tuple[Button, ...]] = []
    for each in older:
        get = Entry(f"📥 {each.label}", GetVersion.name, str(each.id))
        drop = Entry(f"🗑 {each.label}", "doc_vdrop", str(each.id))
        gettable: tuple[Button, ...] = (get,) if _get_button(each, context) is not None else ()
        row = (*gettable, drop) if context.may(Permission.MANAGE_DOCUMENTS) else gettable
        rows += [row] if row else []
    rows.append((Entry(say("documents.button.card"), DOCUMENT, str(document.id)), home_button(context)))
    lines = join([version_said(each, say) for each in older])
    return Prompt(join([head, title, lines], "\n\n"), tuple(rows))


class GetVersion(DocumentAction):
    """Hand a version over: as a file, or by a link where it is too large. The argument is the version."""

    name = "doc_get"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        document, version = await context.short_read(documents.version, context.acting, number)
        say, links = context.say, context.services.document_links
        if not _is_large(version, context):
            back = beside_home(_to_folder(document.folder, context), context)
            caption = say("documents.caption", title=document.title, label=version.label, dated=version.dated)
            sent = Prompt(caption, back, SentDocument(version.digest, version.name))
            given = order(documents.record_download, context.acting, version.id, Way.CHAT, context.now)
            return Do(given, lambda _: [sent])
        if links is None:
            return show(card(document, context))
        url, until = links.make(version.id, context.acting.person_id, context.now)
        return show(_link(document, version, url, until, context))


def _link(document: Document, version: Version, url: str, until: datetime, context: TurnContext) -> Prompt:
    """The link. Nothing of it is kept once the chat shows it."""
    say = context.say
    size = size_of(say, version.size)
    text = say("documents.link", title=document.title, label=version.label, size=size, until=until)
    return Prompt(text, ((Link(say("documents.button.open"), url),),), passing=True)


ACTIONS: tuple[Action, ...] = (ShowFolder(), ShowDocument(), OlderVersions(), GetVersion())
