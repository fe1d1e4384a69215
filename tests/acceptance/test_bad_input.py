"""Bad input: the answer helps, nothing is done twice, and the log holds no error (the world checks)."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from backend.core.audit.values import AuditAction
from backend.identity import service as identity
from backend.identity.permissions import Role
from sandbox.client import RefusedError, Shown, UserClient
from tests.acceptance.walks import (
    MOME,
    OURS,
    PLAIN,
    PROSUMER,
    associate,
    begin,
    data_of,
    to_summary,
)
from tests.support import Chat, World, on_sqlite

NOT_UNDERSTOOD = "Qui non trovo né un POD né il codice di un dispositivo"
RIGHT_TO_LEFT = "\u202b\u200f"
NONSENSE = {
    "a word": "boh",
    "emoji": "👩‍👩‍👧‍👦🇮🇹🫠" * 40,
    "markup": "<b>grassetto</b> & <script>alert(1)</script> </code>",
    "an entity": "&lt;b&gt; &#0; &unknown;",
    "right to left": f"{RIGHT_TO_LEFT}مرحبا שלום",
    "zero width": "\u200b\u200d\u2060x",
    "SQL": "'; DROP TABLE associations; --",
    "braces": "{ $pod } %s {0} ${HOME}",
    "one letter 4,096 times": "x" * 4096,
    "digits": "0" * 4000,
    "PODs without end": "IT001E " * 580,
    "many lines": "\n".join(["a"] * 2000),
    "combining marks": "a" + "\u0301" * 3000,
    "a link": "https://example.org/IT",
}


@on_sqlite
async def test_nonsense_is_answered_with_a_hint(declared: Chat) -> None:
    for text in NONSENSE.values():
        await declared.says(text, NOT_UNDERSTOOD, button="Cerca un POD")


@on_sqlite
async def test_nonsense_in_a_dialogue_asks_again(declared: Chat) -> None:
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    for text in NONSENSE.values():
        await declared.says(text, "⚠️", "Scrivi il SID o il NID")


@on_sqlite
async def test_five_thousand_characters_arrive_as_two_messages_and_both_are_answered(
    world: World, declared: Chat
) -> None:
    text = "parola " * 715
    assert len(text) > 5000
    first = await declared.phone.type(text[:4096])
    await declared.says(text[4096:], NOT_UNDERSTOOD)
    await world.settled()
    answers = [m for m in (await declared.screen()).from_bot if m.message_id > first.message_id]
    assert len(answers) == 2


@on_sqlite
async def test_a_pod_is_found_whatever_marks_surround_it(declared: Chat) -> None:
    await declared.says(f"{RIGHT_TO_LEFT}\u2067{PLAIN}\u2069\u200e", "Fornitura ammissibile", PLAIN)
    await declared.says(f"<b>{PLAIN}</b> &amp; <code>", "Fornitura ammissibile", PLAIN)


@on_sqlite
async def test_markup_in_displayed_values_stays_text(world: World) -> None:
    name, company = "<b>Rossa</b> & <i>", "Bianchi & <code>Figli</code> &amp; Co."
    phone = await UserClient.create(world.api.base_url, name, language_code="it")

    def let_in(connection: Connection) -> None:
        at = datetime.now(UTC)
        identity.add_integrator(connection, code="11111110018", business_name=company, at=at)
        identity.add_member(
            connection,
            telegram_user_id=phone.user_id,
            display_name=name,
            integrator_code="11111110018",
            role=Role.CONFIGURATOR,
            enabled=True,
            at=at,
        )

    await world.database.write(let_in)
    async with Chat(phone) as chat:
        await chat.says("/start", f"Lavori per {company}")
        await chat.says("/stato", f"{name} · {company}")
        await chat.says(PLAIN, f"per conto di {company} dichiari")


@on_sqlite
async def test_a_forwarded_pod_is_looked_up_and_a_forwarded_command_is_no_command(declared: Chat) -> None:
    await declared.phone.type(PLAIN, forwarded_from="Cliente")
    await declared.sees("Fornitura ammissibile", PLAIN)
    await declared.phone.type("/annulla", forwarded_from="Cliente")
    await declared.sees(NOT_UNDERSTOOD)


@on_sqlite
async def test_an_edited_message_is_not_read_again_and_the_user_is_told(world: World, declared: Chat) -> None:
    mine = await declared.type("IT001E486")
    await declared.sees(NOT_UNDERSTOOD)
    await declared.phone.edit(mine.message_id, PLAIN)
    await declared.sees("Non rileggo i messaggi modificati")
    assert await world.audit(AuditAction.POD_LOOKED_UP) == []


def png() -> bytes:
    """The smallest picture there is."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


