"""The things of the local world: people, bots, chats, messages, files. Data only; `sandbox.world` moves it.

Contents are kept as the Bot API shows them (`text`, `entities`, `document`, …), so that what a bot reads
back is what was stored.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Literal

from sandbox.json_values import Json
from sandbox.updates import UpdateQueue
from sandbox.webhook import Webhook

ChatType = Literal["private", "group", "supergroup"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]

# Telegram's colours for topic icons; the first is the default.
TOPIC_COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
GENERAL_TOPIC = 1


@dataclass(slots=True, eq=False)
class User:
    """A person with a phone. `note` is a line about the persona for the page. `stands_for` is the group whose
    administrators write under this account when they stay anonymous: to a bot it is one.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"
    phone: str | None = None
    note: str | None = None
    stands_for: int | None = None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)


@dataclass(slots=True)
class PendingCallback:
    """A press that the bot has not seen expire yet. `asked_at` is in the server's clock, seconds."""

    chat: Chat
    message_id: int
    user_id: int
    asked_at: float
    answered: bool = False


@dataclass(slots=True, eq=False)
class Bot:
    """A bot of this server. `texts` holds name, description and short description by (kind, language)."""

    id: int
    token: str
    name: str
    username: str
    updates: UpdateQueue
    reads_all_group_messages: bool = False
    webhook: Webhook | None = None
    last_message_id: int = 0
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)
    callbacks: dict[str, PendingCallback] = field(default_factory=dict)


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the service message that opened it."""

    thread_id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A chat between a bot and people. In a private chat `user` is the person and the id is theirs.

    `bot_status` is the bot's membership; in a private chat `kicked` means that the user blocked the bot.
    """

    id: int
    type: ChatType
    bot: Bot
    title: str | None = None
    is_forum: bool = False
    user: User | None = None
    members: dict[int, Status] = field(default_factory=dict)
    bot_status: Status = "member"
    started: bool = True
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reply_keyboard: Json | None = None
    migrated_to: int | None = None
    last_message_id: int = 0
    instance: str = field(default_factory=lambda: str(secrets.randbits(62)))

    @property
    def private(self) -> bool:
        return self.type == "private"

    def next_message_id(self) -> int:
        """A supergroup numbers its own messages; all other chats share the bot account's numbers."""
        counter: Chat | Bot = self if self.type == "supergroup" else self.bot
        counter.last_message_id += 1
        return counter.last_message_id


@dataclass(slots=True, eq=False)
class Message:
    """A message. `content` is its Bot API content; `keyboard` the inline keyboard it shows now.

    `offered` are all the callback data it has ever shown; `editable` is false when it was sent with another
    kind of markup, which Telegram never lets a bot edit.
    """

    message_id: int
    chat: Chat
    sender: User | Bot
    date: int
    content: Json
    thread_id: int | None = None
    edit_date: int | None = None
    keyboard: Json | None = None
    reply_to: Message | None = None
    forward_origin: Json | None = None
    media_group_id: str | None = None
    is_service: bool = False
    protected: bool = False
    silent: bool = False
    editable: bool = True
    offered: set[str] = field(default_factory=set)

    @property
    def from_bot(self) -> bool:
        return isinstance(self.sender, Bot)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's true type, width and height in pixels, read from its own bytes."""

    mime_type: str
    width: int
    height: int


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file that went through the server; `path` is what `getFile` gives. Kept while it runs."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    data: bytes
    picture: Picture | None = None
