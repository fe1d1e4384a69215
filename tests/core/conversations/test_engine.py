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
    TO_DIALOGUE,
    Call,
    CancelJobs,
    EndDialogue,
    KeepDialogue,
    Rebind,
    RemoveKeyboard,
    ShowAgain,
    Turn,
)
from conversations.core.effects import Await as AwaitJob
from conversations.core.prompts import Html, Prompt
from conversations.core.questions import BACK, CANCEL, SUMMARY
from conversations.core.replies import (
    Chosen,
    Command,
    Edited,
    Entered,
    Expired,
    Finished,
    Garbled,
    Ignored,
    Media,
    Sent,
    Typed,
)
from tests.core.conversations.table import Table, of_kind, ordered, texts, values
from tests.samples import START


@pytest.fixture
def table(database: Database) -> Table:
    return Table(database)


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


async def test_cancel_without_a_dialogue_says_that_there_is_nothing(table: Table) -> None:
    assert texts(await table.turn(Command("annulla"))) == ["dialogue.nothing_to_cancel"]


async def test_a_digression_is_answered_and_the_question_stands_below_it(table: Table) -> None:
    await table.begin()
    assert texts(await table.turn(Typed("code 5"))) == [
        "told code 5",
        "dialogue.step number=1 total=3\n\nname?",
    ]
    assert table.step == "name"


async def test_an_action_that_hands_over_puts_its_words_above(table: Table) -> None:
    assert texts(await table.turn(Command("pass", "it"))) == ["passed on\n\ntold it"]


async def test_a_dialogue_begun_again_about_the_same_goes_on(table: Table) -> None:
    await table.begin("lamp")
    await table.turn(Typed("Anna"))
    await table.begin("clock")
    await table.begin("lamp")
    assert table.subjects == ["clock", "lamp"]
    assert table.step == "size"


async def test_the_oldest_of_too_many_dialogues_is_dropped_with_a_word(table: Table) -> None:
    for number in range(MOST_SUSPENDED + 1):
        assert "dialogue.too_many" not in texts(await table.begin(str(number)))
    assert "dialogue.too_many" in texts(await table.begin("last"))
    assert table.subjects == ["1", "2", "3", "4", "last"]


async def test_a_question_that_waits_keeps_its_job_and_goes_on_with_the_result(table: Table) -> None:
    await table.begin()
    done = await table.turn(Typed("ask outside"))
    assert [effect.job.action for effect in of_kind(done, AwaitJob)] == [TO_DIALOGUE]
    assert ordered(done) == ["asked"]
    assert texts(done) == ["dialogue.moment"]
    assert values(done.cards[0]) == [CANCEL]
    row = table.row
    assert row is not None
    assert row.job_id is not None
    await table.ended(row.job_id, "Berta")
    assert table.row is not None
    assert (table.step, table.row.draft["name"], table.row.job_id) == ("size", "Berta", None)


async def test_a_question_that_waits_takes_no_answer_meanwhile(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("ask outside"))
    assert texts(await table.turn(Typed("Anna"))) == ["dialogue.moment"]
    assert table.step == "name"


async def test_a_question_whose_job_was_lost_is_asked_again(table: Table) -> None:
    await table.begin()
    await table.turn(Typed("ask outside"))
    assert table.row is not None
    table.row = replace(table.row, job_id=10**6)
    (said,) = texts(await table.turn(Typed("Anna")))
    assert said.endswith("name?")
    assert table.row.job_id is None


async def test_a_question_whose_answer_is_at_hand_goes_on_at_once(table: Table) -> None:
    await table.begin()
    done = await table.turn(Typed("ask at hand"))
    assert not done.has(AwaitJob)
    assert table.row is not None
    assert (table.step, table.row.draft["name"]) == ("size", "at hand")


async def test_a_result_for_the_dialogue_beneath_leaves_the_present_question(table: Table) -> None:
    await table.begin("lamp")
    await table.turn(Typed("ask outside"))
    assert table.row is not None
    job_id = table.row.job_id
    assert job_id is not None
    await table.begin("clock")
    done = await table.ended(job_id, "Berta")
    assert not done.cards
    assert table.row is not None
    assert (table.row.draft["subject"], table.row.suspended[0].step) == ("clock", "size")
    await table.press(CANCEL)
    assert (table.subjects, table.step) == (["lamp"], "size")


async def test_a_bad_result_for_the_dialogue_beneath_is_said_and_leaves_both(table: Table) -> None:
    await table.begin("lamp")
    await table.turn(Typed("ask outside"))
    assert table.row is not None
    job_id = table.row.job_id
    assert job_id is not None
    await table.begin("clock")
    done = await table.ended(job_id, "bad")
    assert texts(done)[0] == "making.name.error.odd word=bad"
    assert table.subjects == ["lamp", "clock"]


async def test_a_result_that_nobody_waits_for_is_dropped(table: Table) -> None:
    await table.begin()
    assert await table.ended(10**6, "Berta") == Turn()


async def test_the_result_of_an_action_takes_the_place_of_its_moment(table: Table) -> None:
    done = await table.turn(Command("look", "lamp"))
    assert texts(done) == ["moment"]
    assert [effect.job.action for effect in of_kind(done, AwaitJob)] == ["look"]
    answered = await table.turn(Finished("outside", {"of": "lamp"}, {"found": "there"}, None, "look", 3))
    assert texts(answered) == ["seen lamp: there"]


async def test_the_result_of_an_action_that_is_gone_is_dropped(table: Table) -> None:
    assert await table.turn(Finished("outside", {}, {"found": "there"}, None, "gone", 3)) == Turn()


async def test_the_result_for_another_company_is_not_shown(table: Table) -> None:
    finished = Finished("outside", {"of": "lamp"}, {"found": "there"}, 9, "look", 3, membership_id=77)
    assert texts(await table.turn(finished)) == ["dialogue.result_of_other_company"]
    assert await table.turn(replace(finished, card_id=None)) == Turn()


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
            Command("tell", "it"),
            Command("look", "lamp"),
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
