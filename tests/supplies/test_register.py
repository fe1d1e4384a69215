"""The register: loaded from CSV, swapped as a whole, read while it is swapped."""

from __future__ import annotations

import asyncio
import fcntl
import gzip
import resource
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.db.database import Database
from backend.supplies.csvline import COLUMNS, Lines
from backend.supplies.errors import CentralUnavailable, RegisterMissing
from backend.supplies.importer import import_register
from backend.supplies.load_sqlite import AT_ONCE
from backend.supplies.register import Register, SqliteRegister
from backend.tabular.csvfile import ImportReport, Piece
from backend.tabular.dialect import LINE_LIMIT
from backend.tabular.reasons import BadLine, FileRefused
from tests.csvfiles import line_of, write_register
from tests.samples import ALL_SUPPLIES, HOME, PROSUMER, ROOF, SHED, pod


async def load(csv: Path, database: Database, register_path: Path) -> ImportReport:
    return await import_register(csv, database=database, register_path=register_path)


async def test_a_register_that_was_never_loaded_says_so(register: Register) -> None:
    with pytest.raises(RegisterMissing):
        await register.supply(HOME.point)


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "utf-8"), (",", "utf-8-sig"), (";", "cp1252"), (",", "utf-8"), ("\t", "utf-16"), ("\t", "utf-8")],
)
async def test_loaded_supplies_can_be_read(
    database: Database, register: Register, register_path: Path, tmp_path: Path, separator: str, encoding: str
) -> None:
    lines = [line_of(supply, separator) for supply in ALL_SUPPLIES]
    csv = write_register(tmp_path / "supplies.csv", lines, separator, encoding)
    report = await load(csv, database, register_path)
    assert report == ImportReport(len(ALL_SUPPLIES), 0, None)
    for supply in ALL_SUPPLIES:
        assert await register.supply(supply.point) == supply
        read = await register.supply(supply.point)
        assert read is not None
        assert (read.meter_serial, read.exchange_point) == (supply.meter_serial, supply.exchange_point)
    assert await register.supply("IT001E99999999") is None
    ceased = ALL_SUPPLIES[-1]
    assert await register.production_of(PROSUMER.point) == [SHED, ceased, ROOF]
    household = {PROSUMER, ROOF, SHED, ceased}
    assert set(await register.household(PROSUMER.point)) == household
    assert set(await register.household(ROOF.point)) == household
    assert await register.household(HOME.point) == [HOME]
    assert await register.household("IT001E99999999") == []
    assert await register.count() == len(ALL_SUPPLIES)


