"""Methods about how the bot presents itself: names, descriptions, commands, menu button."""

from __future__ import annotations

import re

from sandbox.call import Call, Handler, method
from sandbox.entities import utf16_length
from sandbox.errors import bad_request
from sandbox.json_values import Json
from sandbox.phone import bot_text
from sandbox.state import Chat, User

MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


def language(call: Call) -> str:
    code = call.text("language_code").lower()
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def scope_key(call: Call) -> str:
    """The scope parameter as a key, such as `default` or `chat:12`."""
    scope = call.object("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    kind = str(scope.get("type") or "")
    if kind in _PLAIN_SCOPES:
        return kind
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request(
            "unsupported type specified" if kind else "can't parse BotCommandScope: Can't find field \"type\""
        )
    try:
        chat = call.world.bot_chat(call.bot, int(scope.get("chat_id", 0)))
    except (TypeError, ValueError):
        chat = None
    if chat is None:
        raise bad_request("chat not found")
    if chat.private and kind != "chat":
        raise bad_request(f"can't use {kind} scope in private chats")
    member = f":{scope.get('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{chat.id}{member}"


def commands_for(chat: Chat, user: User) -> list[Json]:
    """The commands a person sees in a chat: Telegram's order of scopes, each first in their language."""
    if chat.private:
        scopes = [f"chat:{chat.id}", "all_private_chats", "default"]
    else:
        is_admin = chat.members.get(user.id) in ("creator", "administrator")
        for_admins = [f"chat_administrators:{chat.id}"] if is_admin else []
        all_admins = ["all_chat_administrators"] if is_admin else []
        scopes = [f"chat_member:{chat.id}:{user.id}", *for_admins, f"chat:{chat.id}", *all_admins]
        scopes += ["all_group_chats", "default"]
    for scope in scopes:
        for code in (user.language_code[:2], ""):
            if commands := chat.bot.commands.get((scope, code)):
                return commands
    return []


def _tell_commands_changed(call: Call) -> None:
    for chat in call.world.all_chats():
        if chat.bot is call.bot:
            call.world.tell(chat, {"type": "commands", "chat_id": chat.id})


@method("setMyCommands")
async def set_my_commands(call: Call) -> bool:
    given = call.array("commands", "can't parse commands JSON object") or []
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for item in given:
        if not isinstance(item, dict) or "command" not in item or "description" not in item:
            raise bad_request("can't parse BotCommand: expected an Object with command and description")
        name, description = str(item["command"]).removeprefix("/"), str(item["description"])
        if not name:
            raise bad_request("command must be non-empty")
        if not description.strip():
            raise bad_request("command description must be non-empty")
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if utf16_length(description) > 256:
            raise bad_request("command description length must not exceed 256 characters")
        commands.append({"command": name, "description": description})
    call.bot.commands[scope_key(call), language(call)] = commands
    _tell_commands_changed(call)
    return True


@method("getMyCommands")
async def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get((scope_key(call), language(call)), [])


@method("deleteMyCommands")
async def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop((scope_key(call), language(call)), None)
    _tell_commands_changed(call)
    return True


@method("setChatMenuButton")
async def set_chat_menu_button(call: Call) -> bool:
    button = call.object("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if button.get("type") not in ("commands", "default", "web_app"):
        raise bad_request("can't parse menu button: unallowed type of the menu button")
    chat_id = call.chat().id if call.text("chat_id") else None
    call.bot.menu_buttons[chat_id] = button
    _tell_commands_changed(call)
    return True


@method("getChatMenuButton")
async def get_chat_menu_button(call: Call) -> Json:
    chat_id = call.chat().id if call.text("chat_id") else None
    buttons = call.bot.menu_buttons
    return buttons.get(chat_id, buttons.get(None, {"type": "default"}))


def _register_text(suffix: str, kind: str, limit: int) -> None:
    """`setMy…` and `getMy…` for one of the bot's texts."""

    async def setter(call: Call) -> bool:
        text = call.text(kind)
        if utf16_length(text) > limit:
            raise bad_request(f"BOT_{kind.upper()}_TOO_LONG" if kind != "name" else "BOT_TITLE_INVALID")
        call.bot.texts[kind, language(call)] = text
        if kind == "name" and not language(call) and text:
            call.bot.name = text
        return True

    async def getter(call: Call) -> Json:
        text = bot_text(call.bot, kind, language(call))
        return {kind: text or (call.bot.name if kind == "name" else "")}

    handlers: tuple[tuple[str, Handler], ...] = (("set", setter), ("get", getter))
    for verb, handler in handlers:
        method(f"{verb}My{suffix}")(handler)


_register_text("Name", "name", 64)
_register_text("Description", "description", 512)
_register_text("ShortDescription", "short_description", 120)
