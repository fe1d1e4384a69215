"""The whole bot beside the local Bot API: intake of updates, its presentation, its log."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import aiohttp
import pytest
from sqlalchemy import select

from backend.core.inbox.models import inbox
from bot.core.intake import FAREWELL_SECONDS, WEBHOOK, Poller
from sandbox import showcase
from sandbox.client import UserClient
from sandbox.demo import settings_for
from tests.support import Chat, World, free_port

ELIGIBLE = next(case.pod for case in showcase.cases() if case.title == "ammissibile")


MENUS = {
    "it": (
        "start",
        "aiuto",
        "annulla",
        "stato",
        "lingua",
        "attese",
        "report",
        "lavori",
        "portatili",
        "massiva",
        "assistenza",
        "documenti",
        "statistiche",
        "squadra",
        "profilo",
        "registrati",
        "privacy",
    ),
    "en": (
        "start",
        "help",
        "cancel",
        "status",
        "language",
        "watched",
        "report",
        "jobs",
        "laptops",
        "bulk",
        "assistance",
        "documents",
        "statistics",
        "team",
        "profile",
        "register",
        "privacy",
    ),
}


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait for a condition that no event announces."""
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, f"not seen: {what}"
        await asyncio.sleep(0.01)


def address_of(world: World) -> str | None:
    """The address to which the server delivers updates; none if the bot polls."""
    return world.bot.webhook.url if world.bot.webhook is not None else None


# ── polling ───────────────────────────────────────────────────────────────────────────────────────


