"""The data of buttons: written data is read back, forged data is never believed and never fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.core.prompts import Choice, Entry
from conversations.core.replies import Chosen, Entered, Garbled
from handlers.callback import LIMIT, decode, encode

NUMBERS = st.integers(0, 2**63 - 1)
SHORT = st.text(max_size=8)
ACTIONS = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)


@given(st.text())
def test_arbitrary_data_is_always_read_as_something(data: str) -> None:
    assert isinstance(decode(data, 1), Chosen | Entered | Garbled)


@given(st.text(alphabet="0123456789abcxyzABC.de-+_ ٣"))
def test_nearly_valid_data_is_always_read_as_something(data: str) -> None:
    assert isinstance(decode(data, 1), Chosen | Entered | Garbled)


@given(NUMBERS, NUMBERS, SHORT, st.integers(1, 2**53))
def test_a_choice_is_read_back_as_it_was_written(post: int, revision: int, value: str, message: int) -> None:
    data = encode(Choice("Etichetta", value), post, revision)

    assert decode(data, message) == Chosen(post, revision, value, message)


@given(NUMBERS, ACTIONS, SHORT, st.integers(1, 2**53))
def test_an_entry_is_read_back_as_it_was_written(post: int, action: str, argument: str, message: int) -> None:
    data = encode(Entry("Etichetta", action, argument), post, 3)

    assert decode(data, message) == Entered(action, argument, post, message)


@pytest.mark.parametrize(
    "data",
    ["", ".", "...", "1.d.2", "1.x.2.v", "1.d..v", "1.e..v", "-1.d.2.v", "zzzzzzzzzzzzzz.d.1.v", "1.d.Z.v"],
)
def test_forged_data_is_read_as_garbled(data: str) -> None:
    assert decode(data, 1) == Garbled()


@given(st.text(min_size=LIMIT))
def test_data_that_would_not_fit_is_refused_on_writing(value: str) -> None:
    with pytest.raises(ValueError, match="button data of"):
        encode(Choice("Etichetta", value), 1, 1)
