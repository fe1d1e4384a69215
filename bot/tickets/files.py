"""Files for tickets beside the turns: fetched from Telegram, examined, stored; and what a laptop knows."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from telegram import Bot

from backend.bridges import service as bridges
from backend.bridges.values import CommandKind
from backend.core.blobs import service as blobs
from backend.core.child import ChildFailed, ChildLimits, ChildRefused, run_in_child
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobQueue, Outcome, Run
from backend.core.jobs.values import Job
from backend.core.json_values import to_json
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.tickets.files import MOST_FILES
from backend.tickets.values import FileKind, NewFile
from bot.core import attachments
from conversations.core.replies import Media
from conversations.core.texts import Texts, language_for, texts
from conversations.tickets.diagnostics import report

EXAMINING = JobQueue("examining", concurrency=2)
"""Each takes a child process, and holds a file of Telegram's largest."""
DIAGNOSTICS = JobQueue("diagnostics", concurrency=20, priority=10)
"""Each waits for a laptop, and computes nothing."""
EXAMINE = "backend.tickets.examine:examine"
LIMITS = ChildLimits(seconds=20.0, memory_bytes=1 << 30, output_bytes=64 << 20)
MOST_READ = 2
"""Devices of a laptop that are read for a report."""


class TicketFiles:
    """The jobs that bring files. `ask_bridge` is the job that asks a bridge."""

    def __init__(self, *, database: Database, clock: Clock, bot: Bot, vault: Vault, ask_bridge: Run) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._vault = vault
        self._ask_bridge = ask_bridge

    async def receive(self, job: Job, context: JobContext) -> Outcome:
        """Fetch files, examine and store them: `{"files": […]}`, each a `NewFile` or `{"why", "name"}`."""
        wanted = job.arguments["files"][:MOST_FILES]
        return Outcome({"files": [await self._receive(each) for each in wanted]})

    async def _receive(self, wanted: dict[str, Any]) -> dict[str, Any]:
        name = str(wanted.get("name", ""))[:200]
        try:
            content = await attachments.fetch(self._bot, str(wanted["file_id"]))
        except attachments.FileGone:
            return {"why": "gone", "name": name}
        except attachments.FileTooBig:
            return {"why": "too_big", "name": name}
        is_photo = wanted.get("media") == Media.PHOTO
        try:
            found = await run_in_child(EXAMINE, content, LIMITS, name=name, photo=is_photo)
        except ChildRefused as refused:
            return {"why": refused.key, "name": name}
        except ChildFailed:
            return {"why": "broken", "name": name}
        if "content" in found:
            content = base64.b64decode(found["content"])
        kind, media_type = FileKind(found["kind"]), str(found["media_type"])
        return to_json(await self._store(kind, content, str(found["name"]), media_type))

    async def _store(self, kind: FileKind, content: bytes, name: str, media_type: str) -> NewFile:
        digest = await blobs.store(self._database, content, media_type, self._vault)
        return NewFile(kind, digest, name, len(content), media_type)

    async def diagnose(self, job: Job, context: JobContext) -> Outcome:
        """Ask a laptop what is connected to it and what that says, and store it as a text: as `receive`; or
        `{"why": "away"}` or `"silent"`.
        """
        bridge_id, at = int(job.arguments["bridge_id"]), self._clock.now()
        seen, drops = await self._ask(job, context, bridge_id, CommandKind.IDENTIFY, {})
        if "answer" not in seen:
            return Outcome({"why": str(seen.get("why", "silent"))})
        nids = [each["nid"] for each in seen["answer"]["result"].get("devices", ()) if each.get("nid")]
        readings = {}
        for nid in nids[:MOST_READ]:
            said, more = await self._ask(job, context, bridge_id, CommandKind.READ, {"nid": nid})
            drops += more
            if "answer" in said:
                readings[nid] = said["answer"]
        say, bridge = await self._database.short_read(
            lambda connection: (
                self._say(connection, job),
                bridges.get_any(connection, bridge_id, at),
            )
        )
        text = report(say, bridge, seen["answer"], readings, at)
        name = f"diagnostica-{at:%Y%m%d-%H%M}.txt"
        file = await self._store(FileKind.DOCUMENT, text.encode("utf-8-sig"), name, "text/plain")

        def drop(connection: Connection) -> None:
            for each in drops:
                each(connection)

        return Outcome({"files": [to_json(file)]}, drop)

    async def _ask(
        self, job: Job, context: JobContext, bridge_id: int, kind: CommandKind, argument: dict[str, Any]
    ) -> tuple[dict[str, Any], list[Any]]:
        """What a bridge answers, and what is to be changed with the job's end."""
        arguments = {"bridge_id": bridge_id, "kind": kind.value, "argument": argument}
        outcome = await self._ask_bridge(replace(job, arguments=arguments), context)
        return outcome.result or {}, [] if outcome.change is None else [outcome.change]

    def _say(self, connection: Connection, job: Job) -> Texts:
        chosen = outbox.language_of(connection, self._bot.id, job.destination.chat_id)
        return texts(language_for(chosen, job.language))
