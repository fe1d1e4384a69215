"""The services that any feature can rely on, shown by a feature for tests."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from aiohttp import ClientSession

from backend.core.blobs import service as blobs
from bot import app as application
from bot.core.feature import RunningFeature
from bot.core.roles import ProcessRole
from bot.core.scheduler import Scheduler
from conversations.core.feature import Feature
from conversations.product import FEATURES
from sandbox.client import UserClient
from tests.acceptance import probe
from tests.support import Chat, World, free_port, on_sqlite

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4) + (480).to_bytes(4)


@pytest.fixture
def features() -> Sequence[Feature]:
    return (*FEATURES, probe.FEATURE)


@pytest.fixture
def running() -> Sequence[RunningFeature]:
    return (probe.WITHOUT_CHECKS,)


@pytest.fixture
async def digest(world: World) -> str:
    """A file in the store, and a table for notes."""
    await world.database.write(lambda connection: probe.notes.create(connection))
    return await blobs.store(world.database, b"ciao", "text/plain")


@on_sqlite
async def test_a_rejected_answer_can_still_have_effects(chat: Chat, world: World, digest: str) -> None:
    await chat.says(f"/prova {digest}", "Quale codice?")
    await chat.says("41", "⚠️ Qui serve un messaggio di testo", "Quale codice?")
    await chat.says("43", "⚠️", "Quale codice?")
    assert await probe.notes_of(world.database) == {"wrong": 2}

    await chat.type("42")
    await chat.saw("Va bene il file?")
    assert await probe.notes_of(world.database) == {"wrong": 2, "right": 1}


async def test_effects_ordered_before_a_rejection_are_carried_out(
    chat: Chat, world: World, digest: str
) -> None:
    await chat.says(f"/prova {digest}", "Quale codice?")
    await chat.says("7", "⚠️ Qui serve un messaggio di testo", "Quale codice?")
    assert await probe.notes_of(world.database) == {"asked": 1, "not 7": 1}


@on_sqlite
async def test_a_question_can_show_a_file_and_the_next_one_comes_below_it(
    chat: Chat, world: World, digest: str
) -> None:
    asked = await chat.says(f"/prova {digest}", "Quale codice?")
    await chat.type("42")
    shown, data = await chat.document("Va bene il file?", after=asked.message_id)
    assert data == b"ciao"
    assert any("Annulla" in label for label in shown.labels)

    await chat.press("Va bene", on=shown)
    last = await chat.sees("Lo faccio?", button="Fallo")
    assert last.message_id > shown.message_id
    await world.settled()
    assert not (await chat.message(shown.message_id)).buttons


@on_sqlite
async def test_questions_can_ask_for_the_contact_and_show_pictures(chat: Chat, world: World) -> None:
    digest = await blobs.store(world.database, PNG, "image/png")

    asked = await chat.says(f"/chi {digest}", "Quale numero?", button="Annulla")
    await chat.saw("Con i tasti qui sotto.")
    screen = await chat.screen()
    assert screen.reply_keyboard is not None
    assert screen.reply_keyboard["reply"] == [
        [{"text": "Non lo so"}],
        [{"text": "Il mio numero", "request_contact": True}],
    ]
    await chat.says("boh", "⚠️", "Quale numero?", button="Annulla")

    world.people[0].phone = "+39333000001"
    await chat.phone.share_contact()
    question = await chat.sees("Vanno bene?", button="Sì")
    pictures = [message for message in (await chat.screen()).from_bot if message.kind == "photo"]
    assert len(pictures) == 2
    assert asked.message_id < pictures[0].message_id < question.message_id
    assert (await chat.screen()).reply_keyboard is None

    await chat.press("Sì")
    shown = await chat.sees("È +39", button="Annulla")
    await chat.saw("I tasti non servono più.")
    assert shown.kind == "photo"
    await chat.press("Annulla")
    await chat.sees("Annullato")
    await world.settled()
    assert not (await chat.message(shown.message_id)).buttons


@on_sqlite
async def test_a_results_effects_join_the_turn_and_its_follow_up_starts_by_itself(
    chat: Chat, world: World, digest: str
) -> None:
    await chat.says(f"/prova {digest}", "Quale codice?")
    await chat.type("42")
    await chat.press("Va bene")
    await chat.press("Fallo")
    await chat.saw("Fatto 1 volte")
    await chat.sees("Detto: e poi questo")
    assert await probe.notes_of(world.database) == {"right": 1, "done": 1, "after 1": 1, "said": 1}


@on_sqlite
async def test_a_gate_guards_its_own_actions_and_no_others(chat: Chat, world: World, digest: str) -> None:
    await chat.says("/di ciao", "Detto: ciao")
    await chat.says("/di segreto", "Prima la parola d’ordine")
    assert await probe.notes_of(world.database) == {"said": 1}


@on_sqlite
async def test_a_feature_recognises_its_files_at_any_moment(chat: Chat, world: World, digest: str) -> None:
    await chat.phone.send_file(b"a;b", name="piano.rete", caption="ecco")
    await chat.sees("Tabella piano.rete ecco")

    await chat.says(f"/prova {digest}", "Quale codice?")
    await chat.phone.send_file(b"a;b", name="piano.rete")
    await chat.saw("Tabella piano.rete")
    await chat.sees("Quale codice?", button="Annulla")
    await chat.phone.send_file(b"a;b", name="piano.bin")
    await chat.sees("⚠️", "Quale codice?")


async def test_a_feature_can_have_its_own_jobs_and_report_their_progress(
    chat: Chat, world: World, digest: str
) -> None:
    await chat.says("/conta", "Contato fino a 3")
    await chat.saw("Lo dico anche qui.")
    notes = await probe.notes_of(world.database)
    assert (notes["counted"], notes["told"]) == (1, 1)


async def test_a_feature_can_have_its_own_due_checks_and_pages(world: World, digest: str) -> None:
    assert world.app is not None
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{world.app.http.port}/probe") as page:
        assert (page.status, await page.text()) == (200, "ciao")
    assert world.clock is not None
    scheduler = Scheduler(world.database, world.clock, probe.RUNNING.due_checks)
    await scheduler.look()
    await scheduler.look()
    assert (await probe.notes_of(world.database))["looked"] == 1


async def test_a_feature_can_listen_to_a_group_and_other_talk_stays_unanswered(
    world: World, digest: str
) -> None:
    group = world.api.add_group("Squadra", world.bot, [world.people[0]])
    async with Chat(UserClient(world.api.base_url, world.people[0].id, chat=group.id)) as there:
        await there.type("ciao a tutti")
        said = await there.type("attenti al gradino")
        await there.sees("Sentito: attenti al gradino")
        await there.phone.edit(said.message_id, "attenti al cane")
        await there.sees("Sentito: attenti al cane")
        await world.settled()
        assert len((await there.screen()).from_bot) == 2
    assert await probe.notes_of(world.database) == {"heard": 2}


@on_sqlite
@pytest.mark.parametrize("kind", ["document", "photo"])
async def test_a_file_keeps_its_buttons_after_a_press(
    chat: Chat, world: World, digest: str, kind: str
) -> None:
    if kind == "photo":
        digest = await blobs.store(world.database, PNG, "image/png")
    await chat.type(f"/mostra {kind} {digest}")
    shown = await chat.saw("Ecco.")
    await chat.press("Lingua", on=shown)
    await chat.sees("In quale lingua")
    await world.settled()
    assert (await chat.message(shown.message_id)).labels == ("Lingua",)


@on_sqlite
async def test_a_process_serves_only_the_routes_of_its_roles(world: World) -> None:
    settings = world.settings.model_copy(update={"listen_port": free_port()})
    async with application.running(settings, world.ports, {ProcessRole.SEALER}) as app:
        assert app.http.port_of("health") == app.http.port
        with pytest.raises(KeyError):
            app.http.port_of("probe")


@on_sqlite
async def test_a_card_keeps_its_text_when_its_dialogue_begins_in_a_new_message(
    chat: Chat, world: World, digest: str
) -> None:
    shown = await chat.says(f"/mostra text {digest}", "Ecco.", button="Chi")
    await chat.press("Chi", on=shown)
    await chat.sees("Quale numero?")
    await world.settled()
    card = await chat.message(shown.message_id)
    assert (card.text, card.labels) == ("Ecco.", ())
