"""Turns worked in the transaction that stores their updates, through the chat and as the database sees them;
and everything that leaves a turn to the worker.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import asyncpg
import pytest
from sqlalchemy import Connection, select, text

from backend.core.db.database import Database
from backend.core.outbox.values import Destination
from bot import app as application
from bot.core import intake
from bot.core.roles import ProcessRole
from bot.core.sending import sender as sending
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Show, show
from conversations.core.context import TurnContext
from conversations.core.effects import GoOn, order
from conversations.core.feature import Feature, SlashCommand
from conversations.core.prompts import Html, Prompt
from conversations.product import FEATURES
from sandbox import showcase
from sandbox.faults import Fault, FaultKind
from tests.acceptance.probe import note, notes, notes_of
from tests.core.bot.rig import enqueued
from tests.statements import at_the_door
from tests.support import Chat, World, on_sqlite

POD, ANOTHER = showcase.pod_number(402), showcase.pod_number(405)
LEFT = "turn.left_to_worker"


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
            case "goes":
                return Show((said,), effects=(GoOn(Trouble.name, "poi"),))
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
    changes = "INTO inbox|INTO audit_entries|INTO posts|UPDATE posts SET state"
    assert re.findall(changes, " ".join(about_it[0])) == [
        "INTO inbox",  # the update
        "INTO audit_entries",
        "INTO posts",  # the answer
        "UPDATE posts SET state",  # its sending begins
    ]
    if not world.database.is_sqlite:
        # Its lane, itself with the first reads, three reads, what it writes, its beginning: the statement
        # about the leases may be the lane's, too.
        assert len(about_it[0]) in (7, 8)
    assert about(about_it[1], "inbox", "lanes") == []
    assert re.findall("UPDATE posts SET [a-z]+", " ".join(about_it[1])) == ["UPDATE posts SET shown"]


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


async def test_a_turn_that_goes_on_does_so_after_what_has_come_by_then(
    world: World, people: tuple[Chat, Chat]
) -> None:
    one, two = people
    async with one_poll(world, two):
        await one.type("/guaio goes")
        await one.type("/guaio dopo")
    await one.sees("Detto: poi")

    said = [shown.text for shown in (await one.screen()).from_bot if shown.text.startswith("Detto")]
    assert said == ["Detto: goes", "Detto: dopo", "Detto: poi"]


@contextmanager
def commit_fails(database: Database, of: str, meanwhile: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The first COMMIT of a transaction with such a statement is carried out, and the disk says that it is
    not.
    """
    dialect = database.engines.writer.dialect
    before = dialect.do_executemany, dialect.do_execute
    under_way, struck = list[str](), list[str]()

    def after(statement: str) -> None:
        if statement.startswith("BEGIN"):
            under_way.clear()
        under_way.append(statement)
        if statement == "COMMIT" and not struck and any(of in each for each in under_way):
            struck.append(statement)
            meanwhile()
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR, "SQLITE_IOERR"
            raise error

    at_the_door(dialect, lambda statement: None, after)
    yield
    dialect.do_executemany, dialect.do_execute = before  # type: ignore[method-assign]
    assert struck


@on_sqlite
async def test_an_answer_begun_by_a_commit_without_an_answer_is_sent_once(
    world: World, people: tuple[Chat, Chat]
) -> None:
    world.allowed_errors.add("database.unavailable")
    with commit_fails(world.database, "INTO posts"):
        await people[0].says("/guaio detto", "Detto: detto")

    await people[0].says("/stato", "Impianti Demo")
    said = [shown.text for shown in (await people[0].screen()).from_bot if shown.text.startswith("Detto")]
    assert said == ["Detto: detto"]
    assert await notes_of(world.database) == {"detto": 1}


@on_sqlite
async def test_so_is_one_whose_transaction_was_made_again_with_care(
    world: World, people: tuple[Chat, Chat]
) -> None:
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered", "database.unavailable"}
    one, two = people
    await with_trouble(world.database)
    with commit_fails(world.database, "SAVEPOINT turn"):
        async with one_poll(world, two):
            await one.type("/guaio writes")
            await two.type("/guaio intanto")
        await two.sees("Detto: intanto")

    await one.sees("Qualcosa è andato storto")
    assert await notes_of(world.database) == {"trouble": 1, "intanto": 1}


@on_sqlite
async def test_a_poller_that_stops_meanwhile_leaves_no_chat_waiting(
    world: World, people: tuple[Chat, Chat]
) -> None:
    world.allowed_errors.add("database.unavailable")
    loop = asyncio.get_running_loop()
    (poller,) = [task for task in asyncio.all_tasks() if task.get_name() == "role-poller"]

    def stop() -> None:
        stopped = threading.Event()
        loop.call_soon_threadsafe(poller.cancel)
        loop.call_soon_threadsafe(stopped.set)
        stopped.wait()

    with commit_fails(world.database, "INTO posts", stop):
        await people[0].type("/guaio detto")
        await people[0].sees("Detto: detto")

    user = people[0].phone.user_id
    there = Destination(world.bot.id, user, 0, str(user))
    await world.database.write(lambda connection: enqueued(connection, "Ancora", there))
    await people[0].sees("Ancora")


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_who_waits_for_a_lock_keeps_nobody_else_waiting(
    world: World, people: tuple[Chat, Chat]
) -> None:
    one, two = people
    await with_trouble(world.database)
    await without_trouble(world.database)
    await world.database.write(lambda connection: note(connection, "caldo"))
    async with Database(world.database.url) as another:
        url = another.url.set(drivername="postgresql").render_as_string(hide_password=False)
    holder = await asyncpg.connect(url)
    async with holder.transaction():
        await holder.execute("UPDATE probe_notes SET number = number")
        async with one_poll(world, two):
            await one.type("/guaio caldo")
            await two.type("/guaio looks")
            await two.type("/stato")
        await two.sees("Impianti Demo")
    await holder.close()

    await one.sees("Detto: caldo")
    texts_of_two = [shown.text for shown in (await two.screen()).from_bot]
    assert not any("non riesco a registrare" in each for each in texts_of_two)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_where_another_process_sends_it_is_woken_for_the_answer(
    world: World, people: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "IDLE_SECONDS", 3600.0)
    await world.stop()
    sender = await world.start([ProcessRole.SENDER])
    async with application.running(
        world.settings, world.ports, [role for role in ProcessRole if role is not ProcessRole.SENDER]
    ):
        await people[0].says("/stato", "Impianti Demo")
        await people[0].says(POD, "Fornitura ammissibile")
    assert workers(world, people[0].phone.user_id)[-1] == "poller"
    assert sender.roles
