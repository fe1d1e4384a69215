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
from tests.core.bot.rig import AT, HERE, Rig, texts
from tests.scripted_api import BOT_ID, TOKEN, Hang, Lose, Page, Refuse, Wait, buttons

THERE = Destination(BOT_ID, 8, 0, "8")
GROUP = Destination(BOT_ID, -9, 0, "-9")
MOVED = Destination(BOT_ID, -1009, 0, "-1009")
FLOOD = Refuse(429, "Too Many Requests: retry after 1", {"retry_after": 1})
NOT_FOUND = Refuse(400, "Bad Request: message to edit not found")


async def test_a_flood_wait_is_waited_for_and_never_cut_short(rig: Rig) -> None:
    rig.api.will("sendMessage", FLOOD)

    post = await rig.enqueue("Ciao")
    row = await rig.reaches(post, PostState.SENT)

    first, second = rig.api.sent("sendMessage")
    assert second.at - first.at >= 1.0
    assert row.message_id is not None


async def test_a_flood_wait_in_one_chat_holds_up_no_other(rig: Rig) -> None:
    rig.api.will("sendMessage", FLOOD)
    waiting = await rig.enqueue("Aspetta")
    await rig.api.heard(lambda: rig.api.sent())

    other = await rig.enqueue("Subito", THERE)
    await rig.reaches(other, PostState.SENT)

    assert texts(rig.api.sent()) == ["Aspetta", "Subito"]
    assert (await rig.row(waiting)).state == PostState.QUEUED
    await rig.reaches(waiting, PostState.SENT)


async def test_a_message_that_already_shows_the_content_counts_as_shown(rig: Rig) -> None:
    post = await rig.enqueue("Ciao")
    await rig.reaches(post, PostState.SENT)
    rig.api.will(
        "editMessageText", Refuse(400, "Bad Request: message is not modified: specified new message")
    )

    await rig.update_post(post, "Ciao")
    await rig.api.heard(lambda: rig.api.sent("editMessageText"))
    row = await rig.reaches(post, PostState.SENT)

    assert row.shown == row.revision == 2
    assert row.error is None


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
async def test_a_card_whose_message_is_gone_is_sent_again(rig: Rig, words: str) -> None:
    post = await rig.enqueue("Prima?", button="Sì")
    before = (await rig.reaches(post, PostState.SENT)).message_id
    rig.api.will("editMessageText", Refuse(400, f"Bad Request: {words}"))

    await rig.update_post(post, "Seconda?", button="Sì")
    await rig.api.heard(lambda: len(rig.api.sent("sendMessage")) == 2)
    after = (await rig.reaches(post, PostState.SENT)).message_id

    assert after != before
    assert texts(rig.api.sent("sendMessage")) == ["Prima?", "Seconda?"]


async def test_an_old_card_that_only_loses_its_buttons_is_not_sent_again(rig: Rig) -> None:
    post = await rig.enqueue("Prima?", button="Sì")
    await rig.reaches(post, PostState.SENT)
    rig.api.will("editMessageText", NOT_FOUND)

    with structlog.testing.capture_logs() as entries:
        await rig.update_post(post, "Prima?", rank=Rank.TIDY)
        await rig.reaches(post, PostState.DEAD)

    assert len(rig.api.sent("sendMessage")) == 1
    assert [entry for entry in entries if entry["log_level"] == "error"] == []


async def test_a_result_without_buttons_whose_message_is_gone_is_sent_again(rig: Rig) -> None:
    post = await rig.enqueue("Un momento…")
    before = (await rig.reaches(post, PostState.SENT)).message_id
    rig.api.will("editMessageText", NOT_FOUND)

    await rig.update_post(post, "Fatto.")
    await rig.until(
        lambda connection: connection.scalar(select(posts.c.message_id)) not in (None, before), "sent again"
    )

    assert texts(rig.api.sent("sendMessage")) == ["Un momento…", "Fatto."]


