"""SCP files in the chat."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.scp.attaching import Attaching, AwaitedFiles, BeginAttaching
from conversations.scp.delivery import GetScp
from conversations.scp.notices import BatchReady, FileReady, FilesAwaited

FEATURE = Feature(
    flows=(Attaching(),),
    actions=(GetScp(), AwaitedFiles(), BeginAttaching()),
    commands=(SlashCommand(AwaitedFiles.name, {"it": "filescp", "en": "scpfiles"}, listed=False),),
    menu=(MenuItem(AwaitedFiles.name, "scp.menu", uploaded=True),),
    notices=(FilesAwaited(), FileReady(), BatchReady()),
)
