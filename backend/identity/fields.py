"""Reading what people type of themselves and their company. Each function returns the value as it is
stored, or raises FieldInvalid with the key of a reason.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.it import codicefiscale, iva

from backend.core.mail.address import read_address
from backend.identity.errors import FieldInvalid


class Fault(StrEnum):
    """Why a field cannot be so: the ends of the texts' keys."""

    NOT_A_NAME = "not_a_name"
    """It has other characters than letters, spaces, hyphens and apostrophes."""
    TOO_SHORT = "too_short"
    """There is next to nothing."""
    TOO_LONG = "too_long"
    """It does not fit."""
    UNPRINTABLE = "unprintable"
    """It holds characters that nobody sees."""
    LOOK_ALIKE = "look_alike"
    """It holds letters of another alphabet, which may look like ours."""
    NOT_AN_ADDRESS = "not_an_address"
    """It is not one e-mail address."""
    NOT_A_NUMBER = "not_a_number"
    """It is not a telephone number."""
    NOT_MOBILE = "not_mobile"
    """It is an Italian number, but not that of a mobile."""
    CF_LENGTH = "cf_length"
    """A Codice Fiscale has 16 characters."""
    CF_FORM = "cf_form"
    """It is not built like a Codice Fiscale."""
    CF_CHECKSUM = "cf_checksum"
    """The last character of the Codice Fiscale does not fit the others."""
    IVA_LENGTH = "iva_length"
    """A partita IVA has 11 digits."""
    IVA_CHECKSUM = "iva_checksum"
    """The last digit of the partita IVA does not fit the others."""


MOST_OF_A_NAME = 64
MOST_OF_A_LINE = 200
_NAME = re.compile(r"[^\W\d_]+(?:(?:['’.\-] ?| )[^\W\d_]+)*['’.]?")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_LANDLINE = re.compile(r"0[0-9]{5,10}")
_ITALIAN_MOBILE = re.compile(r"3[0-9]{8,9}")


def read_name(text: str) -> str:
    """A name, a surname or a nationality: letters of any alphabet, with spaces, hyphens and apostrophes."""
    value = _line(text, MOST_OF_A_NAME)
    if not _NAME.fullmatch(value):
        raise FieldInvalid(Fault.NOT_A_NAME)
    if len({unicodedata.name(letter, "").split(" ")[0] for letter in value if letter.isalpha()}) > 1:
        raise FieldInvalid(Fault.LOOK_ALIKE)  # letters of two alphabets in one name
    return value


def read_line(text: str) -> str:
    """A company's name, or an address in one line."""
    value = _line(text, MOST_OF_A_LINE)
    if sum(letter.isalpha() for letter in value) < 2:
        raise FieldInvalid(Fault.TOO_SHORT)
    return value


def read_codice_fiscale(text: str) -> str:
    """A person's Codice Fiscale, 16 characters with their check character; letters that stand for digits
    (omocodia) are taken.
    """
    value = _code(text)
    if len(value) != 16:
        raise FieldInvalid(Fault.CF_LENGTH)
    try:
        codicefiscale.validate(value)
    except InvalidChecksum as error:
        raise FieldInvalid(Fault.CF_CHECKSUM) from error
    except ValidationError as error:
        raise FieldInvalid(Fault.CF_FORM) from error
    return value


def read_partita_iva(text: str) -> str:
    """A partita IVA: 11 digits with their check digit."""
    value = _code(text).removeprefix("IT")
    if len(value) != 11 or not value.isdigit():
        raise FieldInvalid(Fault.IVA_LENGTH)
    try:
        return str(iva.validate(value))
    except ValidationError as error:
        raise FieldInvalid(Fault.IVA_CHECKSUM) from error


def read_company_code(text: str) -> str:
    """A company's Codice Fiscale: 11 digits, or a person's 16 characters for a sole trader."""
    return read_codice_fiscale(text) if len(_code(text)) == 16 else read_partita_iva(text)


def read_email(text: str) -> str:
    """An e-mail address."""
    value = read_address(text)
    if value is None:
        raise FieldInvalid(Fault.NOT_AN_ADDRESS)
    return value


def read_mobile(text: str) -> str:
    """A mobile number in the international form; one without a country is Italian."""
    value = re.sub(r"[\s.\-/()]", "", _ascii(text))
    if value.startswith("00"):
        value = "+" + value[2:]
    if value.startswith("39") and _ITALIAN_MOBILE.fullmatch(value[2:]):
        value = value[2:]
    if _ITALIAN_MOBILE.fullmatch(value):
        value = "+39" + value
    if _LANDLINE.fullmatch(value):
        raise FieldInvalid(Fault.NOT_MOBILE)
    if not _PHONE.fullmatch(value):
        raise FieldInvalid(Fault.NOT_A_NUMBER)
    if value.startswith("+39") and not _ITALIAN_MOBILE.fullmatch(value[3:]):
        raise FieldInvalid(Fault.NOT_MOBILE)
    return value


def same_phone(one: str | None, other: str | None) -> bool:
    """True if two numbers are the same one, however Telegram writes it."""
    return bool(one and other) and _digits(one or "") == _digits(other or "")


def _digits(number: str) -> str:
    return re.sub(r"[^0-9]", "", number).removeprefix("00")


def _line(text: str, most: int) -> str:
    value = " ".join(unicodedata.normalize("NFC", text).split())
    if not value:
        raise FieldInvalid(Fault.TOO_SHORT)
    if len(value) > most:
        raise FieldInvalid(Fault.TOO_LONG)
    if not value.isprintable():
        raise FieldInvalid(Fault.UNPRINTABLE)
    return value


def _code(text: str) -> str:
    return re.sub(r"[\s.\-]", "", _ascii(text)).upper()


def _ascii(text: str) -> str:
    """The text, where it has no letters that only look like the ones of a code."""
    value = unicodedata.normalize("NFKC", text)
    if not value.isascii():
        raise FieldInvalid(Fault.LOOK_ALIKE)
    return value
