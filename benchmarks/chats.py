"""Messages answered a second and how long an answer takes: the product beside bots that only echo, bots that
do the same work written the usual way, and the least that any bot has to do.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import psutil

from benchmarks.api import FIRST_USER
from benchmarks.crowd import open_conversations
from benchmarks.databases import Place
from benchmarks.figures import Figure, below, beside
from benchmarks.processes import line, process
from benchmarks.product import prepare, settings_for
from benchmarks.rounds import Report, in_turns
from benchmarks.usual import prepare as prepare_usual
from sandbox import showcase

MESSAGES = int(os.environ.get("MESSAGES", "1500"))
USERS = 256
STEADY = 50  # messages a second, from as many people, for the latency of an ordinary busy day
STEADY_SECONDS = 15

CROWDS = (1_000, 1_000_000)
ROOT = Path(__file__).parent.parent
BENCH_PYTHON = str(ROOT / ".venv-bench" / "bin" / "python")
PRODUCT = "look-up"
FLOOR = "floor"
ECHOES = {
    "aiogram echo": (BENCH_PYTHON, "-m", "benchmarks.echo_aiogram"),
    "python-telegram-bot echo": (sys.executable, "-m", "benchmarks.echo"),
}
SAME_WORK = {
    "aiogram, same work": (BENCH_PYTHON, "-m", "benchmarks.usual_aiogram"),
    "python-telegram-bot, same work": (sys.executable, "-m", "benchmarks.usual_ptb"),
}
WITH_DATABASE = SAME_WORK | {
    FLOOR: (sys.executable, "-m", "benchmarks.floor"),
    PRODUCT: (sys.executable, "-m", "benchmarks.product"),
}
ONE, MANY = "one at a time", f"{USERS} at once"
WINDOWS = {ONE: 1, MANY: USERS}
GOAL_SAME_WORK = 4.0  # of the better of these peers, one at a time
GOALS_ECHO = {"SQLite": 1.0, "PostgreSQL": 0.5}  # of aiogram's echo, with everybody at once
GOALS_STEADY_MS = {"p50": 5.0, "p99": 20.0}
GOAL_START_S = 1.0
GOAL_MEMORY_MB = 100.0

Reports = Mapping[tuple[str, str], Report]
"""By the bot's name, and the database's (empty for an echo)."""


def measure(bot: tuple[str, ...], *, window: int, messages: int = MESSAGES, rate: float = 0) -> Report:
    """Let the bot that this command starts (the API's address is added to it) answer so many messages."""
    api = (sys.executable, "-m", "benchmarks.api")
    load = (str(messages), str(window), str(USERS), showcase.pod_number(1), str(rate))
    with process(*api, *load) as server:
        address = f"http://127.0.0.1:{line(server).strip()}"
        with process(*bot, address):
            report: Report = json.loads(line(server))
    return report


def figures(places: Sequence[Place]) -> Iterator[Figure]:
    """The figures of all bots on all databases."""
    for place in places:
        asyncio.run(prepare(place.folder, place.url, USERS))
        asyncio.run(prepare_usual(place.folder, place.url, range(FIRST_USER, FIRST_USER + USERS)))
    for window, size in WINDOWS.items():
        bots = {(name, ""): command for name, command in ECHOES.items()} | {
            (name, place.name): _on(command, place)
            for place in places
            for name, command in WITH_DATABASE.items()
        }
        reports = in_turns({key: partial(measure, bot, window=size) for key, bot in bots.items()})
        for echo in ECHOES:
            yield Figure(f"{echo}, {window}", reports[echo, ""]["per_second"], "updates/s")
        for place in places:
            yield from _compared(reports, window, place.name)
    yield from _steady(places)
    yield from _started(places)
    for place in places:
        yield from _crowded(place)


def _on(command: tuple[str, ...], place: Place) -> tuple[str, ...]:
    return (*command, str(place.folder), place.url)


def _compared(reports: Reports, window: str, database: str) -> Iterator[Figure]:
    """The product on one database beside all others."""

    def per_second(bot: str) -> float:
        return reports[bot, "" if bot in ECHOES else database]["per_second"]

    others = (*SAME_WORK, FLOOR)
    for bot in others:
        yield Figure(f"{bot}, {window}, {database}", per_second(bot), "updates/s")
    name = f"{PRODUCT}, {window}, {database}"
    better = max(SAME_WORK, key=per_second)
    goals = {better: GOAL_SAME_WORK} if window == ONE else {"aiogram echo": GOALS_ECHO[database]}
    for bot in (*ECHOES, *others):
        ratio = per_second(PRODUCT) / per_second(bot)
        yield beside(name, per_second(PRODUCT), "updates/s", bot, ratio, goals.get(bot))
    for quantile in ("p50", "p99"):
        yield Figure(f"{name}: {quantile}", reports[PRODUCT, database][f"{quantile}_ms"], "ms")


def _steady(places: Sequence[Place]) -> Iterator[Figure]:
    """How long an answer takes on an ordinary busy day."""
    messages = min(STEADY * STEADY_SECONDS, MESSAGES)
    product = {place.name: _on(WITH_DATABASE[PRODUCT], place) for place in places}
    reports = in_turns(
        {
            name: partial(measure, bot, window=messages, messages=messages, rate=STEADY)
            for name, bot in product.items()
        }
    )
    for name, report in reports.items():
        for quantile, goal in GOALS_STEADY_MS.items():
            label = f"{PRODUCT}, {STEADY} users/s, {name}: {quantile}"
            yield below(label, report[f"{quantile}_ms"], "ms", goal)


def _started(places: Sequence[Place]) -> Iterator[Figure]:
    """How long the product takes to be ready, and its memory then."""
    reports = in_turns({place.name: partial(_start, _on(WITH_DATABASE[PRODUCT], place)) for place in places})
    for name, report in reports.items():
        yield below(f"start, {name}", report["seconds"], "s", GOAL_START_S)
        yield below(f"memory after start, {name}", report["megabytes"], "MB", GOAL_MEMORY_MB)


def _start(bot: tuple[str, ...]) -> Report:
    with process(sys.executable, "-m", "benchmarks.api", "1", "1", "1", "x", "0") as server:
        address = f"http://127.0.0.1:{line(server).strip()}"
        began = time.perf_counter()
        with process(*bot, address) as running:
            line(running)
            seconds = time.perf_counter() - began
            return {"seconds": seconds, "megabytes": psutil.Process(running.pid).memory_info().rss / 1e6}


def _crowded(place: Place) -> Iterator[Figure]:
    """The cost of a turn among a few stored dialogues, and among very many."""
    target = settings_for(place.folder, place.url).database
    answer = {PRODUCT: partial(measure, _on(WITH_DATABASE[PRODUCT], place), window=USERS)}
    few, many = CROWDS
    asyncio.run(open_conversations(target, 0, few))
    before = in_turns(answer)[PRODUCT]["per_second"]
    asyncio.run(open_conversations(target, few, many))
    after = in_turns(answer)[PRODUCT]["per_second"]
    name = f"{PRODUCT}, {MANY}, {{:,}} open conversations, {place.name}"
    yield Figure(name.format(few), before, "updates/s")
    yield beside(name.format(many), after, "updates/s", f"{few:,} conversations", after / before, 0.9)
