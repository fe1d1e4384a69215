"""Made-up supplies, devices and members that tests share. No POD, code or name here is real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from backend.associations.values import AssociationRequest, Configuration
from backend.devices.models import devices
from backend.devices.values import DeviceType
from backend.identity.permissions import Role
from backend.identity.service import add_integrator, add_member
from backend.identity.values import Actor
from backend.supplies.pod import Pod, parse_pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole, Supply, SupplyFound

START = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)

OUR_CODE = "00743110157"
THEIR_CODE = "01114601006"

SID_A = "MOME0000000000001"
NID_A = "0A1B2C3D4E5F"
SID_B = "MOME0000000000002"
NID_B = "0A1B2C3D4E60"
SID_THEIRS = "INFO0000000000003"
NID_THEIRS = "0A1B2C3D4E61"


def pod(text: str) -> Pod:
    found = parse_pod(text)
    if found is None:
        raise ValueError(text)
    return found


HOME = Supply(
    pod=pod("IT001E10000001"),
    eneltel="100000001",
    meter_serial="20G2A000000001",
    meter_role=MeterRole.M1,
    generation=MeterGeneration.G2,
    low_voltage=True,
    remotely_managed=True,
    reachable=True,
    manufacturer=Manufacturer.E_DISTRIBUZIONE,
    exchange_point=None,
    contractual_power_w=3000,
    available_power_w=3300,
    ceased=False,
)
"""An eligible household."""

PROSUMER = replace(HOME, pod=pod("IT001E10000002"), eneltel="100000002", meter_serial="20G2AN00000002")
"""An exchange supply with two production supplies; its meter is a GESIS."""

ROOF = replace(
    PROSUMER,
    pod=pod("ITP0A000000021"),
    meter_role=MeterRole.M2,
    exchange_point=PROSUMER.point,
    eneltel="100000021",
)
SHED = replace(ROOF, pod=pod("IT001E10000022"), eneltel="100000022")

ALL_SUPPLIES = (
    HOME,
    PROSUMER,
    ROOF,
    SHED,
    replace(HOME, pod=pod("IT001E10000003"), reachable=False),
    replace(HOME, pod=pod("IT001E10000004"), manufacturer=Manufacturer.OTHER),
    replace(HOME, pod=pod("IT001E10000005"), low_voltage=False),
    replace(HOME, pod=pod("IT001E10000006"), remotely_managed=False),
    replace(HOME, pod=pod("IT001E10000007"), ceased=True),
    replace(HOME, pod=pod("IT001E10000008"), contractual_power_w=80_000, available_power_w=88_000),
    replace(SHED, pod=pod("IT001E10000023"), ceased=True),
)


def facts(supply: Supply = HOME, *productions: Supply) -> SupplyFound:
    return SupplyFound(supply.pod, supply, productions)


def wanted(
    supply: Supply = HOME,
    *,
    sid: str | None = SID_A,
    nid: str | None = None,
    device_type: DeviceType = DeviceType.MOME,
    production: Supply | None = None,
) -> AssociationRequest:
    return AssociationRequest(
        pod=supply.pod,
        sid=sid,
        nid=nid,
        device_type=device_type,
        configuration=Configuration.STANDARD if production is None else Configuration.PROSUMER,
        production_pod=None if production is None else production.pod,
    )


def not_enabled(actor: Actor) -> Actor:
    """The same actor, not enabled by the service."""
    return replace(actor, membership=replace(actor.acting_for, enabled=False))


def people(connection: Connection) -> tuple[Actor, Actor]:
    """Two integrators with a configurator each: ours, with devices A and B, and theirs, with one."""
    ours = add_integrator(connection, code=OUR_CODE, business_name="Installatore Uno", at=START)
    theirs = add_integrator(connection, code=THEIR_CODE, business_name="Installatore Due", at=START)
    members = [
        add_member(
            connection,
            telegram_user_id=number,
            display_name=f"Configuratore {number}",
            integrator_code=integrator.code,
            role=Role.CONFIGURATOR,
            enabled=True,
            at=START,
        )
        for number, integrator in ((1, ours), (2, theirs))
    ]
    connection.execute(
        insert(devices),
        [
            {"sid": SID_A, "nid": NID_A, "type": "MOME", "integrator_id": ours.id},
            {"sid": SID_B, "nid": NID_B, "type": "MOME", "integrator_id": ours.id},
            {"sid": SID_THEIRS, "nid": NID_THEIRS, "type": "SMART_INFO", "integrator_id": theirs.id},
        ],
    )
    return members[0], members[1]
