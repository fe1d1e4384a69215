"""Sending, editing, copying and deleting, with Telegram's refusals."""

from __future__ import annotations

import pytest
import telegram

from sandbox.client import RefusedError, UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.sandbox.conftest import Caller, Clock

KEYBOARD = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


async def test_a_text_reaches_the_phone_formatted(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    sent = await ptb.send_message(met, "<b>Ciao</b> &amp; benvenuta", parse_mode="HTML", protect_content=True)
    assert sent.text == "Ciao & benvenuta"
    assert sent.has_protected_content
    shown = await phone.wait_for(lambda screen: screen.message(sent.message_id))
    assert (shown.html, shown.from_bot) == ("<b>Ciao</b> &amp; benvenuta", True)


async def test_replies_quote_what_they_answer(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    asked = await phone.type("Quanto manca?")
    answer = await ptb.send_message(
        met, "Poco", reply_parameters=telegram.ReplyParameters(asked.message_id), disable_notification=True
    )
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "Quanto manca?"
    back = await phone.type("Bene", reply_to=answer.message_id)
    assert back.raw["reply_to"] == answer.message_id


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 7}, "message thread not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_a_bad_text_is_refused_in_telegrams_words(
    call: Caller, met: int, params: dict[str, object], reason: str
) -> None:
    assert await call.refusal("sendMessage", chat_id=met, **params) == f"Bad Request: {reason}"


async def test_the_longest_text_and_a_lenient_reply_are_accepted(call: Caller, met: int) -> None:
    lenient = {"message_id": 999, "allow_sending_without_reply": True}
    sent = await call("sendMessage", chat_id=met, text="😀" * 2048, reply_parameters=lenient)
    assert "reply_to_message" not in sent


async def test_a_bot_cannot_write_first(api: LocalBotApi, bot: Bot, anna: User, call: Caller) -> None:
    refused = {"chat_id": anna.id, "text": "x"}
    assert await call.refusal("sendMessage", **refused) == "Bad Request: chat not found"
    assert await call.refusal("sendMessage", text="x") == "Bad Request: chat_id is empty"
    api.add_group("Squadra", bot, [anna])
    reason = "Forbidden: bot can't initiate conversation with a user"
    assert await call.refusal("sendMessage", **refused) == reason


async def test_a_blocked_bot_is_told_so(call: Caller, phone: UserClient, met: int) -> None:
    await phone.block()
    assert (
        await call.refusal("sendMessage", chat_id=met, text="x") == "Forbidden: bot was blocked by the user"
    )
    assert not (await phone.screen()).can_write
    with pytest.raises(RefusedError, match="unblock"):
        await phone.type("x")
    await phone.block(False)
    await call("sendMessage", chat_id=met, text="x")
    changes = [update["my_chat_member"] for update in await call.updates()]
    assert [c["new_chat_member"]["status"] for c in changes] == ["kicked", "member"]


async def test_an_edit_replaces_text_and_buttons(call: Caller, phone: UserClient, met: int) -> None:
    sent = await call("sendMessage", chat_id=met, text="one", reply_markup=KEYBOARD)
    here = {"chat_id": met, "message_id": sent["message_id"]}
    assert await call.refusal("editMessageText", **here, text="one", reply_markup=KEYBOARD) == MODIFIED
    edited = await call("editMessageText", **here, text="two", reply_markup=KEYBOARD)
    assert edited["edit_date"]
    await call("editMessageReplyMarkup", **here)
    shown = await phone.wait_for(lambda s: next((m for m in s.from_bot if not m.buttons), None))
    assert shown.text == "two"
    assert await call.refusal("editMessageReplyMarkup", **here) == MODIFIED


