"""Reading contracts from a table: a line for each person whom a contract names.

Columns: contract number, partita IVA, business name, e-mail, Codice Fiscale, and, where wanted, the role.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.contracts.values import Named, NewContract
from backend.identity import fields
from backend.identity.errors import FieldInvalid
from backend.identity.fields import Fault
from backend.identity.permissions import Role
from backend.tabular.reasons import FileReason, FileRefused
from backend.tabular.table import Table

HEADING = ("Contratto", "Partita IVA", "Ragione sociale", "E-mail", "Codice Fiscale", "Ruolo")
"""The heading of the template."""
MOST_PEOPLE = 500
"""In one file."""
_HEADINGS: Mapping[str, str] = {
    **dict.fromkeys(("contratto", "numerocontratto", "ncontratto", "contract", "contractnumber"), "number"),
    **dict.fromkeys(("partitaiva", "piva", "vat", "vatnumber"), "code"),
    **dict.fromkeys(("ragionesociale", "azienda", "societa", "company", "businessname"), "name"),
    **dict.fromkeys(("email", "mail", "postaelettronica", "indirizzoemail"), "email"),
    **dict.fromkeys(("codicefiscale", "cf", "taxcode"), "codice_fiscale"),
    **dict.fromkeys(("ruolo", "role"), "role"),
}
_NEEDED = ("number", "code", "name", "email", "codice_fiscale")
_ROLES = {
    "referente": Role.REFERENT,
    "configuratore": Role.CONFIGURATOR,
    "tecnico": Role.TECHNICIAN,
    **{role.value: role for role in Role},
}


@dataclass(frozen=True, slots=True)
class BadPerson:
    """A line that cannot be loaded: its number, and the end of the reason's key."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReadContracts:
    """What a table says."""

    contracts: tuple[NewContract, ...] = ()
    bad: tuple[BadPerson, ...] = ()


@dataclass
class _Gathered:
    code: str
    name: str
    people: dict[str, Named] = field(default_factory=dict)


def read_contracts(table: Table) -> ReadContracts:
    """Read the contracts of a table. Raises FileRefused where it has not the columns, or too many lines."""
    if not table.lines:
        raise FileRefused(FileReason.EMPTY)
    places = _places(table.lines[0][1])
    missing = [HEADING[_NEEDED.index(name)] for name in _NEEDED if name not in places]
    if missing:
        raise FileRefused(FileReason.COLUMNS, columns=", ".join(missing))
    if len(table.lines) - 1 > MOST_PEOPLE:
        raise FileRefused(FileReason.TOO_MANY, rows=len(table.lines) - 1, most=MOST_PEOPLE)
    found: dict[str, _Gathered] = {}
    bad = [BadPerson(number, "broken") for number, _, _ in table.broken]
    for number, cells in table.lines[1:]:
        reason = _add(found, {name: _cell(cells, at) for name, at in places.items()})
        if reason is not None:
            bad.append(BadPerson(number, reason))
    contracts = tuple(
        NewContract(number, each.code, each.name, tuple(each.people.values()))
        for number, each in found.items()
        if each.people
    )
    return ReadContracts(contracts, tuple(sorted(bad, key=lambda each: each.line)))


def _add(found: dict[str, _Gathered], values: Mapping[str, str]) -> str | None:
    """Add a line to what was found. Returns the end of the reason's key where it cannot be."""
    number = " ".join(values["number"].split())
    if not number or len(number) > 40:
        return "number"
    try:
        code = fields.read_partita_iva(values["code"])
        name = fields.read_line(values["name"])
        email = fields.read_email(values["email"])
        codice_fiscale = fields.read_codice_fiscale(values["codice_fiscale"])
    except FieldInvalid as error:
        return str(Fault(error.fault))
    role = _ROLES.get(values.get("role", "").strip().casefold())
    if values.get("role", "").strip() and role is None:
        return "role"
    known = found.setdefault(number, _Gathered(code, name))
    if known.code != code:
        return "two_companies"
    if email in known.people:
        return "twice"
    known.people[email] = Named(email, codice_fiscale, role)
    return None


def _places(heading: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(heading):
        plain = unicodedata.normalize("NFKD", cell.casefold())
        name = _HEADINGS.get(re.sub(r"[^a-z]", "", plain))
        if name is not None:
            places.setdefault(name, at)
    return places


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""
