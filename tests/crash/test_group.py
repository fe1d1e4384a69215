"""A group becomes a supergroup while the bot dies: questions from it are answered in the supergroup."""

from __future__ import annotations

import random
import shutil
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from backend.core.db.database import Database
from sandbox.client import Screen, UserClient
from sandbox.demo import stage
from sandbox.history import History
from tests.crash import checker
from tests.crash.bot import Death, Order
from tests.crash.processes import ForkServer, supervised
from tests.crash.session import Account, KillPoint, concluded, finished, flawed, noted, odd_ends, play_all
from tests.crash.test_kill import SIDES, every
from tests.fixtures.worlds import Prepared
from tests.support import PATIENCE

HELP = "Che cosa posso fare"
ASKED = 4
COMMITS = 16
"""Commits that every session has at least."""
SEED = 486

_POSTS = (
    "SELECT posts.id, posts.chat_id, posts.lane, posts.message_id, inbox.lane AS asked_in"
    " FROM posts JOIN inbox USING (correlation) ORDER BY inbox.id"
)


async def play(point: KillPoint, server: ForkServer, folder: Path, template: Path) -> Account:
    """Ask for help in a group before, while and after it moves, with a death on the way."""
    shutil.copytree(template, folder)
    began = time.monotonic()
    flaws: list[str] = []
    async with AsyncExitStack() as stack:
        history = History()
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        database = await stack.enter_async_context(Database(f"sqlite:///{folder / 'a486.db'}"))
        phone = UserClient(api.base_url, people[0].id)
        group = api.add_group("Squadra", bot, [people[0]])
        there = await stack.enter_async_context(phone.at(group.id))
        order = Order(bot.token, api.base_url, str(folder), "", str(folder / "killed"))
        async with supervised(server, order, [Death(point.nth, point.when)]) as process:
            await there.type("/aiuto")
            await there.wait_for(lambda screen: _answers(screen) or None, PATIENCE)
            for _ in range(ASKED - 2):
                await there.type("/aiuto")
            new = await there.upgrade()
            moved = await stack.enter_async_context(phone.at(new))
            await moved.type("/aiuto")
            try:
                await finished(database, history)
            except AssertionError as error:
                flaws.append(str(error))
        here = await moved.screen()
        uncertain, errors = noted(folder)
        copies = _answers(here) + _answers(await there.screen()) - ASKED
        if not 0 <= copies <= uncertain + len(checker.lost_sends(history)):
            flaws.append(f"{copies} answers too many, {uncertain} of them explained")
        flaws += await database.long_read(lambda connection: _flaws(connection, new, here, history))
        flaws += errors + odd_ends(process)
    return concluded(folder, point, process, uncertain, began, flaws)


def _answers(screen: Screen) -> int:
    return sum(HELP in message.text for message in screen.from_bot)


def _flaws(connection: Connection, group: int, screen: Screen, history: History) -> list[str]:
    """All violations of the rules: each question has one answer, which belongs to the group as it
    is now; sent answers are there, and questions from the same chat are answered in order.
    """
    found = checker.updates_stored(connection, history)
    posts = connection.execute(text(_POSTS)).all()
    if len(posts) != ASKED:
        found.append(f"{len(posts)} answers to {ASKED} questions")
    shown = {message.message_id for message in screen.from_bot}
    last: dict[str, int] = {}  # by the chat of the question; messages left in the old group came first
    for post in posts:
        message = post.message_id or 0
        if (post.chat_id, post.lane) != (group, str(group)) or (message and message not in shown):
            found.append(f"post {post.id} is not where the group is: {tuple(post)}")
        if message < last.get(post.asked_in, 0):
            found.append(f"post {post.id} is out of order: {tuple(post)}")
        last[post.asked_in] = message
    return found


@pytest.mark.timeout(180)
async def test_a_group_that_moves_while_the_bot_dies_is_answered(prepared: Prepared, tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    points = [KillPoint(nth, side) for nth in chance.sample(range(4, COMMITS), 3) for side in SIDES]
    play_one = partial(play, template=await prepared.template("sqlite"))

    accounts = await play_all([iter(points)], play_one, tmp_path)

    assert flawed(accounts) == ""
    assert [account.point for account in accounts if not account.killed] == []


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_a_group_may_move_while_the_bot_dies_at_any_commit(prepared: Prepared, tmp_path: Path) -> None:
    play_one = partial(play, template=await prepared.template("sqlite"))

    accounts = await play_all([every(side) for side in SIDES], play_one, tmp_path)

    assert flawed(accounts) == ""
    assert len([account for account in accounts if account.killed]) >= 2 * COMMITS
