"""A person's actions on a phone. Refusals are `UserError`s, sentences for the person who tried."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sandbox import phone, render
from sandbox.call import Upload
from sandbox.content import MAX_CAPTION, MAX_TEXT
from sandbox.entities import detect, utf16_length
from sandbox.errors import UserError
from sandbox.json_values import Json
from sandbox.methods.profile import commands_for
from sandbox.methods.sending import user_origin
from sandbox.state import Bot, Chat, Message, Status, User
from sandbox.voices import silence
from sandbox.world import World, topic_of

MAX_SHARED_FILES = 10
ANONYMOUS_ADMIN = 1087968824
"""The account under which Telegram shows anonymous administrators to bots."""
_PHONE = re.compile(r"\+?[0-9 ]{5,20}")


@dataclass(frozen=True, slots=True)
class Place:
    """A person in a chat: who does something, and where."""

    world: World
    user: User
    chat: Chat

    def writable(self) -> None:
        """Raises `UserError` when the person may not write here."""
        if self.chat.migrated_to is not None:
            raise UserError("This group was upgraded to a supergroup.", 409)
        if self.chat.private and self.chat.bot_status == "kicked":
            raise UserError("You blocked this bot; unblock it to write.", 409)

    def can_write(self) -> bool:
        try:
            self.writable()
        except UserError:
            return False
        return True

    def message(self, message_id: int) -> Message:
        message = self.chat.messages.get(message_id)
        if message is None:
            raise UserError("There is no such message here.", 404)
        return message

    def thread(self, thread_id: int | None) -> int | None:
        if thread_id is None or not self.chat.is_forum or thread_id == 1:
            return None
        topic = self.chat.topics.get(thread_id)
        if topic is None:
            raise UserError("There is no such topic here.", 404)
        if topic.closed and self.chat.members.get(self.user.id) not in ("creator", "administrator"):
            raise UserError("This topic is closed.", 409)
        return thread_id

    def screen(self, thread_id: int | None) -> Json:
        """Everything a phone shows of a chat, or of one topic of it."""
        chat = self.chat
        shown = [m for m in chat.messages.values() if thread_id is None or topic_of(m) == thread_id]
        screen: Json = {
            "messages": [phone.message(m) for m in shown],
            "typing": self.world.is_typing(chat, thread_id if thread_id != 1 else None),
            "reply_keyboard": phone.keyboard(chat.reply_keyboard),
            "commands": commands_for(chat, self.user),
            "menu_button": self._menu_button(),
            "bot": phone.bot(chat.bot, self.user.language_code[:2]),
            "can_write": self.can_write(),
        }
        return screen | ({"pinned": chat.pinned[-1]} if chat.pinned else {})

    def _menu_button(self) -> Json:
        buttons = self.chat.bot.menu_buttons
        button = buttons.get(self.chat.id, buttons.get(None, {"type": "default"}))
        shown: Json = {key: button[key] for key in ("type", "text") if key in button}
        if shown["type"] == "default" and commands_for(self.chat, self.user):
            shown["type"] = "commands"
        return shown

    def say(
        self,
        text: str,
        *,
        thread: int | None,
        reply_to: int | None,
        forwarded_from: str | int | None,
        anonymous: bool = False,
    ) -> Message:
        """Sends a text; an administrator of a group may stay `anonymous`."""
        if anonymous:
            if self.chat.members.get(self.user.id) not in ("creator", "administrator"):
                raise UserError("Only an administrator of a group stays anonymous.", 403)
            nobody = User(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", stands_for=self.chat.id)
            return replace(self, user=nobody).say(
                text, thread=thread, reply_to=reply_to, forwarded_from=forwarded_from
            )
        text = text.strip()
        if not text:
            raise UserError("There is nothing to send.")
        if utf16_length(text) > MAX_TEXT:
            raise UserError(f"A message holds at most {MAX_TEXT} characters.")
        message = self._post(_text_content(text), thread, reply_to=reply_to, forwarded_from=forwarded_from)
        if any(text == button["text"] for button in self._keys()):
            self._keyboard_used()
        return message

    def _post(
        self,
        content: Json,
        thread: int | None,
        *,
        reply_to: int | None = None,
        forwarded_from: str | int | None = None,
        media_group_id: str | None = None,
    ) -> Message:
        self.writable()
        thread_id = self.thread(thread)
        if reply_to is not None:
            target: Message | None = self.message(reply_to)
        else:
            # Telegram shows every message of a topic as a reply to the one that opened it.
            target = self.chat.messages.get(thread_id) if thread_id is not None else None
        if not self.chat.started:
            self.chat.started = True
        if (self.chat.reply_keyboard or {}).get("force_reply"):
            self.world.show_keyboard(self.chat, None)
        return self.world.post(
            self.chat,
            self.user,
            content,
            thread_id=thread_id,
            reply_to=target,
            forward_origin=self._origin(forwarded_from),
            media_group_id=media_group_id,
        )

    def _origin(self, forwarded_from: str | int | None) -> Json | None:
        if forwarded_from is None:
            return None
        date = int(self.world.clock())
        if isinstance(forwarded_from, int):
            source: User | Bot | None = self.world.users.get(forwarded_from) or self.world.bots.get(
                forwarded_from
            )
            if source is None:
                raise UserError("There is nobody with that id to forward from.", 404)
            return user_origin(source, date)
        return {"type": "hidden_user", "date": date, "sender_user_name": forwarded_from}

    def _keys(self) -> list[Json]:
        return [button for row in (self.chat.reply_keyboard or {}).get("keyboard", []) for button in row]

    def _keyboard_used(self) -> None:
        if (self.chat.reply_keyboard or {}).get("one_time_keyboard"):
            self.world.show_keyboard(self.chat, None)

    def edit(self, message_id: int, text: str) -> Message:
        """Edits one's own text, or the caption of one's own file."""
        self.writable()
        message = self.message(message_id)
        if message.sender is not self.user or message.is_service or message.forward_origin is not None:
            raise UserError("Only your own messages can be edited.", 403)
        name = "text" if "text" in message.content else "caption"
        if utf16_length(text) > (MAX_TEXT if name == "text" else MAX_CAPTION) or not text.strip():
            raise UserError("A message cannot become empty or too long.")
        kept = {
            k: v
            for k, v in message.content.items()
            if k not in ("text", "entities", "caption", "caption_entities")
        }
        self.world.edited(message, content=kept | _text_content(text.strip(), name))
        return message

    def press(self, message_id: int, *, data: str | None, row: int, column: int, stale: bool) -> str:
        """Presses an inline button; returns the callback query's id.

        With `stale` a button counts that the message showed earlier: a press and an edit crossed.
        """
        self.writable()
        message = self.message(message_id)
        rows = (message.keyboard or {}).get("inline_keyboard", [])
        if data is None:
            try:
                if row < 0 or column < 0:
                    raise IndexError
                data = rows[row][column].get("callback_data")
            except IndexError:
                raise UserError("There is no button at that place.", 409) from None
            if data is None:
                raise UserError("That button is not for pressing: it opens a link or copies a text.")
        if self.chat.bot_status in ("left", "kicked"):
            raise UserError("The bot is not in this chat any more.", 409)
        shown = {b["callback_data"] for buttons in rows for b in buttons if "callback_data" in b}
        if data not in shown and not (stale and data in message.offered):
            raise UserError("The message does not show that button now.", 409)
        return self.world.press(message, self.user, data)

    def share_contact(self, number: str | None, *, whose: User, thread: int | None) -> Message:
        """Shares a contact: one's own, or that of somebody in one's address book."""
        number = number or whose.phone
        if not number or not _PHONE.fullmatch(number):
            raise UserError("This person has no phone number to share.")
        contact: Json = {
            "phone_number": number.replace(" ", ""),
            "first_name": whose.first_name,
            "user_id": whose.id,
        }
        if whose.last_name:
            contact["last_name"] = whose.last_name
        message = self._post({"contact": contact}, thread)
        self._keyboard_used()
        return message

    def share_location(self, latitude: float, longitude: float, *, thread: int | None) -> Message:
        """Shares a place, in degrees."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise UserError("There is no such place on earth.")
        return self._post({"location": {"latitude": latitude, "longitude": longitude}}, thread)

    def send_sticker(self, *, thread: int | None) -> Message:
        """Sends a sticker, always the same."""
        file = self.world.files.add("stickers", "sticker.webp", "image/webp", b"RIFF\x04\x00\x00\x00WEBP")
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._post({"sticker": {**render.file(file), **shape, "emoji": "👍"}}, thread)

    def send_voice(self, *, thread: int | None) -> Message:
        """Sends a voice message, always the same."""
        file = self.world.files.add("voice", "voice.oga", "audio/ogg", silence())
        return self._post({"voice": render.voice(file)}, thread)

    def send_files(
        self, uploads: list[Upload], *, kind: str, caption: str, thread: int | None
    ) -> list[Message]:
        """Sends photos or documents; several make an album, whose first part carries the caption."""
        if kind not in ("document", "photo"):
            raise UserError("A file is sent as a document or as a photo.")
        if not 1 <= len(uploads) <= MAX_SHARED_FILES:
            raise UserError(f"Between one and {MAX_SHARED_FILES} files can be sent at once.")
        if utf16_length(caption) > MAX_CAPTION:
            raise UserError(f"A caption holds at most {MAX_CAPTION} characters.")
        self.writable()
        contents = []
        for upload in uploads:
            folder = "photos" if kind == "photo" else "documents"
            file = self.world.files.add(folder, upload.name, upload.mime_type, upload.data)
            if kind == "photo" and file.picture is None:
                raise UserError(f"{upload.name} is not a picture that can be sent as a photo.")
            contents.append({kind: render.photo(file) if kind == "photo" else render.document(file)})
        if caption.strip():
            contents[0] |= _text_content(caption.strip(), "caption")
        album = str(self.world.new_album_id()) if len(contents) > 1 else None
        return [self._post(content, thread, media_group_id=album) for content in contents]

    def delete(self, message_id: int) -> None:
        """Deletes a message for everyone: in a private chat any, in a group one's own."""
        message = self.message(message_id)
        if not self.chat.private and message.sender is not self.user:
            raise UserError("Only your own messages can be deleted.", 403)
        self.world.delete(message)

    def block(self, *, blocked: bool) -> None:
        """Blocks or unblocks the bot; in a group, removes it or adds it again as an administrator."""
        status: Status = "kicked" if blocked else ("member" if self.chat.private else "administrator")
        if status != self.chat.bot_status:
            self.world.set_bot_status(self.chat, status, by=self.user)


def _text_content(text: str, name: str = "text") -> Json:
    entities = detect(text, [])
    key = "entities" if name == "text" else "caption_entities"
    return {name: text} | ({key: entities} if entities else {})


def attachment_header(name: str) -> str:
    """A `Content-Disposition` that saves a file under its name and cannot be broken out of."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
    return f'attachment; filename="{plain}"'
