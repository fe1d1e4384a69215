"""The outbox: the content of posts, the order of sending, and possible arrivals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from backend.core.db.database import Database
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Due, Post, PostState, Rank, Shown
from tests.samples import START
from tests.statements import seen

BOT = 7
HERE = Destination(BOT, 1, 0, "c1")
THERE = Destination(BOT, 2, 0, "c2")


async def enqueue(
    database: Database, text: str, destination: Destination = HERE, rank: Rank = Rank.REPLY
) -> int:
    return await database.write(
        lambda connection: outbox.enqueue(
            connection, destination, {"text": text}, correlation="c", at=START, rank=rank
        )
    )


async def update_post(
    database: Database, post_id: int, text: str, destination: Destination = HERE, rank: Rank = Rank.REPLY
) -> bool:
    return await database.write(
        lambda connection: outbox.update_post(
            connection, destination, post_id, {"text": text}, correlation="c", rank=rank
        )
    )


async def due(database: Database, limit: int = 100) -> list[Post]:
    """The posts that a sender would deliver now, in order."""

    def look(connection: Connection) -> list[Post]:
        found = [due.id for due in deliveries.due(connection, BOT, limit)]
        rows = {row.id: row for row in connection.execute(select(posts).where(posts.c.id.in_(found)))}
        return deliveries._posts(connection, [rows[post_id] for post_id in found])

    return await database.long_read(look)


async def texts(database: Database) -> list[str]:
    return [post.content["text"] for post in await due(database)]


async def begin(database: Database) -> Post:
    """Take the first due post and begin its first send, as the sender does."""
    post = (await due(database))[0]
    await database.write(lambda connection: deliveries.begin(connection, [_due(post)]))
    return post


async def arrive(database: Database, post: Post, message_id: int | None) -> None:
    await database.write(lambda connection: deliveries.shown(connection, [Shown(post, message_id)], START))


def _due(post: Post) -> Due:
    return Due(post.id, post.destination.chat_id, is_first=True)


async def send(database: Database, message_id: int) -> Post:
    post = await begin(database)
    await arrive(database, post, message_id)
    return post


async def row(database: Database, post_id: int) -> Any:
    return await database.long_read(
        lambda connection: connection.execute(select(posts).where(posts.c.id == post_id)).one()
    )


async def in_time(database: Database) -> None:
    """Let every post that was put off fall due."""
    await database.write(lambda connection: connection.execute(update(posts).values(due_ms=0)))


async def test_the_first_sends_of_a_lane_leave_one_after_the_other(database: Database) -> None:
    for text in ("one", "two", "three"):
        await enqueue(database, text)

    left = []
    for message_id in (10, 11, 12):
        assert len(await due(database)) == 1
        left.append((await send(database, message_id)).content["text"])

    assert left == ["one", "two", "three"]
    assert await due(database) == []
    assert await database.long_read(outbox.counts) == {"sent": 3}


async def test_lanes_do_not_wait_for_each_other(database: Database) -> None:
    await enqueue(database, "here")
    await enqueue(database, "there", THERE)
    await begin(database)

    assert await texts(database) == ["there"]


async def test_a_lane_waits_while_a_first_send_is_under_way(database: Database) -> None:
    await enqueue(database, "one")
    await enqueue(database, "two")
    await begin(database)

    assert await due(database) == []


async def test_replies_leave_before_notices_however_long_the_notices_wait(database: Database) -> None:
    await enqueue(database, "notice", rank=Rank.NOTICE)
    await enqueue(database, "reply")
    await enqueue(database, "notice there", THERE, Rank.NOTICE)

    assert await texts(database) == ["reply", "notice there"]
    await send(database, 10)
    assert await texts(database) == ["notice", "notice there"]


async def test_an_unsent_post_keeps_its_position_when_it_loses_its_buttons(database: Database) -> None:
    question = await enqueue(database, "question")
    await enqueue(database, "next")
    await update_post(database, question, "question, without buttons", rank=Rank.TIDY)

    assert (await send(database, 100)).id == question
    assert await texts(database) == ["next"]


async def test_a_burst_of_changes_becomes_one_edit(database: Database) -> None:
    post_id = await enqueue(database, "one")
    await send(database, 10)
    for text in ("two", "three", "four"):
        assert await update_post(database, post_id, text) is True

    [edit] = await due(database)
    assert (edit.content, edit.message_id, edit.revision) == ({"text": "four"}, 10, 4)
    await arrive(database, edit, None)
    assert await due(database) == []
    shown = await row(database, post_id)
    assert (shown.state, shown.shown, shown.message_id) == (PostState.SENT, 4, 10)


async def test_an_edit_does_not_wait_for_first_sends(database: Database) -> None:
    post_id = await enqueue(database, "card")
    await send(database, 10)
    await enqueue(database, "below")
    await update_post(database, post_id, "newer")

    assert await texts(database) == ["newer", "below"]


async def test_a_post_changed_while_being_sent_is_edited_once_it_is_there(database: Database) -> None:
    post_id = await enqueue(database, "one")
    sending = await begin(database)
    await update_post(database, post_id, "two")
    assert await due(database) == []

    await arrive(database, sending, 10)

    [edit] = await due(database)
    assert (edit.content, edit.message_id) == ({"text": "two"}, 10)


async def test_a_post_changed_while_being_edited_is_edited_again(database: Database) -> None:
    post_id = await enqueue(database, "one")
    await send(database, 10)
    await update_post(database, post_id, "two")
    [edit] = await due(database)
    await update_post(database, post_id, "three")
    await arrive(database, edit, None)

    assert await texts(database) == ["three"]


async def test_a_post_that_a_dead_sender_was_sending_is_uncertain_and_sent_once_more(
    database: Database,
) -> None:
    first = await enqueue(database, "one")
    await begin(database)
    await enqueue(database, "there", THERE)

    number = await database.write(lambda connection: deliveries.take_over(connection, BOT))

    assert number == 1
    [again, other] = await due(database)
    assert (again.id, again.state, again.message_id) == (first, PostState.UNCERTAIN, None)
    assert other.state is PostState.QUEUED
    await database.write(lambda connection: deliveries.begin(connection, [_due(again)]))
    await arrive(database, again, 10)
    assert (await row(database, first)).state == PostState.SENT


async def test_another_bots_posts_are_not_taken_over(database: Database) -> None:
    await enqueue(database, "one")
    await begin(database)

    assert await database.write(lambda connection: deliveries.take_over(connection, 8)) == 0


@pytest.mark.parametrize(("uncertain", "state"), [(True, PostState.UNCERTAIN), (False, PostState.QUEUED)])
async def test_a_failed_send_is_put_off_and_says_whether_it_may_have_arrived(
    database: Database, uncertain: bool, state: PostState
) -> None:
    post_id = await enqueue(database, "one")
    post = await begin(database)

    await database.write(lambda c: deliveries.later(c, post, 60_000, "lost", uncertain=uncertain))

    assert await due(database) == []
    kept = await row(database, post_id)
    assert (kept.state, kept.error) == (state, "lost")
    await in_time(database)
    assert [each.id for each in await due(database)] == [post_id]


async def test_a_lane_waits_for_its_first_send_even_if_that_was_put_off(database: Database) -> None:
    await enqueue(database, "one")
    await enqueue(database, "two")
    post = await begin(database)
    await database.write(lambda c: deliveries.later(c, post, 60_000, "flood wait", uncertain=False))

    assert await due(database) == []


async def test_an_edit_whose_answer_was_lost_is_simply_repeated(database: Database) -> None:
    post_id = await enqueue(database, "one")
    await send(database, 10)
    await update_post(database, post_id, "two")
    [edit] = await due(database)
    await database.write(lambda c: deliveries.later(c, edit, 0, "answer lost", uncertain=True))
    await in_time(database)

    [again] = await due(database)
    assert (again.state, again.message_id) == (PostState.QUEUED, 10)


async def test_a_post_whose_message_is_gone_is_sent_again(database: Database) -> None:
    post_id = await enqueue(database, "one")
    await send(database, 10)
    await update_post(database, post_id, "two")
    [edit] = await due(database)
    await database.write(lambda connection: deliveries.lost(connection, edit))

    [again] = await due(database)
    assert (again.id, again.message_id) == (post_id, None)


async def test_a_post_that_can_never_be_delivered_does_not_hold_up_the_lane(database: Database) -> None:
    dead = await enqueue(database, "one")
    await enqueue(database, "two")
    post = await begin(database)
    await database.write(lambda connection: deliveries.dead_letter(connection, post, "refused"))

    assert await texts(database) == ["two"]
    assert await update_post(database, dead, "again") is False


async def test_a_change_made_during_a_refused_send_is_not_dead_lettered_with_it(
    database: Database,
) -> None:
    post_id = await enqueue(database, "refused")
    post = await begin(database)
    await update_post(database, post_id, "better")
    await database.write(lambda connection: deliveries.dead_letter(connection, post, "refused"))

    assert await texts(database) == ["better"]


@pytest.mark.parametrize("was_sent", [False, True], ids=["first send", "edit"])
@pytest.mark.parametrize(
    "fails",
    [
        lambda connection, post: deliveries.later(connection, post, 0, "answer lost", uncertain=True),
        lambda connection, post: deliveries.lost(connection, post),
        lambda connection, post: deliveries.dead_letter(connection, post, "refused"),
    ],
    ids=["later", "lost", "dead"],
)
async def test_a_call_that_fails_after_the_chat_was_given_up_revives_no_post(
    database: Database, fails: Callable[[Connection, Post], None], *, was_sent: bool
) -> None:
    post_id = await enqueue(database, "one")
    post = await begin(database)
    if was_sent:
        await arrive(database, post, 10)
        await update_post(database, post_id, "two")
        [post] = await due(database)
    await database.write(lambda connection: outbox.blocked(connection, BOT, 1))
    await update_post(database, post_id, "never to be seen")

    await database.write(lambda connection: fails(connection, post))

    await in_time(database)
    assert await due(database) == []


async def test_the_loss_of_a_message_leaves_the_pressed_copy_alone(
    database: Database,
) -> None:
    post_id = await enqueue(database, "one")
    await send(database, 10)
    await update_post(database, post_id, "two")
    [edit] = await due(database)
    await rebind(database, post_id, 11)

    await database.write(lambda connection: deliveries.lost(connection, edit))

    assert (await row(database, post_id)).message_id == 11


async def rebind(
    database: Database, post_id: int, message_id: int, destination: Destination = HERE
) -> int | None:
    """Rebind as a turn does: the message that was the card loses its buttons."""

    def work(connection: Connection) -> int | None:
        orphan = outbox.rebind(connection, post_id, destination, message_id)
        if orphan is not None:
            outbox.remove_keyboard(
                connection, destination, orphan, {"text": "bare"}, correlation="c", at=START
            )
        return orphan

    return await database.write(work)


async def test_a_press_on_a_copy_rebinds_the_card_and_removes_the_other_keyboard(database: Database) -> None:
    post_id = await enqueue(database, "card")
    await send(database, 10)

    assert await rebind(database, post_id, 11) == 10

    card, bare = await due(database)
    assert (card.id, card.content, card.message_id) == (post_id, {"text": "card"}, 11)
    assert (bare.content, bare.message_id) == ({"text": "bare"}, 10)


async def test_a_copy_that_is_the_card_again_keeps_its_buttons(database: Database) -> None:
    post_id = await enqueue(database, "card")
    await send(database, 10)
    await rebind(database, post_id, 11)

    assert await rebind(database, post_id, 10) == 11

    assert {post.message_id: post.content["text"] for post in await due(database)} == {10: "card", 11: "bare"}


async def test_the_answer_for_a_dropped_post_does_not_touch_a_later_one(
    database: Database,
) -> None:
    post_id = await enqueue(database, "card")
    await send(database, 10)
    await rebind(database, post_id, 11)
    removal = next(post for post in await due(database) if post.message_id == 10)
    await rebind(database, post_id, 10)  # the removal is dropped, and message 11 is to lose its keyboard now

    await arrive(database, removal, None)

    assert {post.message_id for post in await due(database)} == {10, 11}


async def test_a_press_on_the_card_itself_changes_nothing(database: Database) -> None:
    post_id = await enqueue(database, "card")
    await send(database, 10)

    assert await rebind(database, post_id, 10) is None
    assert await due(database) == []


async def test_a_press_on_a_card_that_was_given_up_shows_it_again(database: Database) -> None:
    post_id = await enqueue(database, "old")
    await send(database, 10)
    await update_post(database, post_id, "new")
    await database.write(lambda connection: outbox.blocked(connection, BOT, 1))
    assert await due(database) == []

    assert await rebind(database, post_id, 10) is None

    [again] = await due(database)
    assert (again.id, again.message_id, again.content) == (post_id, 10, {"text": "new"})


async def test_a_press_before_the_sender_knows_the_message_identifies_it(database: Database) -> None:
    post_id = await enqueue(database, "card")
    sending = await begin(database)
    await database.write(lambda connection: deliveries.take_over(connection, BOT))

    assert await rebind(database, post_id, 10) is None
    await arrive(database, sending, 11)  # the copy that a second send has made meanwhile

    assert (await row(database, post_id)).message_id == 10


async def test_messages_of_several_lanes_are_noted_at_once_each_with_what_it_means(
    database: Database,
) -> None:
    first, other = await enqueue(database, "here"), await enqueue(database, "there", THERE)
    await enqueue(database, "behind it", HERE)
    await enqueue(database, "behind that", THERE)
    sending = await database.write(
        lambda connection: deliveries.begin(connection, [Due(first, 1, True), Due(other, 2, True)])
    )
    here, there = sorted(sending, key=lambda post: post.id)
    await database.write(lambda connection: deliveries.take_over(connection, BOT))
    await rebind(database, first, 10)  # its first copy is pressed
    await update_post(database, other, "changed", THERE)
    too_many: list[tuple[int, int]] = []
    with seen(database.engines.writer.dialect) as statements:
        await database.write(
            lambda connection: deliveries.shown(
                connection,
                [Shown(here, 11), Shown(there, 12)],
                START,
                lambda post, message_id: too_many.append((post.id, message_id)),
            )
        )

    assert too_many == [(first, 11)]
    assert sum("SET shown" in statement for statement in statements) == 1
    assert (await row(database, first)).message_id == 10
    known = await row(database, other)
    assert (known.message_id, known.state) == (12, PostState.QUEUED)  # its newer content waits
    assert {"behind it", "behind that", "changed"} <= set(await texts(database))


async def test_a_forged_button_cannot_touch_the_post_of_another_chat(database: Database) -> None:
    theirs = await enqueue(database, "secret", THERE)
    await send(database, 10)
    before = await row(database, theirs)

    assert await update_post(database, theirs, "mine") is False
    assert await database.write(lambda c: outbox.refresh(c, HERE, theirs)) is False
    assert await database.long_read(lambda c: outbox.content_of(c, HERE, theirs)) is None
    assert await rebind(database, theirs, 11) is None
    assert await update_post(database, theirs, "mine", replace(THERE, bot_id=8)) is False

    assert await row(database, theirs) == before


async def test_a_card_can_be_shown_again_as_it_is(database: Database) -> None:
    post_id = await enqueue(database, "card")
    await send(database, 10)

    assert await database.write(lambda connection: outbox.refresh(connection, HERE, post_id)) is True

    [edit] = await due(database)
    assert (edit.content, edit.message_id, edit.revision) == ({"text": "card"}, 10, 2)


async def test_the_newest_post_of_a_lane_is_its_last_readable_one(database: Database) -> None:
    post_id = await enqueue(database, "card")
    await enqueue(database, "there", THERE)
    await send(database, 10)
    await database.write(
        lambda c: outbox.remove_keyboard(c, HERE, 9, {"text": "bare"}, correlation="c", at=START)
    )

    assert await database.long_read(lambda connection: outbox.newest(connection, HERE)) == post_id


async def test_a_user_who_blocked_the_bot_is_sent_nothing_until_they_are_back(database: Database) -> None:
    await enqueue(database, "one")
    await enqueue(database, "two")
    await enqueue(database, "there", THERE)
    await database.write(lambda connection: outbox.blocked(connection, BOT, 1))

    assert await texts(database) == ["there"]
    await enqueue(database, "three")
    assert await texts(database) == ["there", "three"]


async def test_blocking_the_bot_does_not_forget_the_language(database: Database) -> None:
    await database.write(lambda connection: outbox.choose_language(connection, BOT, 1, "en"))
    await database.write(lambda connection: outbox.blocked(connection, BOT, 1))

    assert await database.long_read(lambda connection: outbox.language_of(connection, BOT, 1)) == "en"
    assert await database.long_read(lambda connection: outbox.language_of(connection, BOT, 2)) is None


async def test_waiting_posts_and_the_language_of_a_group_follow_it_when_it_moves(database: Database) -> None:
    old, new = Destination(BOT, -5001, 0, "-5001"), Destination(BOT, -1000000005001, 0, "-1000000005001")
    card = await enqueue(database, "card", old)
    await send(database, 10)
    await enqueue(database, "sending", old)
    await begin(database)
    await enqueue(database, "waiting", old)
    await database.write(lambda c: outbox.choose_language(c, BOT, old.chat_id, "en"))

    await database.write(lambda c: outbox.migrate_chat(c, BOT, old.chat_id, new.chat_id))

    [first] = await due(database)
    assert (first.content, first.destination) == ({"text": "sending"}, new)
    await send(database, 11)
    assert await texts(database) == ["waiting"]
    await send(database, 12)
    assert await update_post(database, card, "newer", old) is False
    assert await update_post(database, card, "newer", new) is True
    [again] = await due(database)
    assert again.message_id is None  # the old group's message cannot be edited from the new one
    assert await database.long_read(lambda c: outbox.language_of(c, BOT, new.chat_id)) == "en"


async def test_a_post_moved_between_read_and_send_is_sent_in_the_new_group(
    database: Database,
) -> None:
    old, new = Destination(BOT, -5001, 0, "-5001"), Destination(BOT, -1000000005001, 0, "-1000000005001")
    await enqueue(database, "one", old)
    [seen] = await due(database)
    await database.write(lambda c: outbox.migrate_chat(c, BOT, old.chat_id, new.chat_id))

    assert await database.write(lambda connection: deliveries.begin(connection, [_due(seen)])) == []

    [again] = await due(database)
    assert (again.destination, again.attempts) == (new, 0)
    assert await database.write(lambda connection: deliveries.begin(connection, [_due(again)])) != []


async def test_a_send_to_the_new_group_goes_on_when_the_move_is_reported(
    database: Database,
) -> None:
    old, new = Destination(BOT, -5001, 0, "-5001"), Destination(BOT, -1000000005001, 0, "-1000000005001")
    await enqueue(database, "sending", new)
    post = await begin(database)
    await database.write(lambda c: outbox.migrate_chat(c, BOT, old.chat_id, new.chat_id))

    assert (await row(database, post.id)).state == PostState.SENDING


async def test_old_sent_posts_are_forgotten_and_waiting_ones_stay(database: Database) -> None:
    await enqueue(database, "sent")
    await send(database, 10)
    await enqueue(database, "waiting")

    before = await database.write(lambda connection: outbox.forget_old(connection, START))
    after = await database.write(lambda c: outbox.forget_old(c, START + timedelta(seconds=1)))

    assert (before, after) == (0, 1)
    assert await texts(database) == ["waiting"]


async def test_a_chat_with_many_edits_does_not_crowd_out_another(database: Database) -> None:
    cards = []
    for number in range(8):
        cards.append(await enqueue(database, "card"))
        await send(database, 10 + number)
    for card in cards:
        await update_post(database, card, "newer")
    await enqueue(database, "waited for elsewhere", THERE)

    assert "waited for elsewhere" in [post.content["text"] for post in await due(database, limit=5)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_cost_of_reading_a_long_queue_is_bounded_by_its_length(database: Database) -> None:
    number, a_post = 1000, 300
    rows = [
        {"bot_id": BOT, "chat_id": 1, "lane": "c1", "rank": 0, "content": {}, "state": state}
        | {"due_ms": 0, "correlation": "c", "created_at": START}
        for state in (PostState.DEAD, PostState.QUEUED)
        for _ in range(number)
    ]
    await database.write(lambda connection: connection.execute(insert(posts), rows))
    hundreds = 0

    def count() -> int:
        nonlocal hundreds
        hundreds += 1
        return 0

    def look(connection: Connection) -> None:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.set_progress_handler(count, 100)
        assert len(deliveries.due(connection, BOT, 100)) == 1
        driver.set_progress_handler(None, 0)

    await database.long_read(look)

    # Instructions of SQLite's machine: searching an earlier post beside each one took thousands per post.
    assert hundreds * 100 < number * a_post
