"""Which dialogues, actions and commands there are, and who may begin what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

from backend.identity.permissions import GRANTED, Permission, Role
from conversations.core.action import Action
from conversations.core.answers import Answer, show
from conversations.core.context import CommandItem, MenuItem, OptionalNotice, TurnContext
from conversations.core.feature import DeepLink, Feature, Listener, Recognised, SlashCommand
from conversations.core.flow import Flow
from conversations.core.navigation import stranger, way_on
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Prompt
from conversations.core.replies import Attachment, Edited, Sent, Typed
from conversations.core.topics import TopicKind

_PAYLOAD = re.compile(r"([a-z]{1,16})_([A-Za-z0-9_-]{1,64})")
STAFF_ONLY = frozenset(Permission) - frozenset().union(*(GRANTED[role] for role in Role))


class Catalogue:
    """The parts of all features in the chat, by name.

    Raises ValueError where two dialogues, actions, commands or kinds of notices have one name, where a
    command, a menu item or a deep link names no action, and where an action does not say which permission it
    needs.
    """

    def __init__(self, features: Sequence[Feature]) -> None:
        self.flows: dict[str, Flow[Any]] = _by_name(flow for each in features for flow in each.flows)
        self.actions: dict[str, Action] = _by_name(action for each in features for action in each.actions)
        for action in self.actions.values():
            if not hasattr(action, "permission"):
                raise ValueError(f"{type(action).__name__} does not say which permission it needs")
        self.slash_commands = tuple(command for each in features for command in each.commands)
        self.commands = self._by_command(self.slash_commands)
        self._deep_links = self._by_prefix(link for each in features for link in each.deep_links)
        self.notices: dict[str, NoticeKind] = _by_name(kind for each in features for kind in each.notices)
        self.optional_notices = tuple(
            OptionalNotice(kind.name, kind.permission) for kind in self.notices.values() if kind.optional
        )
        self.menu = tuple(self._permitted(item) for each in features for item in each.menu)
        self.command_items = tuple(
            self._command_item(command) for command in self.slash_commands if command.told
        )
        self._recognisers = [
            *(recogniser for each in features for recogniser in each.recognisers),
            *(recogniser for each in features for recogniser in each.guesses),
        ]
        self._beginnings = [recogniser for each in features for recogniser in each.beginnings]
        self._gates = [gate for each in features for gate in each.gates]
        self._listeners = [listener for each in features for listener in each.listeners]
        self._takers = [taker for each in features for taker in each.takers]
        self.topics: dict[str, TopicKind] = _by_name(kind for each in features for kind in each.topics)

    def _by_command(self, commands: Iterable[SlashCommand]) -> dict[str, Action | None]:
        found: dict[str, Action | None] = {}
        for command in commands:
            if command.action is not None and command.action not in self.actions:
                raise ValueError(f"the command {_slashed(command)} names no action: {command.action!r}")
            for name in set(command.names.values()):
                if name in found:
                    raise ValueError(f"the command /{name} is given twice")
                found[name] = self.actions[command.action] if command.action is not None else None
        return found

    def _permitted(self, item: MenuItem) -> MenuItem:
        if item.action not in self.actions:
            raise ValueError(f"a menu item names no action: {item.action!r}")
        return replace(item, permission=self.actions[item.action].permission)

    def _command_item(self, command: SlashCommand) -> CommandItem:
        permission = self.actions[command.action].permission if command.action is not None else None
        uploaded = any(item.uploaded for item in self.menu if item.action == command.action)
        return CommandItem(command.names, permission, uploaded)

    def _by_prefix(self, links: Iterable[DeepLink]) -> dict[str, Action]:
        found: dict[str, Action] = {}
        for link in links:
            if link.action not in self.actions:
                raise ValueError(f"the deep link {link.prefix}_ names no action: {link.action!r}")
            if link.prefix in found:
                raise ValueError(f"the deep link {link.prefix}_ is given twice")
            found[link.prefix] = self.actions[link.action]
        return found

    def linked(self, payload: str) -> tuple[Action, str] | None:
        """The action and argument of a deep link; None if it is none of ours. The payload comes from outside:
        anybody can write a link.
        """
        read = _PAYLOAD.fullmatch(payload)
        action = self._deep_links.get(read[1]) if read is not None else None
        return (action, read[2]) if read is not None and action is not None else None

    def recognise(
        self, text: str, attachments: Sequence[Attachment], context: TurnContext
    ) -> Recognised | None:
        """The action that a message asks for, whatever was being asked; None if no recogniser knows it."""
        for recogniser in self._recognisers:
            if (found := recogniser(text, attachments, context)) is not None:
                return found
        return None

    def begin(self, text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
        """The action that begins with files that are about nothing that was asked; None for none."""
        return next(
            (found for each in self._beginnings if (found := each(text, attachments, context)) is not None),
            None,
        )

    @property
    def overhears(self) -> bool:
        """True if what people of a group say to each other is of interest to any feature."""
        return bool(self._listeners)

    async def hear(self, said: Typed | Sent | Edited, context: TurnContext) -> Recognised | None:
        """The action that a group's talk, an edit or a reply to a message asks for; None for mere talk."""
        return await _first(self._listeners, said, context)

    async def take(self, said: Typed | Sent, context: TurnContext) -> Recognised | None:
        """The action that takes what nobody has understood; None where none does."""
        return await _first(self._takers, said, context)

    async def admit(
        self, action: Action, argument: str, context: TurnContext, *, begun: bool = False
    ) -> Answer | None:
        """The answer that must come before the action: None if it may run now.

        What was `begun` with all gates open comes to its end, however long that takes.
        """
        welcome = action.in_groups or (context.staff_group and action.in_staff_group)
        if not context.private and not welcome:
            return show(Prompt(context.say("entry.group")))
        needed = action.permission
        if needed is None or context.may(needed):
            pass
        elif context.actor is not None and context.actor.suspended:
            return show(Prompt(context.say("entry.suspended")))
        elif context.membership is None and needed not in STAFF_ONLY:
            return show(stranger(context))
        else:
            return show(Prompt(context.say(_why_not(needed, context)), way_on(context)))
        if begun:
            return None
        for gate in self._gates:
            if (answer := await gate(action, argument, context)) is not None:
                return answer
        return None


def _why_not(needed: Permission, context: TurnContext) -> str:
    if needed in STAFF_ONLY:
        return "entry.not_permitted"
    member = context.membership
    return "entry.not_of_role" if member is not None and member.enabled else "entry.not_enabled"


async def _first(
    listeners: Iterable[Listener], said: Typed | Sent | Edited, context: TurnContext
) -> Recognised | None:
    for listener in listeners:
        if (found := await listener(said, context)) is not None:
            return found
    return None


class _Named(Protocol):
    name: ClassVar[str]


N = TypeVar("N", bound=_Named)


def _by_name(parts: Iterable[N]) -> dict[str, N]:
    found: dict[str, N] = {}
    for part in parts:
        if (other := found.setdefault(part.name, part)) is not part:
            raise ValueError(f"{type(other).__name__} and {type(part).__name__} share the name {part.name!r}")
    return found


def _slashed(command: SlashCommand) -> str:
    return " ".join(f"/{name}" for name in command.names.values())
