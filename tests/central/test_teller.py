"""Associations are told to the central system: each once with effect, in order, none lost, whatever fails."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.associations.errors import AssociationRefused
from backend.associations.values import TellingState
from backend.central.associations import HttpRegistry
from backend.central.client import CentralClient
from backend.supplies.pod import Pod
from backend.supplies.values import Supply
from bot.central.teller import AT_ONCE, PAUSE_SECONDS
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.central.support import Hasty, Telling, on_sqlite_file, patience_for
from tests.samples import HOME, PROSUMER, SID_A, SID_B

PASSING = {
    StubFault.HANGS: "time-out",
    StubFault.GATEWAY: "status-502",
    StubFault.AWAY: "status-503",
    StubFault.DROPPED: "no-connection",
    StubFault.LOST: "no-connection",
    StubFault.CUT: "cut-off",
}
TAKEN_AMISS = {
    StubFault.FAILS: "status-500",
    StubFault.NOT_JSON: "json",
    StubFault.EMPTY: "json",
    StubFault.TWICE: "json",
    StubFault.WRONG_TYPES: "shape",
    StubFault.TOO_LARGE: "too-large",
    StubFault.WRONG_CONTENT_TYPE: "content-type",
    StubFault.COMPRESSED: "encoding",
    StubFault.REDIRECT: "status-302",
    StubFault.NOT_FOUND: "status-404",
}


@on_sqlite_file
async def test_a_new_association_is_told_with_everything(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    assert made.telling is TellingState.WAITING
    assert await ours.tell(registry) == 1
    body = stub.held[made.id].body
    assert body is not None
    assert (body.pod, body.production_pod) == (HOME.pod.code, None)
    assert (body.device.sid, body.device.nid, body.device.type) == (made.sid, made.nid, "MOME")
    assert (body.integrator.name, body.created_at) == ("Installatore Uno", int(made.created_at.timestamp()))
    assert (await ours.counts()).untold == 0
    assert await ours.tell(registry) == 0


async def test_of_many_changes_the_last_one_is_told(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.confirm(made.id)
    await ours.tell(registry)
    assert stub.effects == [(made.id, "put")]
    body = stub.held[made.id].body
    assert body is not None
    assert body.confirmed_at is not None


@on_sqlite_file
async def test_what_nobody_heard_of_is_not_told_to_be_gone(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.delete(made.id)
    assert await ours.tell(registry) == 0
    assert stub.calls.total() == 0


@on_sqlite_file
@pytest.mark.parametrize(
    ("fault", "patience"), [(fault, patience_for(fault)) for fault in (*PASSING, *TAKEN_AMISS)]
)
async def test_what_fails_is_told_again_and_has_its_effect_once(
    fault: StubFault, ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    # aiohttp itself makes a call once more whose connection is closed.
    stub.trouble(fault, times=2 if fault in (StubFault.DROPPED, StubFault.LOST) else 1)
    await ours.tell(registry)
    (left,) = await ours.untold()
    state = TellingState.PUT_OFF if fault in PASSING else TellingState.FAILED
    assert (left.state, left.attempts) == (state, 1)
    assert left.failure == (PASSING | TAKEN_AMISS)[fault]
    assert left.since == made.created_at

    assert await ours.tell(registry) == 0
    ours.clock.advance(timedelta(minutes=1))
    await ours.tell(registry)
    assert stub.effects == [(made.id, "put")]
    assert (await ours.counts()).untold == 0


@on_sqlite_file
async def test_waits_grow_and_nothing_is_given_up(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    await ours.create()
    stub.trouble(StubFault.GATEWAY, times=30)
    waits = []
    for _ in range(30):
        assert await ours.tell(registry) == 1
        (left,) = await ours.untold()
        waits.append((left.due_at - ours.clock.now()).total_seconds())
        ours.clock.advance(left.due_at - ours.clock.now())
    assert waits[:3] == pytest.approx([4.0, 8.0, 16.0])
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(240.0)
    await ours.tell(registry)
    assert (await ours.counts()).untold == 0


@on_sqlite_file
async def test_a_wait_that_it_asks_for_is_kept(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    await ours.create()
    stub.trouble(StubFault.BUSY, seconds=120)
    await ours.tell(registry)
    (left,) = await ours.untold()
    assert left.failure == "status-429"
    assert (left.due_at - ours.clock.now()).total_seconds() == 120


@on_sqlite_file
async def test_when_it_is_back_what_was_put_off_is_told_at_once(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    first = await ours.create()
    for times in range(1, 8):
        stub.trouble(StubFault.AWAY)
        await ours.tell(registry)
        ours.clock.advance(timedelta(seconds=4 * 2 ** (times - 1)))
    stub.trouble(StubFault.AWAY)
    await ours.tell(registry)
    second = await ours.create(PROSUMER, SID_B)
    await ours.tell(registry)
    assert stub.effects == [(second.id, "put"), (first.id, "put")]


async def test_the_old_association_of_a_point_is_deleted_before_the_new_one_is_put(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    old = await ours.create()
    await ours.tell(registry)
    new = await ours.replace(old.id, sid=SID_B)
    other = await ours.create(PROSUMER, SID_A)  # the device that has become free
    stub.trouble(StubFault.GATEWAY, "deleteAssociation")
    await ours.tell(registry)
    assert stub.effects == [(old.id, "put")]  # both wait for the deletion
    assert stub.refused == {}  # and are not even tried
    assert stub.calls["putAssociation"] == 1
    ours.clock.advance(timedelta(minutes=1))
    await ours.tell(registry)
    assert stub.effects[:2] == [(old.id, "put"), (old.id, "delete")]
    assert set(stub.effects[2:]) == {(new.id, "put"), (other.id, "put")}
    assert stub.live() == await ours.live()
    assert stub.refused == {}


@on_sqlite_file
@pytest.mark.parametrize(
    ("association", "revision", "live"), [(2, 1, "true"), (1, 2, "true"), (1, 1, "false")]
)
async def test_an_answer_about_something_else_does_not_count_as_told(
    association: int, revision: int, live: str, ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    assert made.id == 1
    answer = f'{{"association": {association}, "revision": {revision}, "live": {live}}}'
    stub.answer_next("putAssociation", answer.encode())
    await ours.tell(registry)
    (left,) = await ours.untold()
    assert (left.state, left.failure) == (TellingState.REFUSED, "another-answer")


@on_sqlite_file
async def test_after_calls_that_met_nobody_there_is_a_pause(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    supplies, sids = _supplies(3 * AT_ONCE), await ours.add_devices(3 * AT_ONCE)
    for supply, sid in zip(supplies, sids, strict=True):
        await ours.create(supply, sid)
    stub.trouble(StubFault.GATEWAY, "putAssociation", times=AT_ONCE)
    loop = asyncio.get_running_loop()
    async with ours.running(registry):
        await stub.came("putAssociation", AT_ONCE)
        began = loop.time()
        await stub.came("putAssociation", AT_ONCE + 1)
        assert loop.time() - began > PAUSE_SECONDS / 2


async def test_an_association_that_is_deleted_while_it_is_told_ends_deleted(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    gate = asyncio.Event()
    stub.trouble(StubFault.HELD, gate=gate)
    telling = asyncio.create_task(ours.tell_once(registry))
    await stub.came("putAssociation", 1)
    await ours.delete(made.id)
    gate.set()
    await telling
    assert stub.live() == {made.id: HOME.pod.code}
    await ours.tell(registry)
    assert stub.effects == [(made.id, "put"), (made.id, "delete")]
    assert (await ours.counts()).untold == 0


@pytest.mark.parametrize("patience", [0.8])
async def test_a_call_that_hangs_and_arrives_after_the_deletion_changes_nothing(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    gate = asyncio.Event()
    stub.trouble(StubFault.HELD, gate=gate)
    await ours.tell(registry)  # it runs into its time limit
    await ours.delete(made.id)
    await ours.tell(registry)
    gate.set()
    await stub.quiet()
    assert stub.refused == {"outdated": 1}
    assert stub.live() == {}
    assert stub.effects == []


@on_sqlite_file
async def test_who_was_killed_in_the_middle_of_a_call_is_followed_by_another(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    gate = asyncio.Event()
    stub.trouble(StubFault.HELD, gate=gate)
    killed = asyncio.create_task(ours.tell_once(registry))
    await stub.came("putAssociation", 1)
    killed.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await killed
    gate.set()
    await stub.quiet()
    assert stub.effects == [(made.id, "put")]
    await ours.tell(registry)
    assert stub.effects == [(made.id, "put")]
    assert (await ours.counts()).untold == 0


async def test_a_database_that_is_older_than_what_was_told_finds_its_way(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await registry.put(made, 7)
    await ours.tell(registry)
    assert stub.held[made.id].revision == 8
    assert (await ours.counts()).untold == 0


@on_sqlite_file
async def test_a_number_that_a_restored_backup_gives_again_is_the_new_association(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await registry.put(replace(made, pod=PROSUMER.pod, sid=SID_B), 1)  # of the time after the backup
    await ours.tell(registry)
    assert stub.live() == {made.id: HOME.pod.code}
    assert stub.held[made.id].revision == 2


@on_sqlite_file
async def test_an_association_that_is_refused_holds_up_no_other(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    stranger = replace(await ours.create(), id=900, sid=SID_B)
    await registry.put(stranger, 1)
    other = await ours.create(PROSUMER, (await ours.add_devices(1))[0])
    await ours.tell(registry)
    (left,) = await ours.untold()
    assert (left.state, left.failure) == (TellingState.REFUSED, "taken")
    assert (await ours.counts()).refused == 1
    assert other.id in stub.live()
    await registry.delete(900, 2)
    ours.clock.advance(timedelta(hours=7))
    await ours.tell(registry)
    assert stub.live() == await ours.live()


async def test_who_calls_everything_outdated_is_told_ever_more_rarely(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    waits = []
    known = 7
    for attempt in range(1, 8):
        stub.refuse_next("putAssociation", "outdated", revision=known)
        assert await ours.tell_once(registry)
        (left,) = await ours.untold()
        assert (left.attempts, left.failure, left.since) == (attempt, "outdated", made.created_at)
        waits.append((left.due_at - ours.clock.now()).total_seconds())
        ours.clock.advance(left.due_at - ours.clock.now())
        known += 1
    assert waits == pytest.approx([0.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0])
    assert stub.calls["putAssociation"] == 7
    assert (left.state, (await ours.counts()).refused) == (TellingState.REFUSED, 1)
    await ours.tell(registry)
    assert stub.held[made.id].revision == known


@on_sqlite_file
@pytest.mark.parametrize("known", [1, 2**53 - 1])
async def test_a_revision_that_ours_cannot_follow_is_a_refusal(
    known: int, ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    made = await ours.create()
    await ours.confirm(made.id)
    stub.refuse_next("putAssociation", "outdated", revision=known)
    await ours.tell(registry)
    (left,) = await ours.untold()
    assert (left.state, left.attempts, left.failure) == (TellingState.REFUSED, 1, "outdated")
    assert left.due_at - ours.clock.now() == timedelta(seconds=8)
    ours.clock.advance(timedelta(seconds=8))
    await ours.tell(registry)
    assert stub.held[made.id].revision == 2


@on_sqlite_file
@pytest.mark.parametrize("fault", [*TAKEN_AMISS, None])
async def test_a_failure_of_theirs_is_over_for_all_once_one_call_succeeds(
    fault: StubFault | None, ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    """None: the token is wrong."""
    first = await ours.create()
    for _ in range(12):
        if fault is None:
            stub.refuse_next("putAssociation", "unauthorised")
        else:
            stub.trouble(fault)
        await ours.tell_once(registry)
        (left,) = await ours.untold()
        ours.clock.advance(left.due_at - ours.clock.now())
    assert left.state is TellingState.FAILED
    assert (await ours.counts()).refused == 1
    if fault is None:
        stub.refuse_next("putAssociation", "unauthorised")
    else:
        stub.trouble(fault)
    await ours.tell_once(registry)
    (left,) = await ours.untold()
    assert left.due_at - ours.clock.now() <= timedelta(minutes=5)
    second = await ours.create(PROSUMER, SID_B)
    await ours.tell(registry)
    assert set(stub.live()) == {first.id, second.id}


@on_sqlite_file
@pytest.mark.parametrize("code", ["malformed", "taken", "data-unusable"])
async def test_what_is_refused_for_its_own_sake_waits_for_hours_whatever_else_succeeds(
    code: str, ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    await ours.create()
    for _ in range(14):
        stub.refuse_next("putAssociation", code)
        await ours.tell_once(registry)
        (left,) = await ours.untold()
        assert left.state is TellingState.REFUSED
        wait = left.due_at - ours.clock.now()
        ours.clock.advance(wait)
    assert wait == timedelta(hours=6) * 0.8
    stub.refuse_next("putAssociation", code)
    await ours.tell_once(registry)
    await ours.create(PROSUMER, SID_B)
    await ours.tell(registry)
    assert [each.failure for each in await ours.untold()] == [code]


@on_sqlite_file
async def test_an_association_that_makes_it_fail_is_not_told_again_each_time_that_another_is_told(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    await ours.create()
    for fault in (StubFault.FAILS, StubFault.SLOW, StubFault.FAILS):
        stub.trouble(fault)
    sids = await ours.add_devices(4)
    supplies = _supplies(4)
    tell_once = ours.telling_in_rounds(registry)
    await tell_once()
    for supply, sid in zip(supplies, sids, strict=True):
        await ours.create(supply, sid)
        while await tell_once():
            pass
    assert stub.calls["putAssociation"] == 1 + 4 + 1
    assert len(stub.live()) == 4


@on_sqlite_file
async def test_a_wait_without_measure_is_not_kept(
    ours: Telling, stub: StubCentral, registry: HttpRegistry
) -> None:
    await ours.create()
    stub.trouble(StubFault.BUSY, seconds=99_999)
    await ours.tell(registry)
    (left,) = await ours.untold()
    assert left.due_at - ours.clock.now() == timedelta(minutes=5)


def _supplies(number: int) -> Sequence[Supply]:
    codes = [f"IT001E3{each:07d}" for each in range(number)]
    return [replace(HOME, pod=Pod(code, code)) for code in codes]


@on_sqlite_file
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_fails_and_in_whatever_order_both_sides_end_the_same(
    seed: int, ours: Telling, stub: StubCentral
) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    supplies, sids = _supplies(4), await ours.add_devices(6)
    gates: list[asyncio.Event] = []
    faults = [fault for fault in StubFault if fault not in (StubFault.HANGS, StubFault.BUSY)]
    async with CentralClient(stub.url, stub.token, seconds=0.15, chance=Hasty()) as client:
        registry = HttpRegistry(client)
        for _ in range(120):
            live = sorted(await ours.live())
            with contextlib.suppress(AssociationRefused):  # a point or a device is taken
                match chance.choice(["create", "create", "delete", "replace", "confirm"]):
                    case "create":
                        await ours.create(chance.choice(supplies), chance.choice(sids))
                    case "delete" if live:
                        await ours.delete(chance.choice(live))
                    case "replace" if live:
                        number = chance.choice(live)
                        code = (await ours.live())[number]
                        supply = next(each for each in supplies if each.pod.code == code)
                        await ours.replace(number, supply, chance.choice(sids))
                    case "confirm" if live:
                        await ours.confirm(chance.choice(live))
            if chance.random() < 0.6:
                gates.append(asyncio.Event())
                stub.trouble(chance.choice(faults), seconds=0.0, gate=gates[-1])
            if chance.random() < 0.3 and gates:
                gates.pop(0).set()  # what was held arrives, however late
            ours.clock.advance(timedelta(seconds=chance.choice([0, 5, 60, 600])))
            await ours.tell_once(registry)
        for gate in gates:
            gate.set()
        stub.heal()
        await stub.quiet()
    async with CentralClient(stub.url, stub.token) as client:
        for _ in range(20):  # some wait for others
            ours.clock.advance(timedelta(hours=8))
            await ours.tell(HttpRegistry(client))
    assert (await ours.counts()).untold == 0
    assert stub.live() == await ours.live()
    deleted = Counter(number for number, effect in stub.effects if effect == "delete")
    assert set(deleted.values()) <= {1}
    ended = set[int]()
    for number, effect in stub.effects:
        assert number not in ended  # nothing lives again
        if effect == "delete":
            ended.add(number)
