"""The arithmetic of GESIS meters: exact, whatever is typed, and refused where it cannot be."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.gesis.values import (
    LEAST_FACTOR,
    MOST_FACTOR,
    MOST_READINGS,
    SECONDARIES,
    UNITS,
    Factor,
    GesisFault,
    NotRead,
    Reading,
    at_primary,
    factor_of,
    read_factor,
    read_readings,
    times,
)

numbers = st.decimals(min_value=1, max_value=5000, places=4)
primaries = st.decimals(min_value=5, max_value=5000, places=1)
ratios = st.builds(Factor, primaries, st.sampled_from(SECONDARIES)).filter(
    lambda factor: LEAST_FACTOR <= Fraction(factor.primary) / Fraction(factor.secondary or 1) <= MOST_FACTOR
)
factors = st.one_of(st.builds(Factor, numbers), ratios)
values = st.integers(0, 6).flatmap(
    lambda places: st.decimals(min_value=0, max_value=999_999_999, places=places)
)


def shown(text: str, factor: str) -> list[str]:
    """What these typed readings are at the primary, as people read it."""
    return [each.shown for each in at_primary(read_readings(text), read_factor(factor))]


@given(values, factors)
def test_a_value_at_the_primary_is_the_fraction_that_it_should_be(value: Decimal, factor: Factor) -> None:
    exactly = Fraction(value) * Fraction(factor.primary) / Fraction(factor.secondary or 1)
    found = times(value, factor)
    assert Fraction(found) == exactly
    assert Fraction(factor.value) == Fraction(factor.primary) / Fraction(factor.secondary or 1)
    assert -int(found.as_tuple().exponent) >= -int(value.as_tuple().exponent)


@given(values, factors, st.sampled_from(UNITS))
def test_what_is_shown_reads_back_as_the_same_value(value: Decimal, factor: Factor, unit: str) -> None:
    typed = Reading(value, unit)
    assert read_readings(typed.shown) == (typed,)
    (primary,) = at_primary(read_readings(typed.shown), factor)
    assert primary.unit == unit
    number, _, _ = primary.shown.partition(" ")
    assert Fraction(number.replace(",", ".")) == Fraction(value) * Fraction(factor.value)
    assert "E" not in primary.shown
    assert "." not in primary.shown


@given(factors)
def test_a_stored_factor_reads_back_as_itself(factor: Factor) -> None:
    read = factor_of(factor.written)
    assert read is not None
    assert (read, read.written, len(read.written) <= 24) == (
        read_factor(factor.written),
        factor.written,
        True,
    )
    assert Fraction(read.value) == Fraction(factor.value)


@given(st.text(max_size=80))
def test_nothing_that_is_typed_does_anything_but_be_read_or_refused(text: str) -> None:
    factor = readings = None
    with suppress(NotRead):
        factor = read_factor(text)
    with suppress(NotRead):
        readings = read_readings(text)
    assert factor is None or LEAST_FACTOR <= factor.value <= MOST_FACTOR
    assert readings is None or all(each.value >= 0 and each.unit in UNITS for each in readings)


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("50", "50", "50"),
        ("K = 50", "50", "50"),
        ("k62,5", "62.5", "62,5"),
        ("62.5", "62.5", "62,5"),
        ("250/5", "50", "250/5"),
        ("TA 250 / 5 A", "50", "250/5"),
        ("250A/5A", "50", "250/5"),
        ("×40,0", "40", "40"),
        ("1,125", "1.125", "1,125"),
        ("7,5/5", "1.5", "7,5/5"),
        ("5000/1", "5000", "5000/1"),
        ("1.000/5", "200", "1000/5"),
        ("TA 1.250 / 5 A", "250", "1250/5"),
        ("4.999/5", "999.8", "4999/5"),
        ("1.500/2", "750", "1500/2"),
    ],
)
def test_a_factor_is_read_in_the_ways_people_write_it(text: str, value: str, written: str) -> None:
    factor = read_factor(text)
    assert (factor.value, factor.written) == (Decimal(value), written)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", GesisFault.UNREADABLE),
        ("cinquanta", GesisFault.UNREADABLE),
        ("-50", GesisFault.UNREADABLE),
        ("5e3", GesisFault.UNREADABLE),
        ("NaN", GesisFault.UNREADABLE),
        ("inf", GesisFault.UNREADABLE),
        ("٥٠", GesisFault.UNREADABLE),
        ("250/5/5", GesisFault.UNREADABLE),
        ("250/", GesisFault.UNREADABLE),
        ("1,250.5", GesisFault.UNREADABLE),
        ("9" * 700, GesisFault.UNREADABLE),
        ("1.250", GesisFault.AMBIGUOUS),
        ("1.250/1", GesisFault.AMBIGUOUS),
        ("5.000/5", GesisFault.AMBIGUOUS),
        ("2.000/2", GesisFault.AMBIGUOUS),
        ("1.250/3", GesisFault.SECONDARY),
        ("250/1.250", GesisFault.AMBIGUOUS),
        ("9" * 30, GesisFault.TOO_LONG),
        ("62,51234", GesisFault.TOO_LONG),
        ("0", GesisFault.TOO_SMALL),
        ("0,5", GesisFault.TOO_SMALL),
        ("1/5", GesisFault.TOO_SMALL),
        ("0/5", GesisFault.TOO_SMALL),
        ("5001", GesisFault.TOO_LARGE),
        ("50000/5", GesisFault.TOO_LARGE),
        ("999999999", GesisFault.TOO_LARGE),
        ("250/0", GesisFault.SECONDARY),
        ("250/3", GesisFault.SECONDARY),
        ("5/250", GesisFault.SECONDARY),
    ],
)
def test_a_factor_that_cannot_be_is_refused_with_its_reason(text: str, fault: GesisFault) -> None:
    with pytest.raises(NotRead) as refused:
        read_factor(text)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("text", "factor", "expected"),
    [
        ("1234,5 kWh", "250/5", ["61725,0 kWh"]),
        ("1.234,56 kWh", "50", ["61728,00 kWh"]),
        ("1.234.567 Wh", "50", ["61728350 Wh"]),
        ("12 345,6 KWH", "2", ["24691,2 kWh"]),
        ("0,123 kW", "62,5", ["7,6875 kW"]),
        ("1234.567 kWh", "1", ["1234,567 kWh"]),
        ("3 A", "300/5", ["180 A"]),
        ("0 kvarh", "50", ["0 kvarh"]),
        ("F1 820,4 kWh\nF2: 10 kWh; 3,2kW", "50", ["41020,0 kWh", "500 kWh", "160,0 kW"]),
        ("1.8.0: 1000 kWh", "50", ["50000 kWh"]),
        ("2 MWH; 2 Mwh; 2 kwh; 2 Mva", "10", ["20 MWh", "20 MWh", "20 kWh", "20 MVA"]),
        ("999999999,999999 MWh", "5000/1", ["4999999999999,995000 MWh"]),
    ],
)
def test_readings_keep_their_units_and_have_a_decimal_comma(
    text: str, factor: str, expected: list[str]
) -> None:
    assert shown(text, factor) == expected


def test_readings_keep_what_they_are_called() -> None:
    found = read_readings("F1 820,4 kWh\nEnergia prelevata: 10 kWh\n3 kW")
    assert [each.label for each in found] == ["F1", "Energia prelevata", ""]


@pytest.mark.parametrize(
    ("text", "fault", "part"),
    [
        ("", GesisFault.UNREADABLE, ""),
        ("\n;\n", GesisFault.UNREADABLE, ""),
        ("tanta energia", GesisFault.LINE, "tanta energia"),
        ("10 kWh\n-5 kWh", GesisFault.NEGATIVE, "-5 kWh"),
        ("\u2212 5,5 kWh", GesisFault.NEGATIVE, "\u2212 5,5 kWh"),
        ("F1: -5 kWh", GesisFault.NEGATIVE, "F1: -5 kWh"),
        ("F1 -5", GesisFault.NEGATIVE, "F1 -5"),
        ("--5 kWh", GesisFault.LINE, "--5 kWh"),
        ("10-5 kWh", GesisFault.LINE, "10-5 kWh"),
        ("- kWh", GesisFault.LINE, "- kWh"),
        ("5 mWh", GesisFault.MILLI, "5 mWh"),
        ("3 mW", GesisFault.MILLI, "3 mW"),
        ("F1: 3 mwh", GesisFault.MILLI, "F1: 3 mwh"),
        ("3 mVA", GesisFault.MILLI, "3 mVA"),
        ("3 mvar", GesisFault.MILLI, "3 mvar"),
        ("3 mvarh", GesisFault.MILLI, "3 mvarh"),
        ("3 mV", GesisFault.UNIT, "3 mV"),
        ("1,234.5 kWh", GesisFault.LINE, "1,234.5 kWh"),
        ("=1+1 kWh", GesisFault.LINE, "=1+1 kWh"),
        ("1.234 kWh", GesisFault.AMBIGUOUS, "1.234 kWh"),
        ("1234567890 kWh", GesisFault.TOO_LONG, "1234567890 kWh"),
        ("1,1234567 kWh", GesisFault.TOO_LONG, "1,1234567 kWh"),
        ("1234", GesisFault.UNIT, "1234"),
        ("230 V", GesisFault.UNIT, "230 V"),
        ("10 GWh", GesisFault.UNIT, "10 GWh"),
        ("\n".join(["1 kWh"] * (MOST_READINGS + 1)), GesisFault.TOO_MANY, ""),
        ("1 kWh " * 200, GesisFault.TOO_MANY, ""),
        ("x" * 200, GesisFault.LINE, "x" * 40),
    ],
)
def test_readings_that_cannot_be_used_are_refused_with_their_reason(
    text: str, fault: GesisFault, part: str
) -> None:
    with pytest.raises(NotRead) as refused:
        read_readings(text)
    assert (refused.value.fault, refused.value.part) == (fault, part)
