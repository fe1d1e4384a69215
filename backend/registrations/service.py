"""Registrations: begun by anybody, filled field by field, verified, decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select, update

from backend.contracts import service as contracts
from backend.contracts.values import Contract, NewContract
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import PORTION
from backend.email_codes import service as email_codes
from backend.identity import people, proofs
from backend.identity import service as identity
from backend.identity.errors import NotOneself
from backend.identity.fields import same_phone
from backend.identity.permissions import Permission, Role
from backend.identity.values import Actor, Details
from backend.notices import service as notices
from backend.registrations.errors import (
    CompanyClosed,
    NotOnePerson,
    RegistrationDecided,
    RegistrationGone,
    RegistrationIncomplete,
    RegistrationWithdrawn,
    TooManyWithdrawals,
)
from backend.registrations.models import registrations
from backend.registrations.values import (
    CLAUSES,
    OPEN,
    Doubt,
    Form,
    KnownCompany,
    Registration,
    RegistrationState,
)

KEPT_OPEN = timedelta(days=7)
"""For so long somebody can leave a registration and come back to it."""
MOST_WITHDRAWN = 5
"""By one person in that time: each new submission is told to commercial staff."""
DECIDED = "registration_decided"
"""The kind of notice that tells a person what was decided."""
SUBMITTED = "registration_submitted"
"""The kind of notice that asks commercial staff to decide."""
ACCOUNT_LEFT = "account_left"
"""The kind of notice that tells the Telegram account that a person had."""
_FORM = [each.name for each in fields(Form)]


def begin(connection: Connection, telegram_user_id: int, at: datetime) -> Registration:
    """The open registration of a Telegram user, or a new one."""
    known = latest_of(connection, telegram_user_id, at)
    if known is not None and known.state in (*OPEN, RegistrationState.SUBMITTED):
        return known
    return _begin(connection, telegram_user_id, at)


def _begin(connection: Connection, telegram_user_id: int, at: datetime, **told: Any) -> Registration:
    _delete(connection, telegram_user_id, OPEN)  # one that has expired
    made = connection.execute(
        insert(registrations)
        .values(
            telegram_user_id=telegram_user_id,
            state=RegistrationState.FILLING,
            doubts=[],
            created_at=at,
            expires_at=at + KEPT_OPEN,
            **told,
        )
        .returning(*registrations.c)
    ).one()
    return _registration(made)


def open_of(connection: Connection, telegram_user_id: int, at: datetime) -> Registration | None:
    """The registration that a Telegram user can go on with, or None."""
    row = connection.execute(_open(telegram_user_id).where(registrations.c.expires_at > at)).first()
    return None if row is None else _registration(row)


def latest_of(connection: Connection, telegram_user_id: int, at: datetime) -> Registration | None:
    """The newest registration of a Telegram user that was not withdrawn; None where there is none."""
    row = connection.execute(
        select(registrations)
        .where(
            registrations.c.telegram_user_id == telegram_user_id,
            registrations.c.state != RegistrationState.WITHDRAWN,
        )
        .order_by(registrations.c.id.desc())
        .limit(1)
    ).first()
    if row is None or (row.state in OPEN and row.expires_at <= at):
        return None
    return _registration(row)


def keep(connection: Connection, telegram_user_id: int, form: Form, at: datetime) -> None:
    """Store the fields given so far. Raises RegistrationGone."""
    _change(connection, telegram_user_id, at, (RegistrationState.FILLING,), **asdict(form))


def confirm(connection: Connection, telegram_user_id: int, form: Form, at: datetime) -> Registration:
    """The fields are right: they are to be verified now. Raises RegistrationGone or
    RegistrationIncomplete.
    """
    if any(value in (None, False) for value in asdict(form).values()):
        raise RegistrationIncomplete
    accepted = {"accepted_at": at, "clauses": CLAUSES}
    values = {**asdict(form), **accepted, "state": RegistrationState.VERIFYING}
    return _change(connection, telegram_user_id, at, OPEN, **values)


def reopen(connection: Connection, telegram_user_id: int, at: datetime) -> Registration:
    """Change the fields again, before they are verified. Raises RegistrationGone."""
    return _change(connection, telegram_user_id, at, OPEN, state=RegistrationState.FILLING)


def share_phone(connection: Connection, telegram_user_id: int, phone: str, at: datetime) -> Registration:
    """Keep the number that Telegram vouches for. Raises RegistrationGone."""
    return _change(connection, telegram_user_id, at, (RegistrationState.VERIFYING,), phone=phone[:32])


def discard(connection: Connection, telegram_user_id: int) -> None:
    """Delete what a Telegram user has begun. Of what they took back, empty rows stay for their week: they
    count.
    """
    _delete(connection, telegram_user_id, OPEN)
    empty = {**asdict(Form()), "phone": None}
    connection.execute(
        update(registrations)
        .where(
            registrations.c.telegram_user_id == telegram_user_id,
            registrations.c.state == RegistrationState.WITHDRAWN,
        )
        .values(**empty)
    )


def withdraw(connection: Connection, telegram_user_id: int, at: datetime) -> Registration:
    """Take back the registration that waits for a decision, and begin another one with its fields and its
    phone. It gets a number of its own: a button under what commercial staff have read before never decides
    about what they have not. Raises RegistrationDecided or TooManyWithdrawals.
    """
    found = latest_of(connection, telegram_user_id, at)
    if found is None or found.state is not RegistrationState.SUBMITTED:
        raise RegistrationDecided
    before = connection.execute(_withdrawn(telegram_user_id).with_only_columns(func.count())).scalar_one()
    if before >= MOST_WITHDRAWN:
        raise TooManyWithdrawals
    withdrawn = connection.execute(
        update(registrations)
        .where(registrations.c.id == found.id, registrations.c.state == RegistrationState.SUBMITTED)
        .values(state=RegistrationState.WITHDRAWN, expires_at=at + KEPT_OPEN)
    )
    if withdrawn.rowcount != 1:
        raise RegistrationDecided
    _record(connection, at, AuditAction.REGISTRATION_WITHDRAWN, found)
    return _begin(connection, telegram_user_id, at, **asdict(found.form), phone=found.phone)


def is_proved(connection: Connection, telegram_user_id: int, email: str) -> bool:
    """True if a Telegram user has proved this address for a registration that they took back."""
    proved = _withdrawn(telegram_user_id).where(registrations.c.email == email)
    return connection.execute(proved.limit(1)).first() is not None


def submit(connection: Connection, telegram_user_id: int, code: str | None, at: datetime) -> Registration:
    """Complete a registration by the code from the e-mail, or None where the address is proved. The person is
    enabled where a contract names them and nothing speaks against it; else commercial staff are asked to
    decide.

    Raises RegistrationGone, RegistrationIncomplete or CodeWrong. Whether somebody else uses the address is
    never said.
    """
    found = open_of(connection, telegram_user_id, at)
    if found is None:
        raise RegistrationGone
    form = found.form
    if found.state is not RegistrationState.VERIFYING or found.phone is None or form.email is None:
        raise RegistrationIncomplete
    if code is not None:
        email_codes.use(connection, telegram_user_id, form.email, code, at)
    elif not is_proved(connection, telegram_user_id, form.email):
        raise RegistrationIncomplete
    contracts.hold_company(connection, form.partita_iva or "")
    identified = proofs.identify(connection, telegram_user_id, _details(found), at)
    person_id = identified.person_id
    if identified.left is not None:
        _tell_left(connection, found, person_id, identified.left, at)
    doubts = _doubts_of_now(connection, replace(found, person_id=person_id))
    submitted = _change(
        connection,
        telegram_user_id,
        at,
        OPEN,
        state=RegistrationState.SUBMITTED,
        person_id=person_id,
        doubts=[doubt.value for doubt in Doubt if doubt in doubts],
        submitted_at=at,
    )
    connection.execute(  # what they told from an account that they have left
        update(registrations)
        .where(registrations.c.person_id == person_id)
        .values(telegram_user_id=telegram_user_id)
    )
    _record(connection, at, AuditAction.REGISTERED, submitted)
    if not doubts:
        return _settle(connection, submitted, at, tells=False)
    for operator in identity.staff_with(connection, Permission.MANAGE_CONTRACTS):
        argument = {"registration_id": submitted.id}
        notices.add(connection, operator, SUBMITTED, argument, dedupe_key=str(submitted.id), at=at)
    return submitted


def load_contracts(
    connection: Connection, actor: Actor | None, loaded: Sequence[NewContract], at: datetime
) -> int:
    """Load contracts, and enable whoever waits for one of them. `actor` is None for the operator at the
    machine. Returns how many are enabled now. Raises what `contracts.load` raises.
    """
    if actor is None:
        contracts.load_as_operator(connection, loaded, at)
    else:
        contracts.load(connection, actor, loaded, at)
    codes = dict.fromkeys(each.integrator_code for each in loaded)
    return sum(settle_waiting(connection, code, at) for code in codes)


def settle_waiting(connection: Connection, integrator_code: str, at: datetime) -> int:
    """Enable whoever waits for a contract that now names them. Returns how many."""
    rows = connection.execute(
        select(registrations)
        .where(
            registrations.c.state == RegistrationState.SUBMITTED,
            registrations.c.partita_iva == integrator_code,
        )
        .order_by(registrations.c.id)
    ).all()
    number = 0
    for waiting in map(_registration, rows):
        proofs.hold_person(connection, _details(waiting))
        if not _doubts_of_now(connection, waiting):  # of two who say the same, the first was enabled just now
            _settle(connection, waiting, at)
            number += 1
    return number


def _match(
    connection: Connection, found: Registration, person_id: int
) -> tuple[Contract, Role | None] | None:
    form = found.form
    code, email = form.partita_iva or "", form.email or ""
    return contracts.match(connection, code, email, form.codice_fiscale, person_id=person_id)


def _doubts_of_now(connection: Connection, found: Registration) -> set[Doubt]:
    """What speaks against enabling somebody without a look: much can change while they wait."""
    if found.person_id is None:  # erased meanwhile
        return set(found.doubts)
    details = _details(found)
    doubts = set() if same_phone(found.form.mobile, found.phone) else {Doubt.OTHER_PHONE}
    if proofs.is_doubtful(connection, found.person_id, details) or proofs.is_suspended(
        connection, found.telegram_user_id, details
    ):
        doubts.add(Doubt.OTHER_PERSON)
    if people.was_removed(connection, found.person_id, found.form.partita_iva or ""):
        doubts.add(Doubt.REMOVED)
    if _match(connection, found, found.person_id) is None:
        doubts.add(Doubt.NO_CONTRACT)
    return doubts


def waiting(
    connection: Connection, actor: Actor, limit: int, before: int | None = None
) -> list[Registration]:
    """The registrations that wait for a decision, newest first. Raises NotPermitted."""
    actor.authorise(Permission.MANAGE_CONTRACTS)
    query = (
        select(registrations)
        .where(registrations.c.state == RegistrationState.SUBMITTED)
        .order_by(registrations.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(registrations.c.id < before)
    return [_registration(row) for row in connection.execute(query)]


def get(connection: Connection, actor: Actor, registration_id: int) -> Registration:
    """A registration that was submitted, with the doubts of now. Raises NotPermitted or RegistrationGone."""
    actor.authorise(Permission.MANAGE_CONTRACTS)
    found = of_any(connection, registration_id)
    doubts = _doubts_of_now(connection, found)
    return replace(found, doubts=tuple(doubt for doubt in Doubt if doubt in doubts))


def known_company(connection: Connection, actor: Actor, registration_id: int) -> KnownCompany | None:
    """What the service knows of the company of a registration; None for a new one. Raises NotPermitted or
    RegistrationGone.
    """
    actor.authorise(Permission.MANAGE_CONTRACTS)
    found = identity.find_integrator(connection, of_any(connection, registration_id).form.partita_iva or "")
    if found is None:
        return None
    referents = people.with_role(connection, found.id, Role.REFERENT)
    return KnownCompany(found.business_name, tuple(sorted(identity.names_of(connection, referents).values())))


def of_any(connection: Connection, registration_id: int) -> Registration:
    """A registration that was submitted, for what is told of it. Raises RegistrationGone."""
    row = connection.execute(select(registrations).where(registrations.c.id == registration_id)).first()
    if row is None or row.state in OPEN:
        raise RegistrationGone
    return _registration(row)


def enable(
    connection: Connection, actor: Actor, registration_id: int, role: Role, at: datetime
) -> Registration:
    """Open the service to a person who waits, in this role. Raises NotPermitted, RegistrationGone,
    RegistrationWithdrawn, RegistrationDecided, NotOneself, LastReferent, or CompanyClosed where the company
    had contracts and none stands.
    """
    found = _to_decide(connection, actor, registration_id)
    if found.person_id == actor.person_id:
        raise NotOneself
    code = found.form.partita_iva or ""
    contracts.hold_company(connection, code)
    proofs.hold_person(connection, _details(found))
    if contracts.is_closed(connection, code):
        raise CompanyClosed
    return _enable(connection, found, role, None, at, actor)


def same_person(connection: Connection, actor: Actor, registration_id: int, at: datetime) -> Registration:
    """Who waits is somebody who is known already, with another account or number: the account becomes theirs,
    and the one that they had is told. Raises NotPermitted, RegistrationGone, RegistrationWithdrawn,
    RegistrationDecided, NotOneself, or NotOnePerson where it is not one person, or one who may not move.
    """
    found = _to_decide(connection, actor, registration_id)
    if found.state is not RegistrationState.SUBMITTED or found.person_id is None:
        raise RegistrationDecided
    details = _details(found)
    proofs.hold_person(connection, details)
    others = proofs.others_of(connection, found.person_id, details)
    if actor.person_id in (found.person_id, *others):
        raise NotOneself
    left = proofs.move_to(connection, others[0], found.person_id, at) if len(others) == 1 else None
    if left is None:
        raise NotOnePerson
    connection.execute(
        update(registrations)
        .where(or_(registrations.c.id == found.id, registrations.c.person_id == others[0]))
        .values(person_id=others[0], telegram_user_id=found.telegram_user_id)
    )
    _tell_left(connection, found, others[0], left, at)
    return get(connection, actor, registration_id)


def _tell_left(connection: Connection, found: Registration, person_id: int, left: int, at: datetime) -> None:
    """Have the Telegram account told that a person has left for the one of this registration."""
    key = str(found.id)
    notices.add(connection, person_id, ACCOUNT_LEFT, {}, dedupe_key=key, at=at, account=left)


def refuse(
    connection: Connection, actor: Actor, registration_id: int, reason: str, at: datetime
) -> Registration:
    """Refuse a registration; the person reads the reason. Raises NotPermitted, RegistrationGone,
    RegistrationWithdrawn or RegistrationDecided.
    """
    found = _to_decide(connection, actor, registration_id)
    return _decide(connection, found, RegistrationState.REFUSED, at, actor, reason=reason[:500])


def _to_decide(connection: Connection, actor: Actor, registration_id: int) -> Registration:
    found = get(connection, actor, registration_id)
    if found.state is RegistrationState.WITHDRAWN:
        raise RegistrationWithdrawn
    return found


def has_any(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the person of another table's column has a registration, as a condition."""
    return select(registrations.c.id).where(registrations.c.person_id == person_id).exists()


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of what was begun and never submitted, or withdrawn, and of what was decided longer
    ago than `kept`. Returns how many.
    """
    forgotten = registrations.c.state.in_((*OPEN, RegistrationState.WITHDRAWN))
    undecided = and_(forgotten, registrations.c.expires_at <= at)
    # While somebody works for a company, it is kept which clauses they accepted, and when.
    decided = and_(registrations.c.decided_at < at - kept, ~people.has_place(registrations.c.person_id))
    old = select(registrations.c.id).where(or_(undecided, decided)).limit(PORTION)
    return connection.execute(delete(registrations).where(registrations.c.id.in_(old))).rowcount


def _settle(connection: Connection, found: Registration, at: datetime, *, tells: bool = True) -> Registration:
    """Enable a person whom a contract names. `tells`: they are told, for they do not wait in the chat."""
    matched = _match(connection, found, found.person_id or 0)
    if matched is None:
        raise RegistrationDecided
    contract, role = matched
    return _enable(connection, found, role, contract.id, at, None, tells=tells)


def _enable(
    connection: Connection,
    found: Registration,
    role: Role | None,
    contract_id: int | None,
    at: datetime,
    actor: Actor | None,
    *,
    tells: bool = True,
) -> Registration:
    form = found.form
    standing = contracts.standing_of(connection, form.partita_iva or "")
    integrator = identity.find_integrator(connection, form.partita_iva or "")
    if integrator is None or standing is not None:
        name = standing.business_name if standing is not None else form.company_name or ""
        integrator = identity.add_integrator(
            connection, code=form.partita_iva or "", business_name=name, at=at
        )
    if role is None:
        role = Role.CONFIGURATOR if people.has_members(connection, integrator.id) else Role.REFERENT
    if found.person_id is None:
        raise RegistrationGone
    if actor is not None and contract_id is None and standing is not None:
        contract_id = standing.id
    proofs.settle(connection, found.person_id, _details(found))
    people.enable_member(
        connection, found.person_id, integrator.id, role, at, actor=actor, contract_id=contract_id
    )
    return _decide(connection, found, RegistrationState.ENABLED, at, actor, tells=tells)


def _decide(
    connection: Connection,
    found: Registration,
    state: RegistrationState,
    at: datetime,
    actor: Actor | None,
    reason: str | None = None,
    tells: bool = True,
) -> Registration:
    row = connection.execute(
        update(registrations)
        .where(registrations.c.id == found.id, registrations.c.state == RegistrationState.SUBMITTED)
        .values(
            state=state,
            reason=reason,
            decided_at=at,
            decided_by=None if actor is None else actor.person_id,
        )
        .returning(*registrations.c)
    ).first()
    if row is None:
        raise RegistrationDecided
    decided = _registration(row)
    action = (
        AuditAction.REGISTRATION_ENABLED
        if state is RegistrationState.ENABLED
        else AuditAction.REGISTRATION_REFUSED
    )
    _record(connection, at, action, decided, actor)
    if found.person_id is not None and tells:
        argument = {"registration_id": found.id}
        notices.add(connection, found.person_id, DECIDED, argument, dedupe_key=str(found.id), at=at)
    return decided


def _details(found: Registration) -> Details:
    form = found.form
    return Details(
        name=found.name,
        email=form.email,
        codice_fiscale=form.codice_fiscale or None,
        mobile=form.mobile,
        phone=found.phone,
    )


def _change(
    connection: Connection,
    telegram_user_id: int,
    at: datetime,
    states: tuple[RegistrationState, ...],
    **values: Any,
) -> Registration:
    row = connection.execute(
        update(registrations)
        .where(
            registrations.c.telegram_user_id == telegram_user_id,
            registrations.c.state.in_(states),
            registrations.c.expires_at > at,
        )
        .values(**values)
        .returning(*registrations.c)
    ).first()
    if row is None:
        raise RegistrationGone
    return _registration(row)


def _open(telegram_user_id: int) -> Select[Any]:
    return select(registrations).where(
        registrations.c.telegram_user_id == telegram_user_id, registrations.c.state.in_(OPEN)
    )


def _withdrawn(telegram_user_id: int) -> Select[Any]:
    return select(registrations).where(
        registrations.c.telegram_user_id == telegram_user_id,
        registrations.c.state == RegistrationState.WITHDRAWN,
    )


def _delete(connection: Connection, telegram_user_id: int, states: tuple[RegistrationState, ...]) -> None:
    connection.execute(
        delete(registrations).where(
            registrations.c.telegram_user_id == telegram_user_id, registrations.c.state.in_(states)
        )
    )


def _record(
    connection: Connection,
    at: datetime,
    action: AuditAction,
    found: Registration,
    actor: Actor | None = None,
) -> None:
    of = None if found.person_id is None else identity.subject_of(connection, found.person_id)
    if action in (AuditAction.REGISTERED, AuditAction.REGISTRATION_WITHDRAWN):
        by = of
    else:
        by = None if actor is None else actor.subject
    record(
        connection,
        at,
        action,
        subject=by,
        detail={"registration": found.id, "subject": of, "doubts": [doubt.value for doubt in found.doubts]},
    )


def _registration(row: Any) -> Registration:
    return Registration(
        id=row.id,
        telegram_user_id=row.telegram_user_id,
        person_id=row.person_id,
        state=RegistrationState(row.state),
        form=Form(**{name: getattr(row, name) for name in _FORM}),
        phone=row.phone,
        accepted_at=row.accepted_at,
        clauses=row.clauses,
        doubts=tuple(Doubt(value) for value in row.doubts),
        reason=row.reason,
        created_at=row.created_at,
        expires_at=row.expires_at,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
    )
