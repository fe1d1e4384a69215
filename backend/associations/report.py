"""The report on associations: those that meet the criteria, among those that the actor may see, deleted ones
too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, false, func, select, true

from backend.associations.errors import AssociationNotFound, NothingWanted
from backend.associations.models import associations
from backend.associations.service import ASSOCIATIONS, read
from backend.associations.values import Association, Configuration
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.clock import ROME
from backend.core.db.matching import holds
from backend.core.periods import Period, within
from backend.core.searches import service as searches
from backend.devices import service as devices
from backend.devices.values import DeviceType
from backend.gesis import service as gesis
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor, Integrator
from backend.supplies.pod import POINT_LENGTH
from backend.tabular.cells import CellKind, Column, words

SEARCH = "associations"
"""The kind of these searches."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What associations are searched for: all that are given must hold. PODs are compared by the supply that
    they name.
    """

    pod: str | None = None
    sid: str | None = None
    nid: str | None = None
    device_type: DeviceType | None = None
    configuration: Configuration | None = None
    production_pod: str | None = None
    configurator: str | None = None
    """A part of the name."""
    integrator_id: int | None = None
    created: Period | None = None
    confirmed: bool | None = None
    """Whether a technician has confirmed it on site."""
    live: bool | None = None
    """Whether it was not deleted."""

    @property
    def is_empty(self) -> bool:
        """True where nothing is asked for. Such a search can be kept, and finds nothing: NothingWanted."""
        return self == Criteria()

    def check(self) -> None:
        """Raises NothingWanted where nothing is asked for."""
        if self.is_empty:
            raise NothingWanted


CONFIGURATIONS = {Configuration.STANDARD: "Standard", Configuration.PROSUMER: "Prosumer"}
FACTOR = "FATTORE K"
TITLES = (
    "POD",
    "SID",
    "NID",
    "TIPO DISPOSITIVO",
    "TIPO ASSOCIAZIONE",
    "POD PRODUZIONE",
    "NOME CONFIGURATORE",
    "DITTA CONFIGURATRICE",
    "DATA ASSOCIAZIONE",
    "CONFERMA IN CAMPO",
    "DATA ELIMINAZIONE",
    FACTOR,
)
"""The columns of the report as a file, named as the service names them in every language."""


def keep(connection: Connection, actor: Actor, wanted: Criteria, at: datetime) -> int:
    """Keep a search of the actor. Returns its number. Raises NotPermitted."""
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    return searches.store(connection, actor.person_id, SEARCH, wanted, at)


def kept(connection: Connection, actor: Actor, search_id: int) -> Criteria | None:
    """A search of the actor; None where there is none that this version can read. Raises NotPermitted."""
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    return searches.find(connection, actor.person_id, SEARCH, search_id, Criteria)


def count(
    connection: Connection, actor: Actor, wanted: Criteria, at: datetime, before: int | None = None
) -> int:
    """How many associations a search finds, or how many of them are older than the association `before`.
    Raises NotPermitted or NothingWanted.
    """
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    query = select(func.count()).select_from(associations).where(*_conditions(actor, wanted, at))
    if before is not None:
        query = query.where(associations.c.id < before)
    return int(connection.execute(query).scalar_one())


def newest(
    connection: Connection,
    actor: Actor,
    wanted: Criteria,
    at: datetime,
    limit: int,
    before: int | None = None,
) -> list[Association]:
    """The newest associations that a search finds, or those older than the association `before`, newest
    first. Raises NotPermitted or NothingWanted.
    """
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    query = ASSOCIATIONS.where(*_conditions(actor, wanted, at))
    if before is not None:
        query = query.where(associations.c.id < before)
    return [read(row) for row in connection.execute(query.order_by(associations.c.id.desc()).limit(limit))]


def get(connection: Connection, actor: Actor, association_id: int) -> Association:
    """An association that the report may show the actor. Raises NotPermitted or AssociationNotFound."""
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    row = connection.execute(
        ASSOCIATIONS.where(associations.c.id == association_id, _seen_by(actor))
    ).one_or_none()
    if row is None:
        raise AssociationNotFound
    return read(row)


def configurators(connection: Connection, actor: Actor, limit: int) -> list[str]:
    """The names of those who made associations that the actor may see, those who did so last first. Raises
    NotPermitted.
    """
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    last = func.max(associations.c.id)
    query = select(associations.c.created_by).where(_seen_by(actor)).group_by(associations.c.created_by)
    ids = list(connection.scalars(query.order_by(last.desc()).limit(limit)))
    names = identity.names_of(connection, ids)
    return list(dict.fromkeys(name for each in ids if (name := names.get(each, ""))))


def integrators_like(connection: Connection, actor: Actor, text: str) -> list[Integrator]:
    """The integrators whose business name holds these words, or whose partita IVA begins so. Raises
    NotPermitted.
    """
    actor.authorise(Permission.ALL_ASSOCIATIONS)
    return identity.integrators_like(connection, text)


def record_export(connection: Connection, actor: Actor, at: datetime, **detail: object) -> None:
    """Record that the actor was given associations as a file. Raises NotPermitted."""
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    record(
        connection,
        at,
        AuditAction.ASSOCIATIONS_EXPORTED,
        subject=actor.subject,
        integrator_id=actor.membership.integrator_id if actor.membership is not None else None,
        detail=detail,
    )


def source(actor: Actor, wanted: Criteria, at: datetime) -> tuple[Select[Any], tuple[Column, ...]]:
    """The query of what a search finds, newest first, and the columns of its file. Raises NotPermitted
    or NothingWanted.
    """
    actor.authorise(Permission.REPORT_ASSOCIATIONS)
    codes, names, companies = devices.codes(), identity.names(), identity.business_names()
    joined = (
        associations.join(codes, codes.c.id == associations.c.device_id)
        .join(names, names.c.id == associations.c.created_by)
        .join(companies, companies.c.id == associations.c.integrator_id)
    )
    kept_factor = gesis.written_of(
        associations.c.integrator_id, associations.c.point, associations.c.meter_serial
    )
    types = {each.value: each.product_name for each in DeviceType}
    configurations = {each.value: word for each, word in CONFIGURATIONS.items()}
    values: tuple[tuple[CellKind, ColumnElement[Any]], ...] = (
        (CellKind.TEXT, associations.c.pod),
        (CellKind.TEXT, codes.c.sid),
        (CellKind.TEXT, codes.c.nid),
        (CellKind.WORD, words(associations.c.device_type, types)),
        (CellKind.WORD, words(associations.c.configuration, configurations)),
        (CellKind.TEXT, associations.c.production_pod),
        (CellKind.TEXT, names.c.name),
        (CellKind.TEXT, companies.c.name),
        (CellKind.TIME, associations.c.created_at),
        (CellKind.TIME, associations.c.confirmed_at),
        (CellKind.TIME, associations.c.deleted_at),
        (CellKind.TEXT, case((associations.c.gesis, kept_factor))),
    )
    query = select(associations.c.id).select_from(joined).where(*_conditions(actor, wanted, at))
    return query.order_by(associations.c.id.desc()), tuple(
        Column(title, kind, value) for title, (kind, value) in zip(TITLES, values, strict=True)
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """The associations that the actor may see: all, their company's, or none before they are enabled."""
    if actor.may(Permission.ALL_ASSOCIATIONS):
        return true()
    member = actor.membership
    if member is None or not member.enabled:
        return false()
    return associations.c.integrator_id == member.integrator_id