@on_sqlite
async def test_other_kinds_of_message_are_answered_in_and_out_of_a_dialogue(
    world: World, declared: Chat
) -> None:
    phone = declared.phone

    def photo() -> Awaitable[Shown]:
        return phone.send_file(png(), name="foto.png", kind="photo", caption="il contatore")

    others: list[Callable[[], Awaitable[Shown]]] = [
        phone.send_sticker,
        lambda: phone.share_contact("+39 333 0000000"),
    ]
    files: list[Callable[[], Awaitable[Shown]]] = [
        photo,
        phone.send_voice,
        lambda: phone.send_file(b"%PDF-1.7", name="bolletta.pdf"),
    ]

    async def send_all(*answer: str, more: Sequence[Callable[[], Awaitable[Shown]]] = ()) -> None:
        for send in (*more, *others):
            mine = await send()
            shown = await declared.phone.wait_for(
                lambda screen, mine=mine: next(  # type: ignore[misc]  # the message of this round
                    (m for m in screen.from_bot if m.message_id > mine.message_id), None
                )
            )
            assert all(text in shown.text for text in answer), shown.text
            await world.settled()

    await send_all("Leggo testo e tabelle")
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await send_all("Qui serve un messaggio di testo", "Scrivi il SID", more=files[1:])
    await photo()
    await declared.sees("Nella foto non leggo nessun codice", "Scrivi il SID")


@on_sqlite
async def test_an_album_gets_one_answer(world: World, declared: Chat) -> None:
    sent = await declared.phone.send_album(
        [("a.pdf", b"%PDF-1.7 a"), ("b.pdf", b"%PDF-1.7 b"), ("c.pdf", b"%PDF-1.7 c")], caption="tre"
    )
    await declared.sees("questi 3 file")
    await world.settled()
    answers = [m for m in (await declared.screen()).from_bot if m.message_id > sent[-1].message_id]
    assert len(answers) == 1


GARBLED = [
    "x",
    "....",
    "1.d.zzzzzzzzzzzzzzzz.yes",
    "-1.e.home.",
    "1.q.2.3",
    "1.e..",
    "é.e.home.",
    "1.e.no_such_thing.1",
]


@on_sqlite
async def test_garbled_button_data_is_answered_with_a_way_to_go_on(world: World, declared: Chat) -> None:
    for data in [*GARBLED, "1.e.pod." + "9" * 5000, "1.d.1." + "x" * 5000, "9" * 5000]:
        shown = await declared.says("/start", "Incolla un POD")
        world.forge(data, message_id=shown.message_id)
        await world.settled()
        last = (await declared.screen()).from_bot[-1]
        assert last.buttons, (data, last)
    assert await world.audit(AuditAction.POD_LOOKED_UP) == []


FORGED = ["", "0", "-1", "1e3", "٣", "9" * 19, "1 OR 1=1", "<b>", "IT001E", "null", "99999999"]


@on_sqlite
async def test_forged_arguments_change_nothing(world: World, declared: Chat) -> None:
    shown = await declared.says("/start", "Incolla un POD")
    post = data_of(shown, "Aiuto").split(".")[0]
    for argument in FORGED:
        for action in (
            "association",
            "scp",
            "change",
            "delete",
            "associate",
            "pod",
            "did_you_mean",
            "speak",
            "confirmed",
        ):
            world.forge(f"{post}.e.{action}.{argument}", message_id=shown.message_id)
    await world.settled()
    assert await world.dialogue() is None
    assert (
        await world.audit(
            AuditAction.POD_LOOKED_UP, AuditAction.ASSOCIATION_DELETED, AuditAction.SCP_DELIVERED
        )
        == []
    )
    await declared.says(PLAIN, "Fornitura ammissibile")


@on_sqlite
async def test_a_press_naming_a_post_of_another_chat_changes_nothing_there(
    world: World, declared: Chat, rival: Chat
) -> None:
    summary = await to_summary(declared)
    await world.settled()
    before = await declared.screen()
    confirm, home = data_of(summary, "Conferma"), await rival.says("/start", "Paste a POD")
    post = confirm.split(".")[0]
    for data in (
        confirm,
        data_of(summary, "Annulla"),
        f"{post}.e.home.",
        f"{post}.e.help.",
        f"{post}.e.stop_waiting.",
    ):
        world.forge(data, person=2, message_id=home.message_id)
        await world.settled()

    after = await declared.screen()
    assert [(m.message_id, m.html, m.labels) for m in after.messages] == [
        (m.message_id, m.html, m.labels) for m in before.messages
    ]
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN) == []
    await declared.press("Conferma", on=summary)
    await declared.saw("Associazione creata")


