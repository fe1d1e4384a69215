"""The local world and everything that can happen in it.

Both sides act through `World`: it changes the state, tells the phones and queues the bot's updates, always in
that order and without a pause between them, so that what a phone shows and what a bot reads agree.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from sandbox import phone, render
from sandbox.faults import Faults
from sandbox.files import FileStore
from sandbox.history import History
from sandbox.hub import Hub
from sandbox.json_values import Json
from sandbox.limits import Limiter
from sandbox.state import (
    GENERAL_TOPIC,
    Bot,
    Chat,
    ChatType,
    Message,
    PendingCallback,
    Status,
    Topic,
    User,
)
from sandbox.updates import UpdateQueue
from sandbox.webhook import Webhook

# How long an app shows "typing…" after the bot said so.
TYPING_SECONDS = 5.0
# Services that a bot hears of although it caused them itself.
_ECHOED = ("pinned_message", "left_chat_member")


class World:
    """Users, bots, chats and files of one local Bot API.

    `clock` gives unix seconds; it dates messages and expires presses. `callback_seconds` is how long a press
    can be answered. `limiter` is `None` when Telegram's limits are switched off. `execute` runs a method call
    that a bot put into its webhook's answer. `history`, where given, keeps what goes between the sides.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        callback_seconds: float,
        webhook_retry_seconds: float,
        limiter: Limiter | None,
        execute: Callable[[Bot, str, Mapping[str, str]], Awaitable[None]],
        history: History | None = None,
    ) -> None:
        self.clock = clock
        self.execute = execute
        self.webhook_retry_seconds = webhook_retry_seconds
        self.callback_seconds = callback_seconds
        self.limiter = limiter
        self.history = history
        self.faults = Faults()
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.groups: dict[int, Chat] = {}
        self.files = FileStore()
        self.hub = Hub()
        self._private: dict[tuple[int, int], Chat] = {}
        self._typing: dict[tuple[Chat, int | None], asyncio.TimerHandle] = {}
        self._last_user_id = 1000
        self._last_group_id = 5000

    # Who and where

    def add_bot(self, name: str, username: str, *, reads_all_group_messages: bool = False) -> Bot:
        """A new bot; its token can be used here only, and shows it."""
        bot_id = 7_000_000_001 + len(self.bots)
        token = f"{bot_id}:LOCAL-{secrets.token_urlsafe(24)}"
        bot = Bot(
            bot_id, token, name, username, UpdateQueue(self.faults, self.history), reads_all_group_messages
        )
        self.bots[bot_id] = bot
        for user in self.users.values():
            self.private_chat(bot, user)
        return bot

    def add_user(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        username: str | None = None,
        language_code: str = "en",
        phone: str | None = None,
        note: str | None = None,
    ) -> User:
        """A new person, with an empty chat with every bot."""
        self._last_user_id += 1
        user = User(self._last_user_id, first_name, last_name, username, language_code, phone, note)
        self.users[user.id] = user
        for bot in self.bots.values():
            self.private_chat(bot, user)
        return user

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """The chat of a person with a bot; not started until the person writes."""
        key = (bot.id, user.id)
        if key not in self._private:
            self._private[key] = Chat(user.id, "private", bot, user=user, started=False)
        return self._private[key]

    def add_group(
        self,
        title: str,
        bot: Bot,
        members: list[User],
        *,
        is_forum: bool = False,
        bot_status: Status = "administrator",
    ) -> Chat:
        """A new group of `members`, the first of them its creator, to which the bot is added."""
        kind: ChatType = "supergroup" if is_forum else "group"
        group = Chat(self._new_group_id(kind), kind, bot, title=title, is_forum=is_forum, bot_status="left")
        group.members = {user.id: "member" for user in members}
        if members:
            group.members[members[0].id] = "creator"
        self.groups[group.id] = group
        creator: User | Bot = members[0] if members else bot
        self.tell(group, {"type": "chat", "chat": phone.chat(group)})
        self.set_bot_status(group, bot_status, by=creator)
        self.service(group, creator, {f"{kind}_chat_created": True})
        return group

    def _new_group_id(self, kind: ChatType) -> int:
        self._last_group_id += 1
        return -1_000_000_000_000 - self._last_group_id if kind == "supergroup" else -self._last_group_id

    def upgrade_group(self, group: Chat) -> Chat:
        """Makes a group a supergroup: a new chat, while the old id answers with the new one."""
        new = Chat(self._new_group_id("supergroup"), "supergroup", group.bot, title=group.title)
        new.members, new.bot_status = dict(group.members), group.bot_status
        self.groups[new.id] = new
        by = self.users[next(iter(group.members))] if group.members else group.bot
        self.service(group, by, {"migrate_to_chat_id": new.id})
        group.migrated_to = new.id
        self.tell(new, {"type": "chat", "chat": phone.chat(new)})
        self.service(new, by, {"migrate_from_chat_id": group.id})
        return new

    def bot_chat(self, bot: Bot, chat_id: int) -> Chat | None:
        """The chat that a bot means by an id, if it knows one."""
        group = self.groups.get(chat_id)
        return group if group is not None and group.bot is bot else self._private.get((bot.id, chat_id))

    def chats_of(self, user: User) -> list[Chat]:
        """Every chat on a person's phone."""
        private = [chat for chat in self._private.values() if chat.user is user]
        return private + [group for group in self.groups.values() if user.id in group.members]

    def all_chats(self) -> list[Chat]:
        return [*self._private.values(), *self.groups.values()]

    # Messages

    def post(
        self,
        chat: Chat,
        sender: User | Bot,
        content: Json,
        *,
        thread_id: int | None = None,
        keyboard: Json | None = None,
        reply_to: Message | None = None,
        forward_origin: Json | None = None,
        media_group_id: str | None = None,
        is_service: bool = False,
        protected: bool = False,
        silent: bool = False,
        editable: bool = True,
    ) -> Message:
        """A new message. People's messages, and services, reach the bot."""
        message = Message(
            chat.next_message_id(),
            chat,
            sender,
            int(self.clock()),
            content,
            thread_id,
            keyboard=keyboard,
            reply_to=reply_to,
            forward_origin=forward_origin,
            media_group_id=media_group_id,
            is_service=is_service,
            protected=protected,
            silent=silent,
            editable=editable,
        )
        _offer(message)
        chat.messages[message.message_id] = message
        if message.from_bot:
            self.set_typing(chat, thread_id, on=False)
        self.tell(chat, {"type": "message", "message": phone.message(message)})
        if self._reaches_bot(message):
            chat.bot.updates.put("message", render.message(message))
        return message

    def service(self, chat: Chat, by: User | Bot, content: Json, *, thread_id: int | None = None) -> Message:
        """A message about the chat itself."""
        return self.post(chat, by, content, thread_id=thread_id, is_service=True, editable=False)

    def edited(self, message: Message, *, content: Json | None = None, shows_edit: bool = True) -> None:
        """Tells what `message` has become; `content`, when given, replaces what it was."""
        if content is not None:
            message.content = content
        if shows_edit:
            message.edit_date = int(self.clock())
        _offer(message)
        self.tell(message.chat, {"type": "edit", "message": phone.message(message)})
        if not message.from_bot and self._reaches_bot(message):
            message.chat.bot.updates.put("edited_message", render.message(message))

    def delete(self, message: Message) -> None:
        """Removes a message for everyone. Bots are not told, as on Telegram."""
        chat = message.chat
        del chat.messages[message.message_id]
        if message.message_id in chat.pinned:
            chat.pinned.remove(message.message_id)
        for other in chat.messages.values():
            if other.reply_to is message:
                other.reply_to = None
        event = {"type": "delete", "chat_id": chat.id, "message_id": message.message_id}
        self.tell(chat, event)

    def _reaches_bot(self, message: Message) -> bool:
        chat = message.chat
        if message.from_bot:
            return any(key in message.content for key in _ECHOED)
        if chat.bot_status not in ("member", "administrator", "creator"):
            return False
        if chat.private or message.is_service or chat.bot_status == "administrator":
            return True
        return chat.bot.reads_all_group_messages or _addresses_bot(message)

    # Presses

    def press(self, message: Message, user: User, data: str) -> str:
        """A press on an inline button; returns the callback query's id."""
        chat = message.chat
        query_id = str(secrets.randbits(62))
        chat.bot.callbacks[query_id] = PendingCallback(chat, message.message_id, user.id, self.clock())
        query = {
            "id": query_id,
            "from": render.account(user),
            "message": render.message(message),
            "chat_instance": chat.instance,
            "data": data,
        }
        chat.bot.updates.put("callback_query", query)
        return query_id

    def answer_press(self, bot: Bot, query_id: str, text: str | None, *, alert: bool) -> bool:
        """Shows the bot's answer to the one who pressed; false when the press is unknown or too old."""
        now = self.clock()
        # Presses are kept in the order in which they came.
        while bot.callbacks and now - next(iter(bot.callbacks.values())).asked_at > self.callback_seconds:
            del bot.callbacks[next(iter(bot.callbacks))]
        press = bot.callbacks.get(query_id)
        if press is None:
            return False
        if not press.answered:
            press.answered = True
            event: Json = {
                "type": "callback",
                "chat_id": press.chat.id,
                "message_id": press.message_id,
                "callback_query_id": query_id,
                "alert": alert,
            }
            self.hub.tell([press.user_id], event | ({"text": text} if text else {}))
        return True

    # The chat around the messages

    def show_keyboard(self, chat: Chat, markup: Json | None) -> None:
        """Puts a reply keyboard (or a forced reply) under the input field, or takes it away."""
        if markup != chat.reply_keyboard:
            chat.reply_keyboard = markup
            self.tell(chat, {"type": "keyboard", "chat_id": chat.id, "keyboard": phone.keyboard(markup)})

    def set_typing(self, chat: Chat, thread_id: int | None, *, on: bool) -> None:
        """Shows "typing…" for a few seconds, or stops it."""
        timer = self._typing.pop((chat, thread_id), None)
        if timer is not None:
            timer.cancel()
        if on:
            loop = asyncio.get_running_loop()
            self._typing[chat, thread_id] = loop.call_later(
                TYPING_SECONDS, lambda: self.set_typing(chat, thread_id, on=False)
            )
        if on or timer is not None:
            thread = {} if thread_id is None else {"thread_id": thread_id}
            self.tell(chat, {"type": "typing", "chat_id": chat.id, **thread, "on": on})

    def is_typing(self, chat: Chat, thread_id: int | None) -> bool:
        return (chat, thread_id) in self._typing

    def set_bot_status(self, chat: Chat, status: Status, *, by: User | Bot) -> None:
        """Changes the bot's membership and tells it so (`my_chat_member`)."""
        old = render.member(chat, chat.bot)
        chat.bot_status = status
        self._member_update("my_chat_member", chat, by, old, render.member(chat, chat.bot))
        self.tell(chat, {"type": "chat", "chat": phone.chat(chat)})

    def set_member(self, chat: Chat, user: User, status: Status | None, *, by: User | Bot) -> None:
        """Adds, promotes or (`None`) removes a member of a group."""
        old = render.member(chat, user)
        event_members = {*chat.members, user.id}
        was_in = user.id in chat.members
        if status is None:
            chat.members.pop(user.id, None)
        else:
            chat.members[user.id] = status
        self._member_update("chat_member", chat, by, old, render.member(chat, user))
        self.hub.tell(event_members, {"type": "chat", "chat": phone.chat(chat)})
        if status is None and was_in:
            self.service(chat, by, {"left_chat_member": render.account(user)})
        elif status is not None and not was_in:
            self.service(chat, by, {"new_chat_members": [render.account(user)]})

    def _member_update(self, kind: str, chat: Chat, by: User | Bot, old: Json, new: Json) -> None:
        change = {
            "chat": render.chat(chat),
            "from": render.account(by),
            "date": int(self.clock()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        if old["status"] != new["status"]:
            chat.bot.updates.put(kind, change)

    def open_topic(self, chat: Chat, by: User | Bot, name: str, colour: int, icon: str | None) -> Topic:
        """A new topic of a forum."""
        created = {"name": name, "icon_color": colour} | ({"icon_custom_emoji_id": icon} if icon else {})
        # The message that opens a topic gives it its id.
        topic = Topic(chat.last_message_id + 1, name, colour, icon)
        chat.topics[topic.thread_id] = topic
        self.service(chat, by, {"forum_topic_created": created}, thread_id=topic.thread_id)
        self.tell(chat, {"type": "chat", "chat": phone.chat(chat)})
        return topic

    def change_topic(self, chat: Chat, topic: Topic, by: User | Bot, service: Json) -> None:
        """Says in a topic what has changed about it."""
        self.service(chat, by, service, thread_id=topic.thread_id)
        self.tell(chat, {"type": "chat", "chat": phone.chat(chat)})

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """Removes a topic with its messages."""
        for message in [m for m in chat.messages.values() if m.thread_id == topic.thread_id]:
            self.delete(message)
        del chat.topics[topic.thread_id]
        self.tell(chat, {"type": "chat", "chat": phone.chat(chat)})

    def tell(self, chat: Chat, event: Json) -> None:
        """An event for everyone in a chat."""
        self.hub.tell([chat.id] if chat.private else chat.members, event)

    # Delivery

    async def set_webhook(self, bot: Bot, url: str, secret: str | None, connections: int) -> None:
        """Delivers a bot's updates to `url` from now on."""
        await self.remove_webhook(bot)
        bot.webhook = Webhook(
            url,
            secret,
            connections,
            updates=bot.updates,
            execute=partial(self.execute, bot),
            clock=self.clock,
            retry_seconds=self.webhook_retry_seconds,
        )
        bot.webhook.start()

    async def remove_webhook(self, bot: Bot) -> None:
        """Ends the delivery; what was not delivered waits for `getUpdates`."""
        webhook, bot.webhook = bot.webhook, None
        if webhook is not None:
            await webhook.stop()

    def new_album_id(self) -> int:
        """An id for the messages of one album."""
        return 13_000_000_000_000_000 + secrets.randbelow(10**15)

    async def close(self) -> None:
        """Stops deliveries and timers and ends what waits."""
        for bot in self.bots.values():
            await self.remove_webhook(bot)
        for timer in self._typing.values():
            timer.cancel()
        self._typing.clear()
        self.hub.close()
        for bot in self.bots.values():
            bot.updates.interrupt("terminated: the local server is stopping")


def topic_of(message: Message) -> int | None:
    """The thread of a message in a forum; the general topic has the id 1."""
    return message.thread_id or (GENERAL_TOPIC if message.chat.is_forum else None)


def _offer(message: Message) -> None:
    rows = (message.keyboard or {}).get("inline_keyboard", [])
    message.offered.update(b["callback_data"] for row in rows for b in row if "callback_data" in b)


def _addresses_bot(message: Message) -> bool:
    """True if a bot in privacy mode sees a group message: commands, mentions and replies to it."""
    username = message.chat.bot.username.lower()
    text: str = message.content.get("text") or message.content.get("caption", "")
    to_other = "@" in text.split(maxsplit=1)[0] if text else False
    if text.startswith("/") and not to_other:
        return True
    if f"@{username}" in text.lower():
        return True
    return message.reply_to is not None and message.reply_to.sender is message.chat.bot
