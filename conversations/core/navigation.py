"""Where to go from here: the menu, the ways on, pages of a list, a choice among codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.core.answers import Show, show
from conversations.core.context import Here
from conversations.core.prompts import Button, Copy, Entry, Prompt, Rows

LONGEST_ID = 18  # digits: every such number is one that the databases can hold
CHOICES_SHOWN = 10


def id_of(argument: str) -> int | None:
    """The id that a button or a deep link carries; None where it is no such number."""
    if argument.isascii() and argument.isdigit() and len(argument) <= LONGEST_ID:
        return int(argument)
    return None


def home_button(here: Here) -> Entry:
    """Back to the first screen."""
    return Entry(here.say("button.home"), "home")


def help_button(here: Here) -> Entry:
    """What this bot can do."""
    return Entry(here.say("button.help"), "help")


def menu(here: Here) -> Rows:
    """The ways into everything that the actor may do, two in a row."""
    items = [
        Entry(here.say(item.label), item.action)
        for item in here.services.menu
        if item.permission is None or here.may(item.permission)
    ]
    items.append(help_button(here))
    return tuple(tuple(items[at : at + 2]) for at in range(0, len(items), 2))


def way_on(here: Here, *others: Button) -> Rows:
    """The last row under what is over: the menu's first item, or `others` in its place, and the first
    screen. None in a group.
    """
    if not here.private:
        return ()
    if here.membership is None:
        return ((help_button(here),),)
    first = here.services.menu[:1]
    row = others or tuple(Entry(here.say(item.label), item.action) for item in first)
    return ((*row, home_button(here)),)


def stranger(here: Here) -> Prompt:
    """The answer to somebody whom the service does not know: their Telegram number, to be handed over."""
    number = str(here.person.user_id)
    return Prompt(
        here.say("entry.stranger", number=number), ((Copy(here.say("button.copy_number"), number),),)
    )


def choose_code(key: str, action: str, codes: Sequence[str], here: Here) -> Show:
    """Let the user choose one of several codes. `key` is the question's text."""
    rows = tuple((Entry(code, action, code),) for code in codes[:CHOICES_SHOWN])
    asked = here.say(key, number=len(codes), shown=len(rows), more=len(codes) - len(rows))
    return show(Prompt(asked, (*rows, (home_button(here),))))


@dataclass(frozen=True)
class Page:
    """A page of a list that is read by descending ids: `before` is where it begins, None for the newest."""

    action: str
    before: int | None
    size: int = 8

    @property
    def wanted(self) -> int:
        """How many rows to read: one more than are shown tells whether there is another page."""
        return self.size + 1

    def turning(self, here: Here, ids: Sequence[int]) -> Rows:
        """The row that turns pages; empty where all is shown. `ids` are those of the rows that were read."""
        row: list[Button] = []
        if self.before is not None:
            row.append(Entry(here.say("button.newest"), self.action))
        if len(ids) > self.size:
            row.append(Entry(here.say("button.older"), self.action, str(ids[self.size - 1])))
        return (tuple(row),) if row else ()
