"""The filters of the report: in words, and asked for one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from backend.core.clock import ROME
from backend.devices.codes import CodeKind, parse_nid, parse_sid
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.supplies.pod import parse_pod
from backend.tickets import report
from backend.tickets.report import MOST_WORDS, Criteria, Period
from backend.tickets.values import TicketState
from conversations.core.answers import Answer, Do, Go, Next, Reject
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Button, Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply, Typed
from conversations.tickets.dates import last_days, read_period

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
OF_STAFF = ("integrator_id",)
FOUND_BY_CODE = ("any_pod",)
"""What only a search by a code sets; here it can be cleared."""
FILTERS = (*ALWAYS, *OF_STAFF, *FOUND_BY_CODE)
PERIODS = ("today", "week", "month", "year")
ANY = "any"
COMPANIES_SHOWN = 8
REQUESTERS_SHOWN = 6
ON_BUTTON = 40
SHORTEST = 2


async def wanted_of(search: str, context: TurnContext) -> Criteria | None:
    """The search of this number; of none, everything. None where it is not there any more."""
    number = id_of(search) if search else 0
    if number == 0:
        return Criteria()
    return await context.short_read(report.kept, context.acting, number or 0)


async def told(wanted: Criteria, context: TurnContext) -> Html:
    """The filters that are set, a line for each."""
    say, lines = context.say, list[Html]()
    for name in FILTERS:
        value = getattr(wanted, name)
        if value is None:
            continue
        if name == "integrator_id":
            found = await context.short_read(identity.integrators_by_id, [value])
            value = found[value].business_name if value in found else "–"
        lines.append(
            say("dialogue.answer", label=say(f"ticket_report.filter.{name}"), value=in_words(value, say))
        )
    return join(lines)


def in_words(value: object, say: Say) -> object:
    """The value of a filter."""
    match value:
        case TicketState():
            return say(f"ticket.state.{value.value}")
        case Period(first, last) if first == last and first is not None:
            return say("ticket_report.on", day=first)
        case Period(None, last):
            return say("ticket_report.until", day=last)
        case Period(first, None):
            return say("ticket_report.since", day=first)
        case Period(first, last):
            return say("ticket_report.between", first=first, last=last)
        case int():
            return str(value)
        case _:
            return value


def screen(search: int, wanted: Criteria, lines: Html, context: TurnContext) -> Prompt:
    """The filters that are set, a button for each that there is, and the way to what they find."""
    say = context.say
    names = [*ALWAYS, *(OF_STAFF if context.may(Permission.ANSWER_TICKETS) else ())]
    names += [name for name in (*OF_STAFF, *FOUND_BY_CODE) if name not in names and getattr(wanted, name)]
    buttons: list[Button] = []
    for name in names:
        label = say(f"ticket_report.filter.{name}")
        if getattr(wanted, name) is not None:
            label = say("ticket_report.set", name=label)
        buttons.append(Entry(label, "treport_set", f"{search}_{name}"))
    rows: Rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    found = (Entry(say("ticket_report.button.find"), "treport_list", f"{search}_"),)
    new = (Entry(say("ticket_report.button.new"), "treport"),) if lines else ()
    text = join([say("ticket_report.title"), lines or say("ticket_report.no_filter")], "\n\n")
    ways = (*new, home_button(context))
    return Prompt(join([text, say("ticket_report.press")], "\n\n"), (*rows, found, ways))


@dataclass(frozen=True)
class FilterDraft:
    """The filter that is asked for. `offered` are names to choose from, `words` those that several companies
    have in theirs.
    """

    search: str
    which: str
    offered: tuple[str, ...] = ()
    words: str = ""


class ValueStep(Step[FilterDraft]):
    """What is the filter to be?"""

    name = "value"

    def filled(self, draft: FilterDraft) -> bool:
        return False

    def claims(self, text: str, draft: FilterDraft, context: TurnContext) -> bool:
        return True

    def asks_codes(self, draft: FilterDraft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset(each for each in CodeKind if each.value == draft.which)

    async def ask(self, draft: FilterDraft, context: TurnContext) -> Prompt:
        say, rows = context.say, list[tuple[Choice, ...]]()
        asked = say(f"ticket_report.ask.{draft.which}")
        if draft.which in ("opened", "closed"):
            periods = [Choice(say(f"ticket_report.period.{each}"), each) for each in PERIODS]
            rows += [tuple(periods[:2]), tuple(periods[2:])]
        elif draft.which == "state":
            rows += [(Choice(say(f"ticket.state.{each.value}"), each.value),) for each in TicketState]
        elif draft.which == "requester":
            rows += [(Choice(name[:ON_BUTTON], f"r{at}"),) for at, name in enumerate(draft.offered)]
        elif draft.words:
            found = await context.long_read(report.integrators_like, context.acting, draft.words)
            shown = found[:COMPANIES_SHOWN]
            asked = say("ticket_report.which", number=len(found), shown=len(shown), words=draft.words)
            rows += [
                (Choice(f"{each.business_name[:ON_BUTTON]} · {each.code}", f"c{each.id}"),) for each in shown
            ]
        wanted = await wanted_of(draft.search, context)
        if getattr(wanted or Criteria(), draft.which) is not None:
            rows.append((Choice(say("ticket_report.button.any"), ANY),))
        return Prompt(asked, tuple(rows))

    async def answer(self, draft: FilterDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            value = pressed(draft, reply.value, context)
        elif not isinstance(reply, Typed):
            raise Reject("text")
        elif draft.which == "integrator_id":
            found = await context.long_read(report.integrators_like, context.acting, reply.text)
            if len(found) > 1:
                return Next(replace(draft, words=reply.text.strip()[:ON_BUTTON]))
            if not found:
                raise Reject("ticket_report.error.company")
            value = found[0].id
        else:
            value = READERS[draft.which](reply.text, context)
        wanted = replace(await wanted_of(draft.search, context) or Criteria(), **{draft.which: value})
        lines = await told(wanted, context)
        return Do(
            order(report.keep, context.acting, wanted, context.now),
            lambda number: [screen(number, wanted, lines, context)],
        )


def pressed(draft: FilterDraft, value: str, context: TurnContext) -> Any:
    """What a button of the question stands for. Raises Reject."""
    if value == ANY:
        return None
    if draft.which in ("opened", "closed") and value in PERIODS:
        return last_days(value, context.now.astimezone(ROME).date())
    if draft.which == "state" and value in {each.value for each in TicketState}:
        return TicketState(value)
    number = id_of(value[1:])
    if draft.which == "requester" and value[:1] == "r" and number is not None and number < len(draft.offered):
        return draft.offered[number]
    if draft.which == "integrator_id" and value[:1] == "c" and number is not None:
        return number
    raise Reject("press")


def _number(text: str, context: TurnContext) -> object:
    number = id_of(text.strip().removeprefix("#"))
    if number is None:
        raise Reject("ticket_report.error.number")
    return number


def _pod(text: str, context: TurnContext) -> object:
    pod = parse_pod(text)
    if pod is None:
        raise Reject("ticket_report.error.pod")
    return pod.code


def _sid(text: str, context: TurnContext) -> object:
    sid = parse_sid(text, context.services.sid_pattern)
    if sid is None:
        raise Reject("ticket_report.error.sid")
    return sid


def _nid(text: str, context: TurnContext) -> object:
    nid = parse_nid(text)
    if nid is None:
        raise Reject("ticket_report.error.nid")
    return nid


def _words(text: str, context: TurnContext) -> object:
    words = text.strip()
    if not SHORTEST <= len(words) <= MOST_WORDS:
        raise Reject("ticket_report.error.words", least=SHORTEST, most=MOST_WORDS)
    return words


def _period(text: str, context: TurnContext) -> object:
    period = read_period(text, context.now.astimezone(ROME).date())
    if period is None:
        raise Reject("ticket_report.error.period")
    return period


def _state(text: str, context: TurnContext) -> object:
    raise Reject("press")


READERS: Mapping[str, Callable[[str, TurnContext], object]] = {
    "number": _number,
    "state": _state,
    "opened": _period,
    "closed": _period,
    "pod": _pod,
    "production_pod": _pod,
    "any_pod": _pod,
    "sid": _sid,
    "nid": _nid,
    "requester": _words,
    "words": _words,
}
"""How what is typed for a filter is read. Each raises Reject."""


class FilterFlow(Flow[FilterDraft]):
    """Asks for one filter of the report."""

    name = "ticket_filter"
    draft_type = FilterDraft
    steps = (ValueStep(),)

    def key(self, draft: FilterDraft) -> str:
        return f"{draft.search}-{draft.which}"

    def cancelled(self, draft: FilterDraft) -> Go | None:
        return Go("treport", draft.search)
