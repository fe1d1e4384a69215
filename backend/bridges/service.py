"""Bridges: paired, listed, revoked; which of them are connected."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Select, and_, delete, func, select, update

from backend.bridges.errors import BridgeGone, PairingOver
from backend.bridges.models import bridges, pairing_codes
from backend.bridges.values import Bridge, BridgeState, PairingError
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION
from backend.core.db.upsert import insert_for
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices
from device_bridge.wire.pairing import PairingCode, fingerprint_of
from device_bridge.wire.signing import key_id_of

SIGNAL = "bridges"
VALID = timedelta(minutes=10)
"""For so long a code pairs, and a laptop waits to be confirmed."""
MOST_TRIES = 5
"""Of one code."""
LOST = timedelta(seconds=45)
"""A bridge of which nothing was heard for so long is not connected."""
ASKED_NOTICE = "bridge_asked"


def offer(connection: Connection, actor: Actor, code: PairingCode, at: datetime) -> datetime:
    """Store a new code of the actor; one from before does not count any more. Returns when it ends. Raises
    NotPermitted.
    """
    actor.authorise(Permission.PROGRAM)
    values = {
        "name": code.name,
        "proof_hash": _hash(code),
        "tries": 0,
        "expires_at": at + VALID,
    }
    connection.execute(
        insert_for(connection, pairing_codes)
        .values(person_id=actor.person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
    return at + VALID


def ask(
    connection: Connection,
    code: PairingCode,
    public_key: bytes,
    *,
    host: str,
    platform: str,
    program: str,
    at: datetime,
) -> Bridge | PairingError:
    """A laptop gives a code: its technician is asked in the chat. A wrong code counts."""
    row = connection.execute(
        select(pairing_codes).where(pairing_codes.c.name == code.name).with_for_update()
    ).first()
    if row is None:
        return PairingError.CODE
    if row.expires_at <= at:
        return PairingError.EXPIRED
    if row.tries >= MOST_TRIES:
        return PairingError.TRIES
    here = pairing_codes.c.person_id == row.person_id
    if not hmac.compare_digest(row.proof_hash, _hash(code)):
        connection.execute(update(pairing_codes).where(here).values(tries=row.tries + 1))
        return PairingError.CODE
    if not identity.may(connection, row.person_id, Permission.PROGRAM):
        return PairingError.NOT_PERMITTED
    connection.execute(delete(pairing_codes).where(here))  # used once
    bridge_id = connection.execute(
        insert_for(connection, bridges)
        .values(
            person_id=row.person_id,
            key_id=_key_id(public_key),
            public_key=public_key,
            host=_plain(host),
            platform=_plain(platform),
            program=_plain(program),
            state=BridgeState.ASKED.value,
            asked_at=at,
        )
        .on_conflict_do_nothing(index_elements=["key_id"])
        .returning(bridges.c.id)
    ).scalar()
    if bridge_id is None:
        return PairingError.CODE  # a laptop makes a key for each pairing
    notices.add(
        connection,
        row.person_id,
        ASKED_NOTICE,
        {"bridge_id": bridge_id},
        dedupe_key=str(bridge_id),
        at=at,
    )
    found = get_any(connection, bridge_id, at)
    assert found is not None  # noqa: S101 - inserted above
    return found


def decide(connection: Connection, actor: Actor, bridge_id: int, yes: bool, at: datetime) -> Bridge:
    """The technician says whether a laptop that gave their code is theirs. Said twice, it is said once.
    Raises NotPermitted, BridgeGone, or PairingOver where its time is over.
    """
    actor.authorise(Permission.PROGRAM)
    wanted = BridgeState.ACTIVE if yes else BridgeState.DECLINED
    mine = and_(bridges.c.id == bridge_id, bridges.c.person_id == actor.person_id)
    changed = connection.execute(
        update(bridges)
        .where(mine, bridges.c.state == BridgeState.ASKED.value, bridges.c.asked_at > at - VALID)
        .values(state=wanted.value, decided_at=at)
    ).rowcount
    found = _mine(connection, actor, bridge_id, at)
    if not changed:
        if found.state is wanted:
            return found
        raise PairingOver
    notify(connection, SIGNAL)
    if yes:
        _record(connection, actor, AuditAction.BRIDGE_PAIRED, found, at)
    return found


def revoke(connection: Connection, actor: Actor, bridge_id: int, at: datetime) -> Bridge:
    """The technician does not want a bridge any more; its link is cut at once. Somebody who may not program
    any more may still do this. Raises BridgeGone.
    """
    found = _mine(connection, actor, bridge_id, at)
    changed = connection.execute(
        update(bridges)
        .where(bridges.c.id == bridge_id, bridges.c.state == BridgeState.ACTIVE.value)
        .values(state=BridgeState.REVOKED.value, revoked_at=at, link=None)
    ).rowcount
    if not changed:
        raise BridgeGone
    notify(connection, SIGNAL)
    _record(connection, actor, AuditAction.BRIDGE_REVOKED, found, at)
    return _mine(connection, actor, bridge_id, at)


def revoke_as_operator(connection: Connection, bridge_id: int, at: datetime) -> bool:
    """The operator revokes a bridge, whosever it is. False where there is none that is active."""
    changed = connection.execute(
        update(bridges)
        .where(bridges.c.id == bridge_id, bridges.c.state == BridgeState.ACTIVE.value)
        .values(state=BridgeState.REVOKED.value, revoked_at=at, link=None)
        .returning(bridges.c.person_id, bridges.c.key_id)
    ).first()
    if changed is None:
        return False
    notify(connection, SIGNAL)
    subject = identity.subject_of(connection, changed.person_id)
    detail = {"bridge": bridge_id, "key": changed.key_id, "subject": subject}
    record(connection, at, AuditAction.BRIDGE_REVOKED, detail=detail)
    return True


def active(connection: Connection, at: datetime, *, of: int | None = None) -> list[Bridge]:
    """The bridges that are active, of one person or of all: connected ones first, then as they were seen."""
    query = select(bridges).where(bridges.c.state == BridgeState.ACTIVE.value)
    rows = connection.execute(query if of is None else query.where(bridges.c.person_id == of))
    found = [_read(row, at) for row in rows]
    return sorted(found, key=lambda each: (each.connected, each.seen_at or each.asked_at), reverse=True)


def get(connection: Connection, actor: Actor, bridge_id: int, at: datetime) -> Bridge:
    """One of the actor's bridges. Raises NotPermitted or BridgeGone."""
    actor.authorise(Permission.PROGRAM)
    return _mine(connection, actor, bridge_id, at)


