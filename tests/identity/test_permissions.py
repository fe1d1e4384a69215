"""Each operation of a service checks the table of permissions: it needs a role that grants it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from backend.associations import service as associations
from backend.audit import service as audit
from backend.audit.values import Search
from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Budget, Spent
from backend.core.db.database import Database
from backend.declarations import service as declarations
from backend.devices import service as devices
from backend.devices.values import DeviceType
from backend.identity.errors import NotPermitted
from backend.identity.permissions import GRANTED, Permission, Role, StaffRole
from backend.identity.values import Actor
from backend.scp import service as scp
from backend.supplies import service as supplies
from backend.supplies.values import LookUpOutcome, SupplyUnknown
from tests.samples import HOME, SID_A, START, facts, not_enabled, wanted

Operation = Callable[[Connection, Actor], Any]

OPERATIONS: dict[str, Operation] = {
    "associations.create": lambda c, actor: associations.create(c, actor, wanted(), facts(), START),
    "associations.delete": lambda c, actor: associations.delete(c, actor, 1, START),
    "associations.replace": lambda c, actor: associations.replace(c, actor, 1, wanted(), facts(), START),
    "associations.get": lambda c, actor: associations.get(c, actor, 1),
    "associations.find": lambda c, actor: associations.find(c, actor, 1),
    "associations.find_by_device": lambda c, actor: associations.find_by_device(c, actor, 1),
    "associations.judged": lambda c, actor: associations.judged(c, actor, HOME.pod, SupplyUnknown(HOME.pod)),
    "associations.of_ids": lambda c, actor: associations.of_ids(c, actor, [1]),
    "associations.latest": lambda c, actor: associations.latest(c, actor, 8),
    "associations.standing_of": lambda c, actor: associations.standing_of(c, actor, HOME.point),
    "associations.free_device": lambda c, actor: associations.free_device(
        c, actor, sid=SID_A, nid=None, device_type=DeviceType.MOME
    ),
    "budgets.check": lambda c, actor: budgets.check(c, actor, 1, START, {}),
    "budgets.count": lambda c, actor: budgets.count(c, actor, 1, START),
    "budgets.record_spent": lambda c, actor: budgets.record_spent(
        c, actor, BudgetSpent(Spent(Budget.PERSON_HOUR, 1, 1, START)), START
    ),
    "declarations.accept": lambda c, actor: declarations.accept(c, actor, "1", START),
    "devices.find": lambda c, actor: devices.find(c, actor, sid=SID_A),
    "devices.candidates": lambda c, actor: devices.candidates(c, actor, sid=SID_A, nid=None),
    "scp.associate": lambda c, actor: scp.associate(c, actor, wanted(), facts(), None, START),
    "scp.latest_for": lambda c, actor: scp.latest_for(c, actor, 1),
    "scp.latest_of": lambda c, actor: scp.latest_of(c, actor, [1]),
    "scp.request": lambda c, actor: scp.request(c, actor, None, START),  # type: ignore[arg-type]  # it refuses first
    "scp.record_delivery": lambda c, actor: scp.record_delivery(c, actor, 1, START),
    "scp.record_deliveries": lambda c, actor: scp.record_deliveries(c, actor, [1], START),
    "supplies.record_look_up": lambda c, actor: supplies.record_look_up(
        c, actor, HOME.pod, LookUpOutcome.ELIGIBLE, START
    ),
    "supplies.record_look_ups": lambda c, actor: supplies.record_look_ups(
        c, actor, [(HOME.pod, LookUpOutcome.ELIGIBLE)], START
    ),
    "supplies.recent_pods": lambda c, actor: supplies.recent_pods(c, actor),
}


OF_STAFF: dict[str, Operation] = {
    "audit.count": lambda c, actor: audit.count(c, actor, Search()),
    "audit.newest": lambda c, actor: audit.newest(c, actor, Search(), 8),
    "audit.look_ups": lambda c, actor: audit.look_ups(c, actor, None),
    "audit.integrators_like": lambda c, actor: audit.integrators_like(c, actor, "demo"),
    "audit.record_search": lambda c, actor: audit.record_search(c, actor, Search(), START),
    "audit.record_export": lambda c, actor: audit.record_export(c, actor, Search(), START, 1),
}
"""Operations of one role among the staff, and of nobody who acts for an integrator."""

OF_ONESELF = {"declarations.standing", "declarations.standing_until"}
"""What tells people about themselves."""


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_operation_is_refused_to_actors_without_the_permission(
    database: Database, us: Actor, name: str
) -> None:
    staff = replace(us, membership=None, staff_roles=frozenset(StaffRole))
    for actor in (not_enabled(us), staff, replace(us, membership=None)):
        with pytest.raises(NotPermitted):
            await database.write(lambda connection, actor=actor: OPERATIONS[name](connection, actor))  # type: ignore[misc]


@pytest.mark.parametrize("name", OF_STAFF)
async def test_an_operation_of_the_staff_is_refused_to_members_and_to_other_roles(
    database: Database, us: Actor, name: str
) -> None:
    others = replace(us, staff_roles=frozenset(StaffRole) - {StaffRole.AUDITOR})
    for actor in (us, others, replace(others, membership=None)):
        with pytest.raises(NotPermitted):
            await database.write(lambda connection, actor=actor: OF_STAFF[name](connection, actor))  # type: ignore[misc]


def test_every_operation_that_takes_an_actor_is_tested_here() -> None:
    services = (associations, budgets, declarations, devices, scp, supplies)
    services = (associations, audit, declarations, devices, scp, supplies)
    found = {
        f"{module.__name__.split('.')[1]}.{name}"
        for module in services
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "actor" in inspect.signature(function).parameters
    }
    assert found - {*OPERATIONS, *OF_STAFF} == OF_ONESELF


def test_every_permission_is_granted_to_some_role() -> None:
    assert set(GRANTED) == {*Role, *StaffRole}
    assert frozenset[Permission]().union(*GRANTED.values()) == frozenset(Permission)
