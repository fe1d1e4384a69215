"""CSV as people really make it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.csvfile import LINE_LIMIT, Bad, CsvRow, CsvRows, ImportFailed, encoding_of, is_mangled


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
def test_the_encoding_is_found_out(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert encoding_of(path) == encoding
    (row,) = read(path, "nome")
    assert isinstance(row, CsvRow)
    assert row.cells["nome"] == "x"


def test_a_letter_on_the_edge_of_two_pieces_is_still_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a" * (1024 * 1024 - 1) + "è".encode())
    assert encoding_of(path) == "utf-8"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ","])
def test_separators_line_ends_and_quotes(tmp_path: Path, separator: str, end: str) -> None:
    path = tmp_path / "file.csv"
    lines = [
        separator.join(cells) for cells in (("B ", "A", "extra"), ('"x;,""y"', " z ", ""), ("1", "2", "3"))
    ]
    path.write_bytes(end.join([*lines, "", "  ", "4"]).encode())
    assert read(path, "a", "b") == [
        CsvRow(2, {"a": "z", "b": 'x;,"y'}),
        CsvRow(3, {"a": "2", "b": "1"}),
        Bad(6, "", "1 columns instead of 3"),
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
        Bad(3, "", f"longer than {LINE_LIMIT} characters"),
        CsvRow(4, {"a": "3"}),
    ]
    assert peak_bytes < 8 * 1024 * 1024


def test_a_file_without_a_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    for content, reason in (("", "the file has no heading"), ("b\n1", "columns missing: a")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ImportFailed) as refused:
            read(path, "a")
        assert refused.value.reason == reason


@given(st.integers(10**11, 10**18))
def test_what_a_spreadsheet_makes_of_a_long_number_is_noticed(number: int) -> None:
    shown = f"{number:.2E}"
    assert is_mangled(shown)
    assert is_mangled(shown.replace(".", ","))
    assert not is_mangled(str(number))
