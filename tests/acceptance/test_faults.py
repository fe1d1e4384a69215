"""Faults of users and networks: they leave and come back, chats change under the bot, calls and updates go
wrong on the way.
"""

from __future__ import annotations

from backend.core.audit.values import AuditAction
from sandbox.faults import Fault, FaultKind
from sandbox.state import Chat as Group
from tests.acceptance.walks import MOME, PLAIN, associate
from tests.support import Chat, World, free_port, on_sqlite


def group_of(world: World, *, is_forum: bool = False) -> Group:
    return world.api.add_group("Squadra", world.bot, [world.people[0]], is_forum=is_forum)


async def test_a_user_who_blocked_the_bot_and_comes_back_is_answered_again(world: World, chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await world.stop()
    await chat.type("/aiuto")
    await chat.phone.block()
    await world.start()
    await world.settled()
    assert "Che cosa posso fare" not in " ".join(shown.text for shown in (await chat.screen()).from_bot)

    await chat.phone.block(False)
    await chat.says("/aiuto", "Che cosa posso fare")


@on_sqlite
async def test_a_card_changed_during_a_block_is_updated_at_the_next_press(
    world: World, declared: Chat
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.press("Associa un dispositivo")
    await declared.sees("Che dispositivo è?", button="MOME")
    await world.stop()
    await declared.press("MOME")
    await declared.phone.block()
    await world.start()
    await world.settled()
    await world.stop()  # else their return alone might update the card before they press
    await declared.phone.block(False)

    await declared.press("MOME")
    await world.start()
    await declared.sees("Scrivi il SID")


@on_sqlite
async def test_an_answer_follows_a_group_that_became_a_supergroup(world: World, chat: Chat) -> None:
    group = group_of(world)
    async with chat.phone.at(group.id) as there:
        await world.stop()
        await there.type("/aiuto")
        new = await there.upgrade()
    await world.start()

    async with chat.phone.at(new) as there:
        await there.wait_for(lambda screen: screen.from_bot, 20)


async def test_an_answer_to_a_deleted_topic_delays_no_other_chat(world: World, chat: Chat) -> None:
    forum = group_of(world, is_forum=True)
    async with chat.phone.at(forum.id) as there:
        topic = world.api.world.open_topic(forum, world.people[0], "Cantiere", 0x6FB9F0, None)
        async with chat.phone.at(forum.id, topic.thread_id) as inside:
            await world.stop()
            await inside.type("/aiuto")
        await there.delete_topic(topic.thread_id)
    await world.start()
    await world.settled()

    assert [entry["why"] for entry in world.events("post.place_gone")] == ["Message thread not found"]
    await chat.says("/aiuto", "Che cosa posso fare")


@on_sqlite
async def test_a_file_that_telegram_forgot_is_uploaded_again(world: World, declared: Chat) -> None:
    card, first, data = await associate(declared, PLAIN, device="MOME", codes=MOME)
    await declared.phone.switch_faults(Fault(FaultKind.FILE_GONE))

    await declared.press("File SCP", on=card)
    _, again = await declared.document("File SCP", after=first.message_id)

    assert again == data
    assert (await declared.phone.faults())["happened"] == {"file-gone sendDocument": 1}


@on_sqlite
async def test_a_press_that_is_too_old_to_be_answered_still_counts(world: World, declared: Chat) -> None:
    await declared.phone.switch_faults(Fault(FaultKind.EXPIRED))

    await associate(declared, PLAIN, device="MOME", codes=MOME)

    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1


async def test_updates_repeated_and_out_of_order_by_webhook_do_nothing_twice(
    world: World, declared: Chat
) -> None:
    await world.stop()
    port = free_port()
    world.settings = world.settings.model_copy(
        update={
            "listen_port": port,
            "webhook_url": f"http://127.0.0.1:{port}",
            "webhook_secret": type(world.settings.bot_token)("il-segreto"),
        }
    )
    await world.start()
    await declared.phone.switch_faults(
        Fault(FaultKind.ANEW, "callback_query"),
        Fault(FaultKind.TWICE),
        Fault(FaultKind.SWAPPED, "message", seconds=0.05),
        Fault(FaultKind.LOST, "sendMessage", times=1),
        Fault(FaultKind.SERVER_ERROR, "editMessageText", times=2),
    )

    await associate(declared, PLAIN, device="MOME", codes=MOME)
    await world.settled()

    happened = (await declared.phone.faults())["happened"]
    assert {"anew callback_query", "twice message", "lost sendMessage"} <= set(happened)
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    assert len(await world.audit(AuditAction.SCP_DELIVERED, pod=PLAIN)) == 1


@on_sqlite
async def test_calls_under_way_come_to_their_end_when_the_bot_stops_in_good_order(
    world: World, declared: Chat
) -> None:
    await world.settled()
    await declared.phone.switch_faults(Fault(FaultKind.SLOW, "sendMessage", times=1, seconds=0.5))
    await declared.says("/stato", "Dichiarazione")  # it is on the phone, and its answer is not here yet
    await world.stop()
    await world.start()
    await world.settled()
    shown = [
        message.text for message in (await declared.screen()).from_bot if "Impianti Demo" in message.text
    ]
    assert len([text for text in shown if text.startswith("Stato")]) == 1
