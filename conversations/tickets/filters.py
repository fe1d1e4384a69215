"""The filters of the report on requests for assistance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from backend.identity.permissions import Permission
from backend.identity.values import Integrator
from backend.tickets import report
from backend.tickets.report import Criteria
from backend.tickets.values import TicketState
from conversations.core.answers import Reject
from conversations.core.context import Say, TurnContext
from conversations.core.effects import Order, order
from conversations.core.filters import (
    COMPANY,
    FilterFlow,
    Read,
    ReportForm,
    filter_steps,
    read_nid,
    read_pod,
    read_sid,
    read_words,
)
from conversations.core.navigation import id_of
from conversations.core.prompts import Html

ALWAYS = (
    "number",
    "state",
    "opened",
    "closed",
    "pod",
    "production_pod",
    "sid",
    "nid",
    "requester",
    "words",
)
"""The filters that everybody is offered."""
OF_STAFF = (COMPANY,)
FOUND_BY_CODE = ("any_pod",)
"""What only a search by a code sets; here it can be cleared."""
FILTERS = (*ALWAYS, *OF_STAFF, *FOUND_BY_CODE)
REQUESTERS_SHOWN = 6


def _number(text: str, context: TurnContext) -> object:
    number = id_of(text.strip().removeprefix("#"))
    if number is None:
        raise Reject("ticket_report.error.number")
    return number


READERS: Mapping[str, Read] = {
    "number": _number,
    "pod": read_pod,
    "production_pod": read_pod,
    "any_pod": read_pod,
    "sid": read_sid,
    "nid": read_nid,
    "requester": read_words,
    "words": read_words,
}


class TicketForm(ReportForm):
    """What requests for assistance are filtered by."""

    nothing = Criteria()
    filters = FILTERS
    periods = frozenset({"opened", "closed"})
    names = frozenset({"requester"})
    options: ClassVar[Mapping[str, tuple[Any, ...]]] = {"state": tuple(TicketState)}
    readers = READERS
    report = "treport"
    setting = "treport_set"
    finding = "treport_list"

    async def kept(self, search: int, context: TurnContext) -> Criteria | None:
        return await context.short_read(report.kept, context.acting, search)

    def keep(self, wanted: Criteria, context: TurnContext) -> Order:
        return order(report.keep, context.acting, wanted, context.now)

    def offered(self, context: TurnContext) -> list[str]:
        return [*ALWAYS, *(OF_STAFF if context.may(Permission.ANSWER_TICKETS) else ())]

    def label(self, which: str, say: Say) -> Html:
        return say(f"ticket_report.filter.{which}")

    def asked(self, which: str, say: Say) -> Html:
        return say(f"ticket_report.ask.{which}")

    def option(self, which: str, value: TicketState, say: Say) -> Html:
        return say(f"ticket.state.{value.value}")

    def title(self, say: Say) -> Html:
        return say("ticket_report.title")

    def without(self, say: Say) -> Html:
        return say("ticket_report.no_filter")

    async def names_of(self, which: str, context: TurnContext) -> Sequence[str]:
        if which not in self.names:
            return ()
        return await context.long_read(report.requesters, context.acting, REQUESTERS_SHOWN)

    async def companies(self, words: str, context: TurnContext) -> Sequence[Integrator]:
        return await context.long_read(report.integrators_like, context.acting, words)


FORM = TicketForm()


class TicketFilterFlow(FilterFlow):
    """Asks for one filter of the report."""

    name = "ticket_filter"
    form = FORM
    steps = filter_steps(FORM)
