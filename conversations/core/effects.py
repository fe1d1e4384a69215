"""The effects of a turn: what it changes and shows, carried out in order in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.core.dialogues.values import StoredDialogue
from backend.core.outbox.values import Destination
from conversations.core.prompts import Prompt


@dataclass(frozen=True)
class Order:
    """A call of a service: `function(connection, *arguments, **options)`."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self, connection: Any) -> Any:
        return self.function(connection, *self.arguments, **self.options)


def order(function: Callable[..., Any], *arguments: Any, **options: Any) -> Order:
    """An order to call `function` inside the turn's transaction."""
    return Order(function, arguments, options)


TO_DIALOGUE = "~dialogue"
"""In place of an action's name: the result goes back to the question that waits for it."""


@dataclass(frozen=True)
class JobRequest:
    """Work for outside of the turn: a kind of job and its arguments (JSON).

    As an effect nobody waits for it in the chat; its result, where it has one, comes back to `action`, or to
    the action that has the name of the kind.
    """

    kind: str
    arguments: dict[str, Any]
    action: str | None = None


@dataclass(frozen=True)
class GoOn:
    """Run this action by itself, in a turn of its own after this one."""

    action: str
    argument: str = ""


@dataclass(frozen=True)
class PostTo:
    """Show a prompt in another chat or topic, where nobody waits for it. Its buttons are entry buttons."""

    destination: Destination
    prompt: Prompt


@dataclass(frozen=True)
class CancelJobs:
    """The user no longer waits for their jobs in this lane, or, where `only` names jobs, for none of these.
    Each card that said "one moment…" shows `instead`, without buttons.
    """

    instead: Prompt | None = None
    only: tuple[int, ...] | None = None


@dataclass(frozen=True)
class LeaveDialogues:
    """The dialogue under way, and those beneath it, are over: the user acts for another integrator now."""


@dataclass(frozen=True)
class NoteCard:
    """Tell a service which post is the card that this turn showed last: it calls
    `function(connection, *arguments, destination, post_id)`.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


AnswerEffect = Order | NoteCard | JobRequest | GoOn | PostTo | CancelJobs | LeaveDialogues
"""The effects that any answer of a dialogue or an action can bring."""


@dataclass(frozen=True)
class Call:
    """An order whose result makes further effects. `then` is pure: it may run again."""

    order: Order
    then: Callable[[Any], Sequence[Effect]]


@dataclass(frozen=True)
class Card:
    """A prompt and where it goes: onto post `onto`, or below everything (`onto` none).

    `asks` marks the question of a dialogue: its post becomes the conversation's card, and its buttons carry
    the conversation's `revision`.
    """

    prompt: Prompt
    onto: int | None = None
    asks: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Await:
    """Start a job, for which the last card waits; `job.action` says what its result comes back to."""

    job: JobRequest


@dataclass(frozen=True)
class KeepDialogue:
    """Store the dialogue's next state; its card is the question just enqueued, and where it `awaits` a job,
    that is the one just started.
    """

    conversation: StoredDialogue
    awaits: bool = False


@dataclass(frozen=True)
class EndDialogue:
    """Nothing is being asked any more."""


@dataclass(frozen=True)
class Rebind:
    """A button of the post was pressed on this message: it is the post's message from now on."""

    post_id: int
    message_id: int


@dataclass(frozen=True)
class RemoveKeyboard:
    """The post loses its buttons, unless this turn has enqueued something for it. It shows `instead` from now
    on, if it can become that.
    """

    post_id: int
    instead: Prompt | None = None


@dataclass(frozen=True)
class ShowAgain:
    """Show the post as it is, because its message may show something older; `if_gone` where it is unknown."""

    post_id: int
    if_gone: Prompt | None = None


@dataclass(frozen=True)
class GiveUpChat:
    """The user blocked the bot: what waits for them is given up."""


Effect = (
    AnswerEffect
    | Call
    | Card
    | Await
    | KeepDialogue
    | EndDialogue
    | Rebind
    | RemoveKeyboard
    | ShowAgain
    | GiveUpChat
)


@dataclass(frozen=True)
class Turn:
    """The decision of a turn."""

    effects: tuple[Effect, ...] = ()

    def __add__(self, other: Turn) -> Turn:
        return Turn(self.effects + other.effects)

    def has(self, *kinds: type[Any]) -> bool:
        """True if an effect of one of these kinds is among its own (not of those that results make)."""
        return any(isinstance(effect, kinds) for effect in self.effects)

    @property
    def cards(self) -> list[Card]:
        """The cards known before it is carried out."""
        return [effect for effect in self.effects if isinstance(effect, Card)]


def turn(*effects: Effect) -> Turn:
    """A turn of these effects."""
    return Turn(effects)
