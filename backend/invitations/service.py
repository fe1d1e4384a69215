"""Invitations: made by referents, opened by their link, good once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from backend.contracts import service as contracts
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import PORTION
from backend.email_codes import service as email_codes
from backend.identity import people, proofs
from backend.identity import service as identity
from backend.identity.permissions import Permission, Role
from backend.identity.values import Actor, Details
from backend.invitations.errors import InvitationGone
from backend.invitations.models import invitations
from backend.invitations.values import Invitation, InvitationState
from backend.notices import service as notices

VALID = timedelta(days=7)
"""For so long an invitation is good."""
MOST_TRIES = 5
"""Of a Codice Fiscale."""
ASKED = "invitation_asked"
"""The kind of notice that asks referents to decide."""
DECIDED = "invitation_decided"
"""The kind of notice that tells who asked."""


def new_token() -> str:
    """The secret part of a link: 32 characters of `A-Z a-z 0-9 _ -`."""
    return secrets.token_urlsafe(24)


def create(
    connection: Connection,
    actor: Actor,
    role: Role,
    token: str,
    at: datetime,
    *,
    email: str | None = None,
    codice_fiscale: str | None = None,
) -> Invitation:
    """Invite somebody to the actor's integrator. The token is stored as a hash. Raises NotPermitted."""
    actor.authorise(Permission.MANAGE_MEMBERS)
    made = connection.execute(
        insert(invitations)
        .values(
            integrator_id=actor.integrator_id,
            role=role.value,
            token_hash=_hash(token),
            email=email,
            codice_fiscale=codice_fiscale,
            state=InvitationState.OPEN,
            tries=0,
            created_by=actor.person_id,
            created_at=at,
            expires_at=at + VALID,
        )
        .returning(invitations.c.id)
    ).scalar_one()
    _record(connection, at, AuditAction.INVITED, actor, int(made), role=role.value)
    return _get(connection, int(made))


def opened(connection: Connection, token: str, at: datetime) -> Invitation:
    """The invitation of a link. Raises InvitationGone."""
    row = connection.execute(_invitations().where(invitations.c.token_hash == _hash(token))).first()
    return _usable(connection, row, at)


def usable(connection: Connection, invitation_id: int, at: datetime) -> Invitation:
    """An invitation that was opened a while ago, if it is still good. Raises InvitationGone."""
    row = connection.execute(_invitations().where(invitations.c.id == invitation_id)).first()
    return _usable(connection, row, at)


def is_for(invitation: Invitation, codice_fiscale: str) -> bool:
    """True if the invitation is for whom this Codice Fiscale is."""
    return hmac.compare_digest((invitation.codice_fiscale or "").encode(), codice_fiscale.encode())


def count_try(connection: Connection, invitation_id: int) -> None:
    """Count a wrong Codice Fiscale; the fifth takes the invitation back."""
    row = connection.execute(
        update(invitations)
        .where(invitations.c.id == invitation_id, invitations.c.state == InvitationState.OPEN)
        .values(tries=invitations.c.tries + 1)
        .returning(invitations.c.tries)
    ).first()
    if row is not None and row.tries >= MOST_TRIES:
        _change(connection, invitation_id, InvitationState.OPEN, state=InvitationState.REVOKED)


def accept(
    connection: Connection, invitation_id: int, telegram_user_id: int, name: str, proof: str, at: datetime
) -> Invitation:
    """Use an invitation up; the person acts for its integrator from now on. `proof` is the code from the
    e-mail that it is bound to, or the Codice Fiscale.

    Raises InvitationGone or CodeWrong; nothing was changed then.
    """
    found = usable(connection, invitation_id, at)
    details = Details(name, found.email, found.codice_fiscale)
    if found.email is not None:
        email_codes.use(connection, telegram_user_id, found.email, proof, at)
    elif found.codice_fiscale is None or not is_for(found, proof):
        raise InvitationGone
    if proofs.is_suspended(connection, telegram_user_id, details):
        raise InvitationGone
    person_id = people.add_person(connection, telegram_user_id, name, at)
    proofs.complete(connection, person_id, details)
    used = _use(connection, found, person_id, telegram_user_id, InvitationState.OPEN, at, None)
    joined = identity.acting_for(connection, person_id, found.integrator_id)
    if joined is not None:
        identity.choose_membership(connection, joined, joined.acting_for.id)
    return used