async def test_a_post_refused_because_of_a_block_is_given_up(rig: Rig) -> None:
    blocked = Refuse(403, "Forbidden: bot was blocked by the user")
    rig.api.will("sendMessage", blocked, blocked)

    first = await rig.enqueue("Uno")
    second = await rig.enqueue("Due")
    await rig.reaches(first, PostState.DEAD)
    await rig.reaches(second, PostState.DEAD)

    assert {row.error for row in await rig.rows(HERE)} == {outbox.BLOCKED}


async def test_a_refusal_from_before_the_users_return_does_not_end_later_answers(rig: Rig) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer, Refuse(403, "Forbidden: bot was blocked by the user")))
    before = await rig.enqueue("Prima")
    await rig.api.heard(lambda: rig.api.sent("sendMessage"))
    after = await rig.enqueue("Bentornato")
    answer.set()

    await rig.reaches(after, PostState.SENT)
    assert (await rig.row(before)).state == PostState.DEAD


async def test_a_user_who_comes_back_is_written_to_again(rig: Rig) -> None:
    rig.api.will("sendMessage", Refuse(403, "Forbidden: bot was blocked by the user"))
    await rig.reaches(await rig.enqueue("Uno"), PostState.DEAD)

    await rig.reaches(await rig.enqueue("Bentornato"), PostState.SENT)

    assert texts(rig.api.sent()) == ["Uno", "Bentornato"]


async def test_a_moved_group_is_followed_together_with_its_dialogue(rig: Rig) -> None:
    await rig.stop()
    await rig.database.write(lambda connection: outbox.choose_language(connection, BOT_ID, -9, "en"))
    row = StoredDialogue(GROUP, 5, "look_up", 1, "pod", {}, 1, 1, AT.replace(year=2026))
    await rig.database.write(lambda connection: dialogues.put(connection, row))
    first, second = await rig.enqueue("Uno", GROUP), await rig.enqueue("Due", GROUP)
    moved = {"migrate_to_chat_id": -1009}
    rig.api.will(
        "sendMessage", Refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
    )

    rig.start()
    for post in (first, second):
        sent = await rig.reaches(post, PostState.SENT)
        assert (sent.chat_id, sent.lane) == (-1009, "-1009")

    assert [(call.chat_id, call.params["text"]) for call in rig.api.sent()] == [
        (-9, "Uno"),
        (-1009, "Uno"),
        (-1009, "Due"),
    ]
    there = await rig.database.long_read(
        lambda connection: connection.execute(select(conversations.c.chat_id, conversations.c.lane)).all()
    )
    assert [tuple(each) for each in there] == [(-1009, "-1009")]
    language = await rig.database.long_read(lambda connection: outbox.language_of(connection, BOT_ID, -1009))
    assert language == "en"


UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"


@pytest.mark.parametrize("then", [Refuse(400, UPGRADED, {"migrate_to_chat_id": -1009}), None])
async def test_a_message_on_its_way_when_its_group_moves_arrives_once(rig: Rig, then: Refuse | None) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer, then))
    post = await rig.enqueue("Uno", GROUP, button="Sì")
    await rig.api.heard(lambda: rig.api.sent("sendMessage"))

    # The group's own report of its move is an update, and may be worked first.
    await rig.database.write(lambda connection: outbox.migrate_chat(connection, BOT_ID, -9, -1009))
    there = (await rig.reaches(post, PostState.SENT)).message_id
    answer.set()
    await rig.reaches(await rig.enqueue("Due", GROUP), PostState.SENT)  # calls to one chat follow each other

    row = await rig.row(post)
    assert (row.chat_id, row.state, row.message_id) == (-1009, PostState.SENT, there)
    calls = [(call.method, call.chat_id) for call in rig.api.sent() if call.params["text"] == "Uno"]
    assert calls == [("sendMessage", -9), ("sendMessage", -1009)]


