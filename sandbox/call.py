"""One call of a Bot API method: its parameters, read as Telegram reads them, and the registry of methods."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.errors import ApiError, bad_request, forbidden
from sandbox.json_values import Json
from sandbox.state import GENERAL_TOPIC, Bot, Chat, Message
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A method call by `bot`. Parameters are texts (JSON inside where Telegram nests) or uploads."""

    world: World
    bot: Bot
    params: Mapping[str, str | Upload]

    def text(self, name: str) -> str:
        """A text; empty when it is missing."""
        value = self.params.get(name, "")
        return value if isinstance(value, str) else value.data.decode("utf-8", "replace")

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, or the default for anything that is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str, wording: str) -> Any:
        """A nested value; `None` when missing. Raises `ApiError` with `wording` when it is not JSON."""
        text = self.text(name)
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError:
            raise bad_request(wording) from None

    def object(self, name: str, wording: str) -> Json | None:
        """A nested object; `None` when missing."""
        value = self.json(name, wording)
        if value is not None and not isinstance(value, dict):
            raise bad_request(wording)
        return value

    def array(self, name: str, wording: str) -> list[Any] | None:
        """A nested list; `None` when missing."""
        value = self.json(name, wording)
        if value is not None and not isinstance(value, list):
            raise bad_request(wording)
        return value

    def chat(self, name: str = "chat_id", *, write: bool = False) -> Chat:
        """The chat that a parameter names; with `write`, one the bot may write to.

        Raises Telegram's refusals: unknown, upgraded, blocked, left.
        """
        text = self.text(name)
        if not text:
            raise bad_request(f"{name} is empty")
        chat_id = self.integer(name)
        chat = self.world.bot_chat(self.bot, chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if not chat.started:
            raise self._stranger(chat)
        if chat.migrated_to is not None:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
            )
        if chat.private:
            if write and chat.bot_status == "kicked":
                raise forbidden("bot was blocked by the user")
        elif chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        elif chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def _stranger(self, chat: Chat) -> ApiError:
        """A person who never wrote to the bot: known to it only from a group they share."""
        shared = any(g.bot is self.bot and chat.id in g.members for g in self.world.groups.values())
        return (
            forbidden("bot can't initiate conversation with a user")
            if shared
            else bad_request("chat not found")
        )

    def thread(self, chat: Chat) -> int | None:
        """The topic to write to; `None` outside forums and for the general topic."""
        thread_id = self.integer("message_thread_id")
        if not thread_id or (chat.is_forum and thread_id == GENERAL_TOPIC):
            return None
        if not chat.is_forum or thread_id not in chat.topics:
            raise bad_request("message thread not found")
        if chat.topics[thread_id].closed and chat.bot_status != "administrator":
            raise bad_request("TOPIC_CLOSED")
        return thread_id

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message that `message_id` names; `purpose` completes "message to … not found"."""
        message_id = self.integer("message_id")
        if not message_id:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None:
            raise bad_request(f"message to {purpose} not found")
        return message

    def limit(self, chat: Chat, messages: int = 1) -> None:
        """Counts what is about to be written; raises `ApiError` 429 when it is too much."""
        if self.world.limiter is not None:
            self.world.limiter.pass_or_refuse(self.bot.id, chat.id, private=chat.private, messages=messages)


Handler = Callable[[Call], Awaitable[Any]]
H = TypeVar("H", bound=Handler)
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[H], H]:
    """Registers a handler under a method's name; names are read without regard to case, as Telegram does."""

    def register(handler: H) -> H:
        METHODS[name.lower()] = handler
        return handler

    return register