async def test_a_register_saved_by_excel_is_read(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    words = {"low_voltage": "VERO", "remotely_managed": "vero", "reachable": "Vero", "ceased": "FALSO"}
    file = tmp_path / "supplies.csv"
    lines = ["sep=;", ";".join(COLUMNS), line_of(HOME, **words), ";" * (len(COLUMNS) - 1)]
    file.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    report = await load(file, database, register_path)

    assert (report.loaded, report.bad) == (1, 0)
    assert await register.supply(HOME.point) == HOME


async def test_production_pods_without_their_exchange_pod_are_loaded_and_listed(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    for supplies, orphans in (([HOME, ROOF, SHED], [SHED, ROOF]), ([PROSUMER, ROOF], [])):
        file = write_register(tmp_path / "supplies.csv", [line_of(supply) for supply in supplies])
        report = await load(file, database, register_path)

        assert (report.loaded, report.bad, report.orphans) == (len(supplies), 0, len(orphans))
        listed = report.without_exchange.read_text("utf-8").split()[1:] if report.without_exchange else []
        assert listed == [supply.pod.code for supply in orphans]
    assert not (tmp_path / "supplies.without-exchange.csv").exists()


async def test_a_compressed_register_is_loaded(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    plain = write_register(tmp_path / "supplies.csv", [line_of(supply) for supply in ALL_SUPPLIES])
    packed = tmp_path / "supplies.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    seen = list[int]()
    report = await import_register(
        packed, database=database, register_path=register_path, progress=lambda read, lines: seen.append(read)
    )

    assert (report.loaded, report.bad) == (len(ALL_SUPPLIES), 0)
    assert seen[-1] == packed.stat().st_size


async def test_bad_lines_are_listed_with_number_and_reason_and_the_rest_is_loaded(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    lines = [
        line_of(HOME),
        line_of(PROSUMER, pod="non lo so"),
        line_of(PROSUMER, eneltel="1,23E+08"),
        line_of(PROSUMER, meter_role="M3"),
        line_of(ROOF, exchange_pod=""),
        line_of(HOME, exchange_pod=PROSUMER.point),
        line_of(PROSUMER, ceased="boh"),
        line_of(PROSUMER, available_power_w="3.300"),
        "solo;tre;celle",
        'IT001E10000001;"aperto',
        "x" * 20_000,
        "",
        line_of(replace(HOME, pod=pod("IT001E100000019"))),
        line_of(PROSUMER),
    ]
    report = await load(write_register(tmp_path / "supplies.csv", lines), database, register_path)
    assert (report.loaded, report.bad) == (2, 11)
    assert report.bad_lines is not None
    listed = [line.split(";") for line in report.bad_lines.read_text("utf-8").splitlines()[1:]]
    assert sorted((int(line), column) for line, column, *_ in listed) == [
        (3, "pod"),
        (4, "eneltel"),
        (5, "meter_role"),
        (6, "exchange_pod"),
        (7, "exchange_pod"),
        (8, "ceased"),
        (9, "available_power_w"),
        (10, ""),
        (11, ""),
        (12, ""),
        (14, "pod"),
    ]
    assert all(reason for *_, reason in listed)
    assert "IT001E" not in report.bad_lines.read_text("utf-8")
    first = await register.supply(HOME.point)
    assert first is not None
    assert first.pod.code == "IT001E10000001"


async def test_a_new_load_replaces_the_register_as_a_whole(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    csv = write_register(tmp_path / "supplies.csv", [line_of(s) for s in ALL_SUPPLIES])
    await load(csv, database, register_path)
    assert await register.supply(HOME.point) == HOME
    await load(csv, database, register_path)
    assert await register.count() == len(ALL_SUPPLIES)
    await load(write_register(csv, [line_of(replace(PROSUMER, reachable=False))]), database, register_path)
    assert await register.supply(HOME.point) is None
    found = await register.supply(PROSUMER.point)
    assert found is not None
    assert not found.reachable


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"pod;eneltel\r\nIT001E10000001;1\r\n",
        b"PK\x03\x04workbook",
        b"\xff\xfep\x00o\x00d\x00",
        gzip.compress(b"pod;eneltel")[:-4],
        b"pod\x00;x",
    ],
    ids=["empty", "columns missing", "workbook", "utf-16", "damaged", "binary"],
)
async def test_a_file_that_cannot_be_loaded_leaves_the_register_as_it_was(
    database: Database, register: Register, register_path: Path, tmp_path: Path, content: bytes
) -> None:
    await load(write_register(tmp_path / "good.csv", [line_of(HOME)]), database, register_path)
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    with pytest.raises(FileRefused) as failed:
        await load(bad, database, register_path)
    assert failed.value.reason
    with pytest.raises(FileRefused):
        await load(write_register(bad, ["non;va"]), database, register_path)
    with pytest.raises(FileRefused):
        await load(tmp_path / "missing.csv", database, register_path)
    assert await register.count() == 1
    leftovers = [path.name for path in register_path.parent.iterdir() if path.name.startswith(".")]
    assert leftovers == []


async def test_a_large_file_is_loaded_in_batches_and_tells_its_progress(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    count = 30_000  # more than two pieces of the file
    lines = [line_of(HOME, pod=f"IT001E{number:08}") for number in range(count)]
    lines.append(line_of(HOME, pod="IT001E00000003"))  # known since the first batch
    lines.append(line_of(HOME, pod="it001e00000004"))  # so is this line, which also needs repair
    csv = write_register(tmp_path / "supplies.csv", lines)
    told: list[tuple[int, int]] = []
    report = await import_register(
        csv, database=database, register_path=register_path, progress=lambda *at: told.append(at)
    )
    assert (report.loaded, report.bad) == (count, 2)
    assert report.bad_lines is not None
    listed = [line.split(";")[:2] for line in report.bad_lines.read_text("utf-8").splitlines()[1:]]
    assert listed == [[str(count + 2), "pod"], [str(count + 3), "pod"]]
    assert await register.count() == count
    assert len(told) == 3
    assert told == sorted(told)
    assert told[-1] == (csv.stat().st_size, count + 3)


@pytest.mark.parametrize("mended", [False, True])
async def test_a_repeated_supply_point_is_listed_by_its_own_line(
    database: Database, register: Register, register_path: Path, tmp_path: Path, mended: bool
) -> None:
    points = [f"IT001E{number:08}" for number in range(45_000)]  # more than three pieces
    points[5] = points[2]  # in the first piece
    points[-2:] = [points[1], points[1]]  # in the last one
    lines = [line_of(HOME, pod=point) for point in points]
    if mended:  # in a piece between them, and in the last one
        lines[20_000] = lines[-10] = "una riga che non va"
        points[20_010] = points[3]
        lines[20_010] = line_of(HOME, pod=points[3].lower())

    report = await load(write_register(tmp_path / "supplies.csv", lines), database, register_path)

    bad = {5, 44_998, 44_999} | ({20_000, 20_010, 44_990} if mended else set())
    assert (report.loaded, report.bad) == (len(lines) - len(bad), len(bad))
    assert report.bad_lines is not None
    listed = {int(line.split(";")[0]) for line in report.bad_lines.read_text("utf-8").splitlines()[1:]}
    assert listed == {number + 2 for number in bad}


@pytest.mark.parametrize("count", [AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE + 1])
async def test_every_line_is_loaded_however_many_there_are(
    database: Database, register: Register, register_path: Path, tmp_path: Path, count: int
) -> None:
    supplies = [replace(HOME, pod=pod(f"IT001E{number:08}")) for number in range(count)]
    csv = write_register(tmp_path / "supplies.csv", [line_of(supply) for supply in reversed(supplies)])

    assert (await load(csv, database, register_path)).loaded == count
    assert [await register.supply(supply.point) for supply in supplies] == supplies


TRUTHS = ("low_voltage", "remotely_managed", "reachable", "ceased")
CELLS = {
    "pod": [
        "IT001E12345678",
        "IT001E123456789",
        "it001e12345678",
        "IT0A1E1234567",
        "IT1234567890123",
        "ITABCDEFGHIJKL",
    ],
    "eneltel": ["123456789", "12345678", "1,2E+3", "１２３４５６７８９"],
    "meter_serial": ["18E5E0000001", "18e5e0000001", "ABC", "1E+11"],
    "meter_role": ["M1", "M2", "m2", "M3"],
    "generation": ["1G", "2G", "2g", ""],
    "manufacturer": ["e-distribuzione", "other", "Other", "x"],
    "exchange_pod": ["", "IT001E12345678", "IT001E123456789", "it001e12345678", "boh", "X"],
    "contractual_power_w": ["0", "3000", "007", "1234567890", "-1", "3.5"],
    "available_power_w": ["3300", "0", "٣"],
    **{name: ["1", "0", "si", "TRUE", "2"] for name in TRUTHS},
}


@given(data=st.data(), separator=st.sampled_from(";,"), end=st.sampled_from(["\n", "\r\n", "", "\r"]))
def test_a_line_that_needs_no_repair_is_read_as_if_alone(
    data: st.DataObject, separator: str, end: str
) -> None:
    heading = data.draw(st.permutations([*COLUMNS, "altro"]))
    lines = Lines(heading, separator)
    usual = data.draw(st.booleans())
    cells = {name: choices[0] for name, choices in CELLS.items()}
    if not usual:
        cells = {name: data.draw(st.sampled_from(choices)) for name, choices in CELLS.items()}
    if usual:
        cells["meter_role"] = data.draw(st.sampled_from(["M1", "M2"]))
        cells["exchange_pod"] = data.draw(st.sampled_from(["", "IT001E12345678", "IT001E123456789", "X"]))
    other = data.draw(st.sampled_from(["", "che sia", "così", "a\u2028b\x0bc"]))
    text = separator.join({**cells, "altro": other}[name] for name in heading)

    plain = lines.plain(Piece(2, text + end))

    try:
        one = lines.one(cells)
    except BadLine:
        assert plain is None
    else:
        assert plain in (None, one)
        assert plain == one or not usual


@pytest.mark.parametrize("role", ["M1", "M2"])
def test_a_last_line_that_was_cut_off_is_never_taken_as_complete(role: str) -> None:
    exchange = {"M1": "", "M2": "IT001E12345678"}[role]
    line = line_of(HOME, meter_role=role, exchange_pod=exchange)
    lines = Lines(COLUMNS, ";")

    cuts = [line[:length] for length in range(1, len(line) + 1)]
    taken = [cut for cut in cuts if lines.plain(Piece(2, f"{line}\n" * 60 + cut)) is not None]

    assert taken == [line]


def test_a_line_that_is_too_long_is_looked_at_more_closely() -> None:
    heading = [*COLUMNS, *(f"altro{number}" for number in range(20))]
    text = ";".join([line_of(HOME), *["x" * 900] * 20])

    assert len(text) > LINE_LIMIT
    assert Lines(heading, ";").plain(Piece(2, f"{text}\n")) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_remains_of_an_interrupted_load_are_deleted_by_the_next(
    database: Database, register_path: Path, tmp_path: Path
) -> None:
    left, under_way = (register_path.with_name(f".{register_path.name}.{name}") for name in ("left", "held"))
    left.write_bytes(b"half a register")
    csv = write_register(tmp_path / "supplies.csv", [line_of(HOME)])
    with under_way.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        await load(csv, database, register_path)

    assert not left.exists()
    assert under_way.exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_ends_the_load_and_leaves_the_register_as_it_was(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    csv = write_register(tmp_path / "supplies.csv", [line_of(HOME)])
    await load(csv, database, register_path)
    points = [f"IT001E{number:08}" for number in range(20_000)]
    large = write_register(tmp_path / "large.csv", [line_of(HOME, pod=point) for point in points])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(FileRefused, match="not_stored"):
            await load(large, database, register_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert await register.supply(HOME.point) == HOME
    assert [path.name for path in register_path.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_load_waits_for_long_readers_and_delays_nobody(
    database: Database, database_url: str, register: Register, register_path: Path, tmp_path: Path
) -> None:
    csv = write_register(tmp_path / "supplies.csv", [line_of(HOME)])
    await load(csv, database, register_path)
    write_register(csv, [line_of(HOME), line_of(PROSUMER)])
    backup, watcher = await asyncpg.connect(database_url), await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(40):
            async with backup.transaction():
                await backup.execute("LOCK TABLE register_supplies IN ACCESS SHARE MODE")
                loading = asyncio.create_task(load(csv, database, register_path))
                for _ in range(2):  # the load was refused and tries again
                    while not await watcher.fetchval(
                        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"
                    ):
                        assert not loading.done()
                    assert await register.supply(HOME.point) == HOME
                    while await watcher.fetchval("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"):
                        assert not loading.done()
            assert (await loading).loaded == 2
    finally:
        await backup.close()
        await watcher.close()
    assert await register.supply(PROSUMER.point) == PROSUMER


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_register_of_an_earlier_form_is_replaced_by_the_current_form(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    csv = write_register(tmp_path / "supplies.csv", [line_of(HOME)])
    await load(csv, database, register_path)
    await database.write(
        lambda connection: connection.exec_driver_sql(
            "ALTER TABLE register_supplies DROP COLUMN ceased"
        ).close()
    )

    await load(csv, database, register_path)

    assert await register.supply(HOME.point) == HOME


async def test_the_register_can_be_read_while_it_is_replaced(
    database: Database, register: Register, register_path: Path, tmp_path: Path
) -> None:
    lines = [line_of(supply) for supply in ALL_SUPPLIES]
    csv = write_register(tmp_path / "supplies.csv", lines)
    await load(csv, database, register_path)
    loaded = asyncio.Event()

    async def read_on() -> int:
        reads = 0
        while not loaded.is_set():
            assert await register.supply(HOME.point) == HOME
            assert len(await register.household(ROOF.point)) == 4
            reads += 1
            await asyncio.sleep(0)  # direct reads wait for nobody
        return reads

    readers = [asyncio.create_task(read_on()) for _ in range(4)]
    for _ in range(5):
        await load(csv, database, register_path)
    loaded.set()
    assert all(reads > 0 for reads in await asyncio.gather(*readers))


async def test_a_damaged_register_counts_as_a_central_system_out_of_reach(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    path.write_bytes(b"not a database at all" * 400)
    register = SqliteRegister(path)
    with pytest.raises(CentralUnavailable):
        await register.supply(HOME.point)
    await register.close()
