"""What a step or an action can answer. Values: the engine carries them out inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.prompts import Prompt


class Reject(Exception):
    """The answer will not do: ask again and say why. `key` ends the text's: `<flow>.<step>.error.<key>`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True)
class Order:
    """A call of a service inside the turn's transaction: `function(connection, *arguments, **options)`."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self, connection: Any) -> Any:
        return self.function(connection, *self.arguments, **self.options)


def order(function: Callable[..., Any], *arguments: Any, **options: Any) -> Order:
    """An order to call `function` inside the turn's transaction."""
    return Order(function, arguments, options)


@dataclass(frozen=True)
class Errand:
    """Work for outside of the turn: a kind of job and its arguments (JSON)."""

    kind: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Next:
    """Go on with this draft: to `step` where named, else to the first question that is still open."""

    draft: Any
    step: str | None = None


@dataclass(frozen=True)
class Show:
    """Show these and be done."""

    prompts: tuple[Prompt, ...]


def show(*prompts: Prompt) -> Show:
    """Show these and be done."""
    return Show(prompts)


@dataclass(frozen=True)
class Do:
    """Have a service change something, then show what `finish` makes of its result, and be done.

    `finish` is pure: it may run again. `errand` is made of the result too, and joins the job queue in the
    same transaction. `then` is an action (name, argument) that goes on by itself afterwards.
    """

    order: Order
    finish: Callable[[Any], Sequence[Prompt]]
    errand: Callable[[Any], Errand | None] | None = None
    then: tuple[str, str] | None = None


@dataclass(frozen=True)
class Wait:
    """Show "one moment…" and hand the errand to the job queue; its result comes back to `result` of the
    action.
    """

    errand: Errand
    meanwhile: Prompt
    also: Order | None = None


@dataclass(frozen=True)
class Start:
    """Begin a dialogue with this draft, at its first open question."""

    flow: str
    draft: Any


@dataclass(frozen=True)
class Go:
    """Be done here and run this action."""

    action: str
    argument: str = ""


Answer = Next | Show | Do | Wait | Start | Go