def ask(
    connection: Connection, invitation_id: int, telegram_user_id: int, name: str, at: datetime
) -> Invitation:
    """Ask to be let in by an invitation that is for nobody in particular. Raises InvitationGone."""
    found = usable(connection, invitation_id, at)
    if found.is_bound:
        raise InvitationGone
    if proofs.is_suspended(connection, telegram_user_id, Details(name, None, None)):
        raise InvitationGone
    person_id = people.add_person(connection, telegram_user_id, name, at)
    _change(
        connection,
        invitation_id,
        InvitationState.OPEN,
        state=InvitationState.ASKED,
        person_id=person_id,
        telegram_user_id=telegram_user_id,
    )
    for referent in people.with_role(connection, found.integrator_id, Role.REFERENT):
        argument = {"invitation_id": invitation_id}
        notices.add(connection, referent, ASKED, argument, dedupe_key=str(invitation_id), at=at)
    return _get(connection, invitation_id)


def admit(connection: Connection, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """Let in who has asked. Raises NotPermitted or InvitationGone."""
    found = _asked(connection, actor, invitation_id)
    _check_company(connection, found.integrator_id)
    used = _use(connection, found, found.person_id or 0, None, InvitationState.ASKED, at, actor)
    _tell(connection, used, at)
    return used


def refuse(connection: Connection, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """Do not let in who has asked. Raises NotPermitted or InvitationGone."""
    _asked(connection, actor, invitation_id)
    state = InvitationState.REFUSED
    _change(connection, invitation_id, InvitationState.ASKED, state=state, decided_at=at)
    _record(connection, at, AuditAction.INVITATION_REFUSED, actor, invitation_id)
    refused = _get(connection, invitation_id)
    _tell(connection, refused, at)
    return refused


def revoke(connection: Connection, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """Take an invitation back. Raises NotPermitted or InvitationGone."""
    actor.authorise(Permission.MANAGE_MEMBERS)
    found = get(connection, actor, invitation_id)
    _change(connection, found.id, InvitationState.OPEN, state=InvitationState.REVOKED, decided_at=at)
    _record(connection, at, AuditAction.INVITATION_REVOKED, actor, found.id)
    return _get(connection, found.id)


def get(connection: Connection, actor: Actor, invitation_id: int) -> Invitation:
    """An invitation of the actor's integrator. Raises NotPermitted or InvitationGone."""
    actor.authorise(Permission.MANAGE_MEMBERS)
    row = connection.execute(
        _invitations().where(
            invitations.c.id == invitation_id, invitations.c.integrator_id == actor.integrator_id
        )
    ).first()
    if row is None:
        raise InvitationGone
    return _invitation(row)


def of_any(connection: Connection, invitation_id: int) -> Invitation:
    """An invitation, for what is told of it. Raises InvitationGone."""
    return _get(connection, invitation_id)


def pending(
    connection: Connection, actor: Actor, at: datetime, limit: int, before: int | None = None
) -> list[Invitation]:
    """The invitations of the actor's integrator that are open or asked about, newest first. Raises
    NotPermitted.
    """
    actor.authorise(Permission.MANAGE_MEMBERS)
    query = _invitations().where(
        invitations.c.integrator_id == actor.integrator_id,
        or_(
            invitations.c.state == InvitationState.ASKED,
            and_(invitations.c.state == InvitationState.OPEN, invitations.c.expires_at > at),
        ),
    )
    if before is not None:
        query = query.where(invitations.c.id < before)
    rows = connection.execute(query.order_by(invitations.c.id.desc()).limit(limit))
    return [_invitation(row) for row in rows]


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of the invitations that expired longer ago than `kept`. Returns how many."""
    old = select(invitations.c.id).where(invitations.c.expires_at < at - kept).limit(PORTION)
    return connection.execute(delete(invitations).where(invitations.c.id.in_(old))).rowcount


def _use(
    connection: Connection,
    found: Invitation,
    person_id: int,
    telegram_user_id: int | None,
    state: InvitationState,
    at: datetime,
    actor: Actor | None,
) -> Invitation:
    values: dict[str, Any] = {"state": InvitationState.USED, "person_id": person_id, "decided_at": at}
    if telegram_user_id is not None:
        values["telegram_user_id"] = telegram_user_id
    _change(connection, found.id, state, **values)
    _check_company(connection, found.integrator_id, holds=True)
    people.enable_member(
        connection, person_id, found.integrator_id, found.role, at, actor=actor, keeps_role=True
    )
    subject = identity.subject_of(connection, person_id)
    record(
        connection,
        at,
        AuditAction.INVITATION_USED,
        subject=subject,
        integrator_id=found.integrator_id,
        detail={"invitation": found.id},
    )
    return _get(connection, found.id)


def _asked(connection: Connection, actor: Actor, invitation_id: int) -> Invitation:
    found = get(connection, actor, invitation_id)
    if found.state is not InvitationState.ASKED or found.person_id is None:
        raise InvitationGone
    return found


def _tell(connection: Connection, decided: Invitation, at: datetime) -> None:
    if decided.person_id is not None:
        argument = {"invitation_id": decided.id}
        notices.add(connection, decided.person_id, DECIDED, argument, dedupe_key=str(decided.id), at=at)


def _change(connection: Connection, invitation_id: int, before: InvitationState, **values: Any) -> None:
    """Of two at once, one wins. Raises InvitationGone."""
    changed = connection.execute(
        update(invitations)
        .where(invitations.c.id == invitation_id, invitations.c.state == before)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise InvitationGone


def _usable(connection: Connection, row: Any, at: datetime) -> Invitation:
    """Good while who made it may still say who comes in, and the company's contract stands."""
    if row is None or row.state != InvitationState.OPEN or row.expires_at <= at:
        raise InvitationGone
    _check_company(connection, row.integrator_id)
    if row.created_by not in people.with_role(connection, row.integrator_id, Role.REFERENT):
        raise InvitationGone
    return _invitation(row)


def _check_company(connection: Connection, integrator_id: int, *, holds: bool = False) -> None:
    integrator = identity.integrators_by_id(connection, [integrator_id])[integrator_id]
    if holds:
        contracts.hold_company(connection, integrator.code)
    if contracts.is_closed(connection, integrator.code):
        raise InvitationGone


def _get(connection: Connection, invitation_id: int) -> Invitation:
    row = connection.execute(_invitations().where(invitations.c.id == invitation_id)).first()
    if row is None:
        raise InvitationGone
    return _invitation(row)


def _invitations() -> Select[Any]:
    return select(
        invitations,
        identity.business_name_of(invitations.c.integrator_id).label("integrator_name"),
        identity.name_of(invitations.c.person_id).label("name"),
    )


def _invitation(row: Any) -> Invitation:
    return Invitation(
        id=row.id,
        integrator_id=row.integrator_id,
        integrator_name=row.integrator_name,
        role=Role(row.role),
        email=row.email,
        codice_fiscale=row.codice_fiscale,
        state=InvitationState(row.state),
        tries=row.tries,
        created_at=row.created_at,
        expires_at=row.expires_at,
        person_id=row.person_id,
        name=row.name,
    )


def _record(
    connection: Connection,
    at: datetime,
    action: AuditAction,
    actor: Actor,
    invitation_id: int,
    **detail: object,
) -> None:
    record(
        connection,
        at,
        action,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"invitation": invitation_id, **detail},
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
