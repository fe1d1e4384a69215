"""One connected bridge: its jobs, its commands, what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from aiohttp import WSCloseCode, web
from sqlalchemy import Connection

from backend.bridges import commands
from backend.bridges import service as bridges
from backend.bridges.values import Bridge, BridgeCommand, CommandKind
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.programming import runs
from backend.programming.evidence import ReportRefused
from backend.programming.runs import NO_JOBS, Leased, Summary
from backend.programming.values import Failure
from device_bridge.wire.answers import checked
from device_bridge.wire.errors import Malformed
from device_bridge.wire.messages import (
    MOST_BYTES,
    Answer,
    Begun,
    Command,
    Done,
    Failed,
    FromBridge,
    JobOrder,
    Jobs,
    Progress,
    Received,
    encode,
)

log = structlog.get_logger(__name__)

RENEWED = timedelta(hours=1)
"""How often the leases of a bridge that stays connected are renewed."""
SEND_SECONDS = 5.0
"""For a bridge to take a message."""
ROOM, ROOM_FOR_ONE = 64 * 1024, 4 * 1024
"""Bytes of a message of jobs beside its envelopes: in all, and for each job."""
CARD = timedelta(seconds=1)
"""How often the card of a job follows its progress."""


class Programming(Protocol):
    """What the gateway needs of the programming jobs beside their rows."""

    async def envelope(self, bridge: Bridge, leased: Leased, at: datetime) -> bytes | None:
        """The SCP file of a job, handed over to the bridge; None where it is not there yet: then it is being
        made.
        """

    async def digest(self, job_id: int, sequence: int) -> bytes | None:
        """The SHA-256 of the content of a job's SCP file with this number, as the server made it."""

    def changed(self, connection: Connection, job_id: int) -> None:
        """A job has changed: its cards follow."""