async def test_updates_are_confirmed_only_when_they_are_on_disk(world: World, chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await until(lambda: len(world.bot.updates) == 0, "everything confirmed")

    def behind_its_back(statement: str) -> None:
        with closing(sqlite3.connect(world.settings.data / "a486.db")) as connection:
            connection.execute(statement)

    # In a thread: the bot runs in this loop and must be able to end an open transaction.
    await asyncio.to_thread(behind_its_back, "ALTER TABLE inbox RENAME TO away")
    await chat.type("/aiuto")
    await until(lambda: len(world.events("poll.interrupted")) >= 2, "two tries to store it")
    assert len(world.bot.updates) == 1

    await asyncio.to_thread(behind_its_back, "ALTER TABLE away RENAME TO inbox")
    await chat.sees("Che cosa posso fare")
    await until(lambda: len(world.bot.updates) == 0, "everything confirmed")


async def test_another_program_that_polls_for_updates_is_tolerated(world: World, chat: Chat) -> None:
    await world.bot.updates.listening.wait()
    url = f"{world.api.base_url}/bot{world.bot.token}/getUpdates"
    async with aiohttp.ClientSession() as session, session.post(url, data={"timeout": 0}) as response:
        assert response.status in (200, 409)
    await until(lambda: world.events("poll.conflict"), "the conflict")

    await chat.says("/start", "Incolla un POD")


async def test_the_bot_goes_on_when_the_server_was_away(world: World) -> None:
    port = int(world.api.base_url.rsplit(":", 1)[1])
    async with world.chat() as chat:
        await chat.says("/start", "Incolla un POD")
    await world.api.stop()
    await until(lambda: world.events("poll.interrupted"), "polling interrupted")
    await world.api.start(port=port)

    async with world.chat() as chat:
        await chat.says("/aiuto", "Che cosa posso fare")


async def test_messages_sent_while_the_bot_was_off_are_answered_in_order(world: World, chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await world.stop()
    await chat.type("/stato")
    await chat.type("/aiuto")
    await world.start()

    await chat.sees("Che cosa posso fare")
    texts = [message.text for message in (await chat.screen()).from_bot]
    assert "Stato" in texts[-2]


# ── the webhook ───────────────────────────────────────────────────────────────────────────────────


async def test_a_whole_look_up_goes_through_the_webhook(world: World, chat: Chat) -> None:
    port = free_port()
    await world.stop()
    settings = settings_for(
        world.api,
        world.bot,
        world.settings.data,
        webhook_url=f"http://127.0.0.1:{port}",
        webhook_secret="il-segreto",
    )
    world.settings = settings.model_copy(update={"listen_port": port})
    await world.start()
    assert address_of(world) == f"http://127.0.0.1:{port}{WEBHOOK}"

    await chat.says("/start", "Incolla un POD")
    press = await chat.press("Ultimi POD")
    await chat.press("Accetto")
    await chat.sees("Non hai ancora cercato")
    await chat.says(ELIGIBLE, "Fornitura ammissibile")

    answer = await chat.phone.wait_for_answer(press)
    assert (answer.text, answer.alert) == ("", False)
    await until(lambda: len(world.bot.updates) == 0, "everything delivered")

    await world.stop()
    world.settings = settings_for(world.api, world.bot, world.settings.data)
    await world.start()
    assert address_of(world) is None
    await chat.says("/aiuto", "Che cosa posso fare")


# ── presses and the log ───────────────────────────────────────────────────────────────────────────


async def test_a_press_stops_spinning_at_once(world: World, chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")

    press = await chat.press("Aiuto")

    answer = await chat.phone.wait_for_answer(press)
    assert answer.text == ""


async def test_a_press_stored_when_the_bot_stops_does_not_keep_spinning(
    world: World, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answer = asyncio.Event(), Poller._answer

    async def late(poller: Poller, query: str) -> None:
        begun.set()
        slow = asyncio.Event()
        asyncio.get_running_loop().call_later(FAREWELL_SECONDS / 5, slow.set)
        await slow.wait()
        await answer(poller, query)

    monkeypatch.setattr(Poller, "_answer", late)
    await chat.says("/start", "Incolla un POD")
    press = await chat.press("Aiuto")
    await begun.wait()

    await world.stop()

    assert (await chat.phone.wait_for_answer(press)).text == ""


async def test_one_correlation_leads_from_the_update_to_the_message(world: World, declared: Chat) -> None:
    await declared.says(ELIGIBLE, "Fornitura ammissibile")
    await until(
        lambda: len(world.events("post.shown")) >= len(world.events("turn.committed")), "everything shown"
    )

    correlation = world.events("update.stored")[-1]["correlation"]
    trail = [entry["event"] for entry in world.events() if entry.get("correlation") == correlation]

    assert trail.index("update.stored") < trail.index("turn.committed") < trail.index("post.shown")


async def test_the_log_of_a_look_up_holds_no_pod_and_no_token(world: World, declared: Chat) -> None:
    await declared.says(ELIGIBLE, "Fornitura ammissibile")

    written = world.log.getvalue()
    assert ELIGIBLE not in written
    assert world.bot.token.partition(":")[2] not in written


async def test_payloads_are_blanked_when_they_are_done(world: World, declared: Chat) -> None:
    await declared.says(ELIGIBLE, "Fornitura ammissibile")

    kept = await world.database.long_read(
        lambda connection: connection.scalars(select(inbox.c.payload).where(inbox.c.state == "ended")).all()
    )

    assert kept
    assert set(kept) == {None}


# ── the presentation of the bot ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("person", "language"), [(0, "it"), (2, "en")])
async def test_the_menu_speaks_the_language_of_the_phone(world: World, person: int, language: str) -> None:
    async with world.chat(person) as chat:
        assert (await chat.screen()).commands == MENUS[language]


async def test_the_menu_of_groups_holds_only_the_start(world: World) -> None:
    group = world.api.add_group("Squadra", world.bot, list(world.people))
    async with UserClient(world.api.base_url, world.people[0].id, chat=group.id) as phone:
        assert (await phone.screen()).commands == ("start",)


async def test_the_chosen_language_changes_the_menu_of_this_chat_only(world: World, chat: Chat) -> None:
    await chat.says("/lingua", "In quale lingua")
    await chat.press("English")
    await chat.phone.wait_for(lambda screen: screen.commands == MENUS["en"] or None, 15)

    async with world.chat(1) as other:
        assert (await other.screen()).commands == MENUS["it"]


async def test_the_bot_says_what_it_is_in_both_languages(world: World) -> None:
    assert world.bot.menu_buttons[None] == {"type": "commands"}
    kinds = {kind for kind, _ in world.bot.texts}
    for kind in kinds - {"name"}:
        italian, english = world.bot.texts[kind, "it"], world.bot.texts[kind, "en"]
        assert italian
        assert english
        assert world.bot.texts[kind, ""] == english
    assert len(kinds - {"name"}) == 2


async def test_a_user_who_blocked_the_bot_and_came_back_is_answered(world: World, chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await chat.phone.block()
    await until(
        lambda: [entry for entry in world.events("turn.committed") if entry["reply"] == "Reachability"],
        "the bot knows that it was blocked",
    )
    await chat.phone.block(False)

    await chat.says("/aiuto", "Che cosa posso fare")