def mine(connection: Connection, actor: Actor, at: datetime) -> list[Bridge]:
    """The actor's active bridges: those that are connected first, then by when they were seen. Raises
    NotPermitted.
    """
    actor.authorise(Permission.PROGRAM)
    return active(connection, at, of=actor.person_id)


def get_any(connection: Connection, bridge_id: int, at: datetime | None = None) -> Bridge | None:
    """The bridge of an id, whosever it is: for the gateway, and to word a notice. Without a time none is said
    to be connected.
    """
    row = connection.execute(select(bridges).where(bridges.c.id == bridge_id)).first()
    return None if row is None else _read(row, at)


def is_active(connection: Connection, bridge_id: int) -> bool:
    """True if the bridge was confirmed, and not revoked since."""
    state = connection.scalar(select(bridges.c.state).where(bridges.c.id == bridge_id))
    return state == BridgeState.ACTIVE.value


def not_active() -> Select[tuple[int]]:
    """The ids of bridges that were revoked, or never confirmed, for another table's query."""
    return select(bridges.c.id).where(bridges.c.state != BridgeState.ACTIVE.value)


def hosts_of(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """The names of these bridges' laptops."""
    rows = connection.execute(select(bridges.c.id, bridges.c.host).where(bridges.c.id.in_(ids)))
    return {row.id: row.host for row in rows}


def by_key(connection: Connection, key_id: str, at: datetime) -> Bridge | None:
    """The bridge that has this key."""
    row = connection.execute(select(bridges).where(bridges.c.key_id == key_id)).first()
    return None if row is None else _read(row, at)


def connect(
    connection: Connection, bridge_id: int, link: str, host: str, platform: str, program: str, at: datetime
) -> bool:
    """A bridge has connected: from now on `link` is its connection, and one from before is not. False where
    it is not to be let in.
    """
    row = connection.execute(
        select(bridges.c.person_id, bridges.c.link).where(
            bridges.c.id == bridge_id, bridges.c.state == BridgeState.ACTIVE.value
        )
    ).first()
    if row is None or not identity.may(connection, row.person_id, Permission.PROGRAM):
        return False
    connection.execute(
        update(bridges)
        .where(bridges.c.id == bridge_id)
        .values(link=link, seen_at=at, host=_plain(host), platform=_plain(platform), program=_plain(program))
    )
    if row.link is not None:
        notify(connection, SIGNAL)  # that one is cut
    return True


def disconnect(connection: Connection, bridge_id: int, link: str, at: datetime) -> None:
    """The connection is over."""
    connection.execute(
        update(bridges).where(bridges.c.id == bridge_id, bridges.c.link == link).values(link=None, seen_at=at)
    )


def still_linked(connection: Connection, links: Collection[str]) -> set[str]:
    """Which of these connections may go on: of bridges that are active, by people who may still program."""
    rows = connection.execute(
        select(bridges.c.link, bridges.c.person_id).where(
            bridges.c.link.in_(links), bridges.c.state == BridgeState.ACTIVE.value
        )
    ).all()
    may = identity.who_may(connection, {row.person_id for row in rows}, Permission.PROGRAM)
    return {row.link for row in rows if row.person_id in may}


def note_seen(connection: Connection, links: Collection[str], at: datetime) -> set[str]:
    """Note the bridges of these connections as seen. Returns what `still_linked` does."""
    connection.execute(update(bridges).where(bridges.c.link.in_(links)).values(seen_at=at))
    return still_linked(connection, links)


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete codes that are over, decline a portion of what nobody confirmed in time, and delete a portion of
    the bridges that were declined or revoked longer ago than `kept`. Returns how many.
    """
    gone = connection.execute(delete(pairing_codes).where(pairing_codes.c.expires_at < at - VALID)).rowcount
    late = (
        select(bridges.c.id)
        .where(bridges.c.state == BridgeState.ASKED.value, bridges.c.asked_at < at - VALID)
        .limit(PORTION)
    )
    declined = update(bridges).where(bridges.c.id.in_(late))
    gone += connection.execute(declined.values(state=BridgeState.DECLINED.value, decided_at=at)).rowcount
    over = func.coalesce(bridges.c.revoked_at, bridges.c.decided_at) < at - kept
    old = select(bridges.c.id).where(
        bridges.c.state.in_((BridgeState.DECLINED.value, BridgeState.REVOKED.value)), over
    )
    return gone + connection.execute(delete(bridges).where(bridges.c.id.in_(old.limit(PORTION)))).rowcount


def _mine(connection: Connection, actor: Actor, bridge_id: int, at: datetime) -> Bridge:
    found = get_any(connection, bridge_id, at)
    if found is None or found.person_id != actor.person_id:
        raise BridgeGone
    return found


def _read(row: Any, at: datetime | None) -> Bridge:
    return Bridge(
        id=row.id,
        person_id=row.person_id,
        public_key=row.public_key,
        key_id=row.key_id,
        fingerprint=fingerprint_of(row.public_key),
        host=row.host,
        platform=row.platform,
        program=row.program,
        state=BridgeState(row.state),
        asked_at=row.asked_at,
        seen_at=row.seen_at,
        connected=bool(row.link and at is not None and row.seen_at > at - LOST),
    )


def _record(connection: Connection, actor: Actor, action: AuditAction, bridge: Bridge, at: datetime) -> None:
    integrator = actor.membership.integrator_id if actor.membership is not None else None
    detail = {"bridge": bridge.id, "key": bridge.key_id}
    record(connection, at, action, subject=actor.subject, integrator_id=integrator, detail=detail)


def _hash(code: PairingCode) -> bytes:
    return hashlib.sha256(f"{code.name}-{code.proof}".encode()).digest()


def _key_id(public_key: bytes) -> str:
    return key_id_of(Ed25519PublicKey.from_public_bytes(public_key))


def _plain(said: str) -> str:
    """What a laptop says of itself, without anything that is not to be shown."""
    return "".join(sign for sign in said if sign.isprintable()).strip()[:64] or "?"