def _conditions(actor: Actor, wanted: Criteria, at: datetime) -> Iterator[ColumnElement[bool]]:
    """What must hold of an association. A period of the last days ends at `at`. Raises NothingWanted."""
    wanted.check()
    yield _seen_by(actor)
    for column, value in (
        (associations.c.device_type, wanted.device_type.value if wanted.device_type is not None else None),
        (
            associations.c.configuration,
            wanted.configuration.value if wanted.configuration is not None else None,
        ),
        (associations.c.integrator_id, wanted.integrator_id),
    ):
        if value is not None:
            yield column == value
    if wanted.sid is not None or wanted.nid is not None:
        yield devices.has_codes(associations.c.device_id, sid=wanted.sid, nid=wanted.nid)
    if wanted.pod is not None:
        yield associations.c.point == wanted.pod[:POINT_LENGTH]
    if wanted.production_pod is not None:
        first = func.substr(associations.c.production_pod, 1, POINT_LENGTH)
        yield first == wanted.production_pod[:POINT_LENGTH]
    if wanted.configurator is not None:
        yield holds(identity.name_of(associations.c.created_by), wanted.configurator)
    if wanted.created is not None:
        yield within(associations.c.created_at, wanted.created.on(_today(at)))
    if wanted.confirmed is not None:
        yield _is_set(associations.c.confirmed_at, wanted.confirmed)
    if wanted.live is not None:
        yield _is_set(associations.c.deleted_at, not wanted.live)


def _is_set(column: ColumnElement[Any], there: bool) -> ColumnElement[bool]:
    return column.is_not(None) if there else column.is_(None)


def _today(at: datetime) -> date:
    return at.astimezone(ROME).date()
