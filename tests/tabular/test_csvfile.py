"""CSV files as people really make them."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tabular.csvfile import CsvRow, CsvRows, bad_lines_of, is_mangled
from backend.tabular.dialect import LINE_LIMIT, encoding_of
from backend.tabular.reasons import Bad, FileReason, FileRefused, Reason


def read(path: Path, *columns: str) -> list[CsvRow | Bad]:
    with CsvRows(path, columns) as rows:
        return list(rows)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("nome;città\nx;Forlì".encode("cp1252"), "cp1252"),
        ("nome;città\nx;Forlì".encode(), "utf-8"),
        ("nome;città\nx;Forlì".encode("utf-8-sig"), "utf-8-sig"),
        ("nome;città\nx;Forlì".encode()[:-1], "cp1252"),
        (b"nome;citt\xe0\nx;\x81", "cp1252"),
    ],
)
def test_the_encoding_is_detected(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert encoding_of(BytesIO(path.read_bytes())) == encoding
    (row,) = read(path, "nome")
    assert isinstance(row, CsvRow)
    assert row.cells["nome"] == "x"


def test_a_letter_split_between_two_chunks_is_still_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a" * (1024 * 1024 - 1) + "è".encode())
    assert encoding_of(BytesIO(path.read_bytes())) == "utf-8"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators_line_ends_and_quotes_are_recognised(tmp_path: Path, separator: str, end: str) -> None:
    path = tmp_path / "file.csv"
    lines = [
        separator.join(cells) for cells in (("B ", "A", "extra"), ('"x;,""y"', " z ", ""), ("1", "2", "3"))
    ]
    path.write_bytes(end.join([*lines, "", "  ", "4"]).encode())
    assert read(path, "a", "b") == [
        CsvRow(2, {"a": "z", "b": 'x;,"y'}),
        CsvRow(3, {"a": "2", "b": "1"}),
        Bad(6, "", Reason.WIDTH, {"found": 1, "expected": 3}),
    ]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with path.open("wb") as file:
        file.write(b"a;b\n1;2\n")
        for _ in range(32):
            file.write(b"x" * 1024 * 1024)
        file.write(b"\n3;4\n")
    tracemalloc.start()
    rows = read(path, "a")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == [
        CsvRow(2, {"a": "1"}),
        Bad(3, "", Reason.TOO_LONG, {"limit": LINE_LIMIT}),
        CsvRow(4, {"a": "3"}),
    ]
    assert peak_bytes < 8 * 1024 * 1024


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("directive", ["sep={0}", '"sep={0}"', "SEP={0}", "sep={0}{0}{0}", '"sep={0}"{0}{0}'])
def test_the_separator_line_of_excel_is_no_heading(tmp_path: Path, directive: str, separator: str) -> None:
    path = tmp_path / "file.csv"
    lines = [directive.format(separator), f"a{separator}b", f"1{separator}2", "3"]
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    assert read(path, "a", "b") == [
        CsvRow(3, {"a": "1", "b": "2"}),
        Bad(4, "", Reason.WIDTH, {"found": 1, "expected": 2}),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_excels_unicode_text_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file.txt"
    bom = "" if encoding == "utf-16" else "\ufeff"
    path.write_bytes(f"{bom}nome\tcittà\r\nx\tForlì\r\n".encode(encoding))
    assert read(path, "nome", "città") == [CsvRow(2, {"nome": "x", "città": "Forlì"})]


def test_lines_of_separators_only_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('\n;;\na;b\n;\n1;2\n ; \n;;;\n"";""\n', encoding="utf-8")
    assert read(path, "a") == [CsvRow(5, {"a": "1"})]


def test_a_compressed_file_is_read_as_its_content(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress("nome;città\nx;Forlì".encode("cp1252")))
    assert read(path, "città") == [CsvRow(2, {"città": "Forlì"})]
    assert bad_lines_of(path).name == "file.bad-lines.csv"
    with CsvRows(path, ("nome",)) as rows:
        list(rows)
        assert rows.bytes_read == path.stat().st_size


@pytest.mark.parametrize("cut", [5, -5])
def test_a_damaged_compressed_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"a;b\n" + os.urandom(100))[:cut])
    with pytest.raises(FileRefused, match="damaged"):
        read(path, "a")


def test_a_file_without_a_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    for content, reason in (("", FileReason.EMPTY), ("b\n1", FileReason.COLUMNS)):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(FileRefused) as refused:
            read(path, "a")
        assert refused.value.reason == reason


@given(st.integers(10**11, 10**18))
def test_long_numbers_spoilt_by_a_spreadsheet_are_noticed(number: int) -> None:
    shown = f"{number:.2E}"
    assert is_mangled(shown)
    assert is_mangled(shown.replace(".", ","))
    assert not is_mangled(str(number))