@on_sqlite
async def test_a_press_by_another_group_member_leaves_ones_own_dialogue_alone(
    world: World, declared: Chat
) -> None:
    summary = await to_summary(declared)
    group = world.api.add_group("Cantiere", world.bot, [world.people[0], world.people[1]])
    async with Chat(UserClient(world.api.base_url, world.people[1].id, chat=group.id)) as colleague:
        shown = await colleague.says("/start", "Scrivimi in privato")
        message = group.messages[shown.message_id]
        world.api.world.press(message, world.people[1], data_of(summary, "Conferma"))
        await world.settled()
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN) == []
    assert await world.dialogue() is not None
    await declared.press("Conferma", on=summary)
    await declared.saw("Associazione creata")


@on_sqlite
async def test_buttons_of_an_ended_dialogue_do_nothing_and_say_so(world: World, declared: Chat) -> None:
    first = await begin(declared)
    old = data_of(first, "MOME")
    await declared.type("/annulla")
    await declared.sees("Annullato")
    await world.settled()
    await declared.phone.press(data=old, message_id=first.message_id, stale=True)
    await world.settled()
    assert await world.dialogue() is None
    assert not any("Associo" in m.text and m.buttons for m in (await declared.screen()).from_bot)


async def test_two_presses_at_once_act_once(world: World, declared: Chat) -> None:
    summary = await to_summary(declared)
    confirm = data_of(summary, "Conferma")
    press = declared.phone.press
    await asyncio.gather(*(press(data=confirm, message_id=summary.message_id, stale=True) for _ in range(5)))
    await declared.saw("Associazione creata")
    await declared.document("File SCP", PLAIN)
    await world.settled()

    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    assert len(await world.audit(AuditAction.SCP_READY, pod=PLAIN)) == 1
    assert len(await world.audit(AuditAction.SCP_DELIVERED, pod=PLAIN)) == 1
    shown = await declared.screen()
    assert sum("Associazione creata" in m.text for m in shown.from_bot) == 1
    assert sum(m.kind == "document" for m in shown.from_bot) == 1


async def test_one_device_for_two_supplies_at_once_is_associated_once(
    world: World, declared: Chat, colleague: Chat
) -> None:
    mine = await to_summary(declared)
    theirs = await to_summary(colleague, PROSUMER)
    await asyncio.gather(declared.press("Conferma", on=mine), colleague.press("Conferma", on=theirs))
    await world.settled()
    made = await world.audit(AuditAction.ASSOCIATION_CREATED)
    assert len([entry for entry in made if entry.point in (PLAIN, PROSUMER)]) == 1
    said = [m.text for chat in (declared, colleague) for m in (await chat.screen()).from_bot]
    assert sum("Associazione creata" in text for text in said) == 1
    assert sum("Nel frattempo il dispositivo è stato associato" in text for text in said) == 1


async def test_one_supply_confirmed_twice_at_once_is_associated_once(
    world: World, declared: Chat, colleague: Chat
) -> None:
    mine = await to_summary(declared)
    theirs = await to_summary(colleague, codes=MOME[:-1] + "3")
    await asyncio.gather(declared.press("Conferma", on=mine), colleague.press("Conferma", on=theirs))
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    said = [m.text for chat in (declared, colleague) for m in (await chat.screen()).from_bot]
    assert sum("Associazione creata" in text for text in said) == 1
    assert sum("Nel frattempo la fornitura è stata associata" in text for text in said) == 1


@on_sqlite
async def test_a_pod_pasted_twice_at_once_gets_two_look_ups_and_two_answers(
    world: World, declared: Chat
) -> None:
    await asyncio.gather(declared.type(PLAIN), declared.type(PLAIN))
    await world.settled()
    assert len(await world.audit(AuditAction.POD_LOOKED_UP, pod=PLAIN)) == 2
    answers = [m for m in (await declared.screen()).from_bot if "Fornitura ammissibile" in m.text]
    assert len(answers) == 2


@on_sqlite
async def test_a_user_who_blocks_and_comes_back_goes_on(world: World, declared: Chat) -> None:
    await associate(declared)
    await declared.phone.block()
    await world.settled()
    with pytest.raises(RefusedError):
        await declared.type("/start")
    await declared.phone.block(False)
    await declared.says(OURS, "Fornitura già associata")
