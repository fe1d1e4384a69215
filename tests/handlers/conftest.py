"""A bot that was introduced to a Bot API, so that it knows its own name."""

from tests.bot.conftest import api, bot

__all__ = ["api", "bot"]  # fixtures: found by their names
