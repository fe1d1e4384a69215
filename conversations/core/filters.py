"""The filters of a report, asked for one at a time: what the reports of several features share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from backend.core.clock import ROME
from backend.core.periods import Period
from backend.devices.codes import CodeKind, parse_nid, parse_sid
from backend.identity import service as identity
from backend.identity.values import Integrator
from backend.supplies.pod import parse_pod
from conversations.core.answers import Answer, Do, Go, Next, Reject, Start
from conversations.core.calendar import calendar_rows, is_blank, month_of, picked, turned
from conversations.core.context import Say, TurnContext
from conversations.core.dates import YEARS, last_days, read_period
from conversations.core.effects import Order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Button, Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply, Typed

PERIODS = ("today", "week", "month", "year")
COMPANY = "integrator_id"
"""The filter whose values are companies."""
ANY, TODAY, START = "any", "today", "start"
COMPANIES_SHOWN = 8
ON_BUTTON = 40
SHORTEST, MOST_WORDS = 2, 100
"""Characters of words that are looked for."""
EARLIEST = date(YEARS[0], 1, 1)

Read = Callable[[str, TurnContext], object]


class ReportForm(ABC):
    """What a report is filtered by. A search is a dataclass with a field for each filter, None where it is
    not set.
    """

    nothing: ClassVar[Any]
    """The search without a filter."""
    filters: ClassVar[tuple[str, ...]]
    """All of them, in the order in which they are told."""
    periods: ClassVar[frozenset[str]] = frozenset()
    """Those whose values are periods."""
    rolling: ClassVar[bool] = False
    """Whether a period of the last days goes on to be that as time passes."""
    names: ClassVar[frozenset[str]] = frozenset()
    """Those whose values are names, some of which are offered."""
    options: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """The values of those that have few."""
    readers: ClassVar[Mapping[str, Read]]
    """How what is typed for the others is read. Each raises Reject."""
    report: ClassVar[str]
    """The action that shows the filters; its argument is the search."""
    setting: ClassVar[str]
    """The action that asks for a filter; its argument is `<search>_<filter>`."""
    finding: ClassVar[str]
    """The action that shows what is found; its argument is `<search>_`."""

    @abstractmethod
    async def kept(self, search: int, context: TurnContext) -> Any:
        """The search of this number; None where it is not there any more."""

    @abstractmethod
    def keep(self, wanted: Any, context: TurnContext) -> Order:
        """Keep a search; the order's result is its number."""

    @abstractmethod
    def offered(self, context: TurnContext) -> list[str]:
        """The filters that this person is offered."""

    @abstractmethod
    def label(self, which: str, say: Say) -> Html:
        """The name of a filter."""

    @abstractmethod
    def asked(self, which: str, say: Say) -> Html:
        """The question for a filter's value."""

    @abstractmethod
    def option(self, which: str, value: Any, say: Say) -> Html:
        """One of the few values of a filter, in words."""

    @abstractmethod
    def title(self, say: Say) -> Html:
        """The title of the report."""

    @abstractmethod
    def without(self, say: Say) -> Html:
        """What is found without a filter."""

    async def names_of(self, which: str, context: TurnContext) -> Sequence[str]:
        """Names that are offered for a filter."""
        return ()

    async def companies(self, words: str, context: TurnContext) -> Sequence[Integrator]:
        """The companies that these words name."""
        return ()

    def ready(self, wanted: Any) -> bool:
        """True if the search may be begun."""
        return True

    # ── the search ────────────────────────────────────────────────────────────────────────────────

    async def wanted(self, search: str, context: TurnContext) -> Any:
        """The search that a button names; the one without a filter where it names none. None where it is not
        there any more.
        """
        number = id_of(search) if search else 0
        return self.nothing if number == 0 else await self.kept(number or 0, context)

    async def told(self, wanted: Any, context: TurnContext) -> Html:
        """The filters that are set, a line for each."""
        say, lines = context.say, list[Html]()
        for name in self.filters:
            value = getattr(wanted, name)
            if value is None:
                continue
            if name == COMPANY:
                found = await context.short_read(identity.integrators_by_id, [value])
                value = found[value].business_name if value in found else "–"
            words = self.option(name, value, say) if name in self.options else in_words(value, say)
            lines.append(say("dialogue.answer", label=self.label(name, say), value=words))
        return join(lines)

    def screen(self, search: int, wanted: Any, lines: Html, context: TurnContext) -> Prompt:
        """The filters that are set, a button for each that there is, and the way to what they find."""
        say, buttons = context.say, list[Button]()
        names = self.offered(context)
        names += [name for name in self.filters if name not in names and getattr(wanted, name) is not None]
        for name in names:
            label = self.label(name, say)
            if getattr(wanted, name) is not None:
                label = say("filters.set", name=label)
            buttons.append(Entry(label, self.setting, f"{search}_{name}"))
        rows: Rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
        find = (Entry(say("filters.button.find"), self.finding, f"{search}_"),)
        new = (Entry(say("filters.button.new"), self.report),) if lines else ()
        text = join([self.title(say), lines or self.without(say), say("filters.press")], "\n\n")
        ready = (find,) if self.ready(wanted) else ()
        more = self.more_rows(search, wanted, context)
        return Prompt(text, (*rows, *ready, *more, (*new, home_button(context))))

    def more_rows(self, search: int, wanted: Any, context: TurnContext) -> Rows:
        """Further rows of the screen, above the last one."""
        return ()

    def gone(self, context: TurnContext) -> Prompt:
        """A search is not there any more."""
        new = Entry(context.say("filters.button.new"), self.report)
        return Prompt(context.say("filters.gone"), ((new, home_button(context)),))

    async def begin(self, flow: type[FilterFlow], argument: str, context: TurnContext) -> Answer:
        """Ask for the filter that the argument of `setting` names."""
        search, _, which = argument.partition("_")
        wanted = await self.wanted(search, context)
        clears = which in self.filters and which != COMPANY and getattr(wanted, which, None) is not None
        if which not in self.offered(context) and not clears:
            return Go(self.report, search)
        return Start(flow.name, FilterDraft(search, which, tuple(await self.names_of(which, context))))


