"""The notice that a laptop wants to be paired."""

from __future__ import annotations

from typing import Any

from backend.bridges import service as bridges
from backend.bridges.values import BridgeState
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt
from device_bridge.wire.pairing import grouped


class BridgeAsked(NoticeKind):
    """A laptop gave the technician's code: is it theirs? It matters for ten minutes."""

    name = bridges.ASKED_NOTICE
    permission = Permission.PROGRAM
    urgent = True

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        number = int(notice.argument["bridge_id"])
        found = bridges.get_any(connection, number)
        if found is None or found.state is not BridgeState.ASKED:
            return None
        said = say(
            "bridges.asked",
            host=found.host,
            platform=found.platform,
            fingerprint=grouped(found.fingerprint),
        )
        rows = (
            (Entry(say("bridges.button.yes"), "bridge_decide", f"{number}_yes"),),
            (Entry(say("bridges.button.no"), "bridge_decide", f"{number}_no"),),
        )
        return Prompt(said, rows)
