"""Bulk requests: cancelled, run again, seen by colleagues, refused; and races."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from backend.associations.values import Configuration
from backend.bulk import processing
from backend.bulk import service as bulk
from backend.bulk.errors import BulkNotFound, NothingToLoad, RequestBegun, UploadGone
from backend.bulk.values import BulkLine, Checked, CheckedRow, Request, RequestState, RowState, Verdict
from backend.core.audit.values import AuditAction
from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import Retry
from backend.core.jobs.values import Job
from backend.identity.errors import NotPermitted
from backend.identity.values import Actor
from bot.bulk.feature import ROW_RETRY
from tests.bulk.corpus import book
from tests.bulk.sheets import HEADING, PLAIN, UNAVAILABLE, UNKNOWN, good, line, plain_pods, send, sheet, sid
from tests.samples import START
from tests.support import Chat, Switchboard, World, on_sqlite


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


def stored(
    connection: Connection,
    actor: Actor,
    number: int,
    job_id: int | None = None,
    state: RowState = RowState.READY,
) -> int:
    return bulk.store(
        connection,
        actor,
        checked(number, state),
        job_id=job_id,
        name="impianti.csv",
        digest=None,
        fingerprint="0" * 64,
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
        partial(bulk.upload, actor=them, upload_id=request.upload_id),
        partial(bulk.rows_to_correct, actor=them, upload_id=request.upload_id),
        partial(bulk.discard, actor=them, upload_id=request.upload_id),
        partial(bulk.load, actor=them, upload_id=request.upload_id, everything=True, at=START),
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
    wins = await races(database, us, 25)
    assert sum(wins.values()) == 25
    assert len(wins) == 2


async def races(database: Database, us: Actor, times: int) -> Counter[str]:
    """Cancel requests while two workers begin them, one of each in another process's place, and check that
    each has one winner.
    """
    wins, chance = Counter[str](), Random(486)  # noqa: S311 - nothing secret
    async with Database(database.url) as other:
        for _ in range(times):
            wins[await race(database, other, us, chance)] += 1
    return wins


async def race(database: Database, other: Database, us: Actor, chance: Random) -> str:
    """Which of the two has won a race."""
    (request,) = await loaded(database, us, 1)
    works: dict[str, Any] = {
        "cancel": partial(bulk.cancel, actor=us, request_id=request.id, at=START),
        "begin": partial(processing.begin, request_id=request.id, at=START),
        "begin too": partial(processing.begin, request_id=request.id, at=START),
    }
    order = chance.sample(sorted(works), len(works))
    told = await asyncio.gather(
        *(chance.choice((database, other)).write(works[name]) for name in order), return_exceptions=True
    )
    answers = dict(zip(order, told, strict=True))
    cancelled = not isinstance(answers["cancel"], RequestBegun)
    assert (answers["begin"], answers["begin too"]) == (not cancelled, not cancelled)
    state = await database.write(partial(bulk.request_of_any, request_id=request.id))
    assert state is not None
    assert state.state is (RequestState.CANCELLED if cancelled else RequestState.PROCESSING)
    return "cancelled" if cancelled else "begun"


async def test_rows_of_a_cancelled_request_are_not_processed(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 1)
    (row_id,) = await database.write(partial(processing.waiting_rows, request_id=request.id))
    await database.write(partial(bulk.cancel, actor=us, request_id=request.id, at=START))
    assert await database.short_read(partial(processing.work_of, row_id=row_id)) is None
    with pytest.raises(BulkNotFound):
        await database.write(partial(bulk.get, actor=us, request_id=request.id))


async def test_a_file_that_was_loaded_cannot_be_discarded(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 1)
    with pytest.raises(UploadGone):
        await database.write(partial(bulk.discard, actor=us, upload_id=request.upload_id))
    assert await database.write(partial(bulk.get, actor=us, request_id=request.id))


async def test_load_against_discard_has_one_winner(database: Database, database_url: str, us: Actor) -> None:
    async with Database(database_url) as other:
        for _ in range(10):
            upload_id = await database.write(partial(stored, actor=us, number=1))
            load = partial(bulk.load, actor=us, upload_id=upload_id, everything=True, at=START)
            discard = partial(bulk.discard, actor=us, upload_id=upload_id)
            told = await asyncio.gather(database.write(load), other.write(discard), return_exceptions=True)
            wins = [isinstance(told[0], list), told[1] is None]
            assert sorted(wins) == [False, True], told


async def test_the_same_file_of_another_integrator_is_not_told_of(
    database: Database, us: Actor, them: Actor
) -> None:
    await loaded(database, them, 1)
    upload_id = await database.write(partial(stored, actor=us, number=1))
    found = await database.write(partial(bulk.upload, actor=us, upload_id=upload_id))
    assert found.loaded_before is None


async def test_a_row_has_one_outcome(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 2)
    row_id, _ = await database.write(partial(processing.waiting_rows, request_id=request.id))
    work = await database.write(partial(processing.work_of, row_id=row_id))
    assert work is not None
    await database.write(partial(processing.fail, work=work, at=START))
    with pytest.raises(processing.RowEnded):
        await database.write(partial(processing.fail, work=work, at=START))
    found = await database.write(partial(bulk.get, actor=us, request_id=request.id))
    assert (found.counts, found.state) == ({RowState.FAILED: 1, RowState.WAITING: 1}, RequestState.WAITING)


async def test_cells_are_kept_only_where_something_is_to_be_corrected(database: Database, us: Actor) -> None:
    upload_id = await database.write(partial(stored, actor=us, number=1, state=RowState.LATER))
    (row,) = await database.write(partial(bulk.rows_to_correct, actor=us, upload_id=upload_id))
    assert row.cells[0] == row.pod
    load = partial(bulk.load, actor=us, upload_id=upload_id, everything=True, at=START)
    (request,) = await database.write(load)
    (row,) = await database.write(partial(bulk.rows_of, actor=us, request_id=request.id))
    assert row.cells == ()


async def test_lines_to_correct_are_forgotten(database: Database, us: Actor) -> None:
    rows = (*checked(1).rows, replace(checked(2, RowState.WRONG).rows[1], read=None))
    upload_id = await database.write(
        partial(
            bulk.store,
            actor=us,
            checked=replace(checked(1), rows=rows),
            job_id=None,
            name="impianti.csv",
            digest=None,
            fingerprint="1" * 64,
            at=START,
        )
    )
    load = partial(bulk.load, actor=us, upload_id=upload_id, everything=False, at=START)
    (request,) = await database.write(load)
    assert request.left_out == 1
    forget = partial(bulk.forget_old, corrections_kept=timedelta(days=5), requests_kept=timedelta(days=9))
    assert await database.write(partial(forget, at=START + timedelta(days=5))) == 0
    assert await database.write(partial(forget, at=START + timedelta(days=6))) == 1
    found = await database.write(partial(bulk.get, actor=us, request_id=request.id))
    assert (found.left_out, found.rows) == (0, 1)


async def test_a_request_without_failed_rows_cannot_run_again(database: Database, us: Actor) -> None:
    (request,) = await loaded(database, us, 1)
    with pytest.raises(NothingToLoad):
        await database.write(partial(bulk.run_again, actor=us, request_id=request.id, at=START))


async def test_old_files_are_forgotten(database: Database, us: Actor) -> None:
    upload_id = await database.write(partial(stored, actor=us, number=2))
    (request,) = await loaded(database, us, 2)
    forget = partial(bulk.forget_old, corrections_kept=timedelta(days=5), requests_kept=timedelta(days=9))
    assert await database.write(partial(forget, at=START + bulk.UNLOADED_KEPT * 2)) == 1
    with pytest.raises(BulkNotFound):
        await database.write(partial(bulk.upload, actor=us, upload_id=upload_id))
    assert await database.write(partial(bulk.get, actor=us, request_id=request.id))
    assert await database.write(partial(forget, at=START + timedelta(days=9))) == 0
    assert await database.write(partial(forget, at=START + timedelta(days=10))) == 1
    with pytest.raises(BulkNotFound):
        await database.write(partial(bulk.get, actor=us, request_id=request.id))


async def test_a_file_checked_too_long_ago_is_not_loaded(database: Database, us: Actor) -> None:
    upload_id = await database.write(partial(stored, actor=us, number=2))
    late = partial(
        bulk.load, actor=us, upload_id=upload_id, everything=False, at=START + bulk.UNLOADED_KEPT * 2
    )
    with pytest.raises(UploadGone):
        await database.write(late)


@on_sqlite
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
    await declared.saw("Richiesta n. 1 elaborata", "1 creata", "1 non creata")


@on_sqlite
async def test_the_same_file_sent_again_is_recognised(declared: Chat, world: World) -> None:
    content = good(1, 50)
    await send(declared, content, "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata", "1 creata")
    await world.settled()
    await send(
        declared,
        content,
        "Hai già caricato questo file: richiesta n. 1 del",
        "✅ 1 creata",
        button="Richiesta n. 1",
    )


@on_sqlite
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
    again = await declared.sees("Controllo di di-nuovo.csv", "1 riga da correggere", button="correggere")
    await declared.press("correggere")
    _, corrected = await declared.document("Correggile", after=again.message_id)
    assert corrected.decode("cp1252").count("Motivo") == 1


@on_sqlite
async def test_failed_rows_run_again_with_one_press(
    declared: Chat, world: World, central: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = sheet([line(UNAVAILABLE, 70)])
    await send(declared, content, "1 riga incerta", button="Carica la riga incerta")
    monkeypatch.setattr("bot.bulk.feature.ROW_RETRY", replace(ROW_RETRY, attempts=1))
    await declared.press("Carica la riga incerta")
    await declared.saw("Richiesta n. 1 elaborata", "1 da riprovare")
    await world.settled()
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata", "1 da riprovare")
    await declared.press("Riprova 1 riga", on=card)
    await world.settled()
    for action in (AuditAction.BULK_LOADED, AuditAction.BULK_RUN_AGAIN):
        (audited,) = await world.audit(action)
        assert audited.detail["rows"] == 1
    screen = await declared.screen()
    assert sum("Richiesta n. 1 elaborata" in shown.text for shown in screen.from_bot) == 2


def at_once(retry: Retry, attempt: int, random: Random) -> float:
    return 0.01


async def test_a_row_is_tried_again_until_the_central_system_answers(
    declared: Chat, world: World, central: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Retry, "seconds", at_once)
    await send(declared, good(1, 70), "1 riga da creare")
    central.fail(plain_pods(1)[0], times=2)
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata", "1 creata")
    assert len(world.events("job.put_off")) == 2


@pytest.mark.parametrize("broken", ["bulk_begin", "bulk_row"])
async def test_rows_whose_processing_fails_for_good_can_run_again(
    declared: Chat, world: World, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    add_like = jobs.add_like

    def fails(*args: object, **values: object) -> None:
        raise RuntimeError("broken")

    def adds(connection: Connection, job: Job, kind: str, *rest: Any, **values: Any) -> None:
        if kind == "bulk_row":
            raise RuntimeError("broken")
        add_like(connection, job, kind, *rest, **values)

    await send(declared, good(2, 70), "2 righe da creare")
    world.allowed_errors |= {"job.failed", "job.gave_up"}
    with monkeypatch.context() as patched:
        patched.setattr(Retry, "seconds", at_once)
        if broken == "bulk_begin":
            patched.setattr(jobs, "add_like", adds)
        else:
            patched.setattr(processing, "conclude", fails)
        await declared.press("Carica le 2 righe buone")
        await declared.saw("Richiesta n. 1 elaborata", "2 da riprovare")
    await declared.press("Riprova 2 righe", on=await declared.saw("☑️ Elaborata", "2 da riprovare"))
    await declared.saw("Richiesta n. 1 elaborata", "2 create")


@on_sqlite
async def test_lines_left_out_can_be_fetched_after_the_good_ones_were_loaded(
    declared: Chat, world: World
) -> None:
    content = sheet([line(PLAIN, 60), f"{UNKNOWN};=1+1;Standard;nota;altro", f'{UNKNOWN};"x;Standard'])
    await send(declared, content, "1 riga da creare", "2 righe da correggere")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata")
    await world.settled()
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata")
    await declared.press("Scarica le 2 non caricate", on=card)
    _, corrected = await declared.document("con il motivo", after=card.message_id)
    rows = list(csv.reader(io.StringIO(corrected.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [*HEADING.split(";"), "", "", "Motivo"]
    assert rows[1][:5] == [UNKNOWN, "'=1+1", "Standard", "nota", "altro"]
    assert rows[2][0] == f'{UNKNOWN};"x;Standard'
    assert [row[5] for row in rows[1:]] == ["SID: non è un SID", "virgolette non corrette"]


@on_sqlite
async def test_every_card_of_a_request_shows_how_it_stands(
    declared: Chat, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(declared, good(1, 60), "1 riga da creare")
    with monkeypatch.context() as patched:
        patched.setattr(processing, "waiting_rows", lambda connection, request_id: [])  # none is begun
        await declared.press("Carica la riga buona")
        await declared.saw("Richiesta n. 1", "🕓 In attesa")
        async with world.chat(1) as colleague:
            await colleague.type("/massiva")
            await colleague.press("Accetto")
            await colleague.sees("Configurazione massiva", button="n. 1")
            await colleague.press("n. 1")
            await colleague.press("Annulla la richiesta")
            await colleague.saw("Richiesta n. 1", "Annullata")
    await declared.saw("Richiesta n. 1", "Annullata: non ho creato nulla")


@on_sqlite
async def test_a_sheet_of_a_workbook_is_another_file(declared: Chat, world: World) -> None:
    tables = [[HEADING.split(";"), line(pod, 60 + at).split(";")] for at, pod in enumerate(plain_pods(2))]
    content = book(*tables)
    for position, number in ((0, 1), (1, 2)):
        await send(declared, content, "più fogli", name="impianti.xlsx", button=f"Sheet{position + 1}")
        await declared.press(f"Sheet{position + 1}")
        shown = await declared.sees("1 riga da creare", button="Carica")
        assert "già caricato" not in shown.text
        await declared.press("Carica la riga buona")
        await declared.saw(f"Richiesta n. {number} elaborata")
        await world.settled()
    await send(declared, content, "più fogli", name="impianti.xlsx", button="Sheet1")
    await declared.press("Sheet1")
    await declared.sees("Hai già caricato questo file: richiesta n. 1 del", "(✅ 1 creata)")


@on_sqlite
async def test_an_old_button_of_a_request_that_is_gone_is_answered(declared: Chat, world: World) -> None:
    shown = await send(declared, good(1, 55), "1 riga da creare", button="Scarta")
    await declared.press("Scarta")
    await declared.sees("Scartato")
    for data in ("bulk_load", "bulk_sheet", "bulk_request", "bulk_rows", "bulk_original", "bulk_cancel"):
        world.forge(f"1.e.{data}.1", message_id=shown.message_id)
        await world.settled()
    await declared.saw("non c’è più")
    assert world.events("turn.failed") == []