def in_words(value: object, say: Say) -> object:
    """The value of a filter."""
    match value:
        case Period(days=1):
            return say("filters.today")
        case Period(days=int(days)):
            return say("filters.last_days", number=days)
        case Period(first, last) if first == last and first is not None:
            return say("filters.on", day=first)
        case Period(None, None):
            return say("filters.to_today")
        case Period(None, last):
            return say("filters.until", day=last)
        case Period(first, None):
            return say("filters.since", day=first)
        case Period(first, last):
            return say("filters.between", first=first, last=last)
        case int():
            return str(value)
        case _:
            return value


@dataclass(frozen=True)
class FilterDraft:
    """The filter that is asked for. `offered` are names to choose from, `words` those that several companies
    have in theirs. Of a period: `month` is the one whose days are shown, `since` the first day that was
    picked, or START for none.
    """

    search: str
    which: str
    offered: tuple[str, ...] = ()
    words: str = ""
    month: str = ""
    since: str = ""

    @property
    def first(self) -> date | None:
        """The first day that was picked."""
        return None if self.since in ("", START) else date.fromisoformat(self.since)


class FilterStep(Step[FilterDraft]):
    """A question about a filter of this form."""

    def __init__(self, form: ReportForm) -> None:
        self.form = form

    def claims(self, text: str, draft: FilterDraft, context: TurnContext) -> bool:
        return True

    async def set(self, draft: FilterDraft, value: Any, context: TurnContext) -> Answer:
        """Keep the search with this value, and show its filters."""
        form = self.form
        wanted = replace(await form.wanted(draft.search, context) or form.nothing, **{draft.which: value})
        lines = await form.told(wanted, context)
        return Do(form.keep(wanted, context), lambda number: [form.screen(number, wanted, lines, context)])


