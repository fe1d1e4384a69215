"""Pairing and connecting: nobody gets in without a confirmed key, nobody stays who may not."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.bridges import service
from backend.bridges.service import MOST_TRIES
from backend.core.audit.values import AuditAction
from backend.core.keys.store import KeyStore
from backend.identity import people
from backend.identity import service as identity
from device_bridge.home import Home, Pairing
from device_bridge.link import Link, NoLink, NotOurServer, TurnedAway, opened, pair
from device_bridge.wire import messages
from device_bridge.wire.errors import Malformed
from device_bridge.wire.messages import Hello, Jobs, Pair, Prove, Refused, encode, from_bridge, from_gateway
from device_bridge.wire.pairing import PairingCode, make_code, read_code
from device_bridge.wire.signing import SigningKeys
from tests.fixtures.worlds import declare
from tests.programming.benches import GATEWAY, gateway_of, laptop, paired, pairing_code
from tests.support import Chat, World, on_sqlite


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    return GATEWAY


@pytest.fixture
async def technician(world: World, declared: Chat) -> Chat:
    return declared


async def asked(world: World, code: PairingCode) -> TurnedAway:
    """What the gateway says to a laptop with this code."""
    with pytest.raises(TurnedAway) as refused:
        await pair(gateway_of(world), code, Ed25519PrivateKey.generate())
    return refused.value


async def test_a_laptop_is_paired_when_its_key_is_confirmed_in_the_chat(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with opened(home.pairing(), home.key()) as link:
        assert isinstance(await link.receive(), Jobs)
        assert link.welcome.person == "Configuratore"
        await technician.says("/portatili", button="🟢")
    assert len(await world.audit(AuditAction.BRIDGE_PAIRED)) == 1


async def test_a_code_is_good_once_for_ten_minutes_and_for_few_tries(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    await paired(world, technician, laptop(tmp_path))
    used = read_code(await pairing_code(technician))
    wrong = replace(used, proof="00000000")
    for _ in range(MOST_TRIES):
        assert (await asked(world, wrong)).reason == "code"
    assert (await asked(world, used)).reason == "tries"
    late = read_code(await pairing_code(technician))
    assert (await asked(world, used)).reason == "code", "the newest one counts"
    world.later(timedelta(minutes=11))
    assert (await asked(world, late)).reason == "expired"


@on_sqlite
async def test_one_address_cannot_try_many_codes(world: World, technician: Chat) -> None:
    code = read_code(await pairing_code(technician))
    seen = [(await asked(world, replace(code, name=f"00{number:02d}"))).reason for number in range(12)]
    assert set(seen[:10]) == {"code"}
    assert set(seen[10:]) == {"busy"}


@on_sqlite
async def test_a_laptop_that_the_technician_does_not_know_is_declined(world: World, technician: Chat) -> None:
    code = read_code(await pairing_code(technician))
    asking = asyncio.create_task(pair(gateway_of(world), code, Ed25519PrivateKey.generate()))
    await technician.sees("chiede di essere abbinato")
    await technician.press("non è il mio")
    with pytest.raises(TurnedAway) as refused:
        await asking
    assert refused.value.reason == "declined"
    await technician.says("/portatili", "Nessun portatile abbinato")


@on_sqlite
async def test_a_confirmation_that_comes_too_late_pairs_nothing(world: World, technician: Chat) -> None:
    code = read_code(await pairing_code(technician))
    asking = asyncio.create_task(pair(gateway_of(world), code, Ed25519PrivateKey.generate()))
    await technician.sees("chiede di essere abbinato")
    world.later(timedelta(minutes=11))
    with pytest.raises(TurnedAway) as refused:
        await asking
    assert refused.value.reason == "declined"
    await technician.press("Sì, è il mio")
    await technician.sees("Il tempo per confermare è scaduto")


@on_sqlite
async def test_another_server_is_not_told_the_code(world: World, technician: Chat) -> None:
    code = read_code(await pairing_code(technician))
    stranger = make_code(secrets.token_bytes(32)).fingerprint
    with pytest.raises(NotOurServer):
        await pair(gateway_of(world), replace(code, fingerprint=stranger), Ed25519PrivateKey.generate())


@on_sqlite
async def test_only_the_confirmed_key_opens_the_link(world: World, technician: Chat, tmp_path: Path) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    with pytest.raises(TurnedAway) as refused:
        async with opened(home.pairing(), SigningKeys.generate()):
            pass
    assert refused.value.reason == "unknown"
    other = Pairing(home.pairing().gateway, (secrets.token_bytes(32).hex(),), "")
    with pytest.raises((NotOurServer, ValueError)):
        async with opened(other, home.key()):
            pass


async def cut(link: Link) -> None:
    """Wait until the gateway has ended the link."""
    ended = False
    while not ended:
        try:
            await link.receive()
        except NoLink:
            ended = True


async def test_a_revoked_laptop_is_cut_off_at_once_and_stays_out(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with opened(home.pairing(), home.key()) as link:
        await technician.says("/portatili", button="🟢")
        await technician.press("🟢")
        await technician.press("Revoca")
        await technician.sees("Il collegamento cade subito")
        await technician.press("Sì, revoca")
        await technician.sees("è revocato")
        await cut(link)
    with pytest.raises(TurnedAway) as refused:
        async with opened(home.pairing(), home.key()):
            pass
    assert refused.value.reason == "revoked"
    assert len(await world.audit(AuditAction.BRIDGE_REVOKED)) == 1


@on_sqlite
async def test_the_operator_revokes_any_laptop(world: World, technician: Chat, tmp_path: Path) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    at = world.ports.clock.now()
    (bridge,) = await world.database.long_read(lambda connection: service.active(connection, at))
    async with opened(home.pairing(), home.key()) as link:
        assert await world.database.write(lambda c: service.revoke_as_operator(c, bridge.id, at))
        await cut(link)
    assert not await world.database.write(lambda c: service.revoke_as_operator(c, bridge.id, at))
    (entry,) = await world.audit(AuditAction.BRIDGE_REVOKED)
    assert entry.person_subject is None


async def test_who_is_suspended_is_cut_off_at_once_and_comes_back_afterwards(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)

    async def suspend(suspended: bool) -> None:
        def work(connection: object) -> None:
            administrator = identity.actor_of(connection, world.people[8].id)  # type: ignore[arg-type]
            person = identity.person_id_of(connection, world.people[0].id)  # type: ignore[arg-type]
            assert administrator is not None
            assert person is not None
            people.suspend(connection, administrator, person, suspended, world.ports.clock.now())  # type: ignore[arg-type]

        await world.database.write(work)

    async with opened(home.pairing(), home.key()) as link:
        await suspend(True)
        await cut(link)
    with pytest.raises(TurnedAway) as refused:
        async with opened(home.pairing(), home.key()):
            pass
    assert refused.value.reason == "not_permitted"
    await suspend(False)
    async with opened(home.pairing(), home.key()) as link:
        assert isinstance(await link.receive(), Jobs)


async def test_a_second_connection_of_a_laptop_takes_the_place_of_the_first(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with opened(home.pairing(), home.key()) as first, opened(home.pairing(), home.key()) as second:
        await cut(first)
        assert isinstance(await second.receive(), Jobs)


@on_sqlite
async def test_a_new_key_of_the_server_is_trusted_when_the_old_one_announced_it(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    await world.stop()
    KeyStore(world.settings.keys).rotate_signing(world.ports.clock.now())
    await world.start()
    pairing = replace(home.pairing(), gateway=f"{gateway_of(world)}{messages.PATH}")
    async with opened(pairing, home.key()) as link:
        assert isinstance(await link.receive(), Jobs)
        (key,) = link.keys
    assert len(home.trust(key).keys) == 2


HELLO = encode(Hello(version=messages.VERSION, nonce=bytes(32)))
GARBAGE = [
    b"",
    b"\xff" * 40,
    cbor2.dumps({"type": "nothing"}),
    cbor2.dumps({"type": "hello", "version": 1}),
    cbor2.dumps({"type": "hello", "version": 1, "nonce": bytes(32), "more": 1}),
    cbor2.dumps({"type": "hello", "version": "1", "nonce": bytes(32)}),
    cbor2.dumps({"type": "progress", "job": 1, "attempt": 1, "step": "load", "done": 0, "of": 0}),
    cbor2.dumps([1] * 1000),
]


@on_sqlite
@pytest.mark.parametrize("greeted", [False, True])
async def test_what_is_no_message_ends_the_connection(world: World, technician: Chat, greeted: bool) -> None:
    async with aiohttp.ClientSession() as session:
        for garbage in GARBAGE:
            async with session.ws_connect(gateway_of(world) + messages.PATH) as socket:
                if greeted:
                    await socket.send_bytes(HELLO)
                    await socket.receive_bytes()
                await socket.send_bytes(garbage)
                assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        async with session.ws_connect(gateway_of(world) + messages.PATH) as socket:
            await socket.send_str("hello")
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


@on_sqlite
async def test_another_version_is_refused_by_name(world: World, technician: Chat) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(gateway_of(world) + messages.PATH) as socket,
    ):
        await socket.send_bytes(encode(Hello(version=2, nonce=bytes(32))))
        assert from_gateway(await socket.receive_bytes()) == Refused(reason="version")


@on_sqlite
async def test_a_signature_is_good_for_its_own_connection_only(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    replayed: bytes | None = None
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.ws_connect(gateway_of(world) + messages.PATH) as socket:
                await socket.send_bytes(HELLO)
                challenge = from_gateway(await socket.receive_bytes())
                assert isinstance(challenge, messages.Challenge)
                if replayed is None:
                    signed = home.key().sign(messages.BRIDGE_PROOF + challenge.nonce + bytes(32))
                    about = messages.About(host="h", platform="p", program="1")
                    replayed = encode(Prove(key_id=home.key().key_id, signature=signed, about=about))
                    await socket.send_bytes(replayed)
                    assert isinstance(from_gateway(await socket.receive_bytes()), messages.Welcome)
                else:
                    await socket.send_bytes(replayed)
                    assert from_gateway(await socket.receive_bytes()) == Refused(reason="unknown")


def test_a_message_longer_than_allowed_or_of_another_kind_is_malformed() -> None:
    about = messages.About(host="h", platform="p", program="1")
    good = Pair(
        name="ABCD", proof="12345678", public_key=bytes(32), signature=bytes(64), about=about
    ).model_dump()
    assert from_bridge(cbor2.dumps(good)) == Pair(**good)
    for name, value in (
        ("name", "ABCDE"),
        ("public_key", bytes(31)),
        ("signature", bytes(65)),
        ("about", {"host": "x" * 65, "platform": "p", "program": "1"}),
        ("about", None),
    ):
        with pytest.raises(Malformed):
            from_bridge(cbor2.dumps({**good, name: value}))


@pytest.fixture
async def other(world: World) -> AsyncIterator[Chat]:
    async with world.chat(1) as chat:
        yield await declare(chat)


@on_sqlite
async def test_ones_laptops_are_nobody_elses(
    world: World, technician: Chat, other: Chat, tmp_path: Path
) -> None:
    await paired(world, technician, Home(tmp_path / "laptop"))
    shown = await technician.says("/portatili", button="⚪")
    await other.says("/portatili", "Nessun portatile abbinato")
    number = shown.buttons[0].data.rsplit(".", 1)[-1] if shown.buttons[0].data else ""
    for action in ("bridge", "bridge_revoke", "bridge_ask_revocation"):
        here = await other.sees()
        world.forge(f"1.e.{action}.{number}", person=1, message_id=here.message_id)
        await other.saw("non è più abbinato")
    await technician.says("/portatili", button="⚪")
