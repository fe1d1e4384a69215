"""Messages answered a second and how long an answer takes: the product beside two bots that only echo."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.crowd import open_conversations
from benchmarks.figures import Figure, below, beside
from benchmarks.processes import line, process
from benchmarks.product import settings_for
from sandbox import showcase

MESSAGES = 1500
USERS = 256
STEADY = 50  # messages a second, from as many people, for the latency of an ordinary busy day

CROWDS = (1_000, 1_000_000)
HERE = Path(__file__).parent
AIOGRAM_PYTHON = HERE.parent / ".venv-aiogram" / "bin" / "python"
AIOGRAM = (str(AIOGRAM_PYTHON), str(HERE / "echo_aiogram.py"))
PTB = (sys.executable, "-m", "benchmarks.echo")
WINDOWS = {"one at a time": 1, f"{USERS} at once": USERS}

Report = dict[str, float]


def measure(bot: tuple[str, ...], *, window: int, messages: int = MESSAGES, rate: float = 0) -> Report:
    """Let the bot that this command starts (the API's address is added to it) answer so many messages."""
    api = (sys.executable, "-m", "benchmarks.api")
    load = (str(messages), str(window), str(USERS), showcase.pod_number(1), str(rate))
    with process(*api, *load) as server:
        address = f"http://127.0.0.1:{line(server).strip()}"
        with process(*bot, address):
            report: Report = json.loads(line(server))
    return report


def peers() -> Iterator[tuple[str, str, Report]]:
    """Each peer's name, the window's name, and its report."""
    for name, bot in (("aiogram echo", AIOGRAM), ("python-telegram-bot echo", PTB)):
        for window, size in WINDOWS.items():
            yield name, window, measure(bot, window=size)


def product(database: str, folder: Path, url: str, echoes: dict[tuple[str, str], Report]) -> Iterator[Figure]:
    """The product's figures on one database."""
    bot = (sys.executable, "-m", "benchmarks.product", str(folder), url)
    for window, size in WINDOWS.items():
        report = measure(bot, window=size)
        name = f"look-up, {window}, {database}"
        for peer, goal in (("aiogram echo", 1.0), ("python-telegram-bot echo", 2.0)):
            ratio = report["per_second"] / echoes[peer, window]["per_second"]
            yield beside(name, report["per_second"], "updates/s", peer, ratio, goal)
        yield Figure(f"{name}: p50", report["p50_ms"], "ms")
        yield Figure(f"{name}: p99", report["p99_ms"], "ms")
    steady = measure(bot, window=MESSAGES, messages=STEADY * 15, rate=STEADY)
    yield Figure(f"look-up, {STEADY} users/s, {database}: p50", steady["p50_ms"], "ms")
    yield Figure(f"look-up, {STEADY} users/s, {database}: p99", steady["p99_ms"], "ms")
    seconds, megabytes = _start(bot)
    yield below(f"start, {database}", seconds, "s", 1.5)
    yield below(f"memory after start, {database}", megabytes, "MB", 120)


def crowded(database: str, folder: Path, url: str) -> Iterator[Figure]:
    """The cost of a turn among a few stored dialogues, and among very many."""
    bot = (sys.executable, "-m", "benchmarks.product", str(folder), url)
    target = settings_for(folder, url).database
    few, many = CROWDS
    asyncio.run(open_conversations(target, 0, few))
    before = measure(bot, window=USERS)
    asyncio.run(open_conversations(target, few, many))
    after = measure(bot, window=USERS)
    ratio = after["per_second"] / before["per_second"]
    name = f"look-up, {USERS} at once, {{:,}} open conversations, {database}"
    yield Figure(name.format(few), before["per_second"], "updates/s")
    yield beside(name.format(many), after["per_second"], "updates/s", f"{few:,} conversations", ratio, 0.9)


def _start(bot: tuple[str, ...]) -> tuple[float, float]:
    """Seconds until the product is ready, and its resident memory (MB) then."""
    with process(sys.executable, "-m", "benchmarks.api", "1", "1", "1", "x", "0") as server:
        address = f"http://127.0.0.1:{line(server).strip()}"
        began = time.perf_counter()
        with process(*bot, address) as running:
            line(running)
            return time.perf_counter() - began, psutil.Process(running.pid).memory_info().rss / 1e6
