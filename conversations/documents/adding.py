"""The staff adds a document, or a version of one: the file, its folder, its title, its version, its date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from backend.core.clock import ROME
from backend.core.json_values import from_json
from backend.core.refusals import Refused
from backend.documents import service as documents
from backend.documents.errors import DocumentGone, FileForgotten, TitleTaken, VersionTaken
from backend.documents.values import (
    MOST_LABEL,
    MOST_TITLE,
    NewVersion,
    label_of,
    split_name,
    title_of,
)
from backend.identity.permissions import Permission
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Go, Next, Question, Reject, Start, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.feature import Recognised
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import MOST_BYTES, Attachment, Chosen, Media, Reply, Sent, Typed
from conversations.core.summary import Summary
from conversations.core.waiting import moment
from conversations.documents.browsing import DocumentAction, card
from conversations.documents.tree import lead, parent_of, tree
from conversations.documents.wording import DOCUMENT, FOLDER, gone, size_of, trail

RECEIVE = "document_receive"
UP = "-up"
OFFERED = "offered"
REASONS = ("empty", "kind", "disguised", "active", "macros", "broken", "gone", "too_big", "failed", "tool")
"""Why a file is not taken (`documents.why.…`)."""
MOST_MEGABYTES = MOST_BYTES // (1024 * 1024)
FIRST_DATE = date(1990, 1, 1)


@dataclass(frozen=True)
class Received:
    """A file that was fetched, examined and stored."""

    digest: str
    name: str
    size: int
    media_type: str
    tool: bool


@dataclass(frozen=True)
class NewDraft:
    """A document, or, with its id, a version of one. `at` is where among the folders the user is."""

    document_id: int = 0
    at: str = ""
    folder: str | None = None
    title: str | None = None
    label: str | None = None
    dated: date | None = None
    file: Received | None = None


def received(result: Any, folder: str | None) -> Received:
    """What the job brought. Raises Reject with the reason where it is no file for this folder."""
    if "file" in result:
        file = from_json(Received, result["file"])
        if folder is not None and file.tool and not tree().takes_tools(folder):
            raise Reject("documents.why.tool")
        return file
    raise Reject(f"documents.why.{_why(result)}", number=MOST_MEGABYTES)


def _why(result: Any) -> str:
    why = str(result.get("why"))
    return why if why in REASONS else "failed"


class DocumentFile(Step[NewDraft]):
    """Which file?"""

    name = "file"

    def filled(self, draft: NewDraft) -> bool:
        return draft.file is not None

    def takes(self, reply: Sent, draft: NewDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: NewDraft, context: TurnContext) -> Prompt:
        say = context.say
        about = Html("")
        if draft.document_id:
            found = await context.short_read(documents.get, context.acting, draft.document_id)
            about = say("document_new.about", title=found.title, label=found.version.label)
        elif draft.folder is not None:
            about = say("documents.title", trail=trail(draft.folder, context))
        return Prompt(join([about, say("document_new.file.ask", number=MOST_MEGABYTES)], "\n\n"))

    async def waiting(self, draft: NewDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("documents.reading"))

    async def answer(self, draft: NewDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Sent) or reply.media is not Media.DOCUMENT or not reply.attachments:
            raise Reject("not_a_file")
        if len(reply.attachments) > 1:
            raise Reject("several")
        sent = reply.attachments[0]
        if sent.size is not None and sent.size > MOST_BYTES:
            raise Reject("documents.why.too_big", number=MOST_MEGABYTES)
        return Await(Question(JobRequest(RECEIVE, {"file_id": sent.file_id, "name": sent.name[:200]})), draft)

    async def resumed(self, draft: NewDraft, result: Any, context: TurnContext) -> Answer:
        return Next(replace(draft, file=received(result, draft.folder)))

    def value(self, draft: NewDraft, context: TurnContext) -> str:
        if draft.file is None:
            return ""
        size = size_of(context.say, draft.file.size)
        return context.say("documents.file_value", file=draft.file.name, size=size)


class DocumentFolder(Step[NewDraft]):
    """Which folder? It is walked down to, on one card."""

    name = "folder"

    def applies(self, draft: NewDraft) -> bool:
        return not draft.document_id

    def filled(self, draft: NewDraft) -> bool:
        return draft.folder is not None

    async def ask(self, draft: NewDraft, context: TurnContext) -> Prompt:
        say, language = context.say, context.say.language
        node = tree().find(draft.at)
        title = say("documents.title", trail=trail(draft.at, context)) if draft.at else Html("")
        rows: Rows = tuple(
            (Choice(f"🗂 {each.label.of(language)}", each.id),)
            for each in (tree().roots if node is None else node.children)
        )
        above: Rows = ((Choice(say("documents.button.up"), UP),),) if draft.at else ()
        asked = join([title, lead(node, language), say("document_new.folder.ask")], "\n\n")
        return Prompt(asked, (*rows, *above))

    async def answer(self, draft: NewDraft, reply: Reply, context: TurnContext) -> Answer:
        value = chosen(reply)
        if value == UP:
            return Next(replace(draft, at=parent_of(draft.at)), self.name)
        path = f"{draft.at}.{value}" if draft.at else value
        node = tree().find(path)
        if node is None:
            raise Reject("press")
        if node.children:
            return Next(replace(draft, at=path), self.name)
        if draft.file is not None and draft.file.tool and not tree().takes_tools(path):
            raise Reject("documents.why.tool")
        return Next(replace(draft, folder=path))

    def value(self, draft: NewDraft, context: TurnContext) -> str:
        return context.say("documents.value", value=trail(draft.folder or "", context))


class DocumentTitle(Step[NewDraft]):
    """What is it called?"""

    name = "title"

    def applies(self, draft: NewDraft) -> bool:
        return not draft.document_id

    def filled(self, draft: NewDraft) -> bool:
        return draft.title is not None

    def claims(self, text: str, draft: NewDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: NewDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("document_new.title.ask"), ((Choice(_offered_title(draft), OFFERED),),))

    async def answer(self, draft: NewDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            chosen(reply, OFFERED)
            return Next(replace(draft, title=_offered_title(draft)))
        if not isinstance(reply, Typed):
            raise Reject("text")
        try:
            return Next(replace(draft, title=title_of(reply.text)))
        except ValueError:
            raise Reject("length", number=MOST_TITLE) from None

    def value(self, draft: NewDraft, context: TurnContext) -> str:
        return context.say("documents.value", value=draft.title or "")


def _offered_title(draft: NewDraft) -> str:
    return split_name(draft.file.name if draft.file is not None else "")[0]


class DocumentVersion(Step[NewDraft]):
    """Which version is it?"""

    name = "version"

    def filled(self, draft: NewDraft) -> bool:
        return draft.label is not None

    def claims(self, text: str, draft: NewDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: NewDraft, context: TurnContext) -> Prompt:
        offered = await _offered_label(draft, context)
        return Prompt(context.say("document_new.version.ask"), ((Choice(offered, OFFERED),),))

    async def answer(self, draft: NewDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            chosen(reply, OFFERED)
            return Next(replace(draft, label=await _offered_label(draft, context)))
        if not isinstance(reply, Typed):
            raise Reject("text")
        try:
            return Next(replace(draft, label=label_of(reply.text)))
        except ValueError:
            raise Reject("length", number=MOST_LABEL) from None

    def value(self, draft: NewDraft, context: TurnContext) -> str:
        return context.say("documents.value", value=draft.label or "")


async def _offered_label(draft: NewDraft, context: TurnContext) -> str:
    """The version that the file's name says, else the next number that the document does not have."""
    said = split_name(draft.file.name)[1] if draft.file is not None else None
    if not draft.document_id:
        return said or "1"
    known = await context.short_read(documents.versions, context.acting, draft.document_id)
    labels = {each.label.casefold() for each in known}
    if said is not None and said.casefold() not in labels:
        return said
    return next(
        str(number) for number in range(len(known) + 1, 2 * len(known) + 3) if str(number) not in labels
    )


