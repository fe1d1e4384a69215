"""The engine and jobs: dialogues and actions that wait for them, what becomes of their results, and who
waits no longer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.core.db.database import Database
from conversations.core.answering import MOST_SUSPENDED
from conversations.core.effects import TO_DIALOGUE, CancelJobs, RemoveKeyboard, Turn
from conversations.core.effects import Await as AwaitJob
from conversations.core.questions import CANCEL
from conversations.core.replies import Command, Expired, Finished, Typed
from tests.core.conversations.table import Table, of_kind, ordered, texts, values
from tests.samples import not_enabled, people

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SEEN = Finished("outside", {"of": "lamp"}, {"found": "there"}, None, "look", 3)
"""The result of an action's job."""


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


async def test_an_action_that_waits_answers_with_the_result(table: Table) -> None:
    done = await table.turn(Command("look", "lamp"))
    assert texts(done) == ["moment"]
    assert [effect.job.action for effect in of_kind(done, AwaitJob)] == ["look"]
    assert texts(await table.turn(SEEN)) == ["seen lamp: there"]


async def test_the_result_of_an_action_that_is_gone_is_dropped(table: Table) -> None:
    assert await table.turn(replace(SEEN, action="gone")) == Turn()


async def test_the_result_for_another_company_is_not_shown(table: Table) -> None:
    finished = replace(SEEN, card_id=9, membership_id=77)
    assert texts(await table.turn(finished)) == ["dialogue.result_of_other_company"]
    assert await table.turn(replace(finished, card_id=None)) == Turn()


# ── where a result is shown


async def test_the_result_for_a_question_takes_the_place_of_its_moment(table: Table) -> None:
    await table.begin()
    job_id = await table.wait()
    moment = table.card
    done = await table.ended(job_id, "Berta")
    assert [(card.onto, card.asks) for card in done.cards] == [(moment, True)]


async def test_the_result_for_a_question_comes_below_what_came_meanwhile(table: Table) -> None:
    await table.begin()
    job_id = await table.wait()
    moment = table.card
    await table.notice()
    done = await table.ended(job_id, "Berta")
    assert [(card.onto, card.asks) for card in done.cards] == [(None, True)]
    assert [effect.post_id for effect in of_kind(done, RemoveKeyboard)] == [moment]


async def test_the_result_of_an_action_takes_the_place_of_its_moment(table: Table) -> None:
    await table.turn(Command("look", "lamp"))
    (moment,) = table.posts
    done = await table.turn(replace(SEEN, card_id=moment))
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(moment, "seen lamp: there")]
    assert not of_kind(done, RemoveKeyboard)


async def test_the_result_of_an_action_comes_below_what_came_meanwhile(table: Table) -> None:
    await table.turn(Command("look", "lamp"))
    (moment,) = table.posts
    await table.notice()
    done = await table.turn(replace(SEEN, card_id=moment))
    assert [(card.onto, card.prompt.text) for card in done.cards] == [(None, "seen lamp: there")]
    assert of_kind(done, RemoveKeyboard) == [RemoveKeyboard(moment)]


# ── who may see a result


async def test_the_result_of_an_action_is_shown_to_whoever_may_ask_for_it(
    table: Table, database: Database
) -> None:
    table.actor, _ = await database.write(people)
    await table.turn(Command("peek", "lamp"))
    assert texts(await table.turn(replace(SEEN, action="peek"))) == ["seen lamp: there"]


async def test_the_result_of_an_action_is_kept_from_whoever_may_not_ask_for_it_any_more(
    table: Table, database: Database
) -> None:
    actor, _ = await database.write(people)
    table.actor = actor
    assert texts(await table.turn(Command("peek", "lamp"))) == ["moment"]
    table.actor = not_enabled(actor)
    assert texts(await table.turn(replace(SEEN, action="peek"))) == ["entry.not_enabled"]


# ── who waits no longer


async def test_cancel_lets_the_dialogues_beneath_ask_again(table: Table) -> None:
    await table.begin("lamp")
    job_id = await table.wait()
    await table.begin("clock")
    done = await table.press(CANCEL)
    (cancelled,) = of_kind(done, CancelJobs)
    assert cancelled.only is None, "the user waits for none of their jobs any more"
    assert texts(done)[1].endswith("name?")
    assert table.row is not None
    assert table.row.job_id is None
    assert await table.ended(job_id, "Berta") == Turn()


async def test_cancel_lets_every_dialogue_beneath_ask_again(table: Table) -> None:
    await table.begin("lamp")
    await table.wait()
    await table.begin("clock")
    await table.begin("chair")
    await table.press(CANCEL)
    done = await table.press(CANCEL)
    assert texts(done)[1].endswith("name?")
    assert (table.subjects, table.step) == (["lamp"], "name")


async def test_cancel_that_runs_an_action_gives_up_only_the_job_of_the_present_question(table: Table) -> None:
    await table.begin("lamp")
    kept = await table.wait()
    await table.turn(Command("guess", "clock"))
    await table.press("l")
    job_id = await table.wait()
    done = await table.press(CANCEL)
    assert of_kind(done, CancelJobs) == [CancelJobs(only=(job_id,))]
    assert texts(done) == ["told without clock", "dialogue.comes_back\n\ndialogue.moment"]
    await table.ended(kept, "Berta")
    assert table.step == "size"


async def test_dialogues_that_are_closed_give_up_their_jobs(table: Table) -> None:
    await table.begin("lamp")
    outer = await table.wait()
    await table.begin("clock")
    inner = await table.wait()
    done = await table.turn(Command("leave"))
    assert of_kind(done, CancelJobs) == [CancelJobs(only=(inner, outer))]
    assert table.row is None


async def test_dialogues_that_expire_give_up_their_jobs(table: Table) -> None:
    await table.begin("lamp")
    job_id = await table.wait()
    await table.begin("clock")
    assert table.row is not None
    table.now += timedelta(minutes=31)
    done = await table.turn(Expired(table.row.revision))
    assert of_kind(done, CancelJobs) == [CancelJobs(only=(job_id,))]


async def test_the_oldest_of_too_many_dialogues_gives_up_its_job(table: Table) -> None:
    await table.begin("0")
    dropped = await table.wait()
    await table.begin("1")
    await table.wait()
    for number in range(2, MOST_SUSPENDED + 1):
        await table.begin(str(number))
    done = await table.begin("last")
    assert of_kind(done, CancelJobs) == [CancelJobs(only=(dropped,))]


async def test_a_dialogue_that_gives_way_gives_up_its_job(table: Table) -> None:
    await table.turn(Command("guess", "lamp"))
    await table.press("l")
    dropped = await table.wait()
    done = await table.turn(Command("guess", "clock"))
    assert of_kind(done, CancelJobs) == [CancelJobs(only=(dropped,))]


async def test_the_oldest_of_too_many_dialogues_has_no_job_to_give_up(table: Table) -> None:
    for number in range(MOST_SUSPENDED + 1):
        await table.begin(str(number))
    assert not of_kind(await table.begin("last"), CancelJobs)
