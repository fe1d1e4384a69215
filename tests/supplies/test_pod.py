"""PODs: tolerant of spelling, strict about validity."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.supplies.near_pod import NearPod, PodFault, near_pod
from backend.supplies.pod import find_pods, parse_pod, suggest

BODY = string.ascii_uppercase + string.digits
NOISE = [" ", "\u00a0", "\u200b", "\u200f", "\u202e", "\ufeff", "\u2011", "-", "–", ".", "\t", "\u2066"]

points = st.builds(
    "IT{}E{}".format,
    st.text(string.digits, min_size=3, max_size=3),
    st.text(BODY, min_size=8, max_size=8),
)
codes = st.builds("{}{}".format, points, st.text(BODY, max_size=1))


@given(codes, st.data())
def test_spaces_dashes_and_invisible_marks_do_not_matter(code: str, data: st.DataObject) -> None:
    typed = "".join(letter + data.draw(st.sampled_from(["", "", *NOISE])) for letter in code)
    typed = data.draw(st.sampled_from([typed, typed.lower()]))
    pod = parse_pod(typed)
    assert pod is not None
    assert pod.code == code
    assert pod.typed == typed.strip()
    assert pod.has_supply_form


@given(points, st.sampled_from(BODY), st.sampled_from(BODY))
def test_the_fifteenth_character_never_makes_another_supply_point(point: str, one: str, other: str) -> None:
    pods = [parse_pod(text) for text in (point, point + one, point + other)]
    assert None not in pods
    assert len(set(pods)) == 1
    assert {pod.point for pod in pods if pod is not None} == {point}


@given(st.lists(codes, min_size=1, max_size=5), st.sampled_from([", ", "\n", " e ", "; ", " oppure il POD "]))
def test_every_pod_in_a_text_is_found_once_and_in_order(written: list[str], between: str) -> None:
    found = find_pods("Buongiorno, POD " + between.join(written) + " grazie")
    assert [pod.point for pod in found] == list(dict.fromkeys(code[:14] for code in written))


@given(st.text(max_size=60))
def test_arbitrary_text_can_be_searched_for_pods(text: str) -> None:
    pod = parse_pod(text)
    if pod is not None:
        assert parse_pod(pod.code) == pod
    for found in find_pods(text):
        assert len(found.code) in (14, 15)
    suggested = suggest(text)
    assert suggested is None or suggested.has_supply_form


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IT 001 E 1000 0001", "IT001E10000001"),
        ("it001e10000001 a casa del cliente", "IT001E10000001"),
        ("(IT001E-1000-0001)", "IT001E10000001"),
        ("POD:IT001E100000019.", "IT001E100000019"),
        ("produzione ITP0A000000021", "ITP0A000000021"),
        ("ＩＴ００１Ｅ１０００００01", "IT001E10000001"),
        ("è libero IT001E10000001?", "IT001E10000001"),
        ("*IT001E10000001*!", "IT001E10000001"),
        ("`IT001E10000001`", "IT001E10000001"),
        ("POD=IT001E10000001", "IT001E10000001"),
        ("POD.IT001E10000001", "IT001E10000001"),
        ("POD_IT001E10000001", "IT001E10000001"),
        ("POD n.ºIT001E10000001", "IT001E10000001"),
        ("#IT001E10000001", "IT001E10000001"),
        ("👉IT001E10000001👈", "IT001E10000001"),
        ("IT001E10000001-Rossi", "IT001E10000001"),
        ("https://example.org/pod/IT001E10000001?z=1", "IT001E10000001"),
    ],
)
def test_a_pod_is_found_in_the_spellings_that_people_use(text: str, code: str) -> None:
    assert [pod.code for pod in find_pods(text)] == [code]


@pytest.mark.parametrize("between", ["-", "+", "&", "/", " · ", "…", "_"])
def test_two_pods_may_be_joined_by_anything(between: str) -> None:
    found = find_pods(f"IT001E10000001{between}IT001E10000002")
    assert [pod.code for pod in found] == ["IT001E10000001", "IT001E10000002"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "IT001E1000000",
        "IT001E1000000100",
        "IT001F1000",
        "ITALIANEGGIANTE",
        "IT 2024 fornitura",
        "IT001E1000000 e basta",
        "FRIT001E10000001",
        "DE001E10000001",
    ],
)
def test_text_that_is_no_pod_is_not_found(text: str) -> None:
    assert find_pods(text) == []


def test_a_look_alike_is_a_suggestion_only() -> None:
    typed = parse_pod("ITOO1E1OOOOOOl")
    assert typed is None or not typed.has_supply_form
    meant = suggest("ITOO1E1OOOOOOl")
    assert meant is not None
    assert meant.code == "IT001E10000001"
    assert suggest("IT001E10000001") is None
    assert suggest("non lo so") is None


def test_a_log_never_shows_a_whole_pod() -> None:
    pod = parse_pod("IT001E123456789")
    assert pod is not None
    assert pod.masked == "IT001E…5678"
    assert "12345678" not in repr(pod)
    assert f"{pod}" == "IT001E123456789"


CYRILLIC = str.maketrans("EIT", "ЕІТ")
GREEK = str.maketrans("EIT", "ΕΙΤ")


@given(points, st.sampled_from([CYRILLIC, GREEK]))
def test_look_alike_letters_of_other_alphabets_are_replaced(point: str, letters: dict[int, str]) -> None:
    meant = suggest(point.translate(letters))
    assert meant is not None
    assert meant.code[:6] == point[:6]


@pytest.mark.parametrize(
    ("text", "fault", "length"),
    [
        ("IT001E1000000", PodFault.TOO_SHORT, 13),
        ("it 001 e 1000 000", PodFault.TOO_SHORT, 13),
        ("IT001E10000", PodFault.TOO_SHORT, 11),
        ("il POD è IT001E1000000 grazie mille, a presto", PodFault.TOO_SHORT, 13),
        ("ІТ001Е1000000", PodFault.TOO_SHORT, 13),
        ("IT001E1000000100", PodFault.TOO_LONG, 16),
        ("ITOO1E10000001000", PodFault.TOO_LONG, 17),
        ("DE001E10000001", PodFault.OTHER_PREFIX, 14),
        ("FR001E100000019", PodFault.OTHER_PREFIX, 15),
        ("IT001E4860000 grazie", PodFault.TOO_SHORT, 13),
        ("il POD è IT 001 E 4860 00", PodFault.TOO_SHORT, 12),
        ("IT01E48600001", PodFault.TOO_SHORT, 13),
    ],
)
def test_the_error_in_a_nearly_valid_pod_is_named(text: str, fault: PodFault, length: int) -> None:
    assert near_pod(text) == NearPod(fault, length)


@pytest.mark.parametrize("first", ["IT001E48600001", "IT001E486000013"])
def test_pods_pasted_without_a_space_between_them_are_found(first: str) -> None:
    assert [pod.code for pod in find_pods(f"{first}IT001E48600002")] == [first, "IT001E48600002"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "IT001E10000001",
        "MOM4860000000002",
        "INFO0000000000003",
        "0A1B2C3D4E5F",
        "IT 2024 fornitura",
        "ciao",
    ],
)
def test_a_valid_pod_and_unrelated_text_are_not_nearly_a_pod(text: str) -> None:
    assert near_pod(text) is None


@given(st.text(max_size=60))
def test_arbitrary_text_can_be_judged(text: str) -> None:
    found = near_pod(text)
    assert found is None or (not find_pods(text) and found.length > 6)
