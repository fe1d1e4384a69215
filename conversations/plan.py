"""What a turn has decided: a value that the worker carries out in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from backend.dialogues.values import Conversation
from conversations.answers import Errand, Order
from conversations.prompts import Prompt


@dataclass(frozen=True)
class Card:
    """A prompt and where it goes: onto post `onto`, or below everything (`onto` none).

    `asks` marks the question of the dialogue: its post becomes the conversation's card, and its buttons
    carry the conversation's revision.
    """

    prompt: Prompt
    onto: int | None = None
    asks: bool = False


@dataclass(frozen=True)
class Turn:
    """What a turn changes and shows."""

    adopt: tuple[int, int] | None = None
    """Post and message: a button of the post was pressed on this message."""
    orders: tuple[Order, ...] = ()
    """Services' changes, in this order."""
    cancels: bool = False
    """The user no longer waits for their errands."""
    cards: tuple[Card, ...] = ()
    """What to show, in this order."""
    finish: Callable[[Any], Sequence[Card]] | None = None
    """More cards, made of what the last order returned."""
    last: tuple[Card, ...] = ()
    """Cards below all others: the question that the user comes back to."""
    conversation: Conversation | None = None
    """The dialogue's next state; its card is known once the question is drawn."""
    ends: bool = False
    """The dialogue under way is over."""
    retire: tuple[int, ...] = ()
    """Posts that lose their buttons."""
    refresh: tuple[int, ...] = ()
    """Posts that are shown again as they are, because their message may show something older."""
    if_gone: Prompt | None = None
    """What to show where a post to refresh is no longer known."""
    errand: Errand | None = None
    """Work for outside of the turn; the first card says "one moment…"."""
    errand_of: Callable[[Any], Errand | None] | None = None
    """The same, made of what the last order returned; nothing on the screen waits for it."""
    then: tuple[str, str] | None = None
    """An action and its argument that go on by themselves in a turn of their own."""
    blocked: bool = False
    """The user blocked the bot: what waits for them is given up."""
