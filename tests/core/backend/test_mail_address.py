"""Addresses: one form for each; whatever is doubtful is none."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.mail.address import MOST, Sender, has_controls, read_address, read_sender

LETTERS = string.ascii_letters + string.digits
names = st.text(LETTERS + "_", min_size=1, max_size=20)
locals_ = st.lists(names, min_size=1, max_size=3).map(".".join) | names.map(lambda name: f"{name}+a486")
labels = st.text(string.ascii_letters, min_size=1, max_size=20)
domains = st.lists(labels, min_size=2, max_size=4).map(".".join)
addresses = st.builds(lambda local, domain: f"{local}@{domain}", locals_, domains)
CONTROLS = [chr(number) for number in (*range(32), *range(127, 160), 0x2028, 0x2029)]


@given(addresses)
def test_a_plain_address_is_read_in_lower_case(address: str) -> None:
    assert read_address(f"  {address} ") == address.lower()


@given(st.text(max_size=60) | st.text("ab.@<>\"', ;:()[]\\\n\r\0%!èß。＠", max_size=30))
def test_whatever_is_read_has_one_form_and_fits_into_a_header(text: str) -> None:
    read = read_address(text)
    if read is not None:
        assert read_address(read) == read
        assert read.isascii()
        assert read.count("@") == 1
        assert len(read) <= MOST
        assert not set(read) & set(" \t\"'<>(),;:\\[]") - {"'"}
        assert not has_controls(read)


@given(addresses, st.sampled_from(CONTROLS), st.integers(min_value=0), st.text(max_size=10))
def test_an_address_with_a_control_character_is_none(address: str, control: str, at: int, more: str) -> None:
    place = at % (len(address) + 1)
    assert read_address(address[:place] + control + more + address[place:]) is None


@given(addresses, addresses, st.sampled_from([",", ", ", ";", " ", "\n", "\0"]))
def test_two_addresses_are_none(one: str, other: str, between: str) -> None:
    assert read_address(one + between + other) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mario.rossi+a486@example.it", "mario.rossi+a486@example.it"),
        ("Mario@Example.IT", "mario@example.it"),
        ("o'neill@sub.example.co.uk", "o'neill@sub.example.co.uk"),
        ("info@città.it", "info@xn--citt-3na.it"),
        ("info@CITTÀ.it", "info@xn--citt-3na.it"),
        ("info@citta\u0300.it", "info@xn--citt-3na.it"),
        ("info@straße.de", "info@xn--strae-oqa.de"),
        ("info@xn--citt-3na.it", "info@xn--citt-3na.it"),
    ],
)
def test_each_address_has_one_form(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "mario",
        "mario@",
        "@example.it",
        "mario@example",
        "mario@localhost",
        "mario@example.it.",
        "mario@.example.it",
        "mario@example..it",
        "mario@-example.it",
        "mario@example-.it",
        "mario@ex_ample.it",
        "mario@example.123",
        "mario@127.0.0.1",
        "mario@[127.0.0.1]",
        "mario@example.it@example.org",
        "mario%example.org@example.it",
        "example.org!mario@example.it",
        ".mario@example.it",
        "mario.@example.it",
        "ma..rio@example.it",
        "-mario@example.it",
        '"mario"@example.it',
        "mario rossi@example.it",
        "mario(capo)@example.it",
        "Mario <mario@example.it>",
        "<mario@example.it>",
        "mario@example.it, anna@example.it",
        "mario@example.it\n",
        "mario@example.it\r\nBcc: anna@example.it",
        "màrio@example.it",
        "mario@example。it",
        "mario＠example.it",
        "mario@xn--a.it",
        "mario@exam\u200bple.it",
        "mario@exa\u202emple.it",
        f"{'a' * 65}@example.it",
        f"mario@{'a' * 64}.it",
        f"mario@{'a.' * 130}it",
        f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.{'c' * 20}.it",
    ],
)
def test_whatever_is_doubtful_is_no_address(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("a486@example.it", Sender("a486@example.it")),
        ("Servizio A486 <A486@example.it>", Sender("a486@example.it", "Servizio A486")),
        ('"Rossi, Società" <a486@example.it>', Sender("a486@example.it", "Rossi, Società")),
        ("Uno <a486@example.it", None),
        ("Uno <a486@example.it> due", None),
        ("Uno\nBcc: x <a486@example.it>", None),
        ("Uno", None),
        ("", None),
    ],
)
def test_a_sender_may_have_a_name(text: str, sender: Sender | None) -> None:
    assert read_sender(text) == sender