class ValueStep(FilterStep):
    """What is the filter to be?"""

    name = "value"

    def filled(self, draft: FilterDraft) -> bool:
        return bool(draft.since)

    def asks_codes(self, draft: FilterDraft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset(each for each in CodeKind if each.value == draft.which)

    async def ask(self, draft: FilterDraft, context: TurnContext) -> Prompt:
        say, form, which = context.say, self.form, draft.which
        asked, rows = form.asked(which, say), list[tuple[Button, ...]]()
        if which in form.periods:
            periods = [Choice(say(f"filters.period.{each}"), each) for each in PERIODS]
            today = today_of(context)
            rows += [tuple(periods[:2]), tuple(periods[2:])]
            rows += calendar_rows(say, month_of(draft.month, today), EARLIEST, today)
            rows.append((Choice(say("filters.button.start"), START),))
        elif which in form.options:
            options = form.options[which]
            rows += [(Choice(form.option(which, each, say), f"o{at}"),) for at, each in enumerate(options)]
        elif which in form.names:
            rows += [(Choice(name[:ON_BUTTON], f"r{at}"),) for at, name in enumerate(draft.offered)]
        elif draft.words:
            found = await form.companies(draft.words, context)
            shown = found[:COMPANIES_SHOWN]
            asked = (
                say("filters.which", number=len(found), words=draft.words)
                if len(found) == len(shown)
                else say("filters.which_first", number=len(found), shown=len(shown), words=draft.words)
            )
            rows += [
                (Choice(f"{each.business_name[:ON_BUTTON]} · {each.code}", f"c{each.id}"),) for each in shown
            ]
        wanted = await form.wanted(draft.search, context) or form.nothing
        if getattr(wanted, which) is not None:
            rows.append((Choice(say("filters.button.any"), ANY),))
        return Prompt(asked, tuple(rows))

    async def answer(self, draft: FilterDraft, reply: Reply, context: TurnContext) -> Answer:
        form, which = self.form, draft.which
        if isinstance(reply, Chosen):
            if which in form.periods and (moved := _moved(draft, reply.value, context)) is not None:
                return Next(moved)
            return await self.set(draft, self._pressed(draft, reply.value, context), context)
        if not isinstance(reply, Typed):
            raise Reject("text")
        if which == COMPANY:
            found = await form.companies(reply.text, context)
            if len(found) > 1:
                return Next(replace(draft, words=reply.text.strip()[:ON_BUTTON]))
            if not found:
                raise Reject("filters.error.company")
            return await self.set(draft, found[0].id, context)
        if which in form.options:
            raise Reject("press")
        read = read_days if which in form.periods else form.readers[which]
        return await self.set(draft, read(reply.text, context), context)

    def _pressed(self, draft: FilterDraft, value: str, context: TurnContext) -> Any:
        """What a button of the question stands for. Raises Reject."""
        form, which, number = self.form, draft.which, id_of(value[1:])
        if value == ANY:
            return None
        if which in form.periods and (period := last_days(value, today_of(context))) is not None:
            return period if form.rolling else period.on(today_of(context))
        options = form.options.get(which, ())
        if value[:1] == "o" and number is not None and number < len(options):
            return options[number]
        if which in form.names and value[:1] == "r" and number is not None and number < len(draft.offered):
            return draft.offered[number]
        if which == COMPANY and value[:1] == "c" and number is not None:
            return number
        raise Reject("press")


class UntilStep(FilterStep):
    """Until when is the period?"""

    name = "until"

    def applies(self, draft: FilterDraft) -> bool:
        return bool(draft.since)

    def filled(self, draft: FilterDraft) -> bool:
        return False

    async def ask(self, draft: FilterDraft, context: TurnContext) -> Prompt:
        say, today = context.say, today_of(context)
        now = (Choice(say("filters.button.today"), TODAY),)
        first = draft.first
        asked = say("filters.until_ask", day=first) if first is not None else say("filters.until_ask_start")
        days = calendar_rows(say, month_of(draft.month, today), first or EARLIEST, today)
        return Prompt(asked, (now, *days))

    async def answer(self, draft: FilterDraft, reply: Reply, context: TurnContext) -> Answer:
        first, today = draft.first, today_of(context)
        if isinstance(reply, Chosen):
            if reply.value == TODAY:
                return await self.set(draft, Period(first), context)
            if (moved := _shown(draft, reply.value)) is not None:
                return Next(moved, self.name)
            last = picked(reply.value, first or EARLIEST, today)
            if last is None:
                raise Reject("press")
            return await self.set(draft, Period(first, last), context)
        if not isinstance(reply, Typed):
            raise Reject("text")
        typed = read_period(reply.text, today, first)
        if typed is None or typed.last is None or typed.first not in (None, typed.last):
            raise Reject("filters.error.day")
        if first is not None and typed.last < first:
            raise Reject("filters.error.before", day=first)
        return await self.set(draft, Period(first, typed.last), context)


class FilterFlow(Flow[FilterDraft]):
    """Asks for one filter of a report. Derive one for each, with the steps of `filter_steps`."""

    form: ClassVar[ReportForm]
    draft_type = FilterDraft

    def key(self, draft: FilterDraft) -> str:
        return f"{draft.search}-{draft.which}"

    def cancelled(self, draft: FilterDraft) -> Go | None:
        return Go(self.form.report, draft.search)


def filter_steps(form: ReportForm) -> tuple[FilterStep, ...]:
    """The questions for a filter of this form."""
    return (ValueStep(form), UntilStep(form))


def today_of(context: TurnContext) -> date:
    """The day in Rome."""
    return context.now.astimezone(ROME).date()


def _moved(draft: FilterDraft, value: str, context: TurnContext) -> FilterDraft | None:
    """The draft after a press on the calendar of the first day; None where it was another press."""
    if value == START:
        return replace(draft, since=START, month="")
    day = picked(value, EARLIEST, today_of(context))
    return _shown(draft, value) if day is None else replace(draft, since=day.isoformat(), month="")


def _shown(draft: FilterDraft, value: str) -> FilterDraft | None:
    """The draft after a press that turns the calendar, or on a place where there is no day."""
    month = turned(value)
    if month is not None:
        return replace(draft, month=f"{month:%Y-%m}")
    return draft if is_blank(value) else None


# ── what is typed ─────────────────────────────────────────────────────────────────────────────────────


def read_days(text: str, context: TurnContext) -> object:
    """A period. Raises Reject."""
    period = read_period(text, today_of(context))
    if period is None:
        raise Reject("filters.error.period")
    return period


def read_pod(text: str, context: TurnContext) -> object:
    """A POD. Raises Reject."""
    pod = parse_pod(text)
    if pod is None:
        raise Reject("filters.error.pod")
    return pod.code


def read_sid(text: str, context: TurnContext) -> object:
    """A SID. Raises Reject."""
    sid = parse_sid(text, context.services.sid_pattern)
    if sid is None:
        raise Reject("filters.error.sid")
    return sid


def read_nid(text: str, context: TurnContext) -> object:
    """A NID. Raises Reject."""
    nid = parse_nid(text)
    if nid is None:
        raise Reject("filters.error.nid")
    return nid


def read_words(text: str, context: TurnContext) -> object:
    """Words, or a part of a name. Raises Reject."""
    words = text.strip()
    if not SHORTEST <= len(words) <= MOST_WORDS:
        raise Reject("filters.error.words", least=SHORTEST, most=MOST_WORDS)
    return words
