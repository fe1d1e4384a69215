"""From posts to calls: every button of the product fits, every message is within Telegram's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.associations.values import Configuration
from backend.core.outbox.values import Destination, Post, PostState, Rank
from backend.devices.values import DeviceType
from conversations.core.prompts import (
    Album,
    Choice,
    ContactKey,
    Copy,
    Document,
    Entry,
    Html,
    Photo,
    Prompt,
    RemoveKeyboard,
    ReplyKeyboard,
    digests,
    from_json,
    messages,
    to_json,
    without_buttons,
)
from conversations.core.summary import CONFIRM, EDIT
from conversations.product import catalogue
from handlers.callback import LIMIT, encode
from handlers.render import destination_arguments, render, shown

POST = 2**63 - 1  # no id is longer
REVISION = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)
LONGEST_POD = "IT001E123456789"
LONGEST_ARGUMENTS = (LONGEST_POD, str(POST), "0123456789ABCDEFG", "it")
"""A POD, an id, a SID, a language: what the product's entry buttons carry."""


def post(prompt: Prompt, revision: int = 0, thread_id: int = 0) -> Post:
    destination = Destination(1, 7, thread_id, "7")
    return Post(
        POST, destination, Rank.REPLY, to_json(prompt, revision), 1, None, PostState.QUEUED, 0, "prova"
    )


@pytest.mark.parametrize("action", sorted(catalogue().actions))
def test_every_entry_button_fits_with_the_longest_argument(action: str) -> None:
    for argument in LONGEST_ARGUMENTS:
        assert len(encode(Entry("x", action, argument), POST, REVISION).encode()) <= LIMIT


def test_every_dialogue_button_fits_with_the_longest_value() -> None:
    edits = [f"{EDIT}{step.name}" for flow in catalogue().flows.values() for step in flow.steps]
    kinds = [kind.value for kind in (*DeviceType, *Configuration)]
    for value in (CONFIRM, *edits, *kinds, LONGEST_POD):
        assert len(encode(Choice("x", value), POST, REVISION).encode()) <= LIMIT


def test_a_post_becomes_a_message_with_its_keyboard() -> None:
    rows = (
        (Choice("Sì", "sì"), Entry("Vedi", "association", "5")),
        (Copy("📋 POD", LONGEST_POD),),
    )

    rendered = render(post(Prompt(Html("<b>Ciao</b>"), rows), revision=3))

    assert rendered.text == "<b>Ciao</b>"
    (yes, see), (copy,) = shown(rendered)["reply_markup"]["inline_keyboard"]
    assert yes["callback_data"].endswith(".d.3.sì")
    assert see["callback_data"].endswith(".e.association.5")
    assert copy == {"text": "📋 POD", "copy_text": {"text": LONGEST_POD}}


def test_a_document_goes_with_its_caption_and_no_buttons_make_no_keyboard() -> None:
    document = Document("digest", "a.scp")

    rendered = render(post(Prompt(Html("Ecco"), (), document)))

    assert rendered.files == (document,)
    assert shown(rendered) == {"caption": "Ecco", "parse_mode": "HTML"}


def test_photos_and_albums_go_with_their_files() -> None:
    photo, album = Photo("one"), Album((Document("one", "a.txt"), Document("two", "b.txt")))

    assert render(post(Prompt(Html("Ecco"), photo=photo))).files == (photo,)
    rendered = render(post(Prompt(Html("Ecco"), album=album)))
    assert (rendered.files, rendered.stands) == (album.files, True)
    assert digests(to_json(Prompt(Html("Ecco"), album=album))) == {"one", "two"}
    assert digests(to_json(Prompt(Html("Ecco"), photo=photo))) == {"one"}


def test_keys_become_a_reply_keyboard_instead_of_buttons() -> None:
    keys = ReplyKeyboard((("Sì", "No"), (ContactKey("Il mio numero"),)))

    assert shown(render(post(Prompt(Html("Ecco"), keyboard=keys))))["reply_markup"]["keyboard"] == [
        [{"text": "Sì"}, {"text": "No"}],
        [{"text": "Il mio numero", "request_contact": True}],
    ]
    gone = render(post(Prompt(Html("Ecco"), keyboard=RemoveKeyboard())))
    assert shown(gone)["reply_markup"] == {"remove_keyboard": True}
    assert gone.stands


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt(Html("Ecco")),
        Prompt(Html("Ecco"), ((Choice("Sì", "sì"),),), Document("one", "a.txt")),
        Prompt(Html("Ecco"), photo=Photo("one")),
        Prompt(Html("Ecco"), album=Album((Photo("one"), Photo("two")))),
        Prompt(Html("Ecco"), keyboard=ReplyKeyboard((("Sì", ContactKey("Numero")),))),
        Prompt(Html("Ecco"), keyboard=RemoveKeyboard()),
    ],
)
def test_a_prompt_is_read_back_as_it_was_stored(prompt: Prompt) -> None:
    assert from_json(to_json(prompt)) == prompt
    assert messages(prompt) == (prompt,)
    bare = from_json(without_buttons(to_json(prompt)))
    assert bare == replace(prompt, rows=())


def test_values_that_telegram_would_refuse_cannot_be_made() -> None:
    photo, document = Photo("one"), Document("one", "a.txt")
    keys = ReplyKeyboard((("Sì",),))
    for files in ((photo,), (photo, document), (photo,) * 11):
        with pytest.raises(ValueError, match=r"album of|do not mix"):
            Album(files)
    with pytest.raises(ValueError, match="has keys"):
        ReplyKeyboard(((),))
    with pytest.raises(ValueError, match="one of them"):
        ReplyKeyboard(((ContactKey("a"), ContactKey("b")),))
    with pytest.raises(ValueError, match="a voice message or an album"):
        Prompt(Html("Ecco"), document=document, photo=photo)
    with pytest.raises(ValueError, match="text of its own"):
        Prompt(Html("Ecco"), ((Choice("Sì", "sì"),),), keyboard=keys)


def test_the_topic_of_a_destination_is_passed_to_telegram() -> None:
    prompt = Prompt(Html("Ciao"))

    assert destination_arguments(post(prompt)) == {"chat_id": 7}
    assert destination_arguments(post(prompt, thread_id=5)) == {"chat_id": 7, "message_thread_id": 5}


def test_a_button_that_would_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="button data of"):
        render(post(Prompt(Html("?"), ((Choice("x", "y" * LIMIT),),)), revision=1))
