"""A world for the operations of the services: one of each thing, all of one integrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from backend.associations.report import Criteria as Wanted
from backend.associations.values import Configuration
from backend.bridges import service as bridges
from backend.bridges.values import Bridge
from backend.bulk import service as bulk
from backend.bulk.values import BulkLine, Checked, CheckedRow, RowState, Verdict
from backend.contracts import service as contracts
from backend.contracts.values import Named, NewContract
from backend.devices.values import DeviceType
from backend.documents.links import Grant
from backend.documents.values import NewVersion, Words
from backend.email_codes import service as email_codes
from backend.identity import people
from backend.identity.permissions import Permission, Role, StaffRole
from backend.identity.values import Actor
from backend.invitations import service as invitations
from backend.programming import service as programming
from backend.registrations import service as registrations
from backend.registrations.values import Form
from backend.scp import service as scp
from backend.scp.values import Sealed
from backend.tickets import service as tickets
from backend.tickets.report import Criteria
from backend.tickets.values import NewTicket
from backend.watches import service as watches
from device_bridge.wire.pairing import make_code
from tests.samples import HOME, PROSUMER, SID_B, START, facts, wanted

EMAIL, CODE, IVA = "titolare@esempio.it", "RSSMRA80A01H501U", "02345670158"
VISITOR, ASKER = 901, 902
NOTHING = 999_999
TICKET = NewTicket(DeviceType.MOME, "mome.technical.hardware.other", "It does not start")
CRITERIA = Criteria()
WANTED = Wanted(live=True)
SEALED = Sealed(NOTHING, NOTHING, 1, "none", 1, "k", START, "0" * 64)
WORDS = Words(("kit",), ((),))
LINK = Grant(NOTHING, NOTHING, until=START)
NEW_VERSION = NewVersion("1", START.date(), "none", "kit.pdf", 1, "application/pdf")
CONTRACT = NewContract("C-9", IVA, "Impianti Nuovi", (Named(EMAIL, CODE),))


@dataclass(frozen=True)
class Ids:
    """Ids of what our integrator has, and of what the staff look after."""

    association: int
    scp: int
    upload: int
    request: int
    open_invitation: int
    asked_invitation: int
    membership: int
    person: int
    contract: int
    registration: int
    job: int
    bridge: int
    ticket: int
    watch: int


NONE = Ids(**{field.name: NOTHING for field in fields(Ids)})
"""Ids of what does not exist."""


def prepare(connection: Connection, us: Actor) -> Ids:
    """Let our integrator have one of everything."""
    referent = replace(us, membership=replace(us.acting_for, role=Role.REFERENT))
    commercial = replace(us, membership=None, staff_roles=frozenset({StaffRole.COMMERCIAL}))
    people.enable_member(connection, us.person_id, us.integrator_id, Role.REFERENT, START, actor=us)
    made, file = scp.associate(connection, us, wanted(), facts(), None, START)
    row = CheckedRow(
        2,
        ("IT001E10000002", SID_B, "Standard"),
        BulkLine(2, PROSUMER.pod.code, SID_B, Configuration.STANDARD),
        Verdict(RowState.READY, "ready"),
    )
    stored = {"job_id": None, "digest": None, "fingerprint": "f", "at": START}
    upload = bulk.store(connection, us, Checked(("POD",), (row,)), name="impianti.csv", **stored)  # type: ignore[arg-type]
    (request,) = bulk.load(connection, us, upload, True, START)
    open_one = invitations.create(connection, referent, Role.TECHNICIAN, "one", START, codice_fiscale=CODE)
    asked = invitations.create(connection, referent, Role.TECHNICIAN, "two", START)
    invitations.ask(connection, asked.id, ASKER, "Carla Neri", START)
    (contract,) = contracts.load(connection, commercial, [CONTRACT], START)
    job = programming.assign(connection, us, made.id, us.person_id, "Via Roma", "", START)
    code = make_code(bytes(32))
    bridges.offer(connection, us, code, START)
    laptop = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    bridge = bridges.ask(connection, code, laptop, host="laptop-1", platform="Linux", program="1", at=START)
    assert isinstance(bridge, Bridge)
    return Ids(
        job=job.id,
        bridge=bridge.id,
        ticket=tickets.open_ticket(connection, us, TICKET, START).id,
        watch=watches.begin(connection, us, HOME.pod, START).id,
        association=made.id,
        scp=file.id,
        upload=upload,
        request=request.id,
        open_invitation=open_one.id,
        asked_invitation=asked.id,
        membership=us.acting_for.id,
        person=us.person_id,
        contract=contract,
        registration=registered(connection),
    )


def registered(connection: Connection) -> int:
    """A registration that waits for a decision: of another company than the contract's."""
    form = Form(
        "Ada", "Bo", "Italiana", CODE, EMAIL, "Ditta", "Via Roma", "00743110157", IVA, "+393331234567"
    )
    form = replace(form, terms=True, privacy=True)
    registrations.begin(connection, VISITOR, START)
    registrations.keep(connection, VISITOR, form, START)
    registrations.confirm(connection, VISITOR, form, START)
    registrations.share_phone(connection, VISITOR, "393331234567", START)
    email_codes.issue(connection, VISITOR, EMAIL, "123456", START)
    return registrations.submit(connection, VISITOR, "123456", START).id


class Operation(NamedTuple):
    """A permission, and a call on these ids."""

    permission: Permission
    call: Callable[[Connection, Actor, Ids], Any]