async def test_a_card_left_in_the_old_group_is_not_sent_again_to_remove_its_buttons(rig: Rig) -> None:
    post = await rig.enqueue("Confermi?", GROUP, button="Sì")
    await rig.reaches(post, PostState.SENT)
    await rig.database.write(lambda connection: outbox.migrate_chat(connection, BOT_ID, -9, -1009))

    await rig.update_post(post, "Confermi?", MOVED, rank=Rank.TIDY)
    await rig.reaches(await rig.enqueue("Dopo", MOVED), PostState.SENT)

    assert texts(rig.api.sent()) == ["Confermi?", "Dopo"]


@pytest.mark.parametrize(
    "fault", [Lose(), Page(502, "<h1>Bad Gateway</h1>"), Refuse(500, "Internal Server Error")]
)
async def test_an_answer_lost_after_delivery_is_uncertain_and_sent_again(
    rig: Rig, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.sending.sender.FIRST_RETRY_SECONDS", 3.0)  # so long it is seen as uncertain
    rig.api.will("sendMessage", fault)

    post = await rig.enqueue("Ciao")
    await rig.reaches(post, PostState.UNCERTAIN)
    await rig.reaches(post, PostState.SENT)

    assert texts(rig.api.sent()) == ["Ciao", "Ciao"]


async def test_a_refused_connection_leaves_nothing_uncertain(rig: Rig) -> None:
    await rig.api.stop()

    post = await rig.enqueue("Ciao")
    waiting = await rig.until(
        lambda connection: connection.execute(
            select(posts).where(posts.c.id == post, posts.c.error.is_not(None))
        ).first(),
        "a try that failed",
    )
    assert (waiting.state, waiting.error) == (PostState.QUEUED, "NotSent")

    await rig.api.start()
    await rig.reaches(post, PostState.SENT)
    assert texts(rig.api.sent()) == ["Ciao"]


async def test_a_post_that_a_dead_sender_was_sending_is_sent_again_by_the_next(rig: Rig) -> None:
    rig.api.will("sendMessage", Hang())
    post = await rig.enqueue("Ciao")
    await rig.api.heard(lambda: rig.api.sent())
    await rig.stop()
    assert (await rig.row(post)).state == PostState.SENDING

    rig.start()
    await rig.reaches(post, PostState.SENT)

    assert texts(rig.api.sent()) == ["Ciao", "Ciao"]


@pytest.mark.parametrize("late", ["answered", "broken off"])
async def test_an_edit_by_a_sender_that_lost_its_leadership_is_not_the_last_one(rig: Rig, late: str) -> None:
    post = await rig.enqueue("Prima")
    await rig.reaches(post, PostState.SENT)
    answer = asyncio.Event()
    rig.api.will("editMessageText", Wait(answer))
    await rig.update_post(post, "Vecchio")
    await rig.api.heard(lambda: rig.api.sent("editMessageText"))

    def succeed(connection: Connection) -> None:
        """Let another process be elected, show the newest content and resign at once."""
        connection.execute(delete(leases))
        outbox.update_post(connection, HERE, post, {"text": "Nuovo"}, correlation="prova")
        connection.execute(update(posts).values(state=PostState.SENT, shown=posts.c.revision))

    await rig.database.write(succeed)
    if late == "answered":
        answer.set()
    else:
        await rig.stop()
        rig.start()

    await rig.api.heard(lambda: len(rig.api.sent("editMessageText")) == 2)
    assert texts(rig.api.sent("editMessageText")) == ["Vecchio", "Nuovo"]


async def test_a_refused_post_is_dead_lettered_with_its_error_and_the_lane_goes_on(rig: Rig) -> None:
    await rig.stop()
    rig.api.will("sendMessage", Refuse(400, "Bad Request: can't parse entities"))
    bad, good = await rig.enqueue("<b>Uno"), await rig.enqueue("Due")

    rig.start()
    dead = await rig.reaches(bad, PostState.DEAD)
    await rig.reaches(good, PostState.SENT)

    assert "can't parse entities" in dead.error.lower()
    assert texts(rig.api.sent()) == ["<b>Uno", "Due"]


async def test_a_post_whose_button_does_not_fit_is_dead_lettered_and_the_lane_goes_on(
    rig: Rig,
) -> None:
    content = to_json(Prompt(Html("Uno"), ((Choice("Sì", "x" * 70),),)), revision=1)
    bad = await rig.database.write(
        lambda connection: outbox.enqueue(connection, HERE, content, correlation="prova", at=AT)
    )
    good = await rig.enqueue("Due")

    dead = await rig.reaches(bad, PostState.DEAD)
    await rig.reaches(good, PostState.SENT)

    assert "button data" in dead.error
    assert texts(rig.api.sent()) == ["Due"]


async def test_a_file_is_uploaded_once_and_then_sent_by_its_id(rig: Rig) -> None:
    digest = await stored(rig)

    for _ in range(2):
        post = await rig.enqueue("File", document=Document(digest, "prova.scp"))
        await rig.reaches(post, PostState.SENT)

    first, second = rig.api.sent("sendDocument")
    assert first.uploads
    assert not second.uploads


async def test_the_same_file_under_another_name_is_uploaded_under_that_name(rig: Rig) -> None:
    digest = await stored(rig)
    for name in ("prova.scp", "altra.scp", "prova.scp"):
        await rig.reaches(await rig.enqueue("File", document=Document(digest, name)), PostState.SENT)

    assert [call.uploads for call in rig.api.sent("sendDocument")] == [True, True, False]


async def test_a_file_id_that_went_stale_is_replaced_by_another_upload(rig: Rig) -> None:
    digest = await stored(rig)
    document = Document(digest, "prova.scp")
    await rig.reaches(await rig.enqueue("File", document=document), PostState.SENT)
    rig.api.will("sendDocument", Refuse(400, "Bad Request: wrong file identifier/HTTP URL specified"))

    await rig.reaches(await rig.enqueue("Di nuovo", document=document), PostState.SENT)
    await rig.reaches(await rig.enqueue("Ancora", document=document), PostState.SENT)

    calls = rig.api.sent("sendDocument")
    assert [call.uploads for call in calls] == [True, False, True, False]
    assert calls[1].params["document"] != calls[3].params["document"]


async def stored(rig: Rig) -> str:
    return await blobs.store(rig.database, b"contenuto", "application/octet-stream", rig.vault)


async def test_first_sends_of_a_lane_keep_their_order_through_every_fault(rig: Rig) -> None:
    await rig.stop()
    made = [await rig.enqueue(f"{number}", HERE) for number in range(3)]
    rig.api.will("sendMessage", Refuse(502, "Bad Gateway"), FLOOD)

    rig.start()
    await rig.reaches(made[-1], PostState.SENT)

    arrived = texts(rig.api.sent())
    assert sorted(set(arrived), key=arrived.index) == [f"{number}" for number in range(3)]
    ids = [(await rig.row(post)).message_id for post in made]
    assert ids == sorted(ids)


async def test_a_burst_of_changes_becomes_one_edit_to_the_newest(rig: Rig) -> None:
    post = await rig.enqueue("0")
    await rig.reaches(post, PostState.SENT)
    await rig.stop()
    for number in range(1, 6):
        await rig.update_post(post, str(number))

    rig.start()
    await rig.reaches(post, PostState.SENT)

    assert texts(rig.api.sent("editMessageText")) == ["5"]


async def test_a_read_from_before_the_end_of_an_edit_does_not_repeat_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await rig.enqueue("0")
    await rig.reaches(post, PostState.SENT)
    await rig.stop()
    await rig.update_post(post, "1")
    answer = asyncio.Event()
    rig.api.will("editMessageText", Wait(answer))
    look = rig.database.short_read

    async def slowly(work: Callable[[Connection], Any]) -> Any:
        seen = await look(work)
        if rig.api.sent("editMessageText") and not answer.is_set():
            answer.set()  # the rows read are on their way while the edit comes to its end
            await rig.reaches(post, PostState.SENT)
        return seen

    monkeypatch.setattr(rig.database, "short_read", slowly)
    rig.start()
    await rig.api.heard(lambda: rig.api.sent("editMessageText"))
    rig.database.signals.notify([outbox.SIGNAL])
    await asyncio.wait_for(answer.wait(), 20)
    last = await rig.enqueue("2", HERE)
    await rig.reaches(last, PostState.SENT)

    assert texts(rig.api.sent("editMessageText")) == ["1"]


async def test_a_press_on_the_first_copy_removes_the_keyboard_of_the_one_being_sent(rig: Rig) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Lose(), Wait(answer))
    post = await rig.enqueue("Confermi?", button="Sì")
    await rig.api.heard(lambda: len(rig.api.sent("sendMessage")) == 2)
    first = 101

    await rig.database.write(lambda connection: outbox.rebind(connection, post, HERE, first))
    answer.set()
    await rig.api.heard(lambda: len(rig.api.sent("editMessageText")) == 2)

    edits = {int(call.params["message_id"]): buttons(call) for call in rig.api.sent("editMessageText")}
    assert edits[first] != []
    assert edits[first + 1] == []
    assert (await rig.reaches(post, PostState.SENT)).message_id == first


