"""The command line: `a486`."""

from bot.cli.main import main

__all__ = ["main"]