class BridgeLink:
    """A connection of a bridge that has proved its key."""

    def __init__(
        self,
        name: str,
        socket: web.WebSocketResponse,
        bridge: Bridge,
        database: Database,
        clock: Clock,
        programming: Programming,
        *,
        simulated: bool,
    ) -> None:
        self.name = name
        self.socket = socket
        self.bridge = bridge
        self._database = database
        self._clock = clock
        self._programming = programming
        self._simulated = simulated
        self._summary: Summary = NO_JOBS
        self._offered_at: datetime | None = None
        self._told: dict[int, tuple[str, datetime]] = {}
        self._kinds: dict[int, str] = {}

    async def run(self, receive: Callable[[], Awaitable[FromBridge]]) -> None:
        """Take what the bridge tells, until the connection is over."""
        await self.offer()
        with suppress(ConnectionError):
            while True:
                await self._take(await receive())

    async def end(self) -> None:
        """The bridge may not go on."""
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self.socket.close(code=WSCloseCode.GOING_AWAY)

    def is_offered(self, summary: Summary, at: datetime) -> bool:
        """True if the bridge knows its jobs as this summary has them, and its lease is fresh."""
        return self._offered_at is not None and self._summary == summary and at - self._offered_at < RENEWED

    async def offer(self) -> None:
        """Lease the jobs of this bridge, and tell it."""
        at = self._clock.now()
        leased = await self._database.write(partial(runs.lease, bridge=self.bridge, at=at))
        orders, room = [], MOST_BYTES - ROOM
        for each in leased:
            envelope = await self._programming.envelope(self.bridge, each, at)
            if envelope is not None and each.file is not None and len(envelope) <= room:
                orders.append(_order(each, envelope, each.file.sequence))
                room -= len(envelope) + ROOM_FOR_ONE  # the others come when these are done
        person = self.bridge.person_id
        found = await self._database.short_read(partial(runs.summaries, person_ids=[person]))
        self._summary, self._offered_at = found.get(person, NO_JOBS), at
        await self._send(Jobs(jobs=orders))

    async def order(self, command: BridgeCommand) -> None:
        """Hand a command out."""
        argument = command.argument
        if command.kind is CommandKind.PROGRAM:
            job_id = int(argument["job"])
            taken = await self._database.write(
                partial(runs.take_over, bridge=self.bridge, job_id=job_id, at=self._clock.now())
            )
            if not taken:
                busy = {"result": {}, "reason": "busy", "values": {}}
                await self._database.write(
                    partial(commands.refuse, bridge_id=self.bridge.id, command_id=command.id, said=busy)
                )
                return
            await self.offer()
        self._kinds[command.id] = command.kind.value
        await self._send(
            Command(
                command=command.id,
                kind=command.kind.value,
                nid=str(argument.get("nid", "")),
                job=int(argument.get("job", 0)),
                log=argument.get("log", ""),
            )
        )

    async def _take(self, message: FromBridge) -> None:
        if isinstance(message, Begun | Failed | Done):
            active = await self._database.short_read(partial(bridges.is_active, bridge_id=self.bridge.id))
            if not active:  # it was revoked: nothing that it says counts, and nothing is acknowledged
                await self.end()
                raise ConnectionResetError
        match message:
            case Answer():
                said = self._said(message)
                await self._database.write(
                    partial(commands.answer, bridge_id=self.bridge.id, command_id=message.command, said=said)
                )
            case Begun():
                await self._changing(message.job, partial(self._begun, message=message))
                await self._received(message)
            case Progress():
                await self._progress(message)
            case Failed():
                await self._changing(message.job, partial(self._failed, message=message))
                await self._received(message)
            case Done():
                await self._done(message)
                await self._received(message)
            case _:
                raise Malformed("not now")

    def _said(self, message: Answer) -> dict[str, Any]:
        """An answer as the chat gets it. What makes no sense is a failure."""
        kind = self._kinds.pop(message.command, "")
        if message.reason:
            return {"result": {}, "reason": message.reason, "values": dict(message.values)}
        try:
            return {"result": checked(kind, message.result), "reason": "", "values": {}}
        except Malformed:
            log.warning("bridge.answer_refused", bridge=self.bridge.id, kind=kind)
            return {"result": {}, "reason": "failed", "values": {}}

    async def _changing(self, job_id: int, work: Callable[[Connection], bool]) -> None:
        def change(connection: Connection) -> None:
            if work(connection):
                self._programming.changed(connection, job_id)

        await self._database.write(change)

    def _begun(self, connection: Connection, message: Begun) -> bool:
        return runs.begun(
            connection,
            self.bridge,
            message.job,
            message.attempt,
            _time(message.at),
            self._clock.now(),
        )

    def _failed(self, connection: Connection, message: Failed) -> bool:
        failure = Failure(message.step, message.reason, dict(message.values))
        return runs.failed(
            connection,
            self.bridge,
            message.job,
            message.attempt,
            failure,
            ended_at=_time(message.at),
            at=self._clock.now(),
            told=not message.later,
        )

    async def _progress(self, message: Progress) -> None:
        at = self._clock.now()
        step, told = self._told.get(message.job, ("", None))
        if step == message.step and told is not None and at - told < CARD:
            return
        self._told[message.job] = message.step, at

        def work(connection: Connection) -> bool:
            return runs.progress(
                connection,
                self.bridge,
                message.job,
                message.attempt,
                message.step,
                message.done,
                message.of,
            )

        await self._changing(message.job, work)

    async def _done(self, message: Done) -> None:
        job, attempt = message.job, message.attempt
        try:
            report = runs.read_report(self.bridge, job, attempt, message.report)
            if report.simulated and not self._simulated:
                raise ReportRefused("simulated")
            content = await self._programming.digest(job, report.sequence)

            def done(connection: Connection) -> bool:
                at = self._clock.now()
                return runs.done(connection, self.bridge, job, attempt, message.report, report, content, at)

            await self._changing(job, done)
        except ReportRefused as refused:
            log.warning("bridge.report_refused", bridge=self.bridge.id, job=job, why=str(refused))
            word = "simulated" if str(refused) == "simulated" else "refused"
            failure = Failure("read_back", f"report.{word}", {})
            at = self._clock.now()
            await self._changing(
                job,
                lambda connection: runs.failed(
                    connection, self.bridge, job, attempt, failure, ended_at=at, at=at
                ),
            )

    async def _received(self, message: Begun | Done | Failed) -> None:
        await self._send(Received(what=message.type, job=message.job, attempt=message.attempt))

    async def _send(self, message: Jobs | Command | Received) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.socket.send_bytes(encode(message))
        except TimeoutError:  # it does not read: others must not wait for it
            await self.end()
        except ConnectionError:
            pass


def _order(leased: Leased, envelope: bytes, sequence: int) -> JobOrder:
    job, association = leased.job, leased.job.association
    production = association.production_pod
    return JobOrder(
        job=job.id,
        attempt=job.attempt,
        sid=association.sid,
        nid=association.nid,
        device=association.device_type.value,
        pods=[association.pod.code, *([production.code] if production is not None else [])],
        configuration=association.configuration.value,
        place=job.place,
        note=job.note[:256],
        sequence=sequence,
        last=leased.last,
        envelope=envelope,
        leased_until=int(leased.until.timestamp()),
    )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(seconds, 4_000_000_000), UTC)