async def test_a_sent_post_is_noted_although_the_database_refuses_at_first(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.sending.sender.IDLE_SECONDS", 0.01)
    write = rig.database.write
    refused: list[Any] = []

    async def refuse(work: Callable[[Connection], Any], *, rides: bool = False) -> Any:
        if rig.api.sent("sendMessage") and len(refused) < 5:
            refused.append(work)
            raise DatabaseUnavailable("the disk is full")
        return await write(work, rides=rides)

    monkeypatch.setattr(rig.database, "write", refuse)
    post = await rig.enqueue("Ciao")
    await rig.reaches(post, PostState.SENT)

    assert len(refused) == 5
    assert texts(rig.api.sent("sendMessage")) == ["Ciao"]


async def test_two_copies_pressed_in_turn_while_the_second_is_sent_get_one_post_each(
    rig: Rig,
) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Lose(), Wait(answer))
    post = await rig.enqueue("Confermi?", button="Sì")
    await rig.api.heard(lambda: len(rig.api.sent("sendMessage")) == 2)
    first, second = 101, 102
    bare = {"text": "Confermi?"}

    def press(connection: Connection) -> None:
        assert outbox.rebind(connection, post, HERE, second) is None
        assert outbox.rebind(connection, post, HERE, first) == second
        outbox.remove_keyboard(connection, HERE, second, bare, correlation="prova", at=AT)

    await rig.database.write(press)
    answer.set()
    last = await rig.enqueue("Poi")
    await rig.reaches(last, PostState.SENT)

    assert [row.message_id for row in await rig.rows(HERE)] == [first, second, 103]


