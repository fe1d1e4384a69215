"""Turns worked in the transaction that stores their updates, through the chat and as the database sees them;
and everything that leaves a turn to the worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import pytest
from sqlalchemy import Connection, func, select, text, update

from backend.core.db.database import Database
from backend.core.leases.models import leases
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Post, PostState
from bot import app as application
from bot.core import intake
from bot.core.roles import ProcessRole
from bot.core.sending.sender import Sender
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Show, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.feature import Feature, SlashCommand
from conversations.core.prompts import Html, Prompt, to_json
from conversations.product import FEATURES
from sandbox import showcase
from sandbox.faults import Fault, FaultKind
from tests.acceptance.probe import note, notes, notes_of
from tests.core.bot.rig import AT, HERE, Rig, texts
from tests.scripted_api import BOT_ID, Refuse, Wait
from tests.statements import at_the_door
from tests.support import Chat, World

POD, ANOTHER = showcase.pod_number(402), showcase.pod_number(405)
LEFT = "turn.left_to_worker"
AWAY = Destination(BOT_ID, 8, 0, "8")


def fail_once_written(connection: Connection) -> None:
    """Write something, then fail: at the first try or at each of them, as the table of notes says."""
    note(connection, "written")
    fail(connection)


def fail(connection: Connection) -> None:
    """Fail as long as trouble is noted."""
    if connection.scalar(select(notes.c.number).where(notes.c.name == "trouble")):
        raise RuntimeError("trouble")


def misread(connection: Connection) -> int:
    """A read that the database refuses as long as trouble is noted."""
    if connection.scalar(select(notes.c.number).where(notes.c.name == "trouble")):
        connection.execute(text("SELECT number / name FROM nowhere"))
    return 1


class Trouble(Action):
    """Say something, after trouble of the kind that the argument names."""

    name = "trouble"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        said = Prompt(Html(f"Detto: {argument}"))
        match argument.split()[0]:
            case "raises":
                await context.short_read(fail)
            case "misreads":
                await context.short_read(misread)
            case "looks":
                await context.services.database.long_read(lambda connection: None)
            case "writes":
                return Do(order(fail_once_written), lambda _: [said])
            case _:
                return Show((said,), effects=(order(note, argument),))
        return show(said)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def features() -> Sequence[Feature]:
    command = SlashCommand("trouble", {"it": "guaio", "en": "trouble"}, listed=False, told=False)
    return (*FEATURES, Feature(actions=(Trouble(),), commands=(command,)))


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PAUSE_SECONDS", 0.05)


@pytest.fixture
async def people(world: World, declared: Chat, colleague: Chat) -> tuple[Chat, Chat]:
    """Two people whose updates are worked at once by now."""
    await world.database.write(notes.create)
    return declared, colleague


@asynccontextmanager
async def one_poll(world: World, person: Chat) -> AsyncIterator[None]:
    """Whatever people do inside the block comes with one poll."""
    world.api.faults.switch([Fault(FaultKind.UNREACHED, "getUpdates")])
    before = len(world.events("poll.interrupted"))
    await person.says("/aiuto", "Che cosa posso fare")  # ends the poll under way
    async with asyncio.timeout(20):
        while len(world.events("poll.interrupted")) == before:
            await world.database.signals.wait("nothing", 0.02)
    yield
    world.api.faults.switch([])


async def with_trouble(database: Database) -> None:
    await database.write(lambda connection: note(connection, "trouble"))


async def without_trouble(database: Database) -> None:
    await database.write(lambda connection: connection.execute(notes.delete()))


def workers(world: World, lane: int) -> list[str]:
    """Who has worked the turns of a lane, one by one."""
    return [event["role"] for event in world.events("turn.committed") if event["lane"] == str(lane)]


@contextmanager
def transactions(database: Database) -> Iterator[list[list[str]]]:
    """The transactions that were committed inside the block, with their statements."""
    dialect = database.engines.writer.dialect
    before = dialect.do_executemany, dialect.do_execute
    found: list[list[str]] = []
    under_way: list[str] = []

    def heard(statement: str) -> None:
        if statement.startswith("BEGIN"):
            under_way.clear()
        elif statement == "COMMIT":
            found.append(list(under_way))
        else:
            under_way.append(statement)

    at_the_door(dialect, lambda statement: None, heard)
    yield found
    dialect.do_executemany, dialect.do_execute = before  # type: ignore[method-assign]


def about(transaction: list[str], *tables: str) -> list[str]:
    """What the transaction did to these tables, shortly: the first word of each statement."""
    return [each.split(" ", 1)[0] for each in transaction if any(table in each for table in tables)]


async def test_a_look_up_takes_two_commits(world: World, people: tuple[Chat, Chat]) -> None:
    await people[0].says(POD, "Fornitura ammissibile")  # closes what was on the screen
    await people[0].says(ANOTHER, "Fornitura ammissibile")
    await world.settled()
    with transactions(world.database) as committed:
        await people[0].says(POD, "Fornitura ammissibile")  # the audit knows it by now
        await world.settled()

    about_it = [each for each in committed if about(each, "inbox", "posts", "lanes")]
    assert len(about_it) == 2
    assert about(about_it[0], "INTO inbox", "INTO posts", "UPDATE posts", "INTO audit_entries") == [
        "INSERT",  # the update
        "INSERT",  # the audit's entry
        "INSERT",  # the answer
        "UPDATE",  # its sending begins
    ]
    assert about(about_it[1], "inbox", "lanes") == []
    assert about(about_it[1], "UPDATE posts") == ["UPDATE"]  # it is shown


async def test_what_comes_first_after_a_start_is_worked_by_a_worker(
    world: World, people: tuple[Chat, Chat]
) -> None:
    await world.stop()
    await people[0].type("/stato")
    await world.start()
    await people[0].sees("Impianti Demo")
    await people[0].says("/aiuto", "Che cosa posso fare")

    assert workers(world, people[0].phone.user_id)[-2:] == ["worker", "poller"]


@pytest.mark.parametrize("how", ["raises", "writes", "misreads", "looks"])
async def test_a_turn_that_cannot_be_worked_at_once_is_left_to_the_worker_alone(
    world: World, people: tuple[Chat, Chat], how: str
) -> None:
    world.allowed_errors.add("turn.failed")
    one, two = people
    await with_trouble(world.database)
    async with one_poll(world, two):
        await one.type(f"/guaio {how}")
        await one.type("/guaio dopo")
        await two.type("/guaio intanto")
    await two.sees("Detto: intanto")
    assert workers(world, two.phone.user_id)[-1] == "poller"

    await without_trouble(world.database)
    await one.sees("Detto: dopo")
    await one.saw(f"Detto: {how}")
    assert workers(world, one.phone.user_id)[-2:] == ["worker", "worker"]
    said = [shown.text for shown in (await one.screen()).from_bot if shown.text.startswith("Detto")]
    assert said == [f"Detto: {how}", "Detto: dopo"]
    noted = await notes_of(world.database)
    assert noted.get("written", 0) == (1 if how == "writes" else 0)
    assert bool(world.events(LEFT)) == (how != "looks")  # to wait is no failure


async def test_a_turn_that_fails_after_it_has_written_undoes_its_own_writing_only(
    world: World, people: tuple[Chat, Chat]
) -> None:
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered"}
    one, two = people
    await with_trouble(world.database)
    async with one_poll(world, two):
        await two.type("/guaio prima")
        await one.type("/guaio writes")
        await two.type("/guaio seconda")
    await two.sees("Detto: seconda")
    await one.sees("Qualcosa è andato storto")

    assert await notes_of(world.database) == {"trouble": 1, "prima": 1, "seconda": 1}
    assert workers(world, two.phone.user_id)[-2:] == ["poller", "poller"]


async def test_the_updates_of_one_poll_share_a_commit(world: World, people: tuple[Chat, Chat]) -> None:
    one, two = people
    with transactions(world.database) as committed:
        async with one_poll(world, two):
            committed.clear()
            for word in ("uno", "due"):
                await one.type(f"/guaio {word}")
                await two.type(f"/guaio {word}")
        await one.sees("Detto: due")
        await two.sees("Detto: due")

    assert len([each for each in committed if about(each, "INSERT INTO inbox")]) == 1
    assert workers(world, one.phone.user_id)[-2:] == ["poller", "poller"]


async def test_an_album_and_what_follows_it_is_left_to_the_worker(
    world: World, people: tuple[Chat, Chat]
) -> None:
    one, two = people
    before = len(workers(world, one.phone.user_id))
    async with one_poll(world, two):
        await one.phone.send_album([("a.txt", b"uno"), ("b.txt", b"due")])
        await one.type("/guaio dopo")
    await one.sees("Detto: dopo")

    assert workers(world, one.phone.user_id)[before:] == ["worker", "worker"]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_where_another_process_sends_it_is_woken_for_the_answer(
    world: World, people: tuple[Chat, Chat]
) -> None:
    await world.stop()
    sender = await world.start([ProcessRole.SENDER])
    async with application.running(
        world.settings, world.ports, [role for role in ProcessRole if role is not ProcessRole.SENDER]
    ):
        await people[0].says("/stato", "Impianti Demo")
        await people[0].says(POD, "Fornitura ammissibile")
    assert workers(world, people[0].phone.user_id)[-1] == "poller"
    assert sender.roles


# ── the first send in the same transaction ────────────────────────────────────────────────────────


async def sending(rig: Rig) -> Sender:
    """A sender that has taken over."""
    await rig.stop()
    sender = rig.sender()
    rig.start(sender)
    await rig.reaches(await rig.enqueue("Prima", AWAY), PostState.SENT)
    return sender


def enqueued(connection: Connection, words: str, destination: Destination = HERE) -> int:
    content = to_json(Prompt(Html(words)))
    return outbox.enqueue(connection, destination, content, correlation="prova", at=AT)


async def begun(rig: Rig, sender: Sender, words: str = "Ciao") -> list[Post]:
    """Enqueue a post and begin its first send in one transaction."""
    with sender.beginning() as beginning:
        return await rig.database.write(
            lambda connection: sender.begin_in(
                connection, {enqueued(connection, words): HERE.chat_id}, beginning
            ),
            then=lambda posts: sender.start(posts, beginning),
        )


async def test_a_first_send_begins_with_the_transaction_that_enqueues_it(rig: Rig) -> None:
    sender = await sending(rig)
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))

    (post,) = await begun(rig, sender)
    assert (await rig.row(post.id)).state == PostState.SENDING
    answer.set()

    await rig.reaches(post.id, PostState.SENT)
    assert texts(rig.api.sent("sendMessage"))[1:] == ["Ciao"]


async def test_calls_to_one_chat_follow_each_other(rig: Rig) -> None:
    sender = await sending(rig)
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))

    assert [post.content["text"] for post in await begun(rig, sender, "Uno")] == ["Uno"]
    assert await begun(rig, sender, "Due") == []
    answer.set()

    await rig.until(
        lambda connection: (
            connection.scalar(select(func.count()).where(posts.c.state == PostState.SENT)) == 3
        ),
        "all sent",
    )
    assert texts(rig.api.sent("sendMessage"))[1:] == ["Uno", "Due"]


async def test_nothing_leaves_before_what_waits_in_its_lane(rig: Rig) -> None:
    sender = await sending(rig)
    rig.api.will("sendMessage", Refuse(502, "Bad Gateway"), Refuse(502, "Bad Gateway"))
    first = await rig.enqueue("Uno")
    await rig.reaches(first, PostState.UNCERTAIN)

    def let_all_go(connection: Connection) -> int:
        """Two copies of the first were pressed, say: each let another one go."""
        second = enqueued(connection, "Due")
        connection.execute(update(posts).where(posts.c.lane == HERE.lane).values(behind=False))
        return second

    with sender.beginning() as beginning:
        assert (
            await rig.database.write(
                lambda connection: sender.begin_in(
                    connection, {let_all_go(connection): HERE.chat_id}, beginning
                )
            )
            == []
        )


@pytest.mark.parametrize("why", ["another leads", "nobody sends", "the chat must wait", "it stops meanwhile"])
async def test_no_first_send_begins_in_vain(rig: Rig, why: str) -> None:
    sender = await sending(rig)
    if why == "another leads":
        await rig.database.write(
            lambda connection: connection.execute(update(leases).values(token="another"))
        )
    elif why == "nobody sends":
        await rig.stop()
    elif why == "the chat must wait":
        rig.api.will("sendMessage", Refuse(429, "Too Many Requests", {"retry_after": 30}))
        await rig.enqueue("Uno")
        flooded = select(posts.c.id).where(posts.c.error == deliveries.FLOOD)
        await rig.until(lambda connection: connection.scalar(flooded), "a flood wait")
    if why == "it stops meanwhile":
        with sender.beginning() as beginning:
            left = await rig.database.write(
                lambda connection: sender.begin_in(
                    connection, {enqueued(connection, "Ciao"): HERE.chat_id}, beginning
                )
            )
            await rig.stop()
            sender.start(left, beginning)
    else:
        assert await begun(rig, sender) == []
    assert texts(rig.api.sent("sendMessage"))[1:] == (["Uno"] if why == "the chat must wait" else [])


async def test_posts_of_a_transaction_that_may_be_on_disk_are_put_back(rig: Rig) -> None:
    sender = await sending(rig)
    with sender.beginning() as beginning:
        (post,) = await rig.database.write(
            lambda connection: sender.begin_in(
                connection, {enqueued(connection, "Ciao"): HERE.chat_id}, beginning
            )
        )
        await sender.not_begun(beginning)

    await rig.reaches(post.id, PostState.SENT)
    assert texts(rig.api.sent("sendMessage"))[1:] == ["Ciao"]