class DocumentDate(Step[NewDraft]):
    """Which date does it bear?"""

    name = "date"

    def filled(self, draft: NewDraft) -> bool:
        return draft.dated is not None

    def claims(self, text: str, draft: NewDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: NewDraft, context: TurnContext) -> Prompt:
        say = context.say
        today = Choice(say("documents.button.today", dated=_today(context)), OFFERED)
        return Prompt(say("document_new.date.ask"), ((today,),))

    async def answer(self, draft: NewDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            chosen(reply, OFFERED)
            return Next(replace(draft, dated=_today(context)))
        if not isinstance(reply, Typed):
            raise Reject("text")
        found = _read_date(reply.text)
        if found is None:
            raise Reject("unreadable")
        if not FIRST_DATE <= found <= _today(context):
            raise Reject("out_of_range")
        return Next(replace(draft, dated=found))

    def value(self, draft: NewDraft, context: TurnContext) -> str:
        return context.say("documents.value", value=draft.dated) if draft.dated is not None else ""


def _today(context: TurnContext) -> date:
    return context.now.astimezone(ROME).date()


def _read_date(text: str) -> date | None:
    """The date that was typed as people do: 3/9/2026, 03.09.26."""
    plain = text.strip().replace(".", "/").replace("-", "/")
    for form in ("%d/%m/%Y", "%d/%m/%y"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


class PublishDocument(Summary[NewDraft]):
    """Is it all right?"""

    def questions(self) -> Flow[NewDraft]:
        return AddDocument()

    def heading(self, draft: NewDraft, context: TurnContext) -> Html:
        key = "document_new.confirm.heading_version" if draft.document_id else "document_new.confirm.heading"
        return context.say(key, title=draft.title or "")

    async def confirm(self, draft: NewDraft, context: TurnContext) -> Answer:
        if draft.file is None or draft.dated is None:
            raise Reject("press")
        new = NewVersion(
            label=draft.label or "",
            dated=draft.dated,
            digest=draft.file.digest,
            name=draft.file.name,
            size=draft.file.size,
            media_type=draft.file.media_type,
        )
        change = order(documents.add_version, context.acting, draft.document_id, new, context.now)
        if not draft.document_id:
            change = order(
                documents.add, context.acting, draft.folder or "", draft.title or "", new, context.now
            )
        return Do(change, lambda made: [card(made, context, head=context.say("documents.published"))])


class AddDocument(Flow[NewDraft]):
    """Adds a document, or a version of one."""

    name = "document_new"
    draft_type = NewDraft
    steps = (
        DocumentFile(),
        DocumentFolder(),
        DocumentTitle(),
        DocumentVersion(),
        DocumentDate(),
        PublishDocument(),
    )

    def key(self, draft: NewDraft) -> str:
        return str(draft.document_id or "")

    def cancelled(self, draft: NewDraft) -> Go | None:
        return Go(DOCUMENT, str(draft.document_id)) if draft.document_id else Go(FOLDER, draft.folder or "")

    async def refused(self, draft: NewDraft, refusal: Refused, context: TurnContext) -> Answer:
        match refusal:
            case TitleTaken():
                there = Entry(
                    context.say("documents.button.card"), DOCUMENT, str(refusal.data["document_id"])
                )
                raise Reject("documents.title_taken").offering(there)
            case VersionTaken():
                raise Reject("documents.version_taken", label=refusal.data["label"])
            case FileForgotten():
                raise Reject("documents.forgotten")
            case DocumentGone():
                return show(gone(context))
            case _:
                return await super().refused(draft, refusal, context)


class ManagingAction(DocumentAction):
    """An action of those who look after documents."""

    permission = Permission.MANAGE_DOCUMENTS


class BeginAdding(ManagingAction):
    """Begin to add a document. The argument is its folder; empty: the dialogue asks."""

    name = "doc_new"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        node = tree().find(argument)
        folder = argument if node is not None and not node.children else None
        return Start(AddDocument.name, NewDraft(at=parent_of(argument) if folder else "", folder=folder))


class BeginVersion(ManagingAction):
    """Begin to add a version. The argument is the document."""

    name = "doc_next"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(documents.get, context.acting, id_of(argument) or 0)
        return Start(AddDocument.name, NewDraft(found.id, folder=found.folder, title=found.title))


def begin_with_document(
    text: str, attachments: Sequence[Attachment], context: TurnContext
) -> Recognised | None:
    """A file that nothing else is about, from those who look after documents."""
    if len(attachments) != 1 or attachments[0].media is not Media.DOCUMENT:
        return None
    if not context.private or not context.may(Permission.MANAGE_DOCUMENTS):
        return None
    sent = attachments[0]
    return Recognised(BeginWithDocument.name, json.dumps([sent.file_id, sent.name[:200], sent.size or 0]))


class BeginWithDocument(ManagingAction):
    """Fetch a file that was sent by itself, then ask where it belongs. The argument is JSON: what Telegram
    says of it.
    """

    name = "doc_file"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        try:
            file_id, name, size = json.loads(argument)
            arguments, size = {"file_id": str(file_id), "name": str(name)}, int(size)
        except (ValueError, TypeError):
            return Go(FOLDER)
        if size > MOST_BYTES:
            return self._refused("too_big", context)
        reading = moment(context.say("documents.reading"), context)
        return Wait(Question(JobRequest(RECEIVE, arguments, action=self.name)), lambda: reading)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        try:
            return Start(AddDocument.name, NewDraft(file=received(result, None)))
        except Reject:
            return self._refused(_why(result), context)

    def _refused(self, why: str, context: TurnContext) -> Answer:
        said = context.say(f"documents.why.{why}", number=MOST_MEGABYTES)
        return show(Prompt(said, ((Entry(context.say("documents.menu"), FOLDER), home_button(context)),)))


ACTIONS: tuple[Action, ...] = (BeginAdding(), BeginVersion(), BeginWithDocument())
