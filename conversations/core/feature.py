"""A feature's part in the chat: dialogues, actions, commands, recognisers, gates and notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from conversations.core.action import Action
from conversations.core.answers import Answer
from conversations.core.context import MenuItem, TurnContext
from conversations.core.flow import Flow
from conversations.core.notices import NoticeKind
from conversations.core.replies import Attachment, Edited, Sent, Typed
from conversations.core.topics import TopicKind


@dataclass(frozen=True, slots=True)
class Recognised:
    """An action that a message asks for, and its argument."""

    action: str
    argument: str


class Recogniser(Protocol):
    """Says what a message that answers no question is about."""

    def __call__(
        self, text: str, attachments: Sequence[Attachment], context: TurnContext
    ) -> Recognised | None:
        """The action that these words and files ask for; none where they are not of this recogniser's kind.

        `text` is a caption where there are attachments. All of it comes from outside: hostile until read.
        """


class Listener(Protocol):
    """Hears what people say that is no answer to a question: see `Feature`."""

    async def __call__(self, said: Typed | Sent | Edited, context: TurnContext) -> Recognised | None:
        """The action that this asks for; none where it is not for this listener. In a group the action must
        be one that answers there.
        """


class Gate(Protocol):
    """Stands before actions until something is done, which then goes on by itself."""

    async def __call__(self, action: Action, argument: str, context: TurnContext) -> Answer | None:
        """The answer that must come before the action; None if it may run now."""


@dataclass(frozen=True)
class SlashCommand:
    """A slash command: its name in each language, without the slash. All are understood in all languages.

    `action` is what it runs; none means the engine's own way out of a dialogue. The help shows it to those
    who may run that, with the text `command.<Italian name>`; where it is `listed`, so does the menu of every
    private chat. One that is not `told` stands nowhere.
    """

    action: str | None
    names: Mapping[str, str]
    listed: bool = True
    told: bool = True


@dataclass(frozen=True)
class DeepLink:
    """A link that opens the bot with an action: `/start <prefix>_<argument>`. The prefix is lower-case
    letters; links are printed and mailed, so it never changes.
    """

    prefix: str
    action: str


@dataclass(frozen=True)
class Feature:
    """A feature's part in the chat. Of several features' recognisers, gates and menu items the earlier come
    first. `guesses` are recognisers of what is nearly something: they come after all others. `beginnings` are
    recognisers of files that nothing else is about, where no question is being asked either.

    `listeners` come first: they hear the talk of a group, edits, and what answers one of the bot's messages.
    `takers` come last: they hear what nobody has understood in a private chat. `topics` are what the staff
    group has topics about.
    """

    flows: tuple[Flow[Any], ...] = ()
    actions: tuple[Action, ...] = ()
    commands: tuple[SlashCommand, ...] = ()
    deep_links: tuple[DeepLink, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    recognisers: tuple[Recogniser, ...] = ()
    guesses: tuple[Recogniser, ...] = ()
    beginnings: tuple[Recogniser, ...] = ()
    gates: tuple[Gate, ...] = ()
    listeners: tuple[Listener, ...] = ()
    takers: tuple[Listener, ...] = ()
    topics: tuple[TopicKind, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
