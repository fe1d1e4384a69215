"""The bot's profile in Telegram: commands, menu button, descriptions, in each language."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
)
from telegram.error import BadRequest, TelegramError

from bot.core.intake import ALLOWED_UPDATES, WEBHOOK
from conversations.core.feature import SlashCommand
from conversations.core.texts import DEFAULT, LANGUAGES, texts

log = structlog.get_logger(__name__)


class WebhookRefused(TelegramError):
    """Telegram does not call this address."""


def menu_of(commands: Sequence[SlashCommand], language: str) -> list[BotCommand]:
    """The commands as a private chat's menu shows them."""
    say = texts(language)
    return [
        BotCommand(command.names[language], say(f"command.{command.names[DEFAULT]}"))
        for command in commands
        if command.listed
    ]


async def introduce(
    bot: Bot, commands: Sequence[SlashCommand], webhook_url: str, webhook_secret: str
) -> None:
    """Tell Telegram how the bot presents itself and how updates reach it.

    Only the way of the updates must succeed; raises TelegramError where it does not, WebhookRefused where it
    is for the address.
    """
    if webhook_url:
        address = webhook_url.rstrip("/").removesuffix(WEBHOOK) + WEBHOOK
        try:
            await bot.set_webhook(address, secret_token=webhook_secret, allowed_updates=ALLOWED_UPDATES)
        except BadRequest as error:
            raise WebhookRefused(f"{error.message} ({address})") from error
    else:
        await bot.delete_webhook()
    try:
        await _present(bot, commands)
    except TelegramError as error:
        log.warning("profile.not_set", error=str(error))


async def _present(bot: Bot, commands: Sequence[SlashCommand]) -> None:
    for language in ("", *LANGUAGES):
        say = texts(language or "en")
        await bot.set_my_commands(
            menu_of(commands, language or "en"),
            scope=BotCommandScopeAllPrivateChats(),
            language_code=language or None,
        )
        await bot.set_my_short_description(say("about.short"), language_code=language or None)
        await bot.set_my_description(say("about.long"), language_code=language or None)
    start = [BotCommand("start", texts(DEFAULT)("command.start"))]
    await bot.set_my_commands(start, scope=BotCommandScopeAllGroupChats())
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def speak(bot: Bot, commands: Sequence[SlashCommand], chat_id: int, language: str) -> None:
    """Show the commands of a chosen language in one chat. Raises TelegramError."""
    await bot.set_my_commands(menu_of(commands, language), scope=BotCommandScopeChat(chat_id))
