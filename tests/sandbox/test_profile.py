"""Commands, menu button, names and descriptions."""

from __future__ import annotations

import telegram

from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.sandbox.conftest import Caller

START = telegram.BotCommand("start", "Start")


async def test_commands_resolve_by_scope_then_language(
    ptb: telegram.Bot, phone: UserClient, met: int
) -> None:
    async def seen() -> tuple[str, ...]:
        return (await phone.screen()).commands

    await ptb.set_my_commands([START])
    assert await seen() == ("start",)
    await ptb.set_my_commands([telegram.BotCommand("avvia", "Avvia")], language_code="it")
    assert await seen() == ("avvia",)
    await ptb.set_my_commands(
        [START, telegram.BotCommand("pod", "POD")], telegram.BotCommandScopeAllPrivateChats()
    )
    assert await seen() == ("start", "pod")
    await ptb.set_my_commands([telegram.BotCommand("mio", "Mio")], telegram.BotCommandScopeChat(met))
    assert await seen() == ("mio",)
    assert (await phone.screen()).raw["menu_button"] == {"type": "commands"}
    await ptb.delete_my_commands(telegram.BotCommandScopeChat(met))
    assert await seen() == ("start", "pod")
    assert await ptb.get_my_commands() == (START,)


async def test_commands_in_a_group_depend_on_the_member(
    api: LocalBotApi, bot: Bot, anna: User, bruno: User, ptb: telegram.Bot
) -> None:
    group = api.add_group("Squadra", bot, [anna, bruno])
    await ptb.set_my_commands([START], telegram.BotCommandScopeAllGroupChats())
    await ptb.set_my_commands(
        [telegram.BotCommand("turni", "Turni")], telegram.BotCommandScopeChatAdministrators(group.id)
    )
    await ptb.set_my_commands(
        [telegram.BotCommand("io", "Io")], telegram.BotCommandScopeChatMember(group.id, bruno.id)
    )
    for person, commands in ((anna, ("turni",)), (bruno, ("io",))):
        async with UserClient(api.base_url, person.id, chat=group.id) as there:
            assert (await there.screen()).commands == commands


async def test_bad_commands_are_refused_in_telegrams_words(call: Caller) -> None:
    for command, reason in (
        ({"command": "", "description": "x"}, "command must be non-empty"),
        ({"command": "A b", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "a", "description": " "}, "command description must be non-empty"),
    ):
        assert await call.refusal("setMyCommands", commands=[command]) == f"Bad Request: {reason}"
    many = [{"command": f"c{n}", "description": "x"} for n in range(101)]
    assert await call.refusal("setMyCommands", commands=many) == "Bad Request: BOT_COMMANDS_TOO_MUCH"


async def test_texts_of_the_profile_are_kept_by_language(ptb: telegram.Bot, phone: UserClient) -> None:
    await ptb.set_my_name("Contatore")
    await ptb.set_my_description("Che cosa so fare", language_code="it")
    await ptb.set_my_short_description("Breve")
    shown = (await phone.screen()).raw["bot"]
    assert (shown["name"], shown["description"], shown["short_description"]) == (
        "Contatore",
        "Che cosa so fare",
        "Breve",
    )
    assert (await ptb.get_my_name()).name == "Contatore"
    assert (await ptb.get_my_description()).description == ""
    assert (await ptb.get_my_short_description("it")).short_description == "Breve"


async def test_the_menu_button_can_be_set_for_a_chat(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    assert isinstance(await ptb.get_chat_menu_button(met), telegram.MenuButtonDefault)
    await ptb.set_chat_menu_button(met, telegram.MenuButtonCommands())
    assert (await phone.screen()).raw["menu_button"] == {"type": "commands"}
    assert isinstance(await ptb.get_chat_menu_button(), telegram.MenuButtonDefault)
