"""Keyboards, presses and their answers."""

from __future__ import annotations

import pytest
import telegram

from sandbox.client import RefusedError, UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.sandbox.conftest import Caller, Clock, Json


def inline(**button: object) -> Json:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (inline(callback_data=""), "BUTTON_DATA_INVALID"),
        (inline(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (inline(callback_data="è" * 33), "BUTTON_DATA_INVALID"),
        (inline(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(), "text buttons are unallowed in the inline keyboard"),
        (
            inline(url="ftp://a.example"),
            "inline keyboard button URL 'ftp://a.example' is invalid: Unsupported URL protocol",
        ),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}, "BUTTON_TEXT_INVALID"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 101]}, "reply markup is too long"),
        ([], "object expected as reply markup"),
    ],
)
async def test_bad_keyboards_are_refused_in_telegrams_words(
    call: Caller, met: int, markup: object, reason: str
) -> None:
    said = await call.refusal("sendMessage", chat_id=met, text="x", reply_markup=markup)
    assert said == f"Bad Request: {reason}"


async def test_a_press_reaches_the_bot_and_its_answer_the_phone(
    ptb: telegram.Bot, phone: UserClient, met: int
) -> None:
    button = telegram.InlineKeyboardButton("Avanti", callback_data="é" * 32)
    copy = telegram.InlineKeyboardButton("POD", copy_text=telegram.CopyTextButton("IT001E00000001"))
    link = telegram.InlineKeyboardButton("Guida", url="https://docs.example/guida")
    await ptb.send_message(
        met, "Pronta?", reply_markup=telegram.InlineKeyboardMarkup([[button], [copy, link]])
    )
    shown = await phone.wait_for(lambda screen: screen.with_button("POD"))
    assert [(b.copy_text, b.url) for b in shown.buttons[1:]] == [
        ("IT001E00000001", None),
        (None, "https://docs.example/guida"),
    ]
    query_id = await phone.press("Avanti")
    (update,) = await ptb.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.id == query_id
    assert query.data == "é" * 32
    assert query.message is not None
    assert query.message.message_id == shown.message_id
    await query.answer("Fatto", show_alert=True)
    answer = await phone.wait_for_answer(query_id)
    assert (answer.text, answer.alert) == ("Fatto", True)


async def test_a_button_that_is_not_on_the_message_cannot_be_pressed(
    call: Caller, phone: UserClient, met: int
) -> None:
    sent = await call("sendMessage", chat_id=met, text="x", reply_markup=inline(callback_data="old"))
    here = {"chat_id": met, "message_id": sent["message_id"]}
    await call("editMessageText", **here, text="y", reply_markup=inline(callback_data="new"))
    with pytest.raises(RefusedError, match="does not show"):
        await phone.press(data="old", message_id=sent["message_id"])
    with pytest.raises(RefusedError, match="does not show"):
        await phone.press(data="never", message_id=sent["message_id"], stale=True)
    with pytest.raises(RefusedError):
        await phone.press("Non c'è")
    await phone.press(data="old", message_id=sent["message_id"], stale=True)
    await phone.press("x")
    pressed = [update["callback_query"]["data"] for update in await call.updates()]
    assert pressed == ["old", "new"]


async def test_presses_by_row_and_column_must_hit_a_callback_button(
    call: Caller, phone: UserClient, met: int
) -> None:
    sent = await call("sendMessage", chat_id=met, text="x", reply_markup=inline(url="https://a.example"))
    for row, column, reason in ((0, 0, "opens a link"), (0, 1, "no button"), (-1, 0, "no button")):
        with pytest.raises(RefusedError, match=reason):
            await phone._act("presses", {"message_id": sent["message_id"], "row": row, "column": column})


async def test_a_press_can_be_answered_for_fifteen_seconds(
    call: Caller, phone: UserClient, met: int, clock: Clock
) -> None:
    await call("sendMessage", chat_id=met, text="x", reply_markup=inline(callback_data="go"))
    in_time, too_late = await phone.press("x"), await phone.press("x")
    clock.advance(15)
    await call("answerCallbackQuery", callback_query_id=in_time, text="x" * 200)
    clock.advance(0.1)
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await call.refusal("answerCallbackQuery", callback_query_id=too_late) == old
    assert await call.refusal("answerCallbackQuery", callback_query_id="12") == old
    long = await call.refusal("answerCallbackQuery", callback_query_id="12", text="x" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"


async def test_reply_keyboards_are_shown_and_removed(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    keys = telegram.ReplyKeyboardMarkup(
        [["Sì", telegram.KeyboardButton("Numero", request_contact=True)]],
        resize_keyboard=True,
        one_time_keyboard=True,
        input_field_placeholder="Scegli",
    )
    await ptb.send_message(met, "Allora?", reply_markup=keys)
    shown = await phone.wait_for(lambda screen: screen.reply_keyboard)
    assert shown == {
        "reply": [[{"text": "Sì"}, {"text": "Numero", "request_contact": True}]],
        "resize": True,
        "one_time": True,
        "placeholder": "Scegli",
    }
    await phone.type("altro")
    assert (await phone.screen()).reply_keyboard is not None
    await phone.type("Sì")
    assert (await phone.screen()).reply_keyboard is None
    await ptb.send_message(met, "Allora?", reply_markup=telegram.ForceReply(input_field_placeholder="…"))
    forced = {"force_reply": True, "placeholder": "…"}
    assert await phone.wait_for(lambda screen: screen.reply_keyboard) == forced
    await ptb.send_message(met, "Niente", reply_markup=telegram.ReplyKeyboardRemove())
    await phone.wait_for(lambda screen: screen.reply_keyboard is None)


async def test_a_shared_contact_is_the_persons_own_unless_stated(
    call: Caller, phone: UserClient, met: int, anna: User, bruno: User
) -> None:
    await phone.share_contact()
    await phone.share_contact(of=bruno.id)
    own, other = [update["message"]["contact"] for update in await call.updates()]
    assert (own["phone_number"], own["user_id"], own["last_name"]) == ("+393330000001", anna.id, "Verdi")
    assert (other["phone_number"], other["user_id"]) == ("+393330000002", bruno.id)


async def test_phone_numbers_can_be_requested_in_private_chats_only(
    api: LocalBotApi, bot: Bot, anna: User, call: Caller
) -> None:
    group = api.add_group("Squadra", bot, [anna])
    markup = {"keyboard": [[{"text": "Numero", "request_contact": True}]]}
    said = await call.refusal("sendMessage", chat_id=group.id, text="x", reply_markup=markup)
    assert said == "Bad Request: phone number can be requested in private chats only"
