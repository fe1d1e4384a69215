"""A picture that nothing else is about: the beginning of a request for assistance, or one more word in one.

It is not fetched before the person says what to do with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.identity.permissions import Permission
from backend.tickets import advice
from backend.tickets import service as tickets
from backend.tickets.values import Ticket
from conversations.core.answers import Answer, Go, Next, Reject, Start
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.feature import Recognised
from conversations.core.flow import chosen
from conversations.core.prompts import Choice, Html, Prompt, Rows, join
from conversations.core.replies import Attachment, Media, Reply, Sent
from conversations.tickets.asking import (
    Assistance,
    Draft,
    NewTicketFlow,
    Solved,
    TicketAction,
    TicketFlow,
    described,
    label_of,
)
from conversations.tickets.files import NO_FILES, Coming, Files, FilesStep, joined, news, quiet
from conversations.tickets.saying import AddFlow, Said
from conversations.tickets.tree import SEPARATOR, tree

NEW, ADD, UP, WRITE, SOLVED = "new", "add", "up", "write", "solved"
MOST_OFFERED = 3
"""Open requests that a picture may be added to."""


@dataclass(frozen=True)
class Idle:
    """Pictures that wait for a purpose. `words` came with them; `ticket_id` is the request that they are for,
    `path` where in the tree a new one is (empty: at its beginning); None for neither while nobody has said.
    """

    files: Files = NO_FILES
    words: str = ""
    ticket_id: int | None = None
    path: str | None = None


class PurposeStep(FilesStep[Idle]):
    """What is it for? A new request's device and category are asked for here, on the same card."""

    name = "purpose"

    def filled(self, draft: Idle) -> bool:
        return False

    def takes(self, reply: Sent, draft: Idle, context: TurnContext) -> bool:
        # What has words may be about something that a recogniser knows. Before anybody has said what the
        # pictures are for, the next may be of a label, and better.
        return not _is_idle(draft) and not reply.caption.strip() and bool(_pictures(reply.attachments))

    async def ask(self, draft: Idle, context: TurnContext) -> Prompt:
        if draft.path is not None:
            return self._category(draft, draft.path, context)
        say, number = context.say, len(draft.files.coming)
        rows: Rows = ((Choice(say("ticket_photo.button.new"), NEW),),)
        for each in await _open(context):
            label = say("ticket_photo.button.add", ticket=Html(label_of(each, context)))
            rows = (*rows, (Choice(label, f"{ADD}{each.id}"),))
        photos = all(each.media == Media.PHOTO.value for each in draft.files.coming)
        key = "ticket_photo.purpose.ask" if photos else "ticket_photo.purpose.ask_files"
        text = say(key, number=max(1, number))
        return Prompt(join([news(say, draft.files), text], "\n\n"), rows)

    def _category(self, draft: Idle, path: str, context: TurnContext) -> Prompt:
        say, language = context.say, context.say.language
        node = tree().find(path)
        told = news(say, draft.files)
        up: Rows = ((Choice(say("assistance.back"), UP),),) if path else ()
        if node is None:
            rows: Rows = tuple((Choice(each.label.of(language), each.id),) for each in tree().devices)
            return Prompt(join([told, say("assistance.device")], "\n\n"), rows)
        head = Html(f"<b>{' › '.join(tree().labels(path, language))}</b>")
        text = node.text.of(language) if node.text is not None else Html("")
        if node.children:
            rows = tuple((Choice(each.label.of(language), each.id),) for each in node.children)
            return Prompt(join([told, head, text, say("assistance.which")], "\n\n"), (*rows, *up))
        if node.advice is None:
            write = Choice(say("assistance.button.open"), WRITE)
            return Prompt(join([told, head, text], "\n\n"), ((write,), *up))
        solved = Choice(say("assistance.button.solved"), SOLVED)
        unsolved = Choice(say("assistance.button.unsolved"), WRITE)
        asked = join([told, head, node.advice.of(language), say("assistance.did_it_help")], "\n\n")
        return Prompt(asked, ((solved, unsolved), *up))

    async def answer(self, draft: Idle, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Sent):
            return self._more(draft, reply, context)
        value, draft = chosen(reply), quiet(draft)
        if draft.path is not None:
            return self._walked(draft, draft.path, value, context)
        if value == NEW:
            return self._begin(replace(draft, path=""), context)
        wanted = [each for each in await _open(context) if value == f"{ADD}{each.id}"]
        if not wanted:
            raise Reject("press")
        return self._begin(replace(draft, ticket_id=wanted[0].id), context)

    def _more(self, draft: Idle, reply: Sent, context: TurnContext) -> Answer:
        """One more picture. Before anybody has said what it is for, it is not fetched either."""
        if not _pictures(reply.attachments):
            raise Reject("press")
        if draft.path is not None:
            return self.gather(draft, reply, context)
        draft, coming, refused_now = self.sort_out(quiet(draft), reply, context)
        files = draft.files
        return Next(
            replace(draft, files=replace(files, coming=(*files.coming, *coming), refused=refused_now))
        )

    def _begin(self, draft: Idle, context: TurnContext) -> Answer:
        return self.fetch(draft, draft.files.coming) if draft.files.coming else self.received(draft, context)

    def received(self, draft: Idle, context: TurnContext) -> Answer:
        if draft.ticket_id is None:
            return Next(draft)
        return Start(AddFlow.name, Said(draft.ticket_id, text=draft.words or None, files=draft.files))

    def with_words(self, draft: Idle, words: str, context: TurnContext) -> Idle:
        return replace(draft, words=joined(draft.words, words))

    def _walked(self, draft: Idle, path: str, value: str, context: TurnContext) -> Answer:
        node = tree().find(path)
        if value == UP:
            return Next(replace(draft, path=path.rpartition(SEPARATOR)[0]))
        children = tree().devices if node is None else node.children
        if children:
            if value not in {each.id for each in children}:
                raise Reject("press")
            return Next(replace(draft, path=f"{path}{SEPARATOR}{value}" if path else value))
        has_advice = node is not None and node.advice is not None
        if value == SOLVED and has_advice:
            return Go(Solved.name, path)
        if value != WRITE:
            raise Reject("press")
        counted = (order(advice.count, path, False),) if has_advice else ()
        files = replace(draft.files, received=tuple(each.kind for each in draft.files.held))
        begun = Draft(path, files=files)
        if draft.words:
            begun = described(begun, draft.words, context)
        return Start(NewTicketFlow.name, begun, counted)


