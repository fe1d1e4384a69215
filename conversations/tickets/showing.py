"""Sending the files of a ticket to who may see them."""

from __future__ import annotations

from collections.abc import Sequence

from backend.identity.permissions import Permission
from backend.tickets import service as tickets
from backend.tickets.files import MOST_FILES
from backend.tickets.values import FileKind, Ticket, TicketMessage
from conversations.core.answers import Answer, Go, show
from conversations.core.context import TurnContext
from conversations.core.navigation import id_of
from conversations.core.prompts import Album, Document, Entry, File, Html, Photo, Prompt, Rows, Voice
from conversations.tickets.asking import ShowTicket, TicketAction
from conversations.tickets.files import summed

SHOWN = 8
"""Messages with files on a page."""


class ShowFiles(TicketAction):
    """The files of a ticket: `<ticket>`, of one of its messages: `<ticket>_<message>`, or the messages that
    have files, before one of them: `<ticket>_<message>_`. Each is as visible as its message.
    """

    name = "ticket_files"
    permission = Permission.SEE_TICKETS
    in_staff_group = True
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, rest = argument.partition("_")
        one, paged, _ = rest.partition("_")
        found = await context.short_read(tickets.get, context.acting, id_of(number) or 0)
        having = [each for each in found.messages if each.files]
        chosen = id_of(one)
        if paged and chosen is not None:
            having = [each for each in having if each.id < chosen]
        elif chosen is not None:
            having = [each for each in having if each.id == chosen]
        if not having:
            return Go(ShowTicket.name, str(found.id), head=context.say("ticket.files.no_more"))
        if not paged and sum(len(each.files) for each in having) <= MOST_FILES:
            return show(*(prompt for each in having for prompt in sending(found, each, context)))
        return show(self._list(found, having, context))

    def _list(self, ticket: Ticket, having: list[TicketMessage], context: TurnContext) -> Prompt:
        say, shown = context.say, having[-SHOWN:]
        rows: Rows = tuple(
            (Entry(_label(each, context), self.name, f"{ticket.id}_{each.id}"),) for each in reversed(shown)
        )
        if len(having) > len(shown):
            rows = (
                *rows,
                (Entry(say("ticket.files.button.earlier"), self.name, f"{ticket.id}_{shown[0].id}_"),),
            )
        card = Entry(say("ticket.button.open", number=ticket.id), ShowTicket.name, str(ticket.id))
        return Prompt(say("ticket.files.which", number=ticket.id), (*rows, (card,)))


def _label(message: TicketMessage, context: TurnContext) -> str:
    name = message.author or context.say("ticket.somebody")
    files = summed(context.say, message.files)
    return context.say("ticket.files.of", at=message.at, name=name[:20], files=files)


def sending(ticket: Ticket, message: TicketMessage, context: TurnContext) -> list[Prompt]:
    """The files of a message as Telegram sends them: photos together, documents together, voice messages one
    by one. Nothing of them is kept once the chat shows them: the ticket has them.
    """
    # No name: what is not kept cannot be redacted when its author is erased.
    caption = context.say(f"ticket.files.from.{message.kind.value}", number=ticket.id, at=message.at)
    of = {kind: [file for file in message.files if file.kind is kind] for kind in FileKind}
    photos = [Photo(file.digest) for file in of[FileKind.PHOTO]]
    documents = [Document(file.digest, file.name) for file in of[FileKind.DOCUMENT]]
    return [
        *([Prompt(caption, photo=photos[0], passing=True)] if len(photos) == 1 else _album(photos, caption)),
        *(
            [Prompt(caption, document=documents[0], passing=True)]
            if len(documents) == 1
            else _album(documents, caption)
        ),
        *(Prompt(caption, voice=Voice(file.digest), passing=True) for file in of[FileKind.VOICE]),
    ]


def _album(files: Sequence[File], caption: Html) -> list[Prompt]:
    return [Prompt(caption, album=Album(tuple(files)), passing=True)] if files else []