async def test_bad_edits_are_refused_in_telegrams_words(call: Caller, phone: UserClient, met: int) -> None:
    theirs = (await phone.type("mine")).message_id
    sent = await call("sendMessage", chat_id=met, text="x", reply_markup={"keyboard": [["A"]]})
    plain = await call("sendMessage", chat_id=met, text="x")
    for message_id, method, extra, reason in (
        (theirs, "editMessageText", {"text": "y"}, "message can't be edited"),
        (sent["message_id"], "editMessageText", {"text": "y"}, "message can't be edited"),
        (999, "editMessageText", {"text": "y"}, "message to edit not found"),
        (0, "editMessageText", {"text": "y"}, "message identifier is not specified"),
        (
            plain["message_id"],
            "editMessageCaption",
            {"caption": "y"},
            "there is no caption in the message to edit",
        ),
        (
            plain["message_id"],
            "editMessageText",
            {"text": "y", "reply_markup": {"keyboard": []}},
            "inline keyboard expected",
        ),
    ):
        said = await call.refusal(method, chat_id=met, message_id=message_id, **extra)
        assert said == f"Bad Request: {reason}"


async def test_messages_can_be_deleted_for_a_limited_time(
    call: Caller, phone: UserClient, met: int, clock: Clock
) -> None:
    theirs, mine = (
        (await phone.type("x")).message_id,
        (await call("sendMessage", chat_id=met, text="y"))["message_id"],
    )
    await call("deleteMessage", chat_id=met, message_id=theirs)
    gone = await call.refusal("deleteMessage", chat_id=met, message_id=theirs)
    assert gone == "Bad Request: message to delete not found"
    clock.advance(48 * 3600 + 1)
    late = await call.refusal("deleteMessage", chat_id=met, message_id=mine)
    assert late == "Bad Request: message can't be deleted for everyone"
    fresh = await call("sendMessage", chat_id=met, text="z")
    await call("deleteMessages", chat_id=met, message_ids=[mine, fresh["message_id"], 999])
    left = [message.message_id for message in (await phone.screen()).messages]
    assert mine in left
    assert fresh["message_id"] not in left


async def test_messages_can_be_copied_and_forwarded(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    asked = await phone.type("originale")
    copy = await ptb.copy_message(met, met, asked.message_id)
    forward = await ptb.forward_message(met, met, asked.message_id)
    assert isinstance(forward.forward_origin, telegram.MessageOriginUser)
    screen = await phone.screen()
    assert [m.text for m in screen.from_bot] == ["originale", "originale"]
    assert "forwarded_from" not in (screen.message(copy.message_id) or asked).raw
    assert screen.messages[-1].raw["forwarded_from"] == "Anna Verdi"
    secret = await ptb.send_message(met, "riservato", protect_content=True)
    with pytest.raises(telegram.error.BadRequest, match="The message can't be forwarded"):
        await ptb.forward_message(met, met, secret.message_id)
    with pytest.raises(telegram.error.BadRequest, match="Message to copy not found"):
        await ptb.copy_message(met, met, 999)


async def test_a_pin_is_seen_and_told(call: Caller, phone: UserClient, met: int) -> None:
    sent = await call("sendMessage", chat_id=met, text="importante")
    await call("pinChatMessage", chat_id=met, message_id=sent["message_id"])
    assert await phone.wait_for(lambda screen: screen.pinned) == sent["message_id"]
    (update,) = await call.updates()
    assert update["message"]["pinned_message"]["message_id"] == sent["message_id"]
    assert (await call("getChat", chat_id=met))["pinned_message"]["text"] == "importante"
    await call("unpinChatMessage", chat_id=met)
    assert (await phone.screen()).pinned is None
    assert await call.refusal("unpinChatMessage", chat_id=met) == "Bad Request: message to unpin not found"


async def test_typing_shows_until_the_message_comes(call: Caller, phone: UserClient, met: int) -> None:
    await call("sendChatAction", chat_id=met, action="typing")
    await phone.wait_for(lambda screen: screen.typing)
    await call("sendMessage", chat_id=met, text="eccomi")
    await phone.wait_for(lambda screen: not screen.typing)
    wrong = await call.refusal("sendChatAction", chat_id=met, action="dancing")
    assert wrong == "Bad Request: wrong parameter action in request"
