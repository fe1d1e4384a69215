"""Awkward and hostile files: each gets its answer, and the bot lives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.bulk.lines import read_lines
from backend.core.child_main import Refusal
from backend.tabular.parse import parse
from backend.tabular.reasons import Bad, FileReason, FileRefused
from backend.tabular.table import read_table
from tests.bulk.corpus import GOOD, R1, R2, Expected, H, book, cases

CASES = {name: (content, expected) for name, content, expected in cases()}


async def answered(content: bytes) -> Expected:
    """The answer to a file: why it is refused, or a reason (or GOOD) for each of its lines."""
    try:
        table = await read_table(content)
        _, lines = read_lines(table)
    except FileRefused as refused:
        return refused.reason
    return [each.read.reason if isinstance(each.read, Bad) else GOOD for each in lines]


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("name", CASES)
async def test_an_awkward_file_gets_its_answer(name: str) -> None:
    content, expected = CASES[name]
    assert await answered(content) == expected


CONTENTS = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=300).map(str.encode),
    st.text(';,\t"\n\rPODSIDIT01E', max_size=300).map(str.encode),
)


@settings(max_examples=300)
@given(CONTENTS)
def test_bytes_of_any_kind_are_read_in_order_or_refused(content: bytes) -> None:
    try:
        read = parse(content, None)
    except Refusal as refusal:
        FileReason(refusal.key)  # raises for a reason that has no text
        return
    numbers = [number for number, _ in read["lines"]]
    assert numbers == sorted(set(numbers))
    assert all(cells and cells[-1] for _, cells in read["lines"])


async def test_a_workbook_with_several_sheets_asks_which() -> None:

    content = book([H, R1], [H, R2])
    table = await read_table(content)
    assert (len(table.sheets), table.lines) == (2, ())
    chosen = await read_table(content, 1)
    assert chosen.lines[1][1] == R2
