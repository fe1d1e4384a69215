"""`run`: the laptop waits for what the chat asks, until Ctrl+C."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import Any

from device_bridge.agent import Agent, Heard
from device_bridge.cli.common import (
    STOPS,
    JsonLinesOption,
    LoaderOption,
    PortsOption,
    minutes_apart,
    sentences,
    show,
    words,
)
from device_bridge.cli.display import display, together
from device_bridge.home import Home
from device_bridge.link import about
from device_bridge.loaders.registry import loader_named
from device_bridge.log import logging_to
from device_bridge.work import SerialPorts


def run(port: PortsOption = None, loader: LoaderOption = "", as_json: JsonLinesOption = False) -> None:
    """Keep the link to the service, and do what the chat asks. Ends with Ctrl+C."""
    with sentences():
        home = Home.usual()
        name = loader or home.pairing().loader
        make_loader = loader_named(name)
        with (
            home.at_work(),
            logging_to(home.logs, "run", expected=STOPS, program=about().program, loader=name) as log,
            display(as_json=as_json, first=words()("event.connecting")) as shown,
        ):
            heard = watching_the_clock(together(log.heard, shown.heard))
            agent = Agent(home, SerialPorts(*(port or ())), make_loader, heard=heard)
            with suppress(KeyboardInterrupt):
                asyncio.run(_until_stopped(agent))
        if not as_json:
            show(words()("run.ended"))


async def _until_stopped(agent: Agent) -> None:
    """Run, until Ctrl+C or whoever manages the machine's services ends it."""
    running = asyncio.create_task(agent.run())
    with suppress(NotImplementedError):  # Windows has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


def watching_the_clock(heard: Heard) -> Heard:
    """One that also says when the laptop's clock differs too much from the server's."""

    def watched(event: str, values: dict[str, Any]) -> None:
        heard(event, values)
        minutes = minutes_apart(values["clock"]) if event == "online" else 0
        if minutes:
            heard("clock_differs", {"minutes": minutes})

    return watched
