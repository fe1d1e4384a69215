"""Finding requests for assistance by a number, a code or a word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.devices.codes import CodeKind, find_codes
from backend.identity.permissions import Permission
from backend.supplies.pod import find_pods
from backend.tickets import report
from backend.tickets.report import Criteria
from conversations.core.answers import Answer, Do, Go, Reject, Start
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.filters import MOST_WORDS, SHORTEST
from conversations.core.flow import Flow, Step
from conversations.core.prompts import Prompt
from conversations.core.replies import Reply, Typed
from conversations.core.reporting import page_of
from conversations.tickets.asking import ShowTicket, Tickets
from conversations.tickets.filters import FORM
from conversations.tickets.report import TicketReportAction, found_prompt, read

_NUMBER = re.compile(r"(?:#|n\. ?|nr\. ?)?([0-9]{1,9})", re.IGNORECASE)


def number_of(text: str) -> str | None:
    """The number of a ticket: `12`, `#12`, `n. 12`."""
    found = _NUMBER.fullmatch(text.strip())
    return found[1] if found is not None else None


def criteria_of(text: str, sid_pattern: str) -> Criteria | None:
    """What a text looks for: the first code in it, else its words; None where it is too short."""
    if pods := find_pods(text):
        return Criteria(any_pod=pods[0].code)
    codes = find_codes(text, sid_pattern)
    # A long word may have the form of a SID.
    if sids := [sid for sid in codes.sids if any(map(str.isdigit, sid))]:
        return Criteria(sid=sids[0])
    if codes.nids:
        return Criteria(nid=codes.nids[0])
    words = text.strip()[:MOST_WORDS].strip()
    return Criteria(words=words) if len(words) >= SHORTEST else None


class Requests(TicketReportAction):
    """The requests that one looks after, or has made oneself. The argument is what to find among them."""

    name = "requests"
    in_staff_group = True
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if argument.strip():
            return Go(FindTickets.name, argument)
        return Go("desk" if context.may(Permission.ANSWER_TICKETS) else Tickets.name)


class FindTickets(TicketReportAction):
    """Find tickets. The argument is a number, a code or words."""

    name = "tfind"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = number_of(argument)
        if number is not None:
            return Go(ShowTicket.name, number)
        wanted = criteria_of(argument, context.services.sid_pattern)
        if wanted is None:
            return Start(FindFlow.name, FindDraft())
        found, count, older = await read(wanted, page_of(FORM, 0), context)
        if count == 1:
            return Go(ShowTicket.name, str(found[0].id))
        lines = await FORM.told(wanted, context)
        return Do(
            order(report.keep, context.acting, wanted, context.now),
            lambda search: [found_prompt(page_of(FORM, search), found, count, older, lines, context)],
        )


@dataclass(frozen=True)
class FindDraft:
    """Nothing is kept: the only answer ends the dialogue."""


class FindStep(Step[FindDraft]):
    """What is to be found?"""

    name = "what"

    def filled(self, draft: FindDraft) -> bool:
        return False

    def claims(self, text: str, draft: FindDraft, context: TurnContext) -> bool:
        return True

    def asks_codes(self, draft: FindDraft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset(CodeKind)

    async def ask(self, draft: FindDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("ticket_find.what.ask"))

    async def answer(self, draft: FindDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        if number_of(reply.text) is None and criteria_of(reply.text, context.services.sid_pattern) is None:
            raise Reject("short")
        return Go(FindTickets.name, reply.text)


class FindFlow(Flow[FindDraft]):
    """Asks what to find."""

    name = "ticket_find"
    draft_type = FindDraft
    steps = (FindStep(),)


class BeginFind(TicketReportAction):
    """Begin the dialogue."""

    name = "tfind_ask"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(FindFlow.name, FindDraft())
