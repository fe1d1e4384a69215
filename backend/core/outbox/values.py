"""Values of the outbox: posts, each a message that should be in a chat.

    queued ──a──► sending ──b──► sent
      ▲  ▲           │  │          │
      │  └─────c─────┘  d          e (to queued)
      f                 ▼
      └────────────► uncertain        any ──g──► dead

a: the sender begins the first send · b: Telegram answered with a message id · c: it was refused for now, or
never left · d: the answer was lost, or the process died meanwhile · e: the post should show something newer
· f: sent once more · g: it can never be delivered (the user blocked the bot, Telegram refuses the content)

An edit can be repeated safely, so a post that is only edited goes from queued to sent without a stop between.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

SIGNAL = "outbox"
"""Rung when a post may leave."""
NO_TOPIC = -1
NO_TOPIC_YET = -2
DELIVERED_SIGNAL = "delivered"
"""Rung when a notice was shown, or never will be."""
TOPIC_SIGNAL = "topic"
"""Rung when a post of a topic was shown: there is room for another."""
GAVE_UP_SIGNAL = "gave-up"
"""Rung when a post cannot be delivered."""


class PostState(StrEnum):
    """The state of a post."""

    QUEUED = "queued"
    """Its newest content is not shown yet."""
    SENDING = "sending"
    """Its first send is under way."""
    SENT = "sent"
    """It shows what it should."""
    UNCERTAIN = "uncertain"
    """Its first send may or may not have arrived; it will be sent again."""
    DEAD = "dead"
    """It cannot be delivered; the error says why."""


class Rank(IntEnum):
    """The order in which waiting posts leave: replies, tidying up, then notices."""

    REPLY = 0
    """The user waits for it."""
    TIDY = 1
    """An old card that loses its buttons."""
    NOTICE = 2
    """Nobody waits for it now."""


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of a post. `thread_id` is 0 outside forum topics.

    `topic` is the post of a topic that the bot has opened (`backend.core.outbox.topics`): Telegram's number
    for it is known when that post has been sent, and changes where people delete the topic. Until then the
    sender reads NO_TOPIC_YET as `thread_id`, and NO_TOPIC where the topic cannot be opened.
    """

    bot_id: int
    chat_id: int
    thread_id: int
    lane: str
    topic: int | None = None

    @classmethod
    def of(cls, bot_id: int, chat_id: int, thread_id: int = 0) -> Destination:
        """A chat, or one of its topics that people have opened."""
        return cls(bot_id, chat_id, thread_id, lane_name(chat_id, thread_id))


def lane_name(chat_id: int, thread_id: int) -> str:
    """The name of a chat's or topic's lane (`thread_id` 0: no topic)."""
    return f"{chat_id}:{thread_id}" if thread_id else str(chat_id)


@dataclass(frozen=True, slots=True)
class Due:
    """A post that waits to be delivered: a first send, or an edit of its message."""

    id: int
    chat_id: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A post whose message shows what the post held when it was taken; `message_id` where this was its first
    send.
    """

    post: Post
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the sender sees it. `content` is the prompt as JSON; the revision is that of the content."""

    id: int
    destination: Destination
    rank: Rank
    content: dict[str, Any]
    revision: int
    message_id: int | None
    state: PostState
    attempts: int
    correlation: str
