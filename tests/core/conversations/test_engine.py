"""The engine: turns are decided from a reply and the stored dialogue, and nothing is changed on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core.db.database import Database
from backend.core.refusals import Refused
from conversations.core.answering import MOST_SUSPENDED
from conversations.core.effects import (
    Call,
    CancelJobs,
    Card,
    EndDialogue,
    KeepDialogue,
    Rebind,
    RemoveKeyboard,
    ShowAgain,
    Turn,
)
from conversations.core.prompts import Document, Html, Photo, Prompt
from conversations.core.questions import BACK, CANCEL, SUMMARY
from conversations.core.replies import (
    Chosen,
    Command,
    Edited,
    Entered,
    Expired,
    Garbled,
    Ignored,
    Media,
    Reply,
    Sent,
    Typed,
)
from tests.core.conversations.table import Table, of_kind, ordered, texts, values
from tests.samples import START

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_dialogue_begins_with_its_first_question_below(table: Table) -> None:
    done = await table.begin()
    (card,) = done.cards
    assert (card.asks, card.onto, values(card)) == (True, None, [CANCEL])
    assert card.prompt.text == "dialogue.step number=1 total=3\n\nname?"
    assert table.step == "name"


async def test_a_typed_answer_shrinks_the_question_to_it(table: Table) -> None:
    await table.begin()
    assert table.row is not None
    asked = table.row.card_id
    done = await table.turn(Typed("Anna"))
    assert texts(done) == ["dialogue.step number=2 total=3\n\nsize?"]
    (shrunk,) = of_kind(done, RemoveKeyboard)
    assert shrunk.post_id == asked
    assert shrunk.instead == Prompt(Html("dialogue.answer label=making.name.label value=Anna"))


async def test_a_pressed_answer_uses_the_card_again(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("Anna"))
    assert table.row is not None
    asked = table.row.card_id
    done = await table.press("l")
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(asked, "Anna l?")]
    assert of_kind(done, Rebind) == [Rebind(asked, 55)]
    assert not of_kind(done, RemoveKeyboard)


async def test_an_answer_pressed_on_a_file_is_followed_by_a_message_of_its_own(table: Table) -> None:
    await table.turn(Command("guess", "lamp"))
    picture = table.card
    done = await table.press("l")
    assert [(card.onto, card.asks) for card in done.cards] == [(None, True)]
    assert [effect.post_id for effect in of_kind(done, RemoveKeyboard)] == [picture]
    assert table.step == "name"


PICTURE = Prompt(Html("picture"), photo=Photo("0" * 64))
FILE = Prompt(Html("file"), document=Document("0" * 64, "file.csv"))
RESULT = Prompt(Html("result"), persistent=True)
MESSAGE = Prompt(Html("message"))


@pytest.mark.parametrize(
    ("shown", "action", "stays"),
    [
        (PICTURE, "tell", True),
        (FILE, "tell", True),
        (RESULT, "tell", False),
        (RESULT, "visit", True),
        (MESSAGE, "tell", False),
        (MESSAGE, "visit", False),
    ],
)
async def test_an_entry_button_answers_on_its_card_unless_the_card_is_to_stay(
    table: Table, shown: Prompt, action: str, stays: bool
) -> None:
    post = await table.show(Card(shown))
    done = await table.turn(Entered(action, "it", post, 55))
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(None if stays else post, "told it")]
    assert of_kind(done, Rebind) == [Rebind(post, 55)]
    assert not of_kind(done, RemoveKeyboard)


async def test_a_rejected_answer_is_asked_once_more_with_the_reason(table: Table) -> None:
    await table.begin()
    assert table.row is not None
    revision = table.row.revision
    done = await table.turn(Typed("wrong"))
    (said,) = texts(done)
    assert said.startswith("making.name.error.odd word=wrong\n\n")
    assert said.endswith("name?")
    assert ordered(done) == ["counted"]
    assert (table.step, table.row.revision) == ("name", revision + 1)


async def test_an_answer_of_the_wrong_kind_is_rejected_in_common_words(table: Table) -> None:
    await table.begin()
    (said,) = texts(await table.turn(Sent(Media.STICKER)))
    assert said.startswith("dialogue.error.text\n\n")


async def test_a_button_of_an_earlier_revision_changes_nothing(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("Anna"))
    row = table.row
    assert row is not None
    done = await table.turn(Chosen(row.card_id, row.revision - 1, "l", 55))
    assert done == Turn((Rebind(row.card_id, 55), ShowAgain(row.card_id)))
    assert table.row == row


async def test_a_button_of_an_earlier_card_asks_the_present_question_again(table: Table) -> None:
    await table.begin()
    row = table.row
    assert row is not None
    done = await table.turn(Chosen(row.card_id - 1, row.revision, "l", 55))
    assert [card.asks for card in done.cards] == [True]
    assert of_kind(done, ShowAgain) == [ShowAgain(row.card_id - 1)]
    assert table.step == "name"


async def test_a_button_without_a_dialogue_shows_its_card_as_it_is(table: Table) -> None:
    done = await table.turn(Chosen(9, 1, "l", 55))
    (again,) = of_kind(done, ShowAgain)
    assert (again.post_id, again.if_gone.text) == (9, "dialogue.over")
    assert not done.cards


async def test_back_asks_the_question_before_with_its_answer_kept(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("Anna"))
    await table.press(BACK)
    assert table.row is not None
    assert (table.step, table.row.draft["name"]) == ("name", "Anna")


async def test_back_on_the_first_question_asks_it_again(table: Table) -> None:
    await table.begin()
    await table.press(BACK)
    assert table.step == "name"


async def test_an_answer_that_is_changed_offers_the_way_to_the_summary(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("Anna"))
    await table.press("l")
    done = await table.press(BACK)
    assert values(done.cards[0]) == ["l", "s", BACK, SUMMARY, CANCEL]
    await table.press(SUMMARY)
    assert table.step == "confirm"


async def test_a_confirmed_dialogue_calls_the_service_and_ends(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("Anna"))
    await table.press("l")
    done = await table.press("yes")
    assert ordered(done) == ["made"]
    (call,) = of_kind(done, Call)
    assert [card.prompt.text for card in call.then(8)] == ["made 8"]
    assert table.row is None


async def test_cancel_closes_the_dialogue_on_its_card(table: Table) -> None:
    await table.begin()
    assert table.row is not None
    asked = table.row.card_id
    done = await table.press(CANCEL)
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(asked, "dialogue.cancelled")]
    assert done.has(CancelJobs)
    assert table.row is None


async def test_cancel_returns_to_the_dialogue_beneath(table: Table) -> None:
    await table.begin("lamp")
    await table.turn(Typed("Anna"))
    await table.begin("clock")
    assert table.subjects == ["lamp", "clock"]
    done = await table.press(CANCEL)
    assert table.subjects == ["lamp"]
    assert texts(done) == [
        "dialogue.cancelled",
        "dialogue.comes_back\n\ndialogue.step number=2 total=3\n\nsize?",
    ]


async def test_a_typed_cancel_is_answered_below_and_takes_the_buttons_from_the_question(
    table: Table,
) -> None:
    await table.begin()
    asked = table.card
    done = await table.turn(Command("annulla"))
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(None, "dialogue.cancelled")]
    assert of_kind(done, RemoveKeyboard) == [RemoveKeyboard(asked)]
    assert table.row is None


async def test_a_typed_cancel_ends_the_dialogues_one_by_one(table: Table) -> None:
    await table.begin("lamp")
    await table.turn(Typed("Anna"))
    await table.begin("clock")
    inner = table.card
    done = await table.turn(Command("annulla"))
    assert [(card.onto, card.prompt.text) for card in done.cards] == [
        (None, "dialogue.cancelled"),
        (None, "dialogue.comes_back\n\ndialogue.step number=2 total=3\n\nsize?"),
    ]
    assert of_kind(done, RemoveKeyboard) == [RemoveKeyboard(inner)]
    assert table.subjects == ["lamp"]
    outer = table.card
    done = await table.turn(Command("annulla"))
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(None, "dialogue.cancelled")]
    assert of_kind(done, RemoveKeyboard) == [RemoveKeyboard(outer)]
    assert table.row is None


@pytest.mark.parametrize("way", ["button", "command"])
async def test_cancel_runs_the_action_that_the_dialogue_names(table: Table, way: str) -> None:
    await table.begin("lamp")
    await table.turn(Command("guess", "clock"))
    done = await (table.press(CANCEL) if way == "button" else table.turn(Command("annulla")))
    assert texts(done) == [
        "told without clock",
        "dialogue.comes_back\n\ndialogue.step number=1 total=3\n\nname?",
    ]
    assert table.subjects == ["lamp"]


async def test_cancel_without_a_dialogue_says_that_there_is_nothing(table: Table) -> None:
    assert texts(await table.turn(Command("annulla"))) == ["dialogue.nothing_to_cancel"]


async def test_a_digression_is_answered_and_the_question_stands_below_it(table: Table) -> None:
    await table.begin()
    assert texts(await table.turn(Typed("code 5"))) == [
        "told code 5",
        "dialogue.step number=1 total=3\n\nname?",
    ]
    assert table.step == "name"


async def test_words_that_the_question_claims_are_its_answer_though_they_read_as_a_code(
    table: Table,
) -> None:
    assert texts(await table.turn(Typed("code name"))) == ["told code name"]
    await table.begin()
    await table.turn(Typed("code name"))
    assert table.row is not None
    assert (table.step, table.row.draft["name"]) == ("size", "code name")


async def test_words_beside_a_picture_that_the_question_claims_are_its_answer(table: Table) -> None:
    await table.begin()
    await table.turn(Sent(Media.PHOTO, "code name"))
    assert table.row is not None
    assert (table.step, table.row.draft["name"]) == ("size", "code name")


async def test_what_the_question_takes_is_its_answer_though_the_words_beside_it_are_a_code(
    table: Table,
) -> None:
    assert texts(await table.turn(Sent(Media.DOCUMENT, "code 6"))) == ["told code 6"]
    await table.begin()
    await table.turn(Sent(Media.DOCUMENT, "code 6"))
    assert table.row is not None
    assert (table.step, table.row.draft["name"]) == ("size", "the document's")


async def test_a_code_beside_what_the_question_does_not_take_is_a_digression(table: Table) -> None:
    await table.begin()
    assert texts(await table.turn(Sent(Media.PHOTO, "code 6")))[0] == "told code 6"
    assert table.step == "name"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Typed("code name"), "told code name"),
        (Sent(Media.PHOTO, "code name"), "told code name"),
        (Sent(Media.DOCUMENT, "code 6"), "told code 6"),
    ],
)
async def test_a_question_that_waits_claims_and_takes_nothing(table: Table, reply: Reply, said: str) -> None:
    await table.begin()
    await table.wait()
    assert texts(await table.turn(reply)) == [said, "dialogue.moment"]


async def test_an_action_that_hands_over_puts_its_words_above(table: Table) -> None:
    assert texts(await table.turn(Command("pass", "it"))) == ["passed on\n\ntold it"]


async def test_a_dialogue_begun_again_about_the_same_goes_on(table: Table) -> None:
    await table.begin("lamp")
    await table.turn(Typed("Anna"))
    await table.begin("clock")
    await table.begin("lamp")
    assert table.subjects == ["clock", "lamp"]
    assert table.step == "size"


async def test_a_dialogue_that_gives_way_ends_where_another_of_its_kind_begins(table: Table) -> None:
    await table.turn(Command("guess", "lamp"))
    await table.begin("chair")
    await table.turn(Command("guess", "clock"))
    assert table.subjects == ["chair", "clock"]


async def test_a_dialogue_that_gives_way_begins_anew_about_the_same(table: Table) -> None:
    await table.turn(Command("guess", "lamp"))
    await table.press("l")
    assert table.step == "name"
    await table.turn(Command("guess", "lamp"))
    assert (table.subjects, table.step) == (["lamp"], "picture")


async def test_a_dialogue_that_does_not_give_way_waits_for_another_of_its_kind(table: Table) -> None:
    await table.begin("lamp")
    await table.begin("clock")
    assert table.subjects == ["lamp", "clock"]


async def test_the_oldest_of_too_many_dialogues_is_dropped_with_a_word(table: Table) -> None:
    for number in range(MOST_SUSPENDED + 1):
        assert "dialogue.too_many" not in texts(await table.begin(str(number)))
    assert "dialogue.too_many" in texts(await table.begin("last"))
    assert table.subjects == ["1", "2", "3", "4", "last"]


async def test_expiry_closes_the_question_that_it_was_set_for(table: Table) -> None:
    await table.begin()
    row = table.row
    assert row is not None
    assert await table.turn(Expired(row.revision)) == Turn(), "not yet"
    table.now += timedelta(minutes=31)
    assert await table.turn(Expired(row.revision - 1)) == Turn(), "another question's"
    assert texts(await table.turn(Expired(row.revision))) == ["dialogue.expired"]
    assert table.row is None


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"version": 0}, "dialogue.outdated"),
        ({"flow": "gone"}, "dialogue.outdated"),
        ({"step": "gone"}, "dialogue.outdated"),
        ({"draft": {"subject": "lamp", "colour": "red"}}, "dialogue.outdated"),
        ({"draft": {"subject": 5}}, "dialogue.outdated"),
        ({"draft": {}}, "dialogue.outdated"),
        ({"membership_id": 77}, "dialogue.other_company"),
        ({"expires_at": START - timedelta(seconds=1)}, "dialogue.expired"),
    ],
)
async def test_a_dialogue_that_cannot_go_on_is_closed_and_the_reply_answered(
    table: Table, stored: dict[str, Any], said: str
) -> None:
    await table.begin()
    assert table.row is not None
    table.row = replace(table.row, **stored)
    assert texts(await table.turn(Typed("code 5"))) == [said, "told code 5"]
    assert table.row is None


async def test_a_refusal_reaches_the_dialogue_that_ordered(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("Anna"))
    await table.press("l")
    row = table.row
    assert row is not None
    done = await table.turn(Chosen(row.card_id, row.revision, "yes", 55), Refused())
    assert texts(done) == ["the service refused"]
    assert table.row is None


async def test_a_person_no_longer_permitted_reads_so_and_the_dialogue_is_over(table: Table) -> None:
    await table.begin()
    assert texts(await table.turn(Command("guarded"))) == ["entry.not_enabled"]
    assert table.row is None


async def test_a_change_of_company_closes_every_dialogue(table: Table) -> None:
    await table.begin("lamp")
    await table.begin("clock")
    done = await table.turn(Command("leave"))
    assert texts(done) == ["dialogue.other_company", "left"]
    assert table.row is None


async def test_replies_that_expect_no_answer_get_none(table: Table) -> None:
    assert await table.turn(Ignored("new member")) == Turn()
    assert table.engine.passes_over(Ignored("new member"))
    assert not table.engine.passes_over(Typed("Anna"))


REPLIES = st.one_of(
    st.sampled_from([BACK, CANCEL, SUMMARY, "l", "s", "yes", "nonsense"]),
    st.sampled_from(
        [
            Typed("Anna"),
            Typed("wrong"),
            Typed("code 5"),
            Typed("ask outside"),
            Typed("ask at hand"),
            Command("begin", "lamp"),
            Command("begin", "clock"),
            Command("begin", "chair"),
            Command("guess", "lamp"),
            Command("tell", "it"),
            Command("look", "lamp"),
            Command("peek", "lamp"),
            Command("pass", "it"),
            Command("leave"),
            Command("guarded"),
            Command("annulla"),
            Command("unheard-of"),
            Entered("tell", "it", 9, 55),
            Entered("begin", "lamp"),
            Entered("gone"),
            Chosen(9, 1, "l", 55),
            Edited("x"),
            Garbled(),
            Ignored(),
            Sent(Media.PHOTO, "code 6"),
            Sent(Media.DOCUMENT, "code 6"),
            Sent(Media.STICKER),
            Expired(1),
        ]
    ),
    st.tuples(st.just("result"), st.integers(0, 5), st.sampled_from(["Berta", "bad"])),
    st.tuples(st.just("later"), st.integers(1, 40)),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(told=st.lists(REPLIES, max_size=25))
async def test_the_engine_leaves_one_question_with_a_way_out_or_none_after_any_replies(
    database: Database, told: list[Any]
) -> None:
    table = Table(database)
    revision = 0
    for reply in told:
        match reply:
            case ("later", minutes):
                table.now += timedelta(minutes=minutes)
                continue
            case ("result", position, result):
                row = table.row
                waiting = [row.job_id, *(entry.job_id for entry in row.suspended)] if row else []
                job_id = waiting[position] if position < len(waiting) else None
                done = await table.ended(job_id or 10**6, result)
            case str(value):
                if table.row is None:
                    continue
                done = await table.press(value)
            case _:
                done = await table.turn(reply)
        asking = [card for card in done.cards if card.asks]
        assert len(asking) <= 1
        assert all(CANCEL in values(card) for card in asking)
        assert not (done.has(KeepDialogue) and done.has(EndDialogue))
        if table.row is not None:
            assert len(table.row.suspended) <= MOST_SUSPENDED
            assert table.row.card_id != 0
            assert table.row.revision >= revision
            revision = table.row.revision
