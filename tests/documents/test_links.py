"""Files that are too large for Telegram are handed over by links that are signed and expire."""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select, update

from backend.core.audit.values import AuditAction
from backend.core.keys.store import KeyStore
from backend.documents import shelf
from backend.documents.links import LASTS, PATH, LinkExpired, LinkInvalid, Links
from backend.documents.models import document_links, document_versions
from backend.documents.shelf import OPERATOR
from backend.documents.values import Document
from backend.identity.models import persons
from bot.core.http import HttpServer
from bot.core.settings import SettingsError, load
from bot.documents.downloads import LIMITS, Downloads, Limits
from device_bridge.wire.signing import SigningKeys
from tests.documents.walks import shelve
from tests.support import PATIENCE, Chat, World, free_port, on_sqlite

CONTENT = bytes(range(256)) * 5000
"""More than a megabyte, in several chunks."""
FIRMWARE = "smart_info.tools.firmware"


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    port = free_port()
    return {"send_megabytes": 1, "public_url": f"http://127.0.0.1:{port}", "listen_port": port}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def link_to(world: World, chat: Chat, content: bytes = CONTENT) -> tuple[Document, str]:
    """A large document, and the link to it that the chat gives."""
    made = await shelve(world, "Firmware", FIRMWARE, content=content, name='fw "è" 1.bin')
    await chat.says("/documenti firmware", "un documento")
    await chat.press("📄 Firmware")
    await chat.sees("È troppo grande per Telegram", "6 ore", button="Scarica con un link")
    await chat.press("Scarica con un link")
    shown = await chat.sees("Il link è solo per te e vale fino al", button="Apri il link")
    assert world.clock is not None
    until = (world.clock.now() + LASTS).astimezone(UTC)
    assert f"{until:%M}" in shown.text
    (url,) = [button.url for button in shown.buttons if button.url]
    assert url is not None
    return made, url


async def test_a_large_file_is_downloaded_by_its_link_and_counted(
    world: World, chat: Chat, http: aiohttp.ClientSession
) -> None:
    made, url = await link_to(world, chat)
    async with http.head(url) as answer:
        assert (answer.status, answer.content_length) == (200, len(CONTENT))
    assert await world.audit(AuditAction.DOCUMENT_DELIVERED) == []
    async with http.get(url) as answer:
        assert answer.status == 200
        assert await answer.read() == CONTENT
        assert answer.headers["ETag"] == f'"{made.version.digest}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.content_disposition is not None
        assert answer.content_disposition.type == "attachment"
        assert answer.content_disposition.filename == 'fw "è" 1.bin'
    (given,) = await world.audit(AuditAction.DOCUMENT_DELIVERED)
    assert (given.person_name, given.detail["way"]) == ("Configuratore", "link")
    async with http.get(url) as answer:  # again by the same link: the same download
        assert answer.status == 200
    links = Links(KeyStore(world.settings.keys).signing(), url.partition(PATH)[0])
    assert world.clock is not None
    grant = links.read(url.rpartition("/")[2], world.clock.now())
    world.later(LASTS)
    other, _ = links.make(grant.version_id, grant.person_id, world.clock.now())
    async with http.get(other) as answer:
        assert answer.status == 200
    assert len(await world.audit(AuditAction.DOCUMENT_DELIVERED)) == 2
    used = select(func.count()).select_from(document_links)
    assert await world.database.short_read(lambda connection: connection.scalar(used)) == 1
    counted = select(document_versions.c.downloads).where(document_versions.c.id == made.version.id)
    assert await world.database.short_read(lambda connection: connection.scalar(counted)) == 2


@on_sqlite
async def test_a_download_that_broke_off_is_resumed(
    world: World, chat: Chat, http: aiohttp.ClientSession
) -> None:
    _, url = await link_to(world, chat)
    size = len(CONTENT)
    for asked, first, last in (
        ("bytes=1-", 1, size - 1),
        ("bytes=0-9", 0, 9),
        ("bytes=300000-", 300_000, size - 1),
        ("bytes=262143-262144", 262_143, 262_144),
        (f"bytes=5-{size * 2}", 5, size - 1),
        ("bytes=-7", size - 7, size - 1),
    ):
        async with http.get(url, headers={"Range": asked}) as answer:
            assert answer.status == 206, asked
            assert await answer.read() == CONTENT[first : last + 1]
            assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        # The first part counts as the download, wherever it begins; the others are the same one.
        assert len(await world.audit(AuditAction.DOCUMENT_DELIVERED)) == 1
    async with http.get(url, headers={"Range": f"bytes={size}-"}) as answer:
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{size}")
    for odd in ("bytes=9-5", "bytes=-", "bytes=1-2,4-5", "lines=1-2", "bytes=" + "9" * 90 + "-", "bytes=٣-"):
        async with http.get(url, headers={"Range": odd}) as answer:
            assert answer.status == 200, odd
    async with http.get(url, headers={"Range": "bytes=9-", "If-Range": '"another"'}) as answer:
        assert answer.status == 200
    assert len(await world.audit(AuditAction.DOCUMENT_DELIVERED)) == 1


