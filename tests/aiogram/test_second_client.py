"""aiogram, in its own environment, understands every answer and every update of the local Bot API."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import sandbox.methods  # noqa: F401 -- registers the methods
from sandbox.call import METHODS
from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from sandbox.updates import UPDATE_TYPES

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-aiogram" / "bin" / "python"
SCRIPT = Path(__file__).with_name("client.py")


async def outcome_of_a_run() -> dict[str, Any]:
    """Runs the script against a server of its own and returns what it printed."""
    async with LocalBotApi(limits=False) as api:
        bot = api.add_bot("Prova", "prova_bot")
        anna = api.add_user("Anna", "Verdi", username="anna_verdi", language_code="it", phone="+39333000001")
        bruno = api.add_user("Bruno")
        group = api.add_group("Squadra", bot, [anna, bruno])
        forum = api.add_group("Assistenza", bot, [anna, bruno], is_forum=True)
        async with UserClient(api.base_url, anna.id) as phone:
            await phone.type("/start")
        arguments = [bot.token, *(str(there.id) for there in (anna, bruno, group, forum))]
        process = await asyncio.create_subprocess_exec(
            PYTHON,
            SCRIPT,
            api.base_url,
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            printed, complaints = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, complaints.decode()
        outcome: dict[str, Any] = json.loads(printed)
        return outcome


async def test_a_second_client_understands_everything() -> None:
    if not PYTHON.exists():
        pytest.fail("aiogram's environment is missing: `make test` makes it", pytrace=False)
    outcome = await outcome_of_a_run()
    assert outcome["unknown"] == []
    assert {name.replace("_", "") for name in outcome["called"]} == set(METHODS)
    assert set(outcome["kinds"]) == UPDATE_TYPES
    assert set(outcome["contents"]) == {
        "text",
        "contact",
        "sticker",
        "voice",
        "photo",
        "document",
        "pinned_message",
        "group_chat_created",
        "supergroup_chat_created",
        "left_chat_member",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
    }
