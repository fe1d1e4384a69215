"""The meaning of each kind of update to a dialogue."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot

from conversations.core.replies import (
    Attachment,
    Chosen,
    Command,
    Contact,
    Edited,
    Entered,
    Garbled,
    Ignored,
    Location,
    Media,
    MessageRef,
    Overheard,
    Reachability,
    Reply,
    Sent,
    Typed,
)
from handlers.updates import LARGEST, Received, Unreadable, read
from tests.scripted_api import BOT_ID

Json = dict[str, Any]
PERSON = {"id": 7, "is_bot": False, "first_name": "Utente", "language_code": "it"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Utente"}
GROUP = {"id": -9, "type": "group", "title": "Squadra"}
FORUM = {"id": -1009, "type": "supergroup", "title": "Forum", "is_forum": True}
FILE = {"file_id": "f", "file_unique_id": "u"}
KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post", "something_new")
FORWARDED = {"type": "hidden_user", "date": 1, "sender_user_name": "Qualcuno"}
PICTURE = Attachment(Media.PHOTO, "f", "u")
TABLE = Attachment(Media.DOCUMENT, "f", "u", "a.csv")
STRANGER = Contact("+390000", "Utente", own=False)
PLACE = Location(1.0, 2.0)
BOX = {"width": 1, "height": 1}
OURS = {
    "message_id": 1,
    "date": 1,
    "chat": GROUP,
    "from": {"id": BOT_ID, "is_bot": True, "first_name": "Prova"},
}


def file(media: Media) -> Attachment:
    return Attachment(media, "f", "u")


def message(chat: Json = PRIVATE, sender: Json | None = PERSON, **content: Any) -> Json:
    base: Json = {"message_id": 3, "date": 1_750_000_000, "chat": chat, **content}
    return {"update_id": 1, "message": base | ({"from": sender} if sender else {})}


def received(bot: Bot, *payloads: Json) -> Received:
    found = read(payloads, bot)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "reply"),
    [
        ({"text": "IT001E48600001"}, Typed("IT001E48600001")),
        ({"text": "/start"}, Command("start")),
        ({"text": "/START"}, Command("start")),
        ({"text": "/start  xyz "}, Command("start", "xyz")),
        ({"text": "/start@prova_bot"}, Command("start")),
        ({"text": "/start@Prova_Bot a b"}, Command("start", "a b")),
        ({"text": "/"}, Typed("/")),
        ({"text": "/start@another_bot"}, Typed("/start@another_bot")),
        (
            {"document": {**FILE, "file_name": "a.csv"}, "caption": "ecco"},
            Sent(Media.DOCUMENT, "ecco", (TABLE,)),
        ),
        ({"photo": [{**FILE, **BOX}]}, Sent(Media.PHOTO, attachments=(PICTURE,))),
        (
            {"sticker": {**FILE, **BOX, "type": "regular", "is_animated": False, "is_video": False}},
            Sent(Media.STICKER, attachments=(file(Media.STICKER),)),
        ),
        ({"voice": {**FILE, "duration": 1}}, Sent(Media.VOICE, attachments=(file(Media.VOICE),))),
        ({"audio": {**FILE, "duration": 1}}, Sent(Media.VOICE, attachments=(file(Media.VOICE),))),
        ({"video": {**FILE, **BOX, "duration": 1}}, Sent(Media.VIDEO, attachments=(file(Media.VIDEO),))),
        (
            {"video_note": {**FILE, "length": 1, "duration": 1}},
            Sent(Media.VIDEO, attachments=(file(Media.VIDEO),)),
        ),
        (
            {"animation": {**FILE, **BOX, "duration": 1}, "document": FILE, "caption": "gif"},
            Sent(Media.VIDEO, "gif", (file(Media.VIDEO),)),
        ),
        (
            {"contact": {"phone_number": "+390000", "first_name": "Utente"}},
            Sent(Media.CONTACT, contact=STRANGER),
        ),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, Sent(Media.LOCATION, location=PLACE)),
        (
            {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "t", "address": "a"}},
            Sent(Media.LOCATION, location=PLACE),
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, Sent(Media.OTHER)),
        ({"game": {"title": "t", "description": "d", "photo": [{**FILE, **BOX}]}}, Sent(Media.OTHER)),
        ({"story": {"id": 1, "chat": PRIVATE}}, Sent(Media.OTHER)),
        ({"pinned_message": OURS}, Ignored("a service message")),
        ({"new_chat_title": "x"}, Ignored("a service message")),
        ({"something_of_next_year": {"x": 1}}, Ignored("a service message")),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_each_kind_of_message_is_recognised(bot: Bot, content: Json, reply: Reply) -> None:
    found = received(bot, message(**content))

    assert found.reply == reply
    assert (found.chat_id, found.thread_id, found.private) == (7, 0, True)
    assert (found.person.user_id, found.person.name, found.person.language) == (7, "Utente", "it")


async def test_a_forwarded_command_is_no_command(bot: Bot) -> None:
    assert received(bot, message(text="POD", forward_origin=FORWARDED)).reply == Typed("POD")
    assert received(bot, message(text="/start", forward_origin=FORWARDED)).reply == Typed("/start")


async def test_a_message_keeps_its_reference_and_what_it_answers(bot: Bot) -> None:
    answered = {"message_id": 2, "date": 1, "chat": PRIVATE}
    for content in ({"text": "sì"}, {"text": "/start"}, {"photo": [{**FILE, **BOX}]}):
        reply = received(bot, message(**content, reply_to_message=answered)).reply
        assert isinstance(reply, Typed | Command | Sent)
        assert reply.message == MessageRef(7, 3, reply_to=2)


async def test_an_edit_names_the_message_that_it_changes(bot: Bot) -> None:
    changed = message(text="nuovo")
    changed["edited_message"] = changed.pop("message")
    reply = received(bot, changed).reply

    assert isinstance(reply, Edited)
    assert reply.message == MessageRef(7, 3)


async def test_a_file_is_described_as_its_sender_named_it(bot: Bot) -> None:
    described = {**FILE, "file_name": "rete.csv", "mime_type": "text/csv", "file_size": 12}

    assert received(bot, message(document=described)).reply == Sent(
        Media.DOCUMENT, attachments=(Attachment(Media.DOCUMENT, "f", "u", "rete.csv", "text/csv", 12),)
    )


async def test_the_largest_size_of_a_photo_counts(bot: Bot) -> None:
    sizes = [
        {"file_id": f"f{side}", "file_unique_id": f"u{side}", "width": side, "height": side}
        for side in (90, 1280, 320)
    ]

    assert received(bot, message(photo=sizes)).reply == Sent(
        Media.PHOTO, attachments=(Attachment(Media.PHOTO, "f1280", "u1280"),)
    )


@pytest.mark.parametrize(
    ("content", "own"),
    [
        ({"user_id": 7}, True),
        ({"user_id": 8}, False),
        ({}, False),
    ],
)
async def test_a_contact_counts_as_the_senders_own_only_if_telegram_says_so(
    bot: Bot, content: Json, own: bool
) -> None:
    shared = {"phone_number": "+390000", "first_name": "Utente", "last_name": "Prova", **content}

    assert received(bot, message(contact=shared)).reply == Sent(
        Media.CONTACT, contact=Contact("+390000", "Utente Prova", own)
    )


async def test_a_forwarded_contact_never_counts_as_the_senders_own(bot: Bot) -> None:
    shared = {"phone_number": "+390000", "first_name": "Utente", "user_id": 7}

    assert received(bot, message(contact=shared, forward_origin=FORWARDED)).reply == Sent(
        Media.CONTACT, contact=Contact("+390000", "Utente", own=False)
    )


@pytest.mark.parametrize("where", [{"latitude": 1e9, "longitude": 2.0}, {"latitude": "a", "longitude": 2.0}])
async def test_an_impossible_location_is_unreadable(bot: Bot, where: Json) -> None:
    with pytest.raises(Unreadable):
        read([message(location=where)], bot)


@pytest.mark.parametrize(
    "text", ["/annulla\ngrazie", "/annulla grazie", "/ANNULLA\tgrazie", "/annulla  grazie "]
)
async def test_a_command_ends_at_any_white_space(bot: Bot, text: str) -> None:
    assert received(bot, message(text=text)).reply == Command("annulla", "grazie")


async def test_an_album_is_one_reply_with_the_files_of_all_its_parts(bot: Bot) -> None:
    parts = [
        message(photo=[{**FILE, **BOX}]),
        message(photo=[{"file_id": "g", "file_unique_id": "v", **BOX}], caption="due"),
    ]

    assert received(bot, *parts).reply == Sent(
        Media.PHOTO, "due", (PICTURE, Attachment(Media.PHOTO, "g", "v"))
    )


async def test_an_edited_message_is_read_as_an_edit(bot: Bot) -> None:
    changed = message(text="nuovo")
    changed["edited_message"] = changed.pop("message")

    assert received(bot, changed).reply == Edited("nuovo")


def press(data: str | None, **where: Any) -> Json:
    query: Json = {"id": "81", "from": PERSON, "chat_instance": "1", **where}
    return {"update_id": 2, "callback_query": query | ({"data": data} if data is not None else {})}


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        ("a.d.b.sì", Chosen(10, 11, "sì", 3)),
        ("a.e.pod.IT001E48600001", Entered("pod", "IT001E48600001", 10, 3)),
        ("nonsense", Garbled()),
        (None, Garbled()),
    ],
)
async def test_a_press_is_a_choice_an_entry_or_garbled(bot: Bot, data: str | None, reply: Reply) -> None:
    card = {"message_id": 3, "date": 1, "chat": PRIVATE}

    assert received(bot, press(data, message=card)).reply == reply


async def test_a_press_on_a_message_too_old_to_be_read_still_counts(bot: Bot) -> None:
    gone = {"message_id": 3, "date": 0, "chat": PRIVATE}

    assert received(bot, press("a.d.b.sì", message=gone)).reply == Chosen(10, 11, "sì", 3)


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
async def test_blocks_and_returns_are_recognised(bot: Bot, status: str, reachable: bool) -> None:
    user = {"id": BOT_ID, "is_bot": True, "first_name": "Prova"}
    states = {
        "kicked": {"status": "kicked", "user": user, "until_date": 0},
        "member": {"status": "member", "user": user},
    }
    new, old = states[status], states["member" if status == "kicked" else "kicked"]
    change = {"chat": PRIVATE, "from": PERSON, "date": 1, "old_chat_member": old, "new_chat_member": new}

    assert received(bot, {"update_id": 1, "my_chat_member": change}).reply == Reachability(reachable)
    assert read([{"update_id": 1, "my_chat_member": {**change, "chat": GROUP}}], bot) is None


async def test_commands_and_replies_to_the_bot_are_for_it_in_a_group(bot: Bot) -> None:
    assert received(bot, message(GROUP, text="chiacchiere")).reply == Overheard(Typed("chiacchiere"))
    assert received(bot, message(GROUP, text="/start@prova_bot")).reply == Command("start")
    assert received(bot, message(GROUP, text="sì", reply_to_message=OURS)).reply == Typed("sì")
    assert received(bot, message(GROUP, photo=[{**FILE, **BOX}])).reply == Overheard(
        Sent(Media.PHOTO, attachments=(PICTURE,))
    )
    assert not received(bot, message(GROUP, text="/start")).private


async def test_a_topic_of_a_forum_is_a_destination_of_its_own(bot: Bot) -> None:
    there = received(bot, message(FORUM, text="/start", message_thread_id=5, is_topic_message=True))
    thread = received(bot, message(FORUM, text="/start", message_thread_id=5))

    assert (there.chat_id, there.thread_id) == (-1009, 5)
    assert thread.thread_id == 0


async def test_a_group_that_moves_names_its_new_chat(bot: Bot) -> None:
    found = received(bot, message(GROUP, migrate_to_chat_id=-1009))

    assert (found.chat_id, found.migrated_to) == (-9, -1009)
    assert isinstance(found.reply, Ignored)


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0,
                                  "is_closed": False, "is_anonymous": True, "type": "regular",
                                  "allows_multiple_answers": False, "allows_revoting": True,
                                  "members_only": False}},
        {"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel"}}},
        {"update_id": 1, "inline_query": {"id": "1", "from": PERSON, "query": "", "offset": ""}},
        {"update_id": 1, "something_of_next_year": {"x": 1}},
        press("a.d.b.x", inline_message_id="i"),
        message(sender=None, text="nobody"),
        message(sender={"id": 8, "is_bot": True, "first_name": "Altro"}, text="a bot"),
    ],
    ids=lambda update: next(iter(sorted(set(update) - {"update_id"})), "nothing"),
)  # fmt: skip
async def test_updates_without_anybody_to_answer_are_ignored(bot: Bot, update: Json) -> None:
    assert read([update], bot) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CHATS = st.dictionaries(st.sampled_from(("id", "type", "is_forum")), ANYTHING, max_size=2)
PEOPLE = st.dictionaries(st.sampled_from(("id", "first_name", "language_code")), ANYTHING, max_size=2)
FIELDS = ("chat", "from", "text", "caption", "entities", "document", "message_thread_id", "is_topic_message")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    chat=CHATS,
    person=PEOPLE,
    content=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=2),
    kind=st.sampled_from(KINDS),
)
def test_arbitrary_updates_are_read_soundly_or_refused(
    bot: Bot, chat: Json, person: Json, content: Json, kind: str
) -> None:
    base = message(PRIVATE | chat, PERSON | person, text="ciao")["message"]
    update = {"update_id": 1, kind: base | {"id": "q", "data": "1.e.home."} | content}
    try:
        found = read([update], bot)
    except Unreadable:
        return
    if found is not None:
        assert isinstance(found.person.name, str)
        assert isinstance(found.person.language, str)
        assert all(
            isinstance(number, int) and abs(number) <= LARGEST
            for number in (found.chat_id, found.thread_id, found.person.user_id)
        )


def outcome(bot: Bot, payload: Json) -> object:
    try:
        return read([payload], bot)
    except Unreadable:
        return Unreadable


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 2**53), st.floats(allow_nan=False), st.text(), st.just({})
)
WORDS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {
        "message_id": st.integers(1, 9) | ODD,
        "date": st.just(1_750_000_000) | ODD,
        "chat": st.sampled_from([PRIVATE, PRIVATE, GROUP, {"id": 7, "type": "private"}]) | ODD,
        "from": st.sampled_from([PERSON, PERSON, PERSON | {"is_bot": True}, PERSON | {"language_code": 5}])
        | ODD,
        "text": st.text() | st.sampled_from(["/start", "IT001E48600001"]) | ODD,
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(words=WORDS)
def test_mere_words_are_what_the_library_reads_in_them(bot: Bot, words: Json) -> None:
    by_the_library = words | {"is_from_offline": False}  # no longer of the shape that is read without it
    assert outcome(bot, {"update_id": 1, "message": words}) == outcome(
        bot, {"update_id": 1, "message": by_the_library}
    )
