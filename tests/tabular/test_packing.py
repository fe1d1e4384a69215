"""Files that are too large for one message: zipped, and divided between records."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.tabular.extracts import LEAST_PART, packed, records

HEAD = b"\xef\xbb\xbfA;B\n"
CELLS = st.text(alphabet='ab;"\n\r', max_size=6)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@settings(max_examples=150)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=12), size=st.integers(1, 40))
def test_pieces_are_whole_records_and_nothing_is_lost(rows: list[tuple[str, str]], size: int) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    content = text.getvalue().encode()
    pieces = list(records(io.BytesIO(content), size))
    assert b"".join(pieces) == content
    assert [row for piece in pieces for row in rows_of(piece)] == [list(row) for row in rows]
    assert all(piece for piece in pieces)


def file_of(path: Path, lines: int, chance: random.Random) -> bytes:
    content = HEAD + b"".join(b'"%d";"%x\n"\n' % (at, chance.getrandbits(400)) for at in range(lines))
    path.write_bytes(content)
    return content


def test_a_file_that_fits_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "righe.csv"
    content = file_of(path, 100, random.Random(1))  # noqa: S311 - the same file each run
    assert packed(path, HEAD, len(content)) == ["righe.csv"]
    assert path.read_bytes() == content


def test_a_file_that_fits_once_it_is_zipped_becomes_one_zip(tmp_path: Path) -> None:
    path = tmp_path / "righe.csv"
    path.write_bytes(content := HEAD + b'"uguale";"uguale"\n' * 100_000)
    assert packed(path, HEAD, LEAST_PART) == ["righe.zip"]
    with zipfile.ZipFile(tmp_path / "righe.zip") as archive:
        assert archive.namelist() == ["righe-1.csv"]
        assert archive.read("righe-1.csv") == content
    assert not path.exists()


def test_a_larger_one_is_divided_into_zips_below_the_limit_each_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "righe.csv"
    content = file_of(path, 25_000, random.Random(2))  # noqa: S311 - the same file each run
    names = packed(path, HEAD, LEAST_PART)
    assert names == [f"righe-{number}.zip" for number in range(1, len(names) + 1)]
    assert len(names) > 2
    rows = list[list[str]]()
    for name in names:
        assert (tmp_path / name).stat().st_size <= LEAST_PART
        with zipfile.ZipFile(tmp_path / name) as archive:
            (inner,) = archive.namelist()
            head, *body = rows_of(archive.read(inner))
        assert head == ["A", "B"]
        assert body
        rows += body
    assert rows == rows_of(content)[1:]


def test_a_limit_that_no_part_could_keep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "righe.csv"
    file_of(path, 25_000, random.Random(3))  # noqa: S311 - the same file each run
    with pytest.raises(ValueError, match="too few"):
        packed(path, HEAD, LEAST_PART - 1)
