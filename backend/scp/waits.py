"""Who waits for an SCP file that somebody of the staff has to attach, and how they are told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from backend.associations import service as association_service
from backend.associations.values import Association
from backend.core.db.upsert import insert_for
from backend.identity import people
from backend.identity import service as identity
from backend.identity.permissions import Permission, Role
from backend.notices import service as notices
from backend.scp.models import scp_deliveries, scp_files, scp_waits

READY_NOTICE = "scp_ready"
BATCH_NOTICE = "scp_batch_ready"


def add(connection: Connection, scp_id: int, person_id: int, batch: int = 0) -> None:
    """This person is told when the file is there; where it belongs to a `batch`, when all of that is."""
    connection.execute(
        insert_for(connection, scp_waits)
        .values(scp_id=scp_id, person_id=person_id, batch=batch)
        .on_conflict_do_nothing()
    )


def is_over(connection: Connection, batch: int, person_id: int) -> bool:
    """True if this person waits for no file of a batch any more."""
    waiting = select(scp_waits.c.scp_id).where(scp_waits.c.batch == batch, scp_waits.c.person_id == person_id)
    return connection.execute(waiting.limit(1)).first() is None


def tell(
    connection: Connection, scp_id: int, association: Association, at: datetime, *, replaced: bool = False
) -> None:
    """The file is there: whoever waits for it is told, whoever made the association, and whoever has an older
    file of it. Where nobody of these may have it any more, those who look after the integrator are.
    """
    waiting = _end(connection, scp_id)
    in_batches = {person for person, batch in waiting if batch}
    alone = {person for person, batch in waiting if not batch}
    older = select(scp_deliveries.c.person_id).where(
        scp_deliveries.c.scp_id.in_(
            select(scp_files.c.id).where(scp_files.c.association_id == association.id)
        )
    )
    creator = association_service.creator_of(connection, association.id)
    concerned = {*connection.scalars(older), *([] if creator is None else [creator])}
    alone |= concerned - in_batches
    able = _who_may_have(connection, alone | in_batches, association)
    argument = {
        "scp_id": scp_id,
        "association_id": association.id,
        "integrator_id": association.integrator_id,
        "replaced": replaced,
    }
    for person in sorted(alone & able if able else _looking_after(connection, association)):
        notices.add(connection, person, READY_NOTICE, argument, dedupe_key=str(scp_id), at=at)
    _tell_batches(connection, waiting, scp_id, association, at)


def withdraw(connection: Connection, scp_id: int, association: Association, at: datetime) -> None:
    """The file will not come: nobody waits for it any more, and a batch may be over."""
    _tell_batches(connection, _end(connection, scp_id), scp_id, association, at)


def _end(connection: Connection, scp_id: int) -> list[tuple[int, int]]:
    """Nobody waits for a file any more. Returns who did, and for which batch."""
    rows = connection.execute(
        delete(scp_waits)
        .where(scp_waits.c.scp_id == scp_id)
        .returning(scp_waits.c.person_id, scp_waits.c.batch)
    )
    return sorted((row.person_id, row.batch) for row in rows)


def _tell_batches(
    connection: Connection,
    waiting: Collection[tuple[int, int]],
    scp_id: int,
    association: Association,
    at: datetime,
) -> None:
    for person, batch in waiting:
        if batch and is_over(connection, batch, person):
            argument = {"batch": batch, "integrator_id": association.integrator_id}
            notices.add(connection, person, BATCH_NOTICE, argument, dedupe_key=f"{batch}-{scp_id}", at=at)


def _who_may_have(connection: Connection, persons: Collection[int], association: Association) -> set[int]:
    able = identity.who_may_for(connection, persons, Permission.GET_SCP)
    return {person for person, integrator in able if integrator == association.integrator_id}


def _looking_after(connection: Connection, association: Association) -> list[int]:
    by_role = [
        people.with_role(connection, association.integrator_id, role)
        for role in (Role.REFERENT, Role.CONFIGURATOR)
    ]
    return next((found for found in by_role if found), [])