class TicketPhoto(TicketFlow[Idle]):
    """Finds out what a picture is for."""

    name = "ticket_photo"
    draft_type = Idle
    steps = (PurposeStep(),)

    def passes(self, draft: Idle) -> bool:
        return _is_idle(draft)


def begin_with_picture(
    text: str, attachments: Sequence[Attachment], context: TurnContext
) -> Recognised | None:
    """A picture that nothing else is about, with words or without."""
    pictures = _pictures(attachments)
    if not pictures or not context.private or not context.may(Permission.OPEN_TICKETS):
        return None
    coming = [[each.file_id, each.media.value, each.name[:200]] for each in pictures]
    return Recognised(BeginWithPicture.name, json.dumps([text.strip(), coming]))


class BeginWithPicture(TicketAction):
    """Ask what a picture is for. The argument is JSON: the words, and of each picture what Telegram says."""

    name = "ticket_photo"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        try:
            words, found = json.loads(argument)
            coming = tuple(Coming(str(file), str(media), str(name)) for file, media, name in found)
        except (ValueError, TypeError):
            return Go(Assistance.name)
        return Start(TicketPhoto.name, Idle(Files(coming=coming), str(words)))


def _is_idle(draft: Idle) -> bool:
    """True while nobody has said what the pictures are for."""
    return draft.path is None and draft.ticket_id is None


def _pictures(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Those that can be attached, as far as can be known before they are fetched."""
    return [each for each in attachments if each.media in (Media.PHOTO, Media.DOCUMENT, Media.VOICE)]


async def _open(context: TurnContext) -> list[Ticket]:
    """The open tickets of who writes, newest first."""
    return (await context.short_read(tickets.open_of, context.acting))[:MOST_OFFERED]
