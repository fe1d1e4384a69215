"""Devices: reading their codes, finding one's own devices, loading them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.db.database import Database
from backend.devices.codes import Codes, find_codes, parse_nid, parse_sid
from backend.devices.importer import BATCH_LINES, import_devices
from backend.devices.service import find
from backend.devices.values import DeviceType
from backend.identity.values import Actor
from backend.tabular.csvfile import ImportReport
from backend.tabular.reasons import FileReason, FileRefused
from tests.samples import NID_A, NID_B, NID_THEIRS, OUR_CODE, SID_A, SID_THEIRS, THEIR_CODE

SEPARATORS = ["", ":", "-", ".", " ", "\u200f", "\u00a0"]


@given(st.binary(min_size=6, max_size=6), st.sampled_from(SEPARATORS), st.booleans())
def test_a_nid_is_read_with_any_separators(raw: bytes, separator: str, lower: bool) -> None:
    typed = separator.join(f"{byte:02x}" if lower else f"{byte:02X}" for byte in raw)
    assert parse_nid(typed) == raw.hex().upper()


@given(st.from_regex("[0-9A-Z]{17}", fullmatch=True), st.sampled_from(SEPARATORS))
def test_a_sid_is_read_with_any_separators(sid: str, separator: str) -> None:
    typed = separator.join([sid[:4], sid[4:10], sid[10:]])
    assert parse_sid(typed.lower()) == sid
    assert parse_sid(typed + "X") is None
    assert parse_sid(sid, "[0-9]{16}") is None


@given(st.text(max_size=80))
def test_arbitrary_text_can_be_searched_for_codes(text: str) -> None:
    found = find_codes(text)
    assert all(parse_sid(sid) == sid for sid in found.sids)
    assert all(parse_nid(nid) == nid for nid in found.nids)


@pytest.mark.parametrize("text", ["grazie mille a tutti", "dove trovo il codice", "Non funziona niente"])
def test_a_sentence_as_long_as_a_code_is_no_code(text: str) -> None:
    codes = find_codes(text)
    assert (codes.sids, codes.nids) == ((), ())


def test_codes_are_found_on_a_label() -> None:
    label = f"SID: {SID_A}\nNID: 0A:1B:2C:3D:4E:5F\nNID {NID_B}, lotto 12"
    assert find_codes(label) == Codes((SID_A,), (NID_A, NID_B))
    assert find_codes(f"sid:{SID_A}\nnid#{NID_A}") == Codes((SID_A,), (NID_A,))
    assert find_codes(f"MOME-ID: {SID_A} NID: {NID_A}") == Codes((SID_A,), (NID_A,))
    assert find_codes("AB:CD:EF:00:11:22") == Codes((), ("ABCDEF001122",))
    assert find_codes("buongiorno a tutti") == Codes((), ())


async def test_a_device_of_another_integrator_is_answered_like_an_unknown_one(
    database: Database, us: Actor
) -> None:
    ours = await database.long_read(lambda c: find(c, us, sid=SID_A))
    assert ours is not None
    assert (ours.nid, ours.type) == (NID_A, DeviceType.MOME)
    assert await database.long_read(lambda c: find(c, us, nid=NID_A)) == ours
    assert await database.long_read(lambda c: find(c, us, sid=SID_A, nid=NID_B)) is None
    assert await database.long_read(lambda c: find(c, us, sid=SID_THEIRS)) is None
    assert await database.long_read(lambda c: find(c, us, nid=NID_THEIRS)) is None
    with pytest.raises(ValueError, match="needed"):
        await database.long_read(lambda c: find(c, us))


async def test_devices_are_loaded_and_bad_lines_listed(database: Database, us: Actor, tmp_path: Path) -> None:
    csv = tmp_path / "devices.csv"
    csv.write_text(
        "nid,sid,integrator,type\n"
        f"00-00-00-00-00-01,MOME0000000000011,{OUR_CODE},Smart Info\n"
        f"000000000002,MOME0000000000012,IT{THEIR_CODE},MOME\n"
        f"000000000003,MOME0000000000013,00000000000,MOME\n"
        f"{NID_A},MOME0000000000014,{OUR_CODE},MOME\n"
        f"1E+11,MOME0000000000015,{OUR_CODE},MOME\n"
        f'"1,23E+16",MOME0000000000015,{OUR_CODE},MOME\n'
        f"000000000004,MOME,{OUR_CODE},MOME\n"
        f"000000000005,MOME0000000000016,{OUR_CODE},OTHER\n"
        f"000000000001,MOME0000000000017,{OUR_CODE},MOME\n",
        encoding="utf-8",
    )
    report = await import_devices(csv, database=database)
    assert (report.loaded, report.bad) == (2, 7)
    assert report.bad_lines is not None
    listed = [line.split(";")[:2] for line in report.bad_lines.read_text("utf-8").splitlines()[1:]]
    assert listed == [
        ["4", "integrator"],
        ["5", "nid"],
        ["6", "nid"],
        ["7", "nid"],
        ["8", "sid"],
        ["9", "type"],
        ["10", "nid"],
    ]
    loaded = await database.long_read(lambda c: find(c, us, sid="MOME0000000000011"))
    assert loaded is not None
    assert (loaded.nid, loaded.type) == ("000000000001", DeviceType.SMART_INFO)
    assert await database.long_read(lambda c: find(c, us, sid="MOME0000000000012")) is None


async def test_the_first_of_two_contradicting_lines_counts(
    database: Database, us: Actor, tmp_path: Path
) -> None:
    csv = tmp_path / "devices.csv"
    first, other = f"MOME0000000000011;000000000001;MOME;{OUR_CODE}", "MOME0000000000012"
    filling = [f"S{number:016};{number + 100:012X};MOME;{OUR_CODE}" for number in range(BATCH_LINES)]
    again = f"MOME0000000000011;000000000009;MOME;{OUR_CODE}"
    lines = [
        "sid;nid;type;integrator",
        first,
        first,
        *filling,
        again,
        f"{other};000000000009;MOME;{OUR_CODE}",
    ]
    csv.write_text("\n".join(lines), encoding="utf-8")

    report = await import_devices(csv, database=database)

    assert (report.loaded, report.bad) == (BATCH_LINES + 3, 1)
    assert report.bad_lines is not None
    listed = report.bad_lines.read_text("utf-8").splitlines()[1:]
    assert [line.split(";")[:3] for line in listed] == [[str(BATCH_LINES + 4), "sid", "contradiction"]]
    found = await database.long_read(lambda c: find(c, us, sid="MOME0000000000011"))
    assert found is not None
    assert found.nid == "000000000001"


async def test_a_nid_given_up_by_an_earlier_line_is_free(
    database: Database, us: Actor, tmp_path: Path
) -> None:
    csv = tmp_path / "devices.csv"
    csv.write_text(
        f"sid;nid;type;integrator\n{SID_A};AAAAAAAAAA01;MOME;{OUR_CODE}\n"
        f"MOME0000000000011;{NID_A};MOME;{OUR_CODE}\n",
        encoding="utf-8",
    )
    for _ in range(2):
        assert await import_devices(csv, database=database) == ImportReport(2, 0, None)
    found = await database.long_read(lambda c: find(c, us, nid=NID_A))
    assert found is not None
    assert found.sid == "MOME0000000000011"


async def test_devices_loaded_again_are_brought_up_to_date(
    database: Database, us: Actor, tmp_path: Path
) -> None:
    csv = tmp_path / "devices.csv"
    count = BATCH_LINES + 1
    lines = [f"S{number:016};{number:012X};MOME;{OUR_CODE}" for number in range(count)]
    for kind in (DeviceType.MOME, DeviceType.SMART_INFO):
        text = "\n".join(["sid;nid;type;integrator", *lines]).replace("MOME", kind.value)
        csv.write_text(text, encoding="utf-8")
        told: list[tuple[int, int]] = []
        report = await import_devices(csv, database=database, progress=lambda *at, told=told: told.append(at))
        assert report == ImportReport(count, 0, None)
        assert told[-1] == (csv.stat().st_size, count + 1)
        found = await database.long_read(lambda c: find(c, us, nid=f"{count - 1:012X}"))
        assert found is not None
        assert found.type is kind


async def test_a_file_that_is_not_a_list_of_devices_is_refused(database: Database, tmp_path: Path) -> None:
    csv = tmp_path / "devices.csv"
    csv.write_text("sid;nid\n", encoding="utf-8")
    with pytest.raises(FileRefused) as failed:
        await import_devices(csv, database=database)
    assert failed.value.reason is FileReason.COLUMNS
    assert failed.value.values == {"columns": "type, integrator"}
