"""The sender and a misbehaving Bot API: the messages in the chat, and the state in the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, delete, select, update

from backend.core.blobs import service as blobs
from backend.core.db.errors import DatabaseUnavailable
from backend.core.dialogues import service as dialogues
from backend.core.dialogues.models import conversations
from backend.core.dialogues.values import StoredDialogue
from backend.core.leases.models import leases
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, PostState, Rank
from bot.core.turns.addressee import Addressee
from bot.core.turns.carry_out import carry_out
from conversations.core.effects import Card, KeepDialogue, turn
from conversations.core.prompts import Choice, Document, Html, Prompt, to_json
from conversations.core.replies import Ignored, Person
from tests.core.bot.desk import AT, HERE, Desk, texts
from tests.scripted_api import BOT_ID, TOKEN, Hang, Lose, Page, Refuse, Wait, buttons

THERE = Destination(BOT_ID, 8, 0, "8")
GROUP = Destination(BOT_ID, -9, 0, "-9")
MOVED = Destination(BOT_ID, -1009, 0, "-1009")
FLOOD = Refuse(429, "Too Many Requests: retry after 1", {"retry_after": 1})
NOT_FOUND = Refuse(400, "Bad Request: message to edit not found")


async def test_a_flood_wait_is_waited_for_and_never_cut_short(desk: Desk) -> None:
    desk.api.will("sendMessage", FLOOD)

    post = await desk.enqueue("Ciao")
    row = await desk.reaches(post, PostState.SENT)

    first, second = desk.api.sent("sendMessage")
    assert second.at - first.at >= 1.0
    assert row.message_id is not None


async def test_a_flood_wait_in_one_chat_holds_up_no_other(desk: Desk) -> None:
    desk.api.will("sendMessage", FLOOD)
    waiting = await desk.enqueue("Aspetta")
    await desk.api.heard(lambda: desk.api.sent())

    other = await desk.enqueue("Subito", THERE)
    await desk.reaches(other, PostState.SENT)

    assert texts(desk.api.sent()) == ["Aspetta", "Subito"]
    assert (await desk.row(waiting)).state == PostState.QUEUED
    await desk.reaches(waiting, PostState.SENT)


async def test_a_message_that_already_shows_the_content_counts_as_shown(desk: Desk) -> None:
    post = await desk.enqueue("Ciao")
    await desk.reaches(post, PostState.SENT)
    desk.api.will(
        "editMessageText", Refuse(400, "Bad Request: message is not modified: specified new message")
    )

    await desk.update_post(post, "Ciao")
    await desk.api.heard(lambda: desk.api.sent("editMessageText"))
    row = await desk.reaches(post, PostState.SENT)

    assert row.shown == row.revision == 2
    assert row.error is None


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
async def test_a_card_whose_message_is_gone_is_sent_again(desk: Desk, words: str) -> None:
    post = await desk.enqueue("Prima?", button="Sì")
    before = (await desk.reaches(post, PostState.SENT)).message_id
    desk.api.will("editMessageText", Refuse(400, f"Bad Request: {words}"))

    await desk.update_post(post, "Seconda?", button="Sì")
    await desk.api.heard(lambda: len(desk.api.sent("sendMessage")) == 2)
    after = (await desk.reaches(post, PostState.SENT)).message_id

    assert after != before
    assert texts(desk.api.sent("sendMessage")) == ["Prima?", "Seconda?"]


async def test_an_old_card_that_only_loses_its_buttons_is_not_sent_again(desk: Desk) -> None:
    post = await desk.enqueue("Prima?", button="Sì")
    await desk.reaches(post, PostState.SENT)
    desk.api.will("editMessageText", NOT_FOUND)

    with structlog.testing.capture_logs() as entries:
        await desk.update_post(post, "Prima?", rank=Rank.TIDY)
        await desk.reaches(post, PostState.DEAD)

    assert len(desk.api.sent("sendMessage")) == 1
    assert [entry for entry in entries if entry["log_level"] == "error"] == []


async def test_a_result_without_buttons_whose_message_is_gone_is_sent_again(desk: Desk) -> None:
    post = await desk.enqueue("Un momento…")
    before = (await desk.reaches(post, PostState.SENT)).message_id
    desk.api.will("editMessageText", NOT_FOUND)

    await desk.update_post(post, "Fatto.")
    await desk.until(
        lambda connection: connection.scalar(select(posts.c.message_id)) not in (None, before), "sent again"
    )

    assert texts(desk.api.sent("sendMessage")) == ["Un momento…", "Fatto."]


async def test_a_post_refused_because_of_a_block_is_given_up(desk: Desk) -> None:
    blocked = Refuse(403, "Forbidden: bot was blocked by the user")
    desk.api.will("sendMessage", blocked, blocked)

    first = await desk.enqueue("Uno")
    second = await desk.enqueue("Due")
    await desk.reaches(first, PostState.DEAD)
    await desk.reaches(second, PostState.DEAD)

    assert {row.error for row in await desk.rows(HERE)} == {outbox.BLOCKED}


async def test_a_refusal_from_before_the_users_return_does_not_end_later_answers(desk: Desk) -> None:
    answer = asyncio.Event()
    desk.api.will("sendMessage", Wait(answer, Refuse(403, "Forbidden: bot was blocked by the user")))
    before = await desk.enqueue("Prima")
    await desk.api.heard(lambda: desk.api.sent("sendMessage"))
    after = await desk.enqueue("Bentornato")
    answer.set()

    await desk.reaches(after, PostState.SENT)
    assert (await desk.row(before)).state == PostState.DEAD


async def test_a_user_who_comes_back_is_written_to_again(desk: Desk) -> None:
    desk.api.will("sendMessage", Refuse(403, "Forbidden: bot was blocked by the user"))
    await desk.reaches(await desk.enqueue("Uno"), PostState.DEAD)

    await desk.reaches(await desk.enqueue("Bentornato"), PostState.SENT)

    assert texts(desk.api.sent()) == ["Uno", "Bentornato"]


async def test_a_moved_group_is_followed_together_with_its_dialogue(desk: Desk) -> None:
    await desk.stop()
    await desk.database.write(lambda connection: outbox.choose_language(connection, BOT_ID, -9, "en"))
    row = StoredDialogue(GROUP, 5, "look_up", 1, "pod", {}, 1, 1, AT.replace(year=2026))
    await desk.database.write(lambda connection: dialogues.put(connection, row))
    first, second = await desk.enqueue("Uno", GROUP), await desk.enqueue("Due", GROUP)
    moved = {"migrate_to_chat_id": -1009}
    desk.api.will(
        "sendMessage", Refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
    )

    desk.start()
    for post in (first, second):
        sent = await desk.reaches(post, PostState.SENT)
        assert (sent.chat_id, sent.lane) == (-1009, "-1009")

    assert [(call.chat_id, call.params["text"]) for call in desk.api.sent()] == [
        (-9, "Uno"),
        (-1009, "Uno"),
        (-1009, "Due"),
    ]
    there = await desk.database.long_read(
        lambda connection: connection.execute(select(conversations.c.chat_id, conversations.c.lane)).all()
    )
    assert [tuple(each) for each in there] == [(-1009, "-1009")]
    language = await desk.database.long_read(lambda connection: outbox.language_of(connection, BOT_ID, -1009))
    assert language == "en"


UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"


@pytest.mark.parametrize("then", [Refuse(400, UPGRADED, {"migrate_to_chat_id": -1009}), None])
async def test_a_message_on_its_way_when_its_group_moves_arrives_once(
    desk: Desk, then: Refuse | None
) -> None:
    answer = asyncio.Event()
    desk.api.will("sendMessage", Wait(answer, then))
    post = await desk.enqueue("Uno", GROUP, button="Sì")
    await desk.api.heard(lambda: desk.api.sent("sendMessage"))

    # The group's own report of its move is an update, and may be worked first.
    await desk.database.write(lambda connection: outbox.migrate_chat(connection, BOT_ID, -9, -1009))
    there = (await desk.reaches(post, PostState.SENT)).message_id
    answer.set()
    await desk.reaches(
        await desk.enqueue("Due", GROUP), PostState.SENT
    )  # calls to one chat follow each other

    row = await desk.row(post)
    assert (row.chat_id, row.state, row.message_id) == (-1009, PostState.SENT, there)
    calls = [(call.method, call.chat_id) for call in desk.api.sent() if call.params["text"] == "Uno"]
    assert calls == [("sendMessage", -9), ("sendMessage", -1009)]


async def test_a_card_left_in_the_old_group_is_not_sent_again_to_remove_its_buttons(desk: Desk) -> None:
    post = await desk.enqueue("Confermi?", GROUP, button="Sì")
    await desk.reaches(post, PostState.SENT)
    await desk.database.write(lambda connection: outbox.migrate_chat(connection, BOT_ID, -9, -1009))

    await desk.update_post(post, "Confermi?", MOVED, rank=Rank.TIDY)
    await desk.reaches(await desk.enqueue("Dopo", MOVED), PostState.SENT)

    assert texts(desk.api.sent()) == ["Confermi?", "Dopo"]


@pytest.mark.parametrize(
    "fault", [Lose(), Page(502, "<h1>Bad Gateway</h1>"), Refuse(500, "Internal Server Error")]
)
async def test_an_answer_lost_after_delivery_is_uncertain_and_sent_again(desk: Desk, fault: Any) -> None:
    desk.api.will("sendMessage", fault)

    post = await desk.enqueue("Ciao")
    await desk.reaches(post, PostState.UNCERTAIN)
    await desk.reaches(post, PostState.SENT)

    assert texts(desk.api.sent()) == ["Ciao", "Ciao"]


async def test_a_refused_connection_leaves_nothing_uncertain(desk: Desk) -> None:
    await desk.api.stop()

    post = await desk.enqueue("Ciao")
    waiting = await desk.until(
        lambda connection: connection.execute(
            select(posts).where(posts.c.id == post, posts.c.error.is_not(None))
        ).first(),
        "a try that failed",
    )
    assert (waiting.state, waiting.error) == (PostState.QUEUED, "NotSent")

    await desk.api.start()
    await desk.reaches(post, PostState.SENT)
    assert texts(desk.api.sent()) == ["Ciao"]


async def test_a_post_that_a_dead_sender_was_sending_is_sent_again_by_the_next(desk: Desk) -> None:
    desk.api.will("sendMessage", Hang())
    post = await desk.enqueue("Ciao")
    await desk.api.heard(lambda: desk.api.sent())
    await desk.stop()
    assert (await desk.row(post)).state == PostState.SENDING

    desk.start()
    await desk.reaches(post, PostState.SENT)

    assert texts(desk.api.sent()) == ["Ciao", "Ciao"]


@pytest.mark.parametrize("late", ["answered", "broken off"])
async def test_an_edit_by_a_sender_that_lost_its_leadership_is_not_the_last_one(
    desk: Desk, late: str
) -> None:
    post = await desk.enqueue("Prima")
    await desk.reaches(post, PostState.SENT)
    answer = asyncio.Event()
    desk.api.will("editMessageText", Wait(answer))
    await desk.update_post(post, "Vecchio")
    await desk.api.heard(lambda: desk.api.sent("editMessageText"))

    def succeed(connection: Connection) -> None:
        """Let another process be elected, show the newest content and resign at once."""
        connection.execute(delete(leases))
        outbox.update_post(connection, HERE, post, {"text": "Nuovo"}, correlation="prova")
        connection.execute(update(posts).values(state=PostState.SENT, shown=posts.c.revision))

    await desk.database.write(succeed)
    if late == "answered":
        answer.set()
    else:
        await desk.stop()
        desk.start()

    await desk.api.heard(lambda: len(desk.api.sent("editMessageText")) == 2)
    assert texts(desk.api.sent("editMessageText")) == ["Vecchio", "Nuovo"]


async def test_a_refused_post_is_dead_lettered_with_its_error_and_the_lane_goes_on(desk: Desk) -> None:
    await desk.stop()
    desk.api.will("sendMessage", Refuse(400, "Bad Request: can't parse entities"))
    bad, good = await desk.enqueue("<b>Uno"), await desk.enqueue("Due")

    desk.start()
    dead = await desk.reaches(bad, PostState.DEAD)
    await desk.reaches(good, PostState.SENT)

    assert "can't parse entities" in dead.error.lower()
    assert texts(desk.api.sent()) == ["<b>Uno", "Due"]


async def test_a_post_whose_button_does_not_fit_is_dead_lettered_and_the_lane_goes_on(desk: Desk) -> None:
    content = to_json(Prompt(Html("Uno"), ((Choice("Sì", "x" * 70),),)), revision=1)
    bad = await desk.database.write(
        lambda connection: outbox.enqueue(connection, HERE, content, correlation="prova", at=AT)
    )
    good = await desk.enqueue("Due")

    dead = await desk.reaches(bad, PostState.DEAD)
    await desk.reaches(good, PostState.SENT)

    assert "button data" in dead.error
    assert texts(desk.api.sent()) == ["Due"]


async def test_a_file_is_uploaded_once_and_then_sent_by_its_id(desk: Desk) -> None:
    digest = await stored(desk)

    for _ in range(2):
        post = await desk.enqueue("File", document=Document(digest, "prova.scp"))
        await desk.reaches(post, PostState.SENT)

    first, second = desk.api.sent("sendDocument")
    assert first.uploads
    assert not second.uploads


async def test_the_same_file_under_another_name_is_uploaded_under_that_name(desk: Desk) -> None:
    digest = await stored(desk)
    for name in ("prova.scp", "altra.scp", "prova.scp"):
        await desk.reaches(await desk.enqueue("File", document=Document(digest, name)), PostState.SENT)

    assert [call.uploads for call in desk.api.sent("sendDocument")] == [True, True, False]


async def test_a_file_id_that_went_stale_is_replaced_by_another_upload(desk: Desk) -> None:
    digest = await stored(desk)
    document = Document(digest, "prova.scp")
    await desk.reaches(await desk.enqueue("File", document=document), PostState.SENT)
    desk.api.will("sendDocument", Refuse(400, "Bad Request: wrong file identifier/HTTP URL specified"))

    await desk.reaches(await desk.enqueue("Di nuovo", document=document), PostState.SENT)
    await desk.reaches(await desk.enqueue("Ancora", document=document), PostState.SENT)

    calls = desk.api.sent("sendDocument")
    assert [call.uploads for call in calls] == [True, False, True, False]
    assert calls[1].params["document"] != calls[3].params["document"]


async def stored(desk: Desk) -> str:
    return await blobs.store(desk.database, b"contenuto", "application/octet-stream", desk.vault)


async def test_first_sends_of_a_lane_keep_their_order_through_every_fault(desk: Desk) -> None:
    await desk.stop()
    made = [await desk.enqueue(f"{number}", HERE) for number in range(3)]
    desk.api.will("sendMessage", Refuse(502, "Bad Gateway"), FLOOD)

    desk.start()
    await desk.reaches(made[-1], PostState.SENT)

    arrived = texts(desk.api.sent())
    assert sorted(set(arrived), key=arrived.index) == [f"{number}" for number in range(3)]
    ids = [(await desk.row(post)).message_id for post in made]
    assert ids == sorted(ids)


async def test_a_burst_of_changes_becomes_one_edit_to_the_newest(desk: Desk) -> None:
    post = await desk.enqueue("0")
    await desk.reaches(post, PostState.SENT)
    await desk.stop()
    for number in range(1, 6):
        await desk.update_post(post, str(number))

    desk.start()
    await desk.reaches(post, PostState.SENT)

    assert texts(desk.api.sent("editMessageText")) == ["5"]


async def test_a_read_from_before_the_end_of_an_edit_does_not_repeat_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await desk.enqueue("0")
    await desk.reaches(post, PostState.SENT)
    await desk.stop()
    await desk.update_post(post, "1")
    answer = asyncio.Event()
    desk.api.will("editMessageText", Wait(answer))
    look = desk.database.short_read

    async def slowly(work: Callable[[Connection], Any]) -> Any:
        seen = await look(work)
        if desk.api.sent("editMessageText") and not answer.is_set():
            answer.set()  # the rows read are on their way while the edit comes to its end
            await desk.reaches(post, PostState.SENT)
        return seen

    monkeypatch.setattr(desk.database, "short_read", slowly)
    desk.start()
    await desk.api.heard(lambda: desk.api.sent("editMessageText"))
    desk.database.signals.notify([outbox.SIGNAL])
    await asyncio.wait_for(answer.wait(), 20)
    last = await desk.enqueue("2", HERE)
    await desk.reaches(last, PostState.SENT)

    assert texts(desk.api.sent("editMessageText")) == ["1"]


async def test_a_press_on_the_first_copy_removes_the_keyboard_of_the_one_being_sent(desk: Desk) -> None:
    answer = asyncio.Event()
    desk.api.will("sendMessage", Lose(), Wait(answer))
    post = await desk.enqueue("Confermi?", button="Sì")
    await desk.api.heard(lambda: len(desk.api.sent("sendMessage")) == 2)
    first = 101

    await desk.database.write(lambda connection: outbox.rebind(connection, post, HERE, first))
    answer.set()
    await desk.api.heard(lambda: len(desk.api.sent("editMessageText")) == 2)

    edits = {int(call.params["message_id"]): buttons(call) for call in desk.api.sent("editMessageText")}
    assert edits[first] != []
    assert edits[first + 1] == []
    assert (await desk.reaches(post, PostState.SENT)).message_id == first


async def test_a_sent_post_is_noted_although_the_database_refuses_at_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.sending.sender.IDLE_SECONDS", 0.01)
    write = desk.database.write
    refused: list[Any] = []

    async def refuse(work: Callable[[Connection], Any]) -> Any:
        if desk.api.sent("sendMessage") and len(refused) < 5:
            refused.append(work)
            raise DatabaseUnavailable("the disk is full")
        return await write(work)

    monkeypatch.setattr(desk.database, "write", refuse)
    post = await desk.enqueue("Ciao")
    await desk.reaches(post, PostState.SENT)

    assert len(refused) == 5
    assert texts(desk.api.sent("sendMessage")) == ["Ciao"]


async def test_two_copies_pressed_in_turn_while_the_second_is_sent_get_one_post_each(
    desk: Desk,
) -> None:
    answer = asyncio.Event()
    desk.api.will("sendMessage", Lose(), Wait(answer))
    post = await desk.enqueue("Confermi?", button="Sì")
    await desk.api.heard(lambda: len(desk.api.sent("sendMessage")) == 2)
    first, second = 101, 102
    bare = {"text": "Confermi?"}

    def press(connection: Connection) -> None:
        assert outbox.rebind(connection, post, HERE, second) is None
        assert outbox.rebind(connection, post, HERE, first) == second
        outbox.remove_keyboard(connection, HERE, second, bare, correlation="prova", at=AT)

    await desk.database.write(press)
    answer.set()
    last = await desk.enqueue("Poi")
    await desk.reaches(last, PostState.SENT)

    assert [row.message_id for row in await desk.rows(HERE)] == [first, second, 103]


async def test_a_message_that_arrives_after_the_chat_was_given_up_is_updated(desk: Desk) -> None:
    answer = asyncio.Event()
    desk.api.will("sendMessage", Wait(answer))
    post = await desk.enqueue("Confermi?", button="Sì")
    await desk.api.heard(lambda: desk.api.sent("sendMessage"))

    await desk.database.write(lambda connection: outbox.blocked(connection, BOT_ID, HERE.chat_id))
    await desk.update_post(post, "Annullato.")
    assert (await desk.row(post)).state == PostState.DEAD
    answer.set()
    await desk.reaches(post, PostState.SENT)

    assert texts(desk.api.sent("editMessageText")) == ["Annullato."]


async def test_a_question_moved_from_a_card_that_was_given_up_is_asked_once(desk: Desk) -> None:
    answer = asyncio.Event()
    desk.api.will("sendMessage", Wait(answer))
    post = await desk.enqueue("Che cosa facciamo?", button="Cerca un POD")
    await desk.api.heard(lambda: desk.api.sent("sendMessage"))
    await desk.database.write(lambda connection: outbox.blocked(connection, BOT_ID, HERE.chat_id))

    person = Person(HERE.chat_id, "Persona", "it")
    question = StoredDialogue(
        HERE, HERE.chat_id, "look_up", 1, "pod", {}, revision=5, card_id=post, expires_at=AT
    )
    prompt = Prompt(Html("Quale POD?"), ((Choice("Annulla", "~cancel"),),))
    asked = turn(Card(prompt, onto=post, asks=True, revision=5), KeepDialogue(question))
    addressee = Addressee(Ignored(), person, HERE, private=True)
    await desk.database.write(
        lambda connection: carry_out(connection, asked, addressee, at=AT, correlation="prova")
    )
    answer.set()
    await desk.reaches(post, PostState.SENT)

    above = await desk.row(post)
    assert "revision" not in above.content
    assert "rows" not in above.content
    kept = await desk.database.long_read(lambda connection: dialogues.current(connection, HERE, HERE.chat_id))
    assert kept is not None
    assert kept.card_id != post
    assert (await desk.row(kept.card_id)).content["revision"] == 5


async def test_a_press_on_a_copy_rebinds_the_card_and_removes_the_other_keyboard(desk: Desk) -> None:
    desk.api.will("sendMessage", Lose())
    post = await desk.enqueue("Confermi?", button="Sì")
    known = (await desk.reaches(post, PostState.SENT)).message_id
    copy = known - 1  # the message whose answer was lost
    bare = to_json(Prompt(Html("Confermi?")))

    def press(connection: Connection) -> None:
        orphan = outbox.rebind(connection, post, HERE, copy)
        assert orphan == known
        outbox.remove_keyboard(connection, HERE, known, bare, correlation="prova", at=AT)

    await desk.database.write(press)
    await desk.api.heard(lambda: len(desk.api.sent("editMessageText")) == 2)

    edits = {int(call.params["message_id"]): buttons(call) for call in desk.api.sent("editMessageText")}
    assert edits[known] == []
    assert edits[copy] != []
    assert (await desk.reaches(post, PostState.SENT)).message_id == copy


async def test_calls_to_one_chat_follow_each_other_and_chats_do_not_wait(desk: Desk) -> None:
    desk.api.will("sendMessage", Hang())
    slow = await desk.enqueue("Lento")
    behind = await desk.enqueue("Dietro")
    await desk.api.heard(lambda: desk.api.sent())

    await desk.reaches(await desk.enqueue("Altrove", THERE), PostState.SENT)

    assert texts(desk.api.sent()) == ["Lento", "Altrove"]
    assert [(await desk.row(post)).state for post in (slow, behind)] == [PostState.SENDING, PostState.QUEUED]


async def test_a_refused_token_keeps_the_posts_for_a_better_one(desk: Desk) -> None:
    desk.api.will("sendMessage", Refuse(401, "Unauthorized"))

    post = await desk.enqueue("Ciao")
    await desk.reaches(post, PostState.SENT)

    assert texts(desk.api.sent()) == ["Ciao", "Ciao"]


async def test_stored_errors_never_hold_the_token(desk: Desk) -> None:
    page = Page(500, f"/bot{TOKEN}/sendMessage")
    desk.api.will("sendMessage", page)

    post = await desk.enqueue("Ciao")
    kept = await desk.reaches(post, PostState.UNCERTAIN)

    assert TOKEN not in kept.error


async def test_old_posts_are_forgotten(desk: Desk) -> None:
    post = await desk.enqueue("Ciao")
    await desk.reaches(post, PostState.SENT)
    await desk.database.write(
        lambda connection: connection.execute(update(posts).values(created_at=AT.replace(year=2020)))
    )

    gone = await desk.database.write(lambda connection: outbox.forget_old(connection, AT))

    assert gone == 1
