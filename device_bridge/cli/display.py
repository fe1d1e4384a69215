"""What happens, as it happens: on a terminal a live picture, elsewhere plain lines, for programs JSON.

A display hears the same events as the log: those of `device_bridge.agent`, and `clock_differs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.text import Text

from device_bridge.agent import FINAL, Heard
from device_bridge.cli.common import console, show, show_json_line, why, words
from device_bridge.reasons import Reason
from device_bridge.texts import Texts


class Display(Protocol):
    """Shows what happens."""

    def heard(self, event: str, values: dict[str, Any]) -> None:
        """Something happens."""

    def silent(self, on: bool) -> None:
        """Whether somebody is asked for something, and the picture must stand still."""


@contextmanager
def display(*, as_json: bool, first: str = "") -> Iterator[Display]:
    """The display for where the output goes. A picture begins with the line `first`."""
    if as_json:
        yield JsonLines()
    elif not console.is_terminal:
        yield Lines()
    else:
        with Picture(first) as picture:
            yield picture


def line_of(event: str, values: dict[str, Any], say: Texts) -> str:
    """The line for an event; "" where there is none."""
    job = str(values.get("job", ""))
    match event:
        case "online":
            return say("event.online", person=values["person"])
        case "clock_differs":
            return say("event.clock_differs", minutes=values["minutes"])
        case "offline":
            return say("event.offline", why=say(f"nolink.{values['why']}"))
        case "turned_away":
            # A final one ends the program, with this sentence.
            return "" if values["reason"] in FINAL else say(f"away.{values['reason']}")
        case "jobs":
            return say("event.jobs", number=values["number"])
        case "begun":
            return say("event.begun", job=job)
        case "progress":
            return say("event.step", job=job, step=say(f"step.{values['step']}"))
        case "by_hand":
            return say("event.by_hand", file=values["file"])
        case "enter":
            return say("event.enter", file=values["file"])
        case "done":
            return say(f"event.done_{values['outcome']}", job=job)
        case "ended":
            return say("event.ended", job=job, why=why(Reason("", values["reason"], values["values"]), say))
        case "failed":
            return say("failed")
    return ""


class JsonLines:
    """One JSON object a line."""

    def heard(self, event: str, values: dict[str, Any]) -> None:
        show_json_line({"event": event, **values})

    def silent(self, on: bool) -> None:
        """Nothing moves."""


class Lines:
    """One line for whatever is new: of a progress each step, of a lost link each reason."""

    def __init__(self, write: Callable[[str], None] = show) -> None:
        self._say = words()
        self._write = write
        self._last: dict[str, str] = {}

    def heard(self, event: str, values: dict[str, Any]) -> None:
        line = line_of(event, values, self._say)
        subject = f"{event} {values.get('job')}" if "job" in values else "link"
        if line and self._last.get(subject) != line:
            self._last[subject] = line
            self._write(line)

    def silent(self, on: bool) -> None:
        """Nothing moves."""


class Picture:
    """A picture that moves: the link, the jobs, how far each that runs is. What has happened stands above."""

    def __init__(self, first: str) -> None:
        self._say = words()
        self._link = Text(first)
        self._jobs = Text("")
        self._progress = Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        self._running: dict[int, TaskID] = {}
        self._line = ""
        self._live = Live(self._drawn(), console=console, refresh_per_second=4)

    def __enter__(self) -> Picture:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def heard(self, event: str, values: dict[str, Any]) -> None:
        line = line_of(event, values, self._say)
        match event:
            case "online":
                self._link = Text(line, style="green")
            case "offline" | "turned_away":
                self._link = Text(line, style="yellow")
            case "jobs":
                self._jobs = Text(line)
            case "begun":
                self._running[values["job"]] = self._progress.add_task(line, total=None)
            case "progress":
                of = values["of"] or None
                self._progress.update(
                    self._running[values["job"]], description=line, completed=values["done"], total=of
                )
            case "done" | "ended":
                self._end(values["job"])
                self._above(line, "green" if event == "done" else "red")
            case _:
                self._above(line, "yellow")
        self._live.update(self._drawn(), refresh=line != self._line)  # a number may wait for its turn
        self._line = line

    def silent(self, on: bool) -> None:
        if on:
            self._live.stop()
        else:
            self._live.start(refresh=True)

    def _end(self, job: int) -> None:
        task = self._running.pop(job, None)
        if task is not None:
            self._progress.remove_task(task)

    def _above(self, line: str, style: str) -> None:
        if line:
            console.print(line, style=style, highlight=False, markup=False)

    def _drawn(self) -> Group:
        return Group(*(each for each in (self._link, self._jobs) if each.plain), self._progress)


def together(*hearers: Heard) -> Heard:
    """One that passes on to all."""

    def heard(event: str, values: dict[str, Any]) -> None:
        for each in hearers:
            each(event, values)

    return heard