@on_sqlite
async def test_links_that_are_forged_expired_or_lost_their_right_open_nothing(
    world: World, chat: Chat, http: aiohttp.ClientSession
) -> None:
    made, url = await link_to(world, chat)
    base, _, token = url.rpartition("/")
    body, key, signature = token.split(".")
    forged = Links(SigningKeys.generate(), base.removesuffix(PATH.rstrip("/")))
    assert world.clock is not None
    theirs, _ = forged.make(made.version.id, 1, world.clock.now())
    for bad in (
        f"{base}/{body[:-1]}A.{key}.{signature}",
        f"{base}/{body}.{key}.{signature[:-2]}AA",
        f"{base}/{body}.{'0' * 16}.{signature}",
        f"{base}/{body}.{key}",
        f"{base}/..%2F..%2Fetc%2Fpasswd",
        f"{base}/{'A' * 5000}",
        theirs,
    ):
        async with http.get(bad) as answer:
            assert answer.status == 404, bad
            assert "non è valido" in await answer.text()

    await world.database.write(lambda c: c.execute(update(persons).values(suspended_at=datetime.now(UTC))))
    async with http.get(url) as answer:
        assert answer.status == 403
    await world.database.write(lambda c: c.execute(update(persons).values(suspended_at=None)))
    await world.database.write(lambda c: shelf.withdraw(c, OPERATOR, made.id, datetime.now(UTC)))
    async with http.get(url) as answer:
        assert answer.status == 410
        assert "non è più disponibile" in await answer.text()
    await world.database.write(lambda c: shelf.restore(c, OPERATOR, made.id, datetime.now(UTC)))
    async with http.get(url) as answer:
        assert answer.status == 200
    world.later(LASTS)
    async with http.get(url) as answer:
        assert answer.status == 410
        assert "scaduto" in await answer.text()
    assert token not in world.log.getvalue()


@asynccontextmanager
async def served(world: World, url: str, limits: Limits) -> AsyncIterator[tuple[str, int]]:
    """The document of a link from a server with these limits: its address there, and the server's port."""
    assert world.clock is not None
    links = Links(KeyStore(world.settings.keys).signing(), "https://x.example")
    downloads = Downloads(world.database, world.clock, links, limits)
    async with HttpServer("127.0.0.1", 0, [downloads.routes]) as server:
        yield f"http://127.0.0.1:{server.port}{PATH}{url.rpartition('/')[2]}", server.port


