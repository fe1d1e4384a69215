"""Navigation: the menu, the ways on, pages of a list, a choice among codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from conversations.core.answers import Show, show
from conversations.core.context import TurnContext
from conversations.core.prompts import NOTHING, Button, Entry, Html, Prompt, Rows

LONGEST_ID = 18  # digits: every such number is one that the databases can hold
CHOICES_SHOWN = 10


def id_of(argument: str) -> int | None:
    """The id that a button or a deep link carries; None where it is no such number."""
    if argument.isascii() and argument.isdigit() and len(argument) <= LONGEST_ID:
        return int(argument)
    return None


def row_and_page(argument: str) -> tuple[int, str]:
    """The id of a list's row, and the page to come back to: `<id>` or `<id>_<page>`."""
    number, _, page = argument.partition("_")
    return id_of(number) or 0, str(id_of(page) or "")


def home_button(context: TurnContext) -> Entry:
    """Back to the first screen."""
    return Entry(context.say("button.home"), "home")


def help_button(context: TurnContext) -> Entry:
    """The button to the help."""
    return Entry(context.say("button.help"), "help")


def menu(context: TurnContext) -> Rows:
    """The ways into everything that the actor may do, two in a row."""
    items = [*_offered(context), help_button(context)]
    return tuple(tuple(items[at : at + 2]) for at in range(0, len(items), 2))


def _offered(context: TurnContext) -> Iterator[Entry]:
    """The menu's items for this actor."""
    for item in context.services.menu:
        permitted = item.permission is None or context.may(item.permission)
        if permitted and (context.services.scp_uploaded or not item.uploaded):
            yield Entry(context.say(item.label), item.action)


def way_on(context: TurnContext, *others: Button) -> Rows:
    """The last row under what is over: the first item of the actor's menu, or `others` in its place, and the
    first screen. None in a group.
    """
    if not context.private:
        return ()
    if context.membership is None or context.acting.suspended:
        return ((home_button(context),),)
    return ((*(others or islice(_offered(context), 1)), home_button(context)),)


def stranger(context: TurnContext) -> Prompt:
    """The answer to somebody whom the service does not know: the way in."""
    register = Entry(context.say("button.register"), "registration")
    return Prompt(context.say("entry.stranger"), ((register,), (help_button(context),)))


def choose_code(key: str, action: str, codes: Sequence[str], context: TurnContext) -> Show:
    """Let the user choose one of several codes. `key` is the question's text."""
    rows = tuple((Entry(code, action, code),) for code in codes[:CHOICES_SHOWN])
    asked = context.say(key, number=len(codes), shown=len(rows), more=len(codes) - len(rows))
    return show(Prompt(asked, (*rows, (home_button(context),))))


@dataclass(frozen=True)
class Page:
    """A page of a list. `at` is the id that the page before ended with, None for the first page. `of` stands
    before the id in the buttons' arguments, and says which list it is. `newest_first` is the list's order.
    """

    action: str
    at: int | None
    size: int = 8
    of: str = ""
    newest_first: bool = True

    @property
    def wanted(self) -> int:
        """The number of rows to read: one more than are shown, to know if there is another page."""
        return self.size + 1

    @property
    def here(self) -> str:
        """The argument that comes back to this page."""
        return f"{self.of}{self.at or ''}"

    def place(self, context: TurnContext, shown: int, number: int, older: int) -> Html:
        """Which rows of how many are shown, `older` being how many the list has from this page on; nothing
        where all are shown.
        """
        if shown == number or not shown:
            return NOTHING
        first = number - older + 1
        return context.say("pages.place", first=first, last=first + shown - 1, number=number)

    def turning(self, context: TurnContext, ids: Sequence[int]) -> Rows:
        """The row that turns pages; empty where all is shown. `ids` are those of the rows that were read."""
        say, row = context.say, list[Button]()
        if self.at is not None:
            label = say("button.newest") if self.newest_first else say("button.first")
            row.append(Entry(label, self.action, self.of))
        if len(ids) > self.size:
            label = say("button.older") if self.newest_first else say("button.next")
            row.append(Entry(label, self.action, f"{self.of}{ids[self.size - 1]}"))
        return (tuple(row),) if row else ()
