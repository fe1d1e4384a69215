"""Arbitrary calls get a result or one of Telegram's refusals, never an internal error."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.call import METHODS
from sandbox.errors import ApiError
from sandbox.server import LocalBotApi

NAMES = [
    "user_id",
    "message_id",
    "message_ids",
    "text",
    "caption",
    "parse_mode",
    "entities",
    "caption_entities",
    "reply_markup",
    "media",
    "document",
    "photo",
    "reply_parameters",
    "message_thread_id",
    "name",
    "icon_color",
    "action",
    "callback_query_id",
    "commands",
    "scope",
    "url",
    "language_code",
    "menu_button",
    "description",
    "allowed_updates",
    "offset",
    "limit",
    "link_preview_options",
    "secret_token",
]
SCALARS = st.sampled_from(
    ["", "x", "1", "-1", "1e9", "null", "HTML", "😀<b>", "typing", "http://[", "attach://x"]
)
KEYS = st.sampled_from(
    [
        "type",
        "text",
        "offset",
        "length",
        "message_id",
        "chat_id",
        "url",
        "callback_data",
        "keyboard",
        "media",
        "inline_keyboard",
        "command",
        "description",
        "copy_text",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["document", "chat", "x", "http://["]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
PARAMETERS = st.dictionaries(st.sampled_from(NAMES), SCALARS | JSON.map(json.dumps), max_size=6)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(METHODS.keys() - {"getupdates", "leavechat"})), PARAMETERS, st.booleans())
async def test_arbitrary_calls_are_answered_or_refused(
    method: str, parameters: dict[str, str], in_the_group: bool
) -> None:
    api = LocalBotApi(limits=False)
    bot, person = api.add_bot("Prova", "prova_bot"), api.add_user("Anna")
    group = api.add_group("Squadra", bot, [person], is_forum=True)
    private = api.world.private_chat(bot, person)
    private.started = True
    api.world.post(private, bot, {"text": "x"})
    here = str(group.id if in_the_group else person.id)
    try:
        body = await api._bot_api.answer(bot, method, {"chat_id": here, "from_chat_id": here, **parameters})
    except ApiError as refusal:
        body = {"ok": False, "description": refusal.description}
    finally:
        await api.stop()
    json.dumps(body)
