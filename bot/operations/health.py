"""`a486 health`: whether the bot on this machine is well, for a container's health check."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Annotated

import typer

from bot.core.cli import console, fail, store_settings
from bot.core.http import HEALTH
from bot.core.settings import Settings

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a server listens is not where one asks
NOBODY_BETWEEN = urllib.request.ProxyHandler({})  # proxies are for calls that leave the machine


def health(
    seconds: Annotated[float, typer.Option(help="How long to wait for the answer.", min=0.1)] = 3.0,
) -> None:
    """Ask the running bot for its health. Exits with status 1 if it is unhealthy."""
    settings = store_settings()
    if not settings.listen_port:
        fail("A486_LISTEN_PORT is 0: the bot's port is not known")
    url = health_url(settings)
    try:
        with urllib.request.build_opener(NOBODY_BETWEEN).open(url, timeout=seconds) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            fail(f"{url} answers {error.code}: {_plain(error.read())}")
    except OSError as error:
        fail(f"{url} does not answer: {getattr(error, 'reason', error)}")
    console.print(_plain(said))


def health_url(settings: Settings) -> str:
    """The local address at which the bot of these settings answers."""
    host = ANYWHERE.get(settings.listen_host, settings.listen_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.listen_port}{HEALTH}"


def _plain(body: bytes) -> str:
    """The answer's facts in one line: `database: ok`."""
    try:
        facts = json.loads(body)
    except ValueError:
        return "an answer that is none of ours"
    return ", ".join(f"{name}: {value}" for name, value in facts.items()) if isinstance(facts, dict) else ""
