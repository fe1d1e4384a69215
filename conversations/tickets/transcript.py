"""Everything said in a request for assistance, as a document."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

from backend.identity.permissions import Permission
from backend.tickets import report
from backend.tickets import service as tickets
from backend.tickets.values import Ticket
from conversations.core.answers import Answer, Do, Question, Wait, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Document, Prompt
from conversations.core.waiting import moment
from conversations.tickets.asking import TicketAction
from conversations.tickets.tree import tree

LAST_OF_FONT = 0xFFFF
"""The document's font has no emoji and nothing else beyond this."""


class Transcript(TicketAction):
    """A document of a ticket, that a job makes. The argument is the ticket's number."""

    name = "ticket_transcript"
    permission = Permission.SEE_TICKETS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(tickets.get, context.acting, id_of(argument) or 0)
        making = moment(context.say("filters.making"), context)
        return Wait(Question(JobRequest(self.name, {"ticket_id": found.id})), lambda: making)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say, number = context.say, int(arguments["ticket_id"])
        if "digest" not in result:
            return show(Prompt(say("filters.failed"), ((home_button(context),),)))
        file = Document(result["digest"], result["name"])
        there = Prompt(say("filters.made", number=1))
        document = Prompt(say("ticket_transcript.caption", number=str(number)), document=file)
        given = order(report.record_export, context.acting, context.now, ticket=number)
        return Do(given, lambda _: [there, document])


def transcript_of(say: Say, ticket: Ticket, now: datetime) -> dict[str, Any]:
    """What stands in the document: a title, sections of labelled values, notes. All that its reader may see
    is in the ticket, and nothing else.
    """
    plain = Plain(say)
    codes = [
        ("POD", ticket.pod),
        (plain(say("ticket.production")), ticket.production_pod),
        ("SID", ticket.sid),
        ("NID", ticket.nid),
    ]
    about = [
        [plain(say("ticket_transcript.state")), plain(say(f"ticket_transcript.state.{ticket.state.value}"))],
        [plain(say("ticket_transcript.device")), ticket.device_type.product_name],
        [
            plain(say("ticket_transcript.category")),
            " › ".join(map(html.unescape, tree().labels(ticket.category, say.language)[1:])),
        ],
        *([label, code] for label, code in codes if code),
        [plain(say("ticket_transcript.requester")), ticket.requester or plain(say("ticket.somebody"))],
        *([[plain(say("ticket_transcript.company")), ticket.integrator]] if ticket.integrator else []),
        [plain(say("ticket_transcript.opened")), plain.time(ticket.opened_at)],
        *([[plain(say("ticket_transcript.operator")), ticket.operator]] if ticket.operator else []),
        *(
            [[plain(say("ticket_transcript.closed")), plain.time(ticket.closed_at)]]
            if ticket.closed_at is not None
            else []
        ),
    ]
    said = [
        [
            plain.time(each.at),
            plain(
                say(
                    f"ticket_transcript.said.{each.kind.value}",
                    name=each.author or say("ticket.somebody"),
                    text=each.text,
                )
            ),
        ]
        for each in ticket.messages
    ]
    whole = "".join(each.text for each in ticket.messages)
    notes = [plain(say("ticket_transcript.signs"))] if max(map(ord, whole), default=0) > LAST_OF_FONT else []
    title = plain(say("ticket_transcript.title", number=str(ticket.id)))
    return {
        "title": title,
        "subtitle": plain(say("ticket_transcript.made", at=now)),
        "sections": [
            [plain(say("ticket_transcript.about")), about],
            [plain(say("ticket_transcript.messages")), said],
        ],
        "notes": notes,
        "footer": title,
    }


class Plain:
    """Texts of the catalogue without their escapes: they stand in a document."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def __call__(self, text: str) -> str:
        """The text as it is read."""
        return html.unescape(text)

    def time(self, at: datetime) -> str:
        """A time."""
        return html.unescape(self._say("ticket_transcript.time", at=at))
