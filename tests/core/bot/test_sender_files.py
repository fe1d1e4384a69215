"""The sender and files: uploads, reuse of Telegram's file ids, messages that are never edited."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, delete

from backend.core.blobs import service as blobs
from backend.core.blobs.models import blob_chunks
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, PostState
from bot.core.sending.files import UPLOADS
from bot.core.turns.addressee import Addressee
from bot.core.turns.carry_out import carry_out
from conversations.core.effects import Card, Effect, turn
from conversations.core.effects import RemoveKeyboard as LoseButtons
from conversations.core.prompts import (
    Album,
    Choice,
    ContactKey,
    Document,
    File,
    Html,
    Photo,
    Prompt,
    RemoveKeyboard,
    ReplyKeyboard,
    Voice,
    digests,
    to_json,
)
from conversations.core.replies import Ignored, Person
from tests.core.bot.rig import AT, HERE, Rig, texts
from tests.scripted_api import BOT_ID, Lose, Refuse, Wait, buttons

STALE = Refuse(400, "Bad Request: wrong file identifier/HTTP URL specified")
KEYS = ReplyKeyboard((("Sì", "No"), (ContactKey("Condividi il numero"),)))
YES = ((Choice("Sì", "sì"),),)


async def stored(rig: Rig, data: bytes, media_type: str = "image/png", *, secret: bool = False) -> str:
    return await blobs.store(rig.database, data, media_type, rig.vault if secret else None)


async def enqueue(rig: Rig, prompt: Prompt) -> int:
    content = to_json(prompt)
    return await rig.database.write(
        lambda connection: outbox.enqueue(
            connection, HERE, content, correlation="prova", at=AT, files=digests(content)
        )
    )


async def take(rig: Rig, *effects: Effect) -> None:
    """Carry out a turn with these effects."""
    addressee = Addressee(Ignored("prova"), Person(7, "Anna", "it"), HERE, private=True)
    await rig.database.write(
        lambda connection: carry_out(connection, turn(*effects), addressee, at=AT, correlation="prova")
    )


async def settled(rig: Rig) -> list[Any]:
    """The posts, once all are sent, in the order in which they were enqueued."""

    def look(connection: Connection) -> bool:
        counts = outbox.counts(connection)
        return set(counts) == {PostState.SENT}

    await rig.until(look, "all sent")
    return sorted(await rig.rows(HERE), key=lambda row: row.id)


@pytest.mark.parametrize("secret", [False, True])
async def test_a_large_file_arrives_as_it_was_stored(rig: Rig, secret: bool) -> None:
    data = os.urandom(5 * blobs.CHUNK_BYTES + 1)
    digest = await stored(rig, data, "application/zip", secret=secret)

    await rig.reaches(
        await enqueue(rig, Prompt(Html("Ecco"), (), Document(digest, "tutti.zip"))), PostState.SENT
    )

    (call,) = rig.api.sent("sendDocument")
    assert (call.files["document"].name, call.params["caption"]) == ("tutti.zip", "Ecco")
    assert call.files["document"].data == data


@pytest.mark.parametrize("data", [b"", b"x"])
async def test_the_smallest_files_arrive_too(rig: Rig, data: bytes) -> None:
    digest = await stored(rig, data)
    await rig.reaches(await enqueue(rig, Prompt(Html(""), (), Document(digest, "a"))), PostState.SENT)
    assert rig.api.sent("sendDocument")[0].files["document"].data == data


async def test_an_upload_declares_its_length_before_it_is_read(rig: Rig) -> None:
    digest = await stored(rig, bytes(3 * blobs.CHUNK_BYTES))
    await rig.reaches(await enqueue(rig, Prompt(Html("Ecco"), (), Document(digest, "a"))), PostState.SENT)
    (call,) = rig.api.sent("sendDocument")
    assert int(call.headers["Content-Length"]) > 3 * blobs.CHUNK_BYTES
    assert "Transfer-Encoding" not in call.headers


async def test_a_photo_is_uploaded_once(rig: Rig) -> None:
    photo = Photo(await stored(rig, b"png"))

    for text in ("Uno", "Due"):
        await rig.reaches(await enqueue(rig, Prompt(Html(text), YES, photo=photo)), PostState.SENT)

    first, second = rig.api.sent("sendPhoto")
    assert first.files["photo"].data == b"png"
    assert second.params["photo"] == "photo-101"  # the largest
    assert [call.params["caption"] for call in (first, second)] == ["Uno", "Due"]
    assert len(buttons(second)) == 1


async def test_a_voice_message_is_uploaded_once(rig: Rig) -> None:
    voice = Voice(await stored(rig, b"OggS", "audio/ogg"))
    for _ in range(2):
        await rig.reaches(await enqueue(rig, Prompt(Html("Ascolta"), voice=voice)), PostState.SENT)
    first, second = rig.api.sent("sendVoice")
    assert (first.files["voice"].name, first.files["voice"].data) == ("voice.ogg", b"OggS")
    assert (second.params["voice"], second.params["caption"]) == ("voice-101", "Ascolta")


async def test_who_takes_no_voice_messages_gets_a_file(rig: Rig) -> None:
    voice = Voice(await stored(rig, b"OggS", "audio/ogg"))
    rig.api.will("sendVoice", Refuse(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"))
    await rig.reaches(await enqueue(rig, Prompt(Html("Ascolta"), voice=voice)), PostState.SENT)
    (call,) = rig.api.sent("sendDocument")
    assert (call.files["document"].name, call.params["caption"]) == ("voice.ogg", "Ascolta")


async def test_one_content_as_photo_and_as_document_is_uploaded_as_each(rig: Rig) -> None:
    digest = await stored(rig, b"png")
    for prompt in (
        Prompt(Html("foto"), photo=Photo(digest)),
        Prompt(Html("file"), document=Document(digest, "a.png")),
        Prompt(Html("altro nome"), document=Document(digest, "b.png")),
        Prompt(Html("foto"), photo=Photo(digest)),
    ):
        await rig.reaches(await enqueue(rig, prompt), PostState.SENT)
    assert [call.uploads for call in rig.api.sent()] == [True, True, True, False]


async def test_a_photos_caption_and_buttons_are_edited(rig: Rig) -> None:
    photo = Photo(await stored(rig, b"png"))
    await take(rig, Card(Prompt(Html("Va bene?"), YES, photo=photo)))
    (post,) = await settled(rig)

    await take(rig, LoseButtons(post.id))
    await rig.api.heard(lambda: rig.api.sent("editMessageCaption"))
    await settled(rig)

    (edit,) = rig.api.sent("editMessageCaption")
    assert (edit.params["caption"], buttons(edit)) == ("Va bene?", [])
    assert [call.method for call in rig.api.sent()] == ["sendPhoto", "editMessageCaption"]


async def album(rig: Rig, kind: type[Photo] | type[Document]) -> Album:
    files: list[File] = []
    for number in range(3):
        digest = await stored(rig, b"%d" % number)
        files.append(Photo(digest) if kind is Photo else Document(digest, f"{number}.txt"))
    return Album(tuple(files))


@pytest.mark.parametrize(("kind", "captioned"), [(Photo, 0), (Document, 2)])
async def test_an_album_is_one_call_with_its_caption(
    rig: Rig, kind: type[Photo] | type[Document], captioned: int
) -> None:
    shown = await album(rig, kind)
    await take(rig, Card(Prompt(Html("<b>Tre</b>"), album=shown)))
    await settled(rig)
    await take(rig, Card(Prompt(Html("<b>Tre</b>"), album=shown)))
    first, second = await settled(rig)

    assert (first.message_id, second.message_id) == (101, 104)
    uploaded, known = rig.api.sent()
    assert {call.method for call in (uploaded, known)} == {"sendMediaGroup"}
    assert [uploaded.files[f"file{number}"].data for number in range(3)] == [b"0", b"1", b"2"]
    assert not known.uploads
    name = kind.__name__.lower()
    prefix = "photo" if kind is Photo else "file"
    assert [item["media"] for item in known.params["media"]] == [f"{prefix}-{101 + n}" for n in range(3)]
    for call in (uploaded, known):
        items = call.params["media"]
        assert {item["type"] for item in items} == {name}
        assert [item.get("caption") for item in items] == [
            "<b>Tre</b>" if number == captioned else None for number in range(3)
        ]
        assert items[captioned]["parse_mode"] == "HTML"


async def test_the_text_with_buttons_follows_an_album(rig: Rig) -> None:
    shown = await album(rig, Photo)

    await take(rig, Card(Prompt(Html("Vanno bene?"), YES, album=shown)))
    pictures, question = await settled(rig)

    group, message = rig.api.sent()
    assert (group.method, message.method) == ("sendMediaGroup", "sendMessage")
    assert not any("caption" in item for item in group.params["media"])
    assert (message.params["text"], len(buttons(message))) == ("Vanno bene?", 1)
    assert pictures.message_id < question.message_id


async def test_a_file_twice_in_an_album_is_uploaded_once_per_position(rig: Rig) -> None:
    photo = Photo(await stored(rig, b"png"))
    await take(rig, Card(Prompt(Html("Due"), album=Album((photo, photo)))))
    await settled(rig)
    (call,) = rig.api.sent()
    assert [call.files[item["media"].removeprefix("attach://")].data for item in call.params["media"]] == [
        b"png",
        b"png",
    ]


async def test_an_album_with_a_file_that_telegram_forgot_is_uploaded_again(rig: Rig) -> None:
    shown = await album(rig, Photo)
    await take(rig, Card(Prompt(Html("Tre"), album=shown)))
    await settled(rig)
    rig.api.will("sendMediaGroup", STALE)

    await take(rig, Card(Prompt(Html("Tre"), album=shown)))
    await settled(rig)

    assert [len(call.files) for call in rig.api.sent("sendMediaGroup")] == [3, 0, 3]


async def test_an_album_whose_answer_was_lost_is_sent_again_and_its_text_once(rig: Rig) -> None:
    rig.api.will("sendMediaGroup", Lose())

    await take(rig, Card(Prompt(Html("Vanno bene?"), YES, album=await album(rig, Photo))))
    await settled(rig)

    assert [call.method for call in rig.api.sent()] == ["sendMediaGroup", "sendMediaGroup", "sendMessage"]


async def test_a_reply_keyboard_is_shown_and_removed(rig: Rig) -> None:
    await take(rig, Card(Prompt(Html("Il numero?"), keyboard=KEYS)))
    await take(rig, Card(Prompt(Html("Grazie."), keyboard=RemoveKeyboard())))
    await settled(rig)

    asked, thanked = rig.api.sent("sendMessage")
    assert asked.params["reply_markup"] == {
        "keyboard": [
            [{"text": "Sì"}, {"text": "No"}],
            [{"text": "Condividi il numero", "request_contact": True}],
        ],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    assert thanked.params["reply_markup"] == {"remove_keyboard": True}


async def test_keys_and_buttons_are_two_messages_with_the_buttons_last(rig: Rig) -> None:
    keys = ReplyKeyboard(KEYS.rows, Html("Con il tasto qui sotto."))

    await take(rig, Card(Prompt(Html("Il numero?"), YES, keyboard=keys)))
    _, question = await settled(rig)

    assert texts(rig.api.sent()) == ["Con il tasto qui sotto.", "Il numero?"]
    first, second = rig.api.sent()
    assert "keyboard" in first.params["reply_markup"]
    assert "inline_keyboard" in second.params["reply_markup"]
    assert "keyboard" not in question.content


@pytest.mark.parametrize("what", ["album", "keyboard", "remove", "photo", "document"])
async def test_a_message_that_cannot_become_the_new_prompt_is_answered_below(rig: Rig, what: str) -> None:
    photo = Photo(await stored(rig, b"png"))
    prompt = {
        "album": Prompt(Html("Prima"), album=Album((photo, photo))),
        "keyboard": Prompt(Html("Prima"), keyboard=KEYS),
        "remove": Prompt(Html("Prima"), keyboard=RemoveKeyboard()),
        "photo": Prompt(Html("Prima"), YES, photo=photo),
        "document": Prompt(Html("Prima"), YES, Document(photo.digest, "a")),
    }[what]
    await take(rig, Card(prompt))
    (before,) = await settled(rig)

    await take(rig, Card(Prompt(Html("Dopo"), YES), onto=before.id))
    first, second = await settled(rig)

    assert first.content["text"] == "Prima"
    assert second.content["text"] == "Dopo"
    assert "rows" not in first.content  # and so it has no buttons any more
    edits = [call.method for call in rig.api.sent() if call.method.startswith("edit")]
    assert edits == (["editMessageCaption"] if what in ("photo", "document") else [])


@pytest.mark.parametrize("what", ["album", "keyboard"])
async def test_a_persistent_message_is_neither_edited_nor_sent_again_on_refresh(rig: Rig, what: str) -> None:
    photo = Photo(await stored(rig, b"png"))
    shown = {"album": Album((photo, photo))} if what == "album" else {"keyboard": KEYS}
    await take(rig, Card(Prompt(Html("Ecco"), **shown)))
    (post,) = await settled(rig)

    await rig.database.write(lambda connection: outbox.refresh(connection, HERE, post.id))
    (row,) = await settled(rig)

    assert row.shown == row.revision == 2
    assert len(rig.api.sent()) == 1


async def test_a_corrupt_file_is_never_sent_and_the_lane_goes_on(rig: Rig) -> None:
    digest = await stored(rig, os.urandom(4 * blobs.CHUNK_BYTES))
    last = delete(blob_chunks).where(blob_chunks.c.number == 3)
    await rig.database.write(lambda connection: connection.execute(last))

    with structlog.testing.capture_logs() as entries:
        post = await enqueue(rig, Prompt(Html("Ecco"), (), Document(digest, "a.zip")))
        after = await enqueue(rig, Prompt(Html("Dopo")))
        await rig.reaches(after, PostState.SENT)

    assert (await rig.row(post)).state == PostState.DEAD
    assert (await rig.row(post)).error == "BlobCorrupt"
    assert rig.api.sent("sendDocument") == []
    assert "post.dead" in [entry["event"] for entry in entries]


async def test_large_files_wait_for_each_other_and_small_ones_for_none(rig: Rig) -> None:
    await rig.stop()
    large = [bytes([number]) * (blobs.CHUNK_BYTES + 1) for number in range(2 * UPLOADS)]
    contents = [*large, b"small"]
    for number, data in enumerate(contents):
        destination = Destination(BOT_ID, 1000 + number, 0, f"{1000 + number}")
        content = to_json(Prompt(Html(""), (), Document(await stored(rig, data), "a")))
        await rig.database.write(
            lambda connection, destination=destination, content=content: outbox.enqueue(  # type: ignore[misc]
                connection, destination, content, correlation="prova", at=AT, files=digests(content)
            )
        )
    answer = asyncio.Event()
    rig.api.will("sendDocument", *[Wait(answer) for _ in range(UPLOADS + 1)])

    rig.start()
    await rig.api.heard(lambda: len(rig.api.sent("sendDocument")) == UPLOADS + 1)
    arrived = [call.files["document"].data for call in rig.api.sent("sendDocument")]
    assert b"small" in arrived

    answer.set()
    await rig.until(lambda connection: set(outbox.counts(connection)) == {PostState.SENT}, "all sent")
    sent = [call.files["document"].data for call in rig.api.sent("sendDocument")]
    assert sorted(sent) == sorted(contents)


async def test_a_sent_file_is_not_sent_again_if_its_id_cannot_be_stored(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*arguments: object, **options: object) -> None:
        raise ValueError("it does not fit")

    monkeypatch.setattr("bot.core.sending.files.blobs.remember_file_id", cannot)
    digest = await blobs.store(rig.database, b"ciao", "text/plain")
    post = await rig.enqueue("Il file", document=Document(digest, "a.txt"))

    await rig.reaches(post, PostState.SENT)
    assert len(rig.api.sent("sendDocument")) == 1
