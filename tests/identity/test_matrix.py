"""Every operation of a service for every kind of actor: own integrator, another one or none, enabled or not,
suspended, and each role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.core.refusals import Refused
from backend.identity.errors import NotPermitted
from backend.identity.permissions import GRANTED, Permission, Role, StaffRole
from backend.identity.values import Actor
from tests.identity.operations import OF_ONESELF, OPERATIONS, WITHIN, found_in_the_services
from tests.identity.prepared import NONE, Ids, Operation, prepare
from tests.samples import HOME

OUR_SECRETS = (HOME.pod.code, "Installatore Uno", "impianti.csv", "Configuratore 1")
"""Words that only our integrator may read."""


def actors(us: Actor, them: Actor) -> Iterator[tuple[str, Actor, bool]]:
    """Every kind of actor: a name, and whether the integrator is ours."""
    for mine, person in ((True, us), (False, them)):
        for role in Role:
            for enabled in (True, False):
                member = replace(person.acting_for, role=role, enabled=enabled)
                name = f"{'our' if mine else 'their'} {role.value}, {'enabled' if enabled else 'not enabled'}"
                yield name, replace(person, membership=member), mine
    referent = replace(us.acting_for, role=Role.REFERENT, enabled=True)
    everything = frozenset(StaffRole)
    yield "suspended", replace(us, membership=referent, staff_roles=everything, suspended=True), True
    yield "of no integrator", replace(us, membership=None), False
    for staff_role in StaffRole:
        yield staff_role.value, replace(us, membership=None, staff_roles=frozenset({staff_role})), False


def outcome(connection: Connection, operation: Operation, actor: Actor, ids: Ids) -> str:
    """What comes of a call, which is undone."""
    undo = connection.begin_nested()
    try:
        result: Any = operation.call(connection, actor, ids)
        return "nothing" if not result else repr(result)
    except Refused as refusal:
        return type(refusal).__name__
    finally:
        undo.rollback()


async def test_the_matrix_of_operations_and_actors(database: Database, us: Actor, them: Actor) -> None:
    def row_of(connection: Connection, name: str, operation: Operation) -> list[str | None]:
        cells: list[str | None] = []
        for who, actor, is_ours in actors(us, them):
            flaw = None
            seen = outcome(connection, operation, actor, ids)
            refused = seen == NotPermitted.__name__
            if refused is actor.may(operation.permission):
                flaw = f"{name} for {who}: {seen[:200]}"
            elif not is_ours and not refused and actor.membership is not None:
                nothing = outcome(connection, operation, actor, NONE)
                if any(word in seen for word in OUR_SECRETS) or _shape(seen) != _shape(nothing):
                    flaw = f"{name} for {who}: {seen[:200]} where nothing is {nothing[:200]}"
            cells.append(flaw)
        return cells

    # A transaction for each operation: all of them take longer than a transaction may.
    ids = await database.write(partial(prepare, us=us))
    cells: list[str | None] = []
    for name, operation in OPERATIONS.items():
        cells += await database.write(partial(row_of, name=name, operation=operation))
    assert [flaw for flaw in cells if flaw is not None] == []
    assert len(cells) == len(OPERATIONS) * (2 * len(Role) * 2 + 2 + len(StaffRole))


def _shape(seen: str) -> str:
    """What is seen, without the ids of what a call has just made."""
    return "".join(letter for letter in seen if not letter.isdigit())


def test_every_operation_that_takes_an_actor_is_in_the_matrix() -> None:
    assert set(found_in_the_services()) == {*OPERATIONS, *OF_ONESELF, *WITHIN}


def test_every_permission_is_granted_to_some_role() -> None:
    assert set(GRANTED) == {*Role, *StaffRole}
    assert frozenset[Permission]().union(*GRANTED.values()) == frozenset(Permission)
