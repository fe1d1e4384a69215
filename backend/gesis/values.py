"""The factor K of a GESIS meter, readings at the secondary, and what they are at the primary. Everything is a
decimal and exact: nothing is ever rounded.

What people type is hostile until it was read here. Numbers are Italian: a comma before the decimals, points
or spaces between thousands; `1.234` could be either, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from enum import StrEnum

LEAST_FACTOR = Decimal(1)
MOST_FACTOR = Decimal(5000)
"""A transformer of low voltage takes up to 5000 A down to 5 or to 1 A: K is between 1 and 5000."""
SECONDARIES = (Decimal(1), Decimal(2), Decimal(5))
"""Rated secondary currents of transformers, in A. A ratio to one of these has an end: K is exact."""
MOST_READINGS = 12
MOST_DIGITS = 9
MOST_DECIMALS = 6
FACTOR_DECIMALS = 4
MOST_TEXT = 600
"""Characters of a message with readings; a longer one is none."""

UNITS = (
    *("Wh", "kWh", "MWh", "W", "kW", "MW"),
    *("varh", "kvarh", "Mvarh", "var", "kvar", "Mvar"),
    *("VA", "kVA", "MVA", "A"),
)
"""Units of what a transformer of currents scales: energies, powers, currents. Volts are none of them."""
_UNITS = {unit.casefold(): unit for unit in UNITS}
"""By how they may be typed; but an `m` is no `M`: it would make a million times as much of it."""

_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
"""Where a result would have to be rounded it raises."""

_NUMBER = r"[0-9][0-9., ]*"
_FACTOR = re.compile(rf"(?:k|ta|x|×)? ?[=:]? ?({_NUMBER}) ?a?(?: ?/ ?({_NUMBER}) ?a?)?")
_READING = re.compile(
    r"(?:(?P<label>[^\n:=]{1,24}) ?[:=]|(?P<band>[afrtAFRT][0-9]))? ?"
    rf"(?P<number>{_NUMBER})(?P<unit>[A-Za-z]*)"
)
_MINUS = re.compile(r"(^|[:= ])[-−–] ?(?=[0-9])")
_PLAIN = re.compile(r"([0-9]+)(?:,([0-9]+))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]{1,3}(?: [0-9]{3})+(?:,[0-9]+)?")
_POINT = re.compile(r"[0-9]+\.[0-9]+")
_EITHER = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2009]+")


class GesisFault(StrEnum):
    """Why what was typed is no factor, or no reading. The value ends the text's key."""

    UNREADABLE = "unreadable"
    """It is no number in any form."""
    LINE = "line"
    """A line of readings that has no number in any form."""
    AMBIGUOUS = "ambiguous"
    """Its point may stand before decimals or between thousands."""
    TOO_LONG = "too_long"
    """It has more digits than any meter shows."""
    TOO_SMALL = "too_small"
    """A factor below 1: the transformer would multiply."""
    TOO_LARGE = "too_large"
    """A factor above what there is in low voltage."""
    SECONDARY = "secondary"
    """A ratio to something that is no rated secondary current."""
    UNIT = "unit"
    """A unit that the factor does not apply to, or none at all."""
    MILLI = "milli"
    """A unit with a small `m`: thousandths, or else millions are meant."""
    NEGATIVE = "negative"
    """A reading with a minus sign: a meter shows none."""
    TOO_MANY = "too_many"
    """More readings than are calculated at once."""


