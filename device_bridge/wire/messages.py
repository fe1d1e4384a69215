"""The messages between a bridge and the gateway: CBOR maps, one in each WebSocket message.

A message has exactly the fields of its class; `type` says which it is. Anything else is Malformed, and ends
the connection. docs/bridge-protocol.md is written from these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import cbor2
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from device_bridge.wire.errors import Malformed

M = TypeVar("M")

VERSION = 1
PATH = "/bridge"
"""Where the gateway is, below its address."""
MOST_BYTES = 1 << 20
"""The longest message."""
SERVER_PROOF = b"a486-bridge-server-1"
BRIDGE_PROOF = b"a486-bridge-client-1"
"""What each side signs begins with its own words, so that no signature serves for another purpose."""

Key = Annotated[bytes, Field(min_length=32, max_length=32)]
Nonce = Annotated[bytes, Field(min_length=32, max_length=32)]
Signature = Annotated[bytes, Field(min_length=64, max_length=64)]
Word = Annotated[str, Field(max_length=64)]
Line = Annotated[str, Field(max_length=256)]
Number = Annotated[int, Field(ge=0, le=1 << 53)]
Values = Annotated[dict[Word, Line | Number], Field(max_length=8)]
Count = Annotated[int, Field(ge=0, le=(1 << 31) - 1)]


class Message(BaseModel):
    """What all messages share."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Hello(Message):
    """Bridge: the first message."""

    type: Literal["hello"] = "hello"
    version: Number
    nonce: Nonce


class Challenge(Message):
    """Gateway: who it is. `signature` is over SERVER_PROOF, the bridge's nonce and its own. `announcements`
    say how each of its keys followed the one before.
    """

    type: Literal["challenge"] = "challenge"
    version: Number
    nonce: Nonce
    public_key: Key
    announcements: list[Annotated[bytes, Field(max_length=1024)]]
    signature: Signature


class About(Message):
    """What a bridge says of its laptop."""

    host: Word
    platform: Word
    program: Word


class Pair(Message):
    """Bridge: pair me by this code. `signature` is over BRIDGE_PROOF, the gateway's nonce and its own."""

    type: Literal["pair"] = "pair"
    name: Annotated[str, Field(max_length=4)]
    proof: Annotated[str, Field(max_length=8)]
    public_key: Key
    signature: Signature
    about: About


class Prove(Message):
    """Bridge: this is me. `signature` as in `pair`."""

    type: Literal["prove"] = "prove"
    key_id: Word
    signature: Signature
    about: About


class Waiting(Message):
    """Gateway: the technician is asked in the chat to confirm the bridge's key."""

    type: Literal["waiting"] = "waiting"


class Welcome(Message):
    """Gateway: the bridge is known. `now` is the server's clock, `simulated` whether it takes what simulated
    devices say.
    """

    type: Literal["welcome"] = "welcome"
    bridge: Number
    person: Line
    now: Number
    simulated: bool


class Refused(Message):
    """Gateway: no, and why. The connection ends."""

    type: Literal["refused"] = "refused"
    reason: Literal[
        "version", "code", "expired", "tries", "unknown", "revoked", "not_permitted", "declined", "busy"
    ]


class JobOrder(Message):
    """A programming job, with all that it takes without a network. `attempt` is the last one that the server
    knows of; `sequence` is the file's number among those of the device, `last` the number of the newest one
    that the device is known to hold; `place` and `note` are the integrator's words. Times are seconds since
    the Unix epoch.
    """

    job: Number
    attempt: Count
    sid: Word
    nid: Word
    device: Word
    pods: list[Word]
    configuration: Word
    place: Line
    note: Line
    sequence: Count
    last: Count
    envelope: bytes
    leased_until: Number


class Jobs(Message):
    """Gateway: every open job of this bridge; those that it does not name are not the bridge's any more."""

    type: Literal["jobs"] = "jobs"
    jobs: list[JobOrder]


class Command(Message):
    """Gateway: do this now. `nid` is the device, empty for the only one; `log` is a log to read too. `loaded`
    says that the technician has loaded a file by hand.
    """

    type: Literal["command"] = "command"
    command: Number
    kind: Literal["identify", "read", "blink", "program", "loaded"]
    nid: Word = ""
    job: Number = 0
    log: Literal["", "import", "export", "production"] = ""


class Answer(Message):
    """Bridge: what came of a command. Where it failed, `reason` says why."""

    type: Literal["answer"] = "answer"
    command: Number
    result: dict[str, Any]
    reason: Word = ""
    values: Values = {}


class Begun(Message):
    """Bridge: it begins to program; or it did, without a network."""

    type: Literal["begun"] = "begun"
    job: Number
    attempt: Count
    at: Number


class Progress(Message):
    """Bridge: how far it is. `of` 0 where that cannot be said."""

    type: Literal["progress"] = "progress"
    job: Number
    attempt: Count
    step: Word
    done: Count
    of: Count


class Done(Message):
    """Bridge: the signed report of a programming."""

    type: Literal["done"] = "done"
    job: Number
    attempt: Count
    report: bytes


class Failed(Message):
    """Bridge: the programming ended without a proof. `later`: the laptop has tried again since."""

    type: Literal["failed"] = "failed"
    job: Number
    attempt: Count
    at: Number
    step: Word
    reason: Word
    values: Values
    later: bool = False


class Received(Message):
    """Gateway: this is stored, and need not be told again."""

    type: Literal["received"] = "received"
    what: Literal["begun", "done", "failed"]
    job: Number
    attempt: Count


FromBridge = Hello | Pair | Prove | Answer | Begun | Progress | Done | Failed
FromGateway = Challenge | Waiting | Welcome | Refused | Jobs | Command | Received

_from_bridge: TypeAdapter[FromBridge] = TypeAdapter(Annotated[FromBridge, Field(discriminator="type")])
_from_gateway: TypeAdapter[FromGateway] = TypeAdapter(Annotated[FromGateway, Field(discriminator="type")])


def encode(message: FromBridge | FromGateway) -> bytes:
    """The bytes of a message."""
    return cbor2.dumps(message.model_dump(), canonical=True)


def from_bridge(data: bytes) -> FromBridge:
    """The message that a bridge sent. Raises Malformed."""
    return _decoded(_from_bridge, data)


def from_gateway(data: bytes) -> FromGateway:
    """The message that the gateway sent. Raises Malformed."""
    return _decoded(_from_gateway, data)


def _decoded(adapter: TypeAdapter[M], data: bytes) -> M:
    try:
        return adapter.validate_python(cbor2.loads(data))
    except (cbor2.CBORDecodeError, ValidationError, ValueError, TypeError, RecursionError) as error:
        raise Malformed("not a message of this protocol") from error