@asynccontextmanager
async def slow_reader(address: str, port: int) -> AsyncIterator[socket.socket]:
    """Somebody who has asked for a file, got its beginning, and takes no more for now."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(reader, ("127.0.0.1", port))
        path = address.partition(str(port))[2]
        await loop.sock_sendall(reader, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b"200 OK" in await loop.sock_recv(reader, 100)
        yield reader


async def taken_by(reader: socket.socket) -> int:
    """How many bytes there are for a reader who takes them again, up to those of a large file."""
    size = 0
    with suppress(ConnectionError):
        while size < len(LARGE) and (piece := await asyncio.get_running_loop().sock_recv(reader, 1 << 20)):
            size += len(piece)
    return size


LARGE = bytes(16 * 1024 * 1024)
"""More than the buffers between two programs hold."""


@on_sqlite
async def test_more_downloads_than_a_process_serves_are_put_off(
    world: World, chat: Chat, http: aiohttp.ClientSession
) -> None:
    _, url = await link_to(world, chat)
    for limits, status, said in (
        (Limits(at_once=0), 503, "Troppi scaricamenti in corso: riprova tra poco"),
        (Limits(each=0), 429, "Hai già altri scaricamenti in corso"),
    ):
        async with served(world, url, limits) as (address, _), http.get(address) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (status, "30")
            assert said in await answer.text()
    assert await world.audit(AuditAction.DOCUMENT_DELIVERED) == []


@on_sqlite
async def test_a_reader_holds_a_place_only_while_they_take_what_they_asked_for(
    world: World, chat: Chat, http: aiohttp.ClientSession
) -> None:
    _, url = await link_to(world, chat, LARGE)
    async with served(world, url, replace(LIMITS, each=1)) as (address, port):
        for _ in range(2):  # whoever is done gives the place back
            async with http.get(address) as answer:
                assert answer.status == 200
                assert len(await answer.read()) == len(LARGE)
        async with slow_reader(address, port), http.get(address) as answer:
            assert answer.status == 429
    async with (
        served(world, url, replace(LIMITS, each=1, write_seconds=0.1)) as (address, port),
        slow_reader(address, port) as reader,
    ):
        async with asyncio.timeout(PATIENCE):
            while (await http.head(address)).status != 200:
                pass
        assert await taken_by(reader) < len(LARGE)


@on_sqlite
@pytest.mark.parametrize(("later", "is_whole"), [(timedelta(0), True), (timedelta(seconds=1), False)])
async def test_what_was_begun_ends_an_hour_after_its_link(
    world: World, chat: Chat, later: timedelta, is_whole: bool
) -> None:
    _, url = await link_to(world, chat, LARGE)
    assert world.clock is not None
    until = (world.clock.now() + LASTS).replace(microsecond=0)
    async with served(world, url, LIMITS) as (address, port), slow_reader(address, port) as reader:
        world.later(until + LIMITS.margin - world.clock.now() + later)
        assert (await taken_by(reader) >= len(LARGE)) == is_whole


@on_sqlite
class TestWithoutAPublicAddress:
    """Where no address leads to the bot."""

    @pytest.fixture
    def bot_settings(self) -> Mapping[str, object]:
        return {"send_megabytes": 1}

    async def test_the_card_says_so_and_offers_no_download(self, world: World, chat: Chat) -> None:
        made = await shelve(world, "Firmware", FIRMWARE, content=CONTENT, name="fw.bin")
        await chat.says("/documenti firmware", "un documento")
        await chat.press("📄 Firmware")
        shown = await chat.sees("È troppo grande per Telegram", "non posso darlo con un link")
        assert not any("Scarica" in label for label in shown.labels)
        world.forge(f"1.e.doc_get.{made.version.id}", message_id=shown.message_id)
        await world.settled()
        assert await world.audit(AuditAction.DOCUMENT_DELIVERED) == []
        assert world.app is not None
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{world.app.http.port}{PATH}x") as answer,
        ):
            assert answer.status == 404
        await world.database.write(lambda c: c.execute(update(document_versions).values(size=10)))
        await chat.says("/documenti firmware", "un documento")
        await chat.press("📄 Firmware")
        await chat.sees("Firmware", button="📥 Scarica")


def test_a_link_outlives_a_change_of_keys_and_no_other_purpose_makes_one() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    old, private = SigningKeys.generate(), Ed25519PrivateKey.generate()
    url, until = Links(old, "https://bot.example/").make(7, 3, now)
    token = url.rpartition("/")[2]
    assert url.startswith("https://bot.example/documents/")
    assert until == now + LASTS
    after = Links(SigningKeys(private, old.trusted), "https://bot.example")
    grant = after.read(token, until - timedelta(seconds=1))
    assert (grant.version_id, grant.person_id, grant.until) == (7, 3, until)
    with pytest.raises(LinkExpired):
        after.read(token, until)
    body, key, _ = token.split(".")
    signed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    others = (signed, cbor2.dumps(signed), cbor2.dumps(["a486-other-1", signed]))
    signatures = [base64.urlsafe_b64encode(old.sign(each)).rstrip(b"=").decode() for each in others]
    for signature in ("A" * 86, *signatures):
        with pytest.raises(LinkInvalid):
            after.read(f"{body}.{key}.{signature}", now)


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://bot.example", True),
        ("https://bot.example/a486", True),
        ("http://127.0.0.1:80", True),
        ("http://bot.example", False),
        ("ftp://bot.example", False),
        ("https://bot.example/?x=1", False),
    ],
)
def test_the_public_address_is_protected(url: str, is_good: bool) -> None:
    if is_good:
        assert load(bot_token="x", public_url=url).public_url == url
    else:
        with pytest.raises(SettingsError, match="A486_PUBLIC_URL"):
            load(bot_token="x", public_url=url)
