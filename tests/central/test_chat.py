"""The chat with a central system over HTTP: look-ups, associations that it is told of, SCP files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import aiohttp
import pytest

from backend.associations import telling
from bot.core.http import HEALTH
from sandbox import showcase
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.acceptance.walks import MOME, OURS, PLAIN, associate, data_of
from tests.log_watch import secret
from tests.supplies.test_look_up import OUTCOMES
from tests.support import Chat, Switchboard, World, on_sqlite

TOKEN = "chat.token-Qw52-kept-out-of-the-log"
UNTOLD = "Non ancora comunicata al sistema centrale"
ADMINISTRATOR = 8


@pytest.fixture
async def stub() -> AsyncIterator[StubCentral]:
    """The demo's central system, over HTTP."""
    stub = StubCentral(showcase.as_supplies(), faults=showcase.faults(), looks=1, token=secret(TOKEN))
    async with stub:
        yield stub


@pytest.fixture
def bot_settings(stub: StubCentral) -> Mapping[str, object]:
    return {
        "central": "http",
        "central_url": stub.url,
        "central_token": stub.token,
        "scp_source": "central",
    }


@pytest.fixture
def central() -> Switchboard:
    """What the bot asks is what its settings name."""
    return Switchboard(lambda inner: inner)


async def told(world: World) -> None:
    """Let a minute pass, and wait until the central system knows everything."""
    world.later(timedelta(minutes=1))
    async with asyncio.timeout(30):
        while (await world.database.long_read(telling.counts)).untold:
            await world.database.signals.wait("told-test", 0.05)


@on_sqlite
async def test_every_outcome_is_worded_as_the_service_words_it(world: World, declared: Chat) -> None:
    await told(world)
    for case in showcase.cases():
        if case.title in OUTCOMES:
            await declared.says(case.pod, OUTCOMES[case.title])
    assert not world.events("job.failed")


async def test_an_association_is_told_and_its_file_comes_from_the_central_system(
    world: World, declared: Chat, stub: StubCentral
) -> None:
    _, document, data = await associate(declared, PLAIN, device="MOME", codes=MOME)
    assert document.raw["document"]["file_name"] == f"{MOME}-1.scp"
    assert data
    await told(world)
    assert PLAIN in stub.live().values()
    assert stub.calls["fetchScpFile"] == 1
    shown = await declared.says(PLAIN, "Fornitura già associata")
    assert UNTOLD not in shown.text


@on_sqlite
async def test_an_association_that_could_not_be_told_says_so_until_it_is(
    world: World, declared: Chat, stub: StubCentral
) -> None:
    await told(world)
    stub.trouble(StubFault.GATEWAY, "putAssociation", times=3)
    card, _, _ = await associate(declared, PLAIN, device="MOME", codes=MOME)
    assert UNTOLD not in card.text  # in the moment that it takes anyway
    await world.logged("central.not_told")
    await declared.says(PLAIN, "Fornitura già associata", UNTOLD)
    assert PLAIN not in stub.live().values()
    stub.heal()
    world.later(timedelta(minutes=10))
    await told(world)
    shown = await declared.says(PLAIN, "Fornitura già associata")
    assert UNTOLD not in shown.text
    assert PLAIN in stub.live().values()


@on_sqlite
async def test_a_deletion_is_told_and_says_where_it_was_not_taken(
    world: World, declared: Chat, stub: StubCentral
) -> None:
    await told(world)
    stub.trouble(StubFault.NOT_FOUND, "deleteAssociation")
    shown = await declared.says(OURS, "Fornitura già associata")
    change = data_of(shown, "Modifica")
    await declared.press("Elimina")
    await declared.press("Sì, elimina")
    await declared.sees("Associazione eliminata")
    await world.logged("central.not_told")
    world.forge(change, message_id=shown.message_id)  # as from an older card
    await declared.sees("Il sistema centrale non ha ancora registrato l’eliminazione")
    world.later(timedelta(minutes=1))
    await told(world)
    assert OURS not in stub.live().values()


@on_sqlite
async def test_operators_see_what_is_still_to_be_told(
    world: World, declared: Chat, stub: StubCentral
) -> None:
    await told(world)
    stub.trouble(StubFault.NOT_FOUND, "putAssociation")
    await associate(declared, PLAIN, device="MOME", codes=MOME)
    await world.logged("central.not_told")
    async with world.chat(ADMINISTRATOR) as administrator:
        await administrator.says(
            "/stato", "Associazioni da comunicare al sistema centrale: 1 · non accettate: 1"
        )
    assert world.app is not None
    url = f"http://127.0.0.1:{world.app.http.port}{HEALTH}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        assert await answer.json() == {
            "database": "ok",
            "central": "circuit closed, 1 to be told, 1 refused",
        }


@on_sqlite
async def test_an_outage_is_worded_and_passes(world: World, declared: Chat, stub: StubCentral) -> None:
    await told(world)
    stub.trouble(StubFault.DROPPED, "lookUp", times=8)
    await declared.says(PLAIN, "Servizio non disponibile contattare l'assistenza", button="Riprova")
    stub.heal()
    await declared.press("Riprova")
    await declared.saw("Fornitura ammissibile")


@on_sqlite
async def test_what_was_to_be_told_survives_a_restart(
    world: World, declared: Chat, stub: StubCentral
) -> None:
    await told(world)
    stub.trouble(StubFault.HANGS, "putAssociation")
    await associate(declared, PLAIN, device="MOME", codes=MOME)
    await stub.came("putAssociation", 3)
    await world.stop()
    await world.start()
    world.later(timedelta(minutes=1))
    await told(world)
    assert PLAIN in stub.live().values()
    assert [effect for effect in stub.effects if effect[1] == "delete"] == []