async def test_a_message_that_arrives_after_the_chat_was_given_up_is_updated(rig: Rig) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))
    post = await rig.enqueue("Confermi?", button="Sì")
    await rig.api.heard(lambda: rig.api.sent("sendMessage"))

    await rig.database.write(lambda connection: outbox.blocked(connection, BOT_ID, HERE.chat_id))
    await rig.update_post(post, "Annullato.")
    assert (await rig.row(post)).state == PostState.DEAD
    answer.set()
    await rig.reaches(post, PostState.SENT)

    assert texts(rig.api.sent("editMessageText")) == ["Annullato."]


async def test_a_question_moved_from_a_card_that_was_given_up_is_asked_once(rig: Rig) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))
    post = await rig.enqueue("Che cosa facciamo?", button="Cerca un POD")
    await rig.api.heard(lambda: rig.api.sent("sendMessage"))
    await rig.database.write(lambda connection: outbox.blocked(connection, BOT_ID, HERE.chat_id))

    person = Person(HERE.chat_id, "Persona", "it")
    question = StoredDialogue(
        HERE, HERE.chat_id, "look_up", 1, "pod", {}, revision=5, card_id=post, expires_at=AT
    )
    prompt = Prompt(Html("Quale POD?"), ((Choice("Annulla", "~cancel"),),))
    asked = turn(Card(prompt, onto=post, asks=True, revision=5), KeepDialogue(question))
    addressee = Addressee(Ignored(), person, HERE, private=True)
    await rig.database.write(
        lambda connection: carry_out(connection, asked, addressee, at=AT, correlation="prova")
    )
    answer.set()
    await rig.reaches(post, PostState.SENT)

    above = await rig.row(post)
    assert "revision" not in above.content
    assert "rows" not in above.content
    kept = await rig.database.long_read(lambda connection: dialogues.current(connection, HERE, HERE.chat_id))
    assert kept is not None
    assert kept.card_id != post
    assert (await rig.row(kept.card_id)).content["revision"] == 5