class NotRead(ValueError):
    """What was typed cannot be used. `fault` says why, `part` is what it is about (from outside: hostile)."""

    def __init__(self, fault: GesisFault, part: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.part = part[:40]


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor K: a number, or a transformer's ratio (`primary` A to `secondary` A, None for a number)."""

    primary: Decimal
    secondary: Decimal | None = None

    @property
    def value(self) -> Decimal:
        """K, exactly."""
        if self.secondary is None:
            return self.primary
        return _EXACT.divide(self.primary, self.secondary)

    @property
    def written(self) -> str:
        """As it is stored: `50`, `62,5` or `250/5`. `read_factor` reads it again."""
        ratio = "" if self.secondary is None else f"/{plain(self.secondary)}"
        return f"{plain(self.primary)}{ratio}".replace(".", ",")

    @property
    def number(self) -> str:
        """K as people read it: `50` or `62,5`."""
        return plain(self.value).replace(".", ",")

    @property
    def shown(self) -> str:
        """K, and the ratio that was given: `50`, `62,5`, or `50 (250/5)`."""
        return self.number if self.secondary is None else f"{self.number} ({self.written})"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with its unit (one of UNITS), and what it is called (may be empty)."""

    value: Decimal
    unit: str
    label: str = ""

    @property
    def shown(self) -> str:
        """The value as people read it, with its unit: `1234,5 kWh`."""
        return f"{self.value:f} {self.unit}".replace(".", ",")


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros at the end of its decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def factor_of(written: str | None) -> Factor | None:
    """Read what `Factor.written` has made; None for None."""
    return None if written is None else read_factor(written)


def read_factor(text: str) -> Factor:
    """Read a factor (`50`, `K = 62,5`) or a transformer's ratio (`250/5`, `250/5 A`). Raises NotRead."""
    if len(text) > MOST_TEXT:
        raise NotRead(GesisFault.UNREADABLE)
    found = _FACTOR.fullmatch(_SPACES.sub(" ", text).strip().casefold())
    if found is None:
        raise NotRead(GesisFault.UNREADABLE)
    secondary = None if found[2] is None else _number(found[2], FACTOR_DECIMALS)
    if secondary is not None and secondary not in SECONDARIES:
        raise NotRead(GesisFault.SECONDARY)
    primary = _primary(found[1].strip(), secondary)
    if primary > 10 * MOST_FACTOR:
        raise NotRead(GesisFault.TOO_LARGE)
    factor = Factor(Decimal(plain(primary)), None if secondary is None else Decimal(plain(secondary)))
    if factor.value < LEAST_FACTOR:
        raise NotRead(GesisFault.TOO_SMALL)
    if factor.value > MOST_FACTOR:
        raise NotRead(GesisFault.TOO_LARGE)
    return factor


def _primary(text: str, secondary: Decimal | None) -> Decimal:
    """The current before the stroke. Of `1.250/5` only a thousand and more can be meant: with decimals it
    would be less than the one after the stroke.
    """
    if secondary is not None and _EITHER.fullmatch(text) and Decimal(text) < LEAST_FACTOR * secondary:
        return Decimal(text.replace(".", ""))
    return _number(text, FACTOR_DECIMALS)


def read_readings(text: str) -> tuple[Reading, ...]:
    """Read readings, one a line or between semicolons: `1234,5 kWh`, `F1: 1.234,5 kWh`, `3,2 kW`. Raises
    NotRead.
    """
    if len(text) > MOST_TEXT:
        raise NotRead(GesisFault.TOO_MANY)
    parts = [part for each in re.split(r"[\n\r;]", text) if (part := _SPACES.sub(" ", each).strip())]
    if not parts:
        raise NotRead(GesisFault.UNREADABLE)
    if len(parts) > MOST_READINGS:
        raise NotRead(GesisFault.TOO_MANY)
    return tuple(_reading(part) for part in parts)


def at_primary(readings: Sequence[Reading], factor: Factor) -> tuple[Reading, ...]:
    """What these readings at the secondary are at the primary: exactly K times as much, in the same units and
    with at least as many decimals.
    """
    return tuple(Reading(times(each.value, factor), each.unit, each.label) for each in readings)


def times(value: Decimal, factor: Factor) -> Decimal:
    """A value times K, exactly, with as many decimals as it had, or more where they are needed."""
    product = _EXACT.multiply(value, factor.value)
    decimals = max(_decimals(value), _decimals(Decimal(plain(product))))
    return product.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _reading(part: str) -> Reading:
    found = _READING.fullmatch(part)
    if found is None:
        negative = _READING.fullmatch(_MINUS.sub(r"\1", part, count=1)) is not None
        raise NotRead(GesisFault.NEGATIVE if negative else GesisFault.LINE, part)
    try:
        value = _number(found["number"], MOST_DECIMALS)
    except NotRead as error:
        fault = GesisFault.LINE if error.fault is GesisFault.UNREADABLE else error.fault
        raise NotRead(fault, part) from None
    unit = _UNITS.get(found["unit"].casefold())
    if unit is None:
        raise NotRead(GesisFault.UNIT, part)
    if unit.startswith("M") and found["unit"].startswith("m"):
        raise NotRead(GesisFault.MILLI, part)
    return Reading(value, unit, (found["label"] or found["band"] or "").strip())


def _number(text: str, most_decimals: int) -> Decimal:
    """A number as Italians write it. Raises NotRead."""
    text = text.strip()
    if _EITHER.fullmatch(text):
        raise NotRead(GesisFault.AMBIGUOUS, text)
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "").replace(" ", "")
    elif _POINT.fullmatch(text):
        text = text.replace(".", ",")
    found = _PLAIN.fullmatch(text)
    if found is None:
        raise NotRead(GesisFault.UNREADABLE, text)
    whole, decimals = found[1], found[2] or ""
    if len(whole.lstrip("0")) > MOST_DIGITS or len(decimals) > most_decimals:
        raise NotRead(GesisFault.TOO_LONG, text)
    return Decimal(f"{whole}.{decimals}" if decimals else whole)
