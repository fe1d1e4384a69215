"""Failing turns: tried three times, dead-lettered with a reference, and worked again on request."""

from __future__ import annotations

import re

from backend.core.audit.values import AuditAction
from backend.core.inbox import service as inbox
from backend.core.inbox.values import FailedRow, Retried, RowKind
from tests.acceptance.walks import PLAIN, PROSUMER, to_summary
from tests.support import Chat, Switchboard, World, on_sqlite


async def failed(world: World) -> list[FailedRow]:
    return await world.database.long_read(lambda connection: list(inbox.failed(connection)))


async def test_a_failing_turn_is_reported_kept_and_can_be_worked_again(
    world: World, central: Switchboard, declared: Chat
) -> None:
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered"}
    central.broken = True
    mine = await declared.type(PLAIN)
    await declared.type("/stato")  # waits behind it, in the same lane
    told = await declared.saw("Qualcosa è andato storto", "comunica all’assistenza il riferimento")
    state = await declared.sees("Configuratore · Impianti Demo")
    assert mine.message_id < told.message_id < state.message_id

    found = re.search(r"riferimento ([A-Z2-9]{8})", told.text)
    assert found is not None
    reference = found[1]
    tries = world.events("turn.failed")
    assert [event["attempt"] for event in tries] == [1, 2, 3]
    (aside,) = world.events("turn.dead_lettered")
    assert aside["reference"] == reference
    assert {event["correlation"] for event in tries} == {aside["correlation"]}
    (kept,) = await failed(world)
    assert (kept.kind, kept.reference) == (RowKind.UPDATE, reference)
    assert "the line is broken" in kept.error
    await world.settled()
    assert await world.audit(AuditAction.POD_LOOKED_UP) == []

    central.broken = False
    again = await world.database.write(lambda connection: inbox.retry(connection, reference))
    assert again is Retried.BACK
    await declared.sees("Fornitura ammissibile", PLAIN)
    await world.settled()
    assert len(await world.audit(AuditAction.POD_LOOKED_UP, pod=PLAIN)) == 1
    assert await failed(world) == []
    again = await world.database.write(lambda connection: inbox.retry(connection, reference))
    assert again is Retried.UNKNOWN


@on_sqlite
async def test_a_failing_turn_delays_nobody_else_and_leaves_its_dialogue_as_it_was(
    world: World, central: Switchboard, declared: Chat, colleague: Chat
) -> None:
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered"}
    summary = await to_summary(declared, PROSUMER)
    central.broken = True
    await declared.press("Conferma", on=summary)
    await colleague.says("/stato", "Collega · Impianti Demo")
    await declared.saw("Qualcosa è andato storto")
    central.broken = False

    await declared.press("Conferma", on=summary)
    await declared.saw("Associazione creata", PROSUMER)
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PROSUMER)) == 1


@on_sqlite
async def test_a_turn_interrupted_by_a_stop_is_not_counted_as_failed(
    world: World, central: Switchboard, declared: Chat
) -> None:
    world.allowed_errors.add("turn.failed")
    central.broken = True
    await declared.type(PLAIN)
    await world.logged("turn.failed")
    await world.stop()
    central.broken = False
    await world.start()
    await declared.sees("Fornitura ammissibile", PLAIN)
    assert await failed(world) == []
