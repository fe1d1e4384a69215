"""Bulk requests: cancelled, run again, seen by colleagues, refused; and races."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection

from backend.associations.values import Configuration
from backend.bulk import processing
from backend.bulk import service as bulk
from backend.bulk.errors import BulkNotFound, NothingToLoad, RequestBegun, UploadGone
from backend.bulk.values import BulkLine, Checked, CheckedRow, Request, RequestState, RowState, Verdict
from backend.core.audit.values import AuditAction
from backend.core.db.database import Database
from backend.identity.errors import NotPermitted
from backend.identity.values import Actor
from bot.bulk.feature import ROW_RETRY
from tests.bulk.sheets import HEADING, PLAIN, UNAVAILABLE, UNKNOWN, good, line, plain_pods, send, sheet, sid
from tests.samples import START
from tests.support import Chat, Switchboard, World


def checked(number: int, state: RowState = RowState.READY) -> Checked:
    """A file of so many rows with this verdict."""
    rows = [
        CheckedRow(
            at + 2,
            (pod, f"MOM48600{at:09d}", "Standard"),
            BulkLine(at + 2, pod, f"MOM48600{at:09d}", Configuration.STANDARD),
            Verdict(state, "ready"),
        )
        for at, pod in enumerate(plain_pods(number))
    ]
    return Checked(tuple(HEADING.split(";")), tuple(rows))


def stored(connection: Connection, actor: Actor, number: int, job_id: int | None = None) -> int:
    return bulk.store(
        connection,
        actor,
        checked(number),
        job_id=job_id,
        name="impianti.csv",
        digest=None,
        sha256="0" * 64,
        at=START,
    )


async def loaded(database: Database, actor: Actor, number: int) -> list[Request]:
    upload_id = await database.write(partial(stored, actor=actor, number=number))
    return await database.write(
        partial(bulk.load, actor=actor, upload_id=upload_id, everything=False, at=START)
    )


async def test_a_file_of_250_rows_becomes_three_requests(database: Database, us: Actor) -> None:
    requests = await loaded(database, us, 250)
    assert [each.rows for each in requests] == [100, 100, 50]
    assert {each.state for each in requests} == {RequestState.WAITING}


async def test_a_checked_file_is_loaded_once(database: Database, us: Actor) -> None:
    upload_id = await database.write(partial(stored, actor=us, number=2))
    load = partial(bulk.load, actor=us, upload_id=upload_id, everything=False, at=START)
    told = await asyncio.gather(*(database.write(load) for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in told) == ["UploadGone"] * 4 + ["list"]


async def test_a_check_that_runs_again_stores_the_same_file(database: Database, us: Actor) -> None:
    first = await database.write(partial(stored, actor=us, number=2, job_id=7))
    assert await database.write(partial(stored, actor=us, number=2, job_id=7)) == first


async def test_a_request_is_nobody_elses(database: Database, us: Actor, them: Actor) -> None:
    (request,) = await loaded(database, us, 2)
    for operation in (
        partial(bulk.get, actor=them, request_id=request.id),
        partial(bulk.rows_of, actor=them, request_id=request.id),
        partial(bulk.cancel, actor=them, request_id=request.id, at=START),
        partial(bulk.run_again, actor=them, request_id=request.id, at=START),
        partial(bulk.upload_of, actor=them, request_id=request.id),
    ):
        with pytest.raises(BulkNotFound):
            await database.write(operation)
    assert await database.write(partial(bulk.latest, actor=them, limit=5)) == []


async def test_a_member_who_is_not_enabled_can_do_nothing(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 1)
    disabled = replace(us, membership=replace(us.acting_for, enabled=False))
    with pytest.raises(NotPermitted):
        await database.write(partial(bulk.get, actor=disabled, request_id=request.id))
    with pytest.raises(NotPermitted):
        await database.write(partial(stored, actor=disabled, number=1))


async def test_cancel_against_start_has_one_winner(database: Database, us: Actor) -> None:
    wins = {"cancelled": 0, "begun": 0}
    for _ in range(25):
        (request,) = await loaded(database, us, 1)
        begin = partial(processing.begin, request_id=request.id, at=START)
        cancel = partial(bulk.cancel, actor=us, request_id=request.id, at=START)
        operations = [database.write(begin), database.write(cancel), database.write(begin)]
        told = await asyncio.gather(*operations, return_exceptions=True)
        cancelled = not isinstance(told[1], RequestBegun)
        assert told[0] is not cancelled, told
        assert told[2] is not cancelled, told
        wins["cancelled" if cancelled else "begun"] += 1
        state = await database.write(partial(bulk.request_of_any, request_id=request.id))
        assert state is not None
        expected = RequestState.CANCELLED if cancelled else RequestState.PROCESSING
        assert state.state is expected
    assert sum(wins.values()) == 25


async def test_rows_of_a_cancelled_request_are_not_processed(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 1)
    (row_id,) = await database.write(partial(processing.waiting_rows, request_id=request.id))
    await database.write(partial(bulk.cancel, actor=us, request_id=request.id, at=START))
    assert await database.short_read(partial(processing.work_of, row_id=row_id)) is None
    with pytest.raises(BulkNotFound):
        await database.write(partial(bulk.get, actor=us, request_id=request.id))


async def test_a_request_without_failed_rows_cannot_run_again(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 1)
    with pytest.raises(NothingToLoad):
        await database.write(partial(bulk.run_again, actor=us, request_id=request.id, at=START))


async def test_old_files_are_forgotten(database: Database, us: Actor) -> None:
    upload_id = await database.write(partial(stored, actor=us, number=2))
    (request,) = await loaded(database, us, 2)
    assert await database.write(partial(bulk.forget_old, at=START + bulk.UNLOADED_KEPT * 2)) == 1
    with pytest.raises(BulkNotFound):
        await database.write(partial(bulk.upload, actor=us, upload_id=upload_id))
    assert await database.write(partial(bulk.get, actor=us, request_id=request.id))
    assert await database.write(partial(bulk.forget_old, at=START + bulk.REQUESTS_KEPT * 2)) == 1
    with pytest.raises(BulkNotFound):
        await database.write(partial(bulk.get, actor=us, request_id=request.id))


async def test_a_file_checked_too_long_ago_is_not_loaded(database: Database, us: Actor) -> None:
    upload_id = await database.write(partial(stored, actor=us, number=2))
    late = partial(
        bulk.load, actor=us, upload_id=upload_id, everything=False, at=START + bulk.UNLOADED_KEPT * 2
    )
    with pytest.raises(UploadGone):
        await database.write(late)


async def test_a_refused_row_leaves_its_neighbours_alone(declared: Chat, world: World) -> None:
    content = sheet([line(PLAIN, 30), line(plain_pods(3)[2], 31)])
    await send(declared, content, "2 righe da creare")
    await declared.says(PLAIN, "Fornitura ammissibile")  # somebody is quicker
    await declared.press("Associa un dispositivo")
    await declared.press("MOME")
    await declared.says(sid(40), "Quale configurazione?")
    await declared.press("Standard")
    await declared.press("Conferma")
    await declared.saw("Associazione creata")
    await world.settled()
    await declared.press("Carica le 2 righe buone")
    await declared.saw("Richiesta n. 1 elaborata", "1 creata", "1 già associata")


async def test_the_same_file_sent_again_is_recognised(declared: Chat, world: World) -> None:
    content = good(1, 50)
    await send(declared, content, "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata", "1 creata")
    await world.settled()
    await send(declared, content, "già stato caricato: richiesta n. 1", button="Richiesta n. 1")


async def test_the_wrong_rows_come_back_in_the_dialect_of_the_file(declared: Chat, world: World) -> None:
    content = f"sep=,\n{HEADING.replace(';', ',')}\n{line(UNKNOWN, 60).replace(';', ',')}\n".encode("cp1252")
    shown = await send(declared, content, "1 riga da correggere", button="correggere")
    await declared.press("correggere")
    _, corrected = await declared.document("Correggile", after=shown.message_id)
    lines = corrected.decode().split("\n")
    assert lines[0] == "sep=,"
    rows = list(csv.reader(io.StringIO("\n".join(lines[1:]))))
    assert rows[0] == [*HEADING.split(";"), "Motivo"]
    assert rows[1] == [UNKNOWN, line(UNKNOWN, 60).split(";")[1], "Standard", "POD inserito inesistente"]
    await declared.phone.send_file(corrected, name="di-nuovo.csv")
    await declared.sees("Controllo di di-nuovo.csv", "1 riga da correggere")


async def test_failed_rows_run_again_with_one_press(
    declared: Chat, world: World, central: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = sheet([line(UNAVAILABLE, 70)])
    await send(declared, content, "1 riga incerta", button="Carica anche")
    monkeypatch.setattr("bot.bulk.feature.ROW_RETRY", replace(ROW_RETRY, attempts=1))
    await declared.press("Carica anche")
    await declared.saw("Richiesta n. 1 elaborata", "1 da riprovare")
    await world.settled()
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata", "1 da riprovare")
    await declared.press("Riprova 1 riga", on=card)
    await world.settled()
    audits = await world.audit(AuditAction.BULK_LOADED)
    assert [each.detail["rows"] for each in audits] == [1, 1]


async def test_an_old_button_of_a_request_that_is_gone_is_answered(declared: Chat, world: World) -> None:
    shown = await send(declared, good(1, 55), "1 riga da creare", button="Scarta")
    await declared.press("Scarta")
    await declared.sees("Scartato")
    for data in ("bulk_load", "bulk_sheet", "bulk_request", "bulk_rows", "bulk_original", "bulk_cancel"):
        world.forge(f"1.e.{data}.1", message_id=shown.message_id)
        await world.settled()
    await declared.saw("Non trovo questa richiesta")
    assert world.events("turn.failed") == []