async def test_a_press_on_a_copy_rebinds_the_card_and_removes_the_other_keyboard(rig: Rig) -> None:
    rig.api.will("sendMessage", Lose())
    post = await rig.enqueue("Confermi?", button="Sì")
    known = (await rig.reaches(post, PostState.SENT)).message_id
    copy = known - 1  # the message whose answer was lost
    bare = to_json(Prompt(Html("Confermi?")))

    def press(connection: Connection) -> None:
        orphan = outbox.rebind(connection, post, HERE, copy)
        assert orphan == known
        outbox.remove_keyboard(connection, HERE, known, bare, correlation="prova", at=AT)

    await rig.database.write(press)
    await rig.api.heard(lambda: len(rig.api.sent("editMessageText")) == 2)

    edits = {int(call.params["message_id"]): buttons(call) for call in rig.api.sent("editMessageText")}
    assert edits[known] == []
    assert edits[copy] != []
    assert (await rig.reaches(post, PostState.SENT)).message_id == copy


async def test_calls_to_one_chat_follow_each_other_and_chats_do_not_wait(rig: Rig) -> None:
    rig.api.will("sendMessage", Hang())
    slow = await rig.enqueue("Lento")
    behind = await rig.enqueue("Dietro")
    await rig.api.heard(lambda: rig.api.sent())

    await rig.reaches(await rig.enqueue("Altrove", THERE), PostState.SENT)

    assert texts(rig.api.sent()) == ["Lento", "Altrove"]
    assert [(await rig.row(post)).state for post in (slow, behind)] == [
        PostState.SENDING,
        PostState.QUEUED,
    ]


async def test_a_refused_token_keeps_the_posts_for_a_better_one(rig: Rig) -> None:
    rig.api.will("sendMessage", Refuse(401, "Unauthorized"))

    post = await rig.enqueue("Ciao")
    await rig.reaches(post, PostState.SENT)

    assert texts(rig.api.sent()) == ["Ciao", "Ciao"]


async def test_stored_errors_never_hold_the_token(rig: Rig) -> None:
    page = Page(500, f"/bot{TOKEN}/sendMessage")
    rig.api.will("sendMessage", page)

    post = await rig.enqueue("Ciao")
    kept = await rig.reaches(post, PostState.UNCERTAIN)

    assert TOKEN not in kept.error


async def test_old_posts_are_forgotten(rig: Rig) -> None:
    post = await rig.enqueue("Ciao")
    await rig.reaches(post, PostState.SENT)
    await rig.database.write(
        lambda connection: connection.execute(update(posts).values(created_at=AT.replace(year=2020)))
    )

    gone = await rig.database.write(lambda connection: outbox.forget_old(connection, AT))

    assert gone == 1
