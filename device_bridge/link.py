"""The laptop's way to the gateway: an outgoing WebSocket over which each side proves its key."""

from __future__ import annotations

import asyncio
import platform
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException

from device_bridge.home import Pairing
from device_bridge.wire.address import address
from device_bridge.wire.errors import Malformed, WireError
from device_bridge.wire.messages import (
    BRIDGE_PROOF,
    MOST_BYTES,
    SERVER_PROOF,
    VERSION,
    About,
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
    from_gateway,
)
from device_bridge.wire.pairing import PairingCode, fingerprint_of
from device_bridge.wire.signing import SigningKeys, TrustedKeys, key_id_of

CONNECT_SECONDS = 15.0
CONFIRM_SECONDS = 660.0
"""The technician has ten minutes to confirm; the server ends it."""


NO_LINK = ("certificate", "name", "silent", "stranger", "lost", "unreachable")
"""Why there is no link, as words that have a sentence."""


class NoLink(Exception):
    """The gateway cannot be reached, or the connection is over. The argument says what happened."""

    @property
    def word(self) -> str:
        """What happened, as one of NO_LINK."""
        match self.__cause__:
            case ssl.SSLError():
                return "certificate"
            case socket.gaierror():
                return "name"
            case TimeoutError():
                return "silent"
            case InvalidHandshake() | InvalidURI() | Malformed():
                return "stranger"
            case OSError():
                return "unreachable"
            case _:
                return "lost"


class NotOurServer(Exception):
    """Who answers is not the server that the code, or the pairing, names."""


class TurnedAway(Exception):
    """The gateway refuses this laptop. `reason` is that of the protocol."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Link:
    """A connection on which both sides are known. Every method raises NoLink."""

    def __init__(self, socket: ClientConnection, welcome: Welcome, keys: list[bytes]) -> None:
        self._socket = socket
        self.welcome = welcome
        self.keys = keys
        """The server's keys that were not known before."""

    async def send(self, message: FromBridge) -> None:
        """Send a message."""
        await _send(self._socket, message)

    async def receive(self) -> FromGateway:
        """The next message."""
        return await _receive(self._socket)


def about(host: str = "") -> About:
    """What a bridge says of its laptop. `host` stands in for the machine's name."""
    return About(
        host=(host or socket.gethostname())[:64],
        platform=f"{platform.system()} {platform.release()}"[:64],
        program=metadata.version("a486")[:64],
    )


@asynccontextmanager
async def opened(
    pairing: Pairing, key: SigningKeys, *, host: str = "", context: ssl.SSLContext | None = None
) -> AsyncIterator[Link]:
    """A connection to the gateway that the laptop is paired with. Raises NoLink, NotOurServer, TurnedAway."""
    async with _greeted(pairing.gateway, context) as (connection, nonce, challenge):
        new = _trusted(challenge, nonce, pairing.trusted)
        signature = key.sign(BRIDGE_PROOF + challenge.nonce + nonce)
        await _send(connection, Prove(key_id=key.key_id, signature=signature, about=about(host)))
        yield Link(connection, await _welcome(connection), new)


async def greet(pairing: Pairing, *, context: ssl.SSLContext | None = None) -> None:
    """See that the gateway can be reached and is the right one, without saying who this laptop is: a bridge
    that runs keeps its connection. Raises NoLink, NotOurServer, TurnedAway.
    """
    async with _greeted(pairing.gateway, context) as (_, nonce, challenge):
        _trusted(challenge, nonce, pairing.trusted)


async def pair(
    gateway: str,
    code: PairingCode,
    key: Ed25519PrivateKey,
    *,
    waiting: Callable[[], None] = lambda: None,
    context: ssl.SSLContext | None = None,
) -> tuple[Pairing, Welcome]:
    """Pair this laptop, when the technician has confirmed its key in the chat; `waiting` is called when they
    are asked. Raises NoLink, NotOurServer, TurnedAway, Unencrypted or ValueError.
    """
    where = address(gateway)
    async with _greeted(where, context) as (connection, nonce, challenge):
        if fingerprint_of(challenge.public_key) != code.fingerprint:
            raise NotOurServer
        _check(challenge, nonce, challenge.public_key)
        public = key.public_key().public_bytes_raw()
        signature = key.sign(BRIDGE_PROOF + challenge.nonce + nonce)
        await _send(
            connection,
            Pair(name=code.name, proof=code.proof, public_key=public, signature=signature, about=about()),
        )
        first = await _receive(connection)
        if isinstance(first, Refused):
            raise TurnedAway(first.reason)
        if not isinstance(first, Waiting):
            raise NoLink("an unexpected answer")
        waiting()
        welcome = await _welcome(connection, CONFIRM_SECONDS)
        return Pairing(where, (challenge.public_key.hex(),), welcome.person), welcome


@asynccontextmanager
async def _greeted(
    where: str, context: ssl.SSLContext | None
) -> AsyncIterator[tuple[ClientConnection, bytes, Challenge]]:
    """A connection on which the gateway has said who it is."""
    nonce = secrets.token_bytes(32)
    secure = (context or True) if where.startswith("wss:") else None
    try:
        async with connect(
            where, ssl=secure, max_size=MOST_BYTES, open_timeout=CONNECT_SECONDS, compression=None
        ) as connection:
            await _send(connection, Hello(version=VERSION, nonce=nonce))
            challenge = await _receive(connection)
            if isinstance(challenge, Refused):
                if challenge.reason != "version":  # who has proved nothing refuses nothing else
                    raise NoLink("refused before it was known who refuses")
                raise TurnedAway(challenge.reason)
            if not isinstance(challenge, Challenge) or challenge.version != VERSION:
                raise TurnedAway("version")
            yield connection, nonce, challenge
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI, WebSocketException) as error:
        raise NoLink(str(error) or type(error).__name__) from error


def _trusted(challenge: Challenge, nonce: bytes, trusted: TrustedKeys) -> list[bytes]:
    """Check that a key that is trusted, or that trusted ones announced, is the gateway's. Returns the
    announced keys.
    """
    new: list[bytes] = []
    for announcement in challenge.announcements:
        try:
            more = trusted.accept(announcement)
        except WireError:
            continue
        new += [raw for key_id, raw in more.public_bytes().items() if key_id not in trusted]
        trusted = more
    if key_id_of(Ed25519PublicKey.from_public_bytes(challenge.public_key)) not in trusted:
        raise NotOurServer
    _check(challenge, nonce, challenge.public_key)
    return new


def _check(challenge: Challenge, nonce: bytes, public_key: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            challenge.signature, SERVER_PROOF + nonce + challenge.nonce
        )
    except InvalidSignature as error:
        raise NotOurServer from error


async def _welcome(connection: ClientConnection, seconds: float = CONNECT_SECONDS) -> Welcome:
    message = await _receive(connection, seconds)
    if isinstance(message, Refused):
        raise TurnedAway(message.reason)
    if not isinstance(message, Welcome):
        raise NoLink("an unexpected answer")
    return message


async def _send(connection: ClientConnection, message: FromBridge) -> None:
    try:
        await connection.send(encode(message))
    except WebSocketException as error:
        raise NoLink(str(error)) from error


async def _receive(connection: ClientConnection, seconds: float | None = None) -> FromGateway:
    try:
        async with asyncio.timeout(seconds):
            data = await connection.recv(decode=False)
        return from_gateway(data)
    except (WebSocketException, TimeoutError, Malformed) as error:
        raise NoLink(str(error) or type(error).__name__) from error
