"""The gateway: bridges connect to it, prove their key, get jobs and commands, and tell what came of them."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.bridges import commands, service
from backend.bridges.values import Bridge, BridgeState, PairingError
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError
from backend.identity import service as identity
from backend.programming import runs
from bot.bridges.link import BridgeLink, Programming
from device_bridge.wire.errors import Malformed
from device_bridge.wire.messages import (
    BRIDGE_PROOF,
    MOST_BYTES,
    SERVER_PROOF,
    VERSION,
    Challenge,
    FromBridge,
    FromGateway,
    Hello,
    Pair,
    Prove,
    Refused,
    Waiting,
    Welcome,
    encode,
    from_bridge,
)
from device_bridge.wire.pairing import PairingCode
from device_bridge.wire.signing import SigningKeys

log = structlog.get_logger(__name__)

GREETING_SECONDS = 10.0
"""For a bridge to say who it is."""
HEARTBEAT_SECONDS = 20.0
LOOK_SECONDS = 1.0
"""How often revocations and commands are looked for where no signal says so."""
SEEN = timedelta(seconds=15)
"""How often the bridges that are connected are noted as seen."""
MOST_GREETINGS = 500
"""Connections at a time that have not said who they are."""
MOST_PAIRINGS = 10
"""Codes that one address may give in a minute."""


@dataclass
class Pairings:
    """Codes given by address in the present minute."""

    minute: int = 0
    given: Counter[str] = field(default_factory=Counter)

    def too_many(self, address: str, at: datetime) -> bool:
        """Count one more. True where it is too many."""
        minute = int(at.timestamp()) // 60
        if minute != self.minute:
            self.minute, self.given = minute, Counter()
        self.given[address] += 1
        return self.given[address] > MOST_PAIRINGS


class BridgeTurnedAway(Exception):
    """A bridge is not let in. `reason` is that of the protocol."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gateway:
    """Serves bridges. `simulated`: it takes what simulated devices say."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        signing: SigningKeys,
        announcements: Callable[[], list[bytes]],
        programming: Programming,
        *,
        simulated: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._signing = signing
        self._announcements = announcements
        self._programming = programming
        self._simulated = simulated
        self._links: dict[str, BridgeLink] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._closing = False
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._greetings = 0
        self._pairings = Pairings()

    @property
    def connected(self) -> int:
        """How many bridges are connected here."""
        return len(self._links)

    async def close(self) -> None:
        """End every connection, of laptops that have not got in yet too, and take no more."""
        self._closing = True
        for watch in self._watches.values():
            watch.cancel()
        await asyncio.gather(*self._watches.values(), return_exceptions=True)
        await asyncio.gather(*(_close(socket, WSCloseCode.GOING_AWAY) for socket in self._sockets))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection."""
        if self._closing or self._greetings >= MOST_GREETINGS:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=MOST_BYTES, heartbeat=HEARTBEAT_SECONDS, compress=False)
        self._sockets.add(socket)
        try:
            await socket.prepare(request)
            link = await self._greet(socket, request.remote or "")
            await self._serve(link)
        except BridgeTurnedAway as away:
            await _refuse(socket, away.reason)
        except (Malformed, TimeoutError, ConnectionError) as error:
            log.info("bridge.dropped", error=type(error).__name__)
            await _close(socket, WSCloseCode.PROTOCOL_ERROR)
        except DatabaseError as error:
            log.warning("bridge.put_off", error=type(error).__name__)
            await _close(socket, WSCloseCode.TRY_AGAIN_LATER)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _greet(self, socket: web.WebSocketResponse, address: str) -> BridgeLink:
        """The link of a connection whose bridge has proved its key. Raises BridgeTurnedAway."""
        self._greetings += 1
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                hello = await _receive(socket)
                if not isinstance(hello, Hello):
                    raise Malformed("not a greeting")
                if hello.version != VERSION:
                    raise BridgeTurnedAway("version")
                nonce = secrets.token_bytes(32)
                challenge = Challenge(
                    version=VERSION,
                    nonce=nonce,
                    public_key=self._signing.public_key.public_bytes_raw(),
                    announcements=self._announcements(),
                    signature=self._signing.sign(SERVER_PROOF + hello.nonce + nonce),
                )
                await socket.send_bytes(encode(challenge))
                proof = await _receive(socket)
        finally:
            self._greetings -= 1
        signed = BRIDGE_PROOF + nonce + hello.nonce
        match proof:
            case Pair():
                return await self._pair(socket, proof, signed, address)
            case Prove():
                return await self._known(socket, proof, signed)
            case _:
                raise Malformed("not a proof")

    async def _known(self, socket: web.WebSocketResponse, proof: Prove, signed: bytes) -> BridgeLink:
        at = self._clock.now()
        bridge = await self._database.short_read(partial(service.by_key, key_id=proof.key_id, at=at))
        if bridge is None or not _verifies(bridge.public_key, proof.signature, signed):
            raise BridgeTurnedAway("unknown")
        if bridge.state is not BridgeState.ACTIVE:
            raise BridgeTurnedAway("revoked")
        return await self._admit(socket, bridge, proof)

    async def _pair(
        self, socket: web.WebSocketResponse, proof: Pair, signed: bytes, address: str
    ) -> BridgeLink:
        at = self._clock.now()
        if self._pairings.too_many(address, at):
            raise BridgeTurnedAway("busy")
        if not _verifies(proof.public_key, proof.signature, signed):
            raise BridgeTurnedAway("unknown")
        asked = await self._database.write(
            partial(
                service.ask,
                code=PairingCode(proof.name, proof.proof, ""),
                public_key=proof.public_key,
                host=proof.about.host,
                platform=proof.about.platform,
                program=proof.about.program,
                at=at,
            )
        )
        if isinstance(asked, PairingError):
            log.info("bridge.not_paired", why=asked.value)
            raise BridgeTurnedAway(asked.value)
        await socket.send_bytes(encode(Waiting()))
        bridge = await self._decided(socket, asked)
        if bridge is None or bridge.state is not BridgeState.ACTIVE:
            raise BridgeTurnedAway("declined")
        return await self._admit(socket, bridge, proof)

    async def _decided(self, socket: web.WebSocketResponse, asked: Bridge) -> Bridge | None:
        """The bridge, when its technician has decided, or the time is over, or the laptop has gone."""
        gone = asyncio.create_task(socket.receive())
        try:
            while not gone.done():
                now = self._clock.now()
                bridge = await self._database.short_read(partial(service.get_any, bridge_id=asked.id, at=now))
                if bridge is None or bridge.state is not BridgeState.ASKED:
                    return bridge
                if asked.asked_at + service.VALID < now:
                    return None
                await self._database.signals.wait(service.SIGNAL, LOOK_SECONDS)
            return None
        finally:
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone

    async def _admit(self, socket: web.WebSocketResponse, bridge: Bridge, proof: Pair | Prove) -> BridgeLink:
        if socket.closed:
            raise ConnectionResetError
        name = secrets.token_hex(16)
        said, at = proof.about, self._clock.now()
        link = BridgeLink(
            name, socket, bridge, self._database, self._clock, self._programming, simulated=self._simulated
        )
        admitted = await self._database.write(
            partial(
                service.connect,
                bridge_id=bridge.id,
                link=name,
                host=said.host,
                platform=said.platform,
                program=said.program,
                at=at,
            )
        )
        if not admitted:
            raise BridgeTurnedAway("not_permitted")
        return link

    async def _serve(self, link: BridgeLink) -> None:
        self._links[link.name] = link
        try:
            self._keep_watching("bridges", self._watching)
            self._keep_watching("bridge-commands", self._handing_out)
            await self._welcome(link)
            await link.run(lambda: _receive(link.socket))
        finally:
            self._links.pop(link.name, None)
            with suppress(DatabaseError):
                await self._database.write(
                    partial(
                        service.disconnect, bridge_id=link.bridge.id, link=link.name, at=self._clock.now()
                    )
                )
            log.info("bridge.disconnected", bridge=link.bridge.id)

    async def _welcome(self, link: BridgeLink) -> None:
        person_id = link.bridge.person_id
        names = await self._database.short_read(partial(identity.names_of, person_ids=[person_id]))
        welcome = Welcome(
            bridge=link.bridge.id,
            person=names.get(person_id, ""),
            now=int(datetime.now(UTC).timestamp()),
            simulated=self._simulated,
        )
        await link.socket.send_bytes(encode(welcome))
        log.info("bridge.connected", bridge=link.bridge.id)

    def _keep_watching(self, name: str, watch: Callable[[], Coroutine[Any, Any, None]]) -> None:
        running = self._watches.get(name)
        if running is None or running.done():
            self._watches[name] = asyncio.create_task(watch(), name=name)

    async def _watching(self) -> None:
        """Cut what may not go on, and offer jobs anew, while anybody is connected."""
        seen_at: datetime | None = None
        while self._links:
            at = self._clock.now()
            try:
                if seen_at is None or at - seen_at >= SEEN:
                    await self._look(note=True)
                    seen_at = at
                else:
                    await self._look(note=False)
            except DatabaseError as error:
                log.warning("bridges.put_off", error=type(error).__name__)
            await self._database.signals.wait(service.SIGNAL, LOOK_SECONDS)

    async def _handing_out(self) -> None:
        """Hand commands out, while anybody is connected. Apart from the rest: that looks at every bridge and
        at every technician, and somebody waits for a command.
        """
        while self._links:
            try:
                await self._hand_out()
            except DatabaseError as error:
                log.warning("bridges.put_off", error=type(error).__name__)
            await self._database.signals.wait(commands.SIGNAL, LOOK_SECONDS)

    async def _look(self, *, note: bool) -> None:
        names, at = list(self._links), self._clock.now()
        if note:
            may = await self._database.write(partial(service.note_seen, links=names, at=at))
        else:
            may = await self._database.short_read(partial(service.still_linked, links=names))
        for name in names:
            if name not in may and (link := self._links.get(name)) is not None:
                await link.end()
        links = list(self._links.values())
        people = {link.bridge.person_id for link in links}
        summaries = await self._database.short_read(partial(runs.summaries, person_ids=people))
        for link in links:
            if not link.is_offered(summaries.get(link.bridge.person_id, runs.NO_JOBS), at):
                await _alone(link.offer(), link)

    async def _hand_out(self) -> None:
        by_bridge = {link.bridge.id: link for link in self._links.values()}
        waiting = await self._database.short_read(partial(commands.waiting_for, bridge_ids=list(by_bridge)))
        if waiting:
            for command in await self._database.write(partial(commands.take, bridge_ids=waiting)):
                link = by_bridge[command.bridge_id]
                await _alone(link.order(command), link)


async def _alone(work: Coroutine[Any, Any, None], link: BridgeLink) -> None:
    """Do something for one bridge. What goes wrong with it is not the others' trouble."""
    try:
        await work
    except DatabaseError:
        raise
    except Exception as error:
        log.warning("bridge.failed", bridge=link.bridge.id, error=type(error).__name__)
        await link.end()


async def _receive(socket: web.WebSocketResponse) -> FromBridge:
    """The next message. Raises Malformed, or ConnectionError where the connection is over."""
    message = await socket.receive()
    if message.type is WSMsgType.BINARY:
        return from_bridge(message.data)
    if message.type is WSMsgType.TEXT:
        raise Malformed("text")
    raise ConnectionResetError


async def _refuse(socket: web.WebSocketResponse, reason: str) -> None:
    """Say no, and end."""
    message: FromGateway = Refused.model_validate({"reason": reason})
    with suppress(ConnectionError):
        await socket.send_bytes(encode(message))
    await _close(socket, WSCloseCode.POLICY_VIOLATION)


async def _close(socket: web.WebSocketResponse, code: WSCloseCode) -> None:
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(1.0):
            await socket.close(code=code)


def _verifies(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
