"""Codes by e-mail, which prove that somebody reads a mailbox. Only the newest one of a person and an address
counts.

How many are sent is limited twice. A person gets `MOST_SENT` a day, whatever the addresses, and is refused
further ones: that depends on what they did themselves only. An address gets `MOST_TO_ADDRESS` a day from all
together, which spares a mailbox that strangers name. One person alone cannot use that up, so nobody shuts
others out with one account. Beyond it a code is made but not sent, and who asked sees what they always see: a
refusal would tell that others have asked for the address.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from backend.core.db.statements import PORTION
from backend.email_codes.errors import CodeWrong, TooManyCodes
from backend.email_codes.models import email_codes

DIGITS = 6
VALID = timedelta(minutes=15)
MOST_TRIES = 5
"""Of one code."""
MOST_SENT = 5
"""Codes to one person in `WINDOW`: at most 25 of a million codes can be tried in it."""
MOST_TO_ADDRESS = 4 * MOST_SENT
"""Codes to one address in `WINDOW`, whoever asks for them."""
WINDOW = timedelta(days=1)
PAUSE = timedelta(seconds=30)
"""Between two codes to one person."""


class Try(StrEnum):
    """What became of a try."""

    RIGHT = "right"
    """It is the code."""
    WRONG = "wrong"
    """It is not, and there are tries left."""
    VOID = "void"
    """There is no code that counts: it was used, is too old, or was tried too often."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try, and how many are left after it."""

    result: Try
    left: int = 0


def new_code() -> str:
    """A code: six digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def issue(connection: Connection, telegram_user_id: int, email: str, code: str, at: datetime) -> int | None:
    """Store a code that is about to be sent; the ones before it never count again. Returns its id, or None
    where it must not be sent, because the address has been sent enough. Raises TooManyCodes.
    """
    recently = email_codes.c.sent_at > at - WINDOW
    mine = email_codes.c.telegram_user_id == telegram_user_id
    row = connection.execute(
        select(
            func.count().filter(mine).label("mine"),
            func.count().filter(email_codes.c.email == email).label("to_it"),
            func.max(email_codes.c.sent_at).filter(mine).label("last"),
        ).where(recently, or_(mine, email_codes.c.email == email))
    ).one()
    if row.mine >= MOST_SENT or (row.last is not None and row.last > at - PAUSE):
        raise TooManyCodes
    connection.execute(
        update(email_codes)
        .where(mine, email_codes.c.email == email, email_codes.c.used_at.is_(None))
        .values(used_at=at)
    )
    salt = secrets.token_bytes(16)
    code_id = connection.execute(
        insert(email_codes)
        .values(
            telegram_user_id=telegram_user_id,
            email=email,
            salt=salt,
            hash=_hash(code, salt),
            tries=0,
            sent_at=at,
        )
        .returning(email_codes.c.id)
    ).scalar_one()
    return int(code_id) if row.to_it < MOST_TO_ADDRESS else None


def withdraw(connection: Connection, code_id: int) -> None:
    """A code could not be sent: it is not counted. Those before it do not come back."""
    connection.execute(delete(email_codes).where(email_codes.c.id == code_id))


def is_sent(connection: Connection, telegram_user_id: int, email: str, at: datetime) -> bool:
    """True if there is a code that can still be given."""
    row = _newest(connection, telegram_user_id, email, at)
    return row is not None and row.tries < MOST_TRIES


def attempt(connection: Connection, telegram_user_id: int, email: str, code: str, at: datetime) -> Tried:
    """Compare what somebody typed, without changing anything: `count_try` counts it where it is wrong."""
    row = _newest(connection, telegram_user_id, email, at)
    if row is None or row.tries >= MOST_TRIES:
        return Tried(Try.VOID)
    if hmac.compare_digest(_hash(code, row.salt), row.hash):
        return Tried(Try.RIGHT)
    left = MOST_TRIES - row.tries - 1
    return Tried(Try.WRONG if left else Try.VOID, left)


def count_try(connection: Connection, telegram_user_id: int, email: str, at: datetime) -> None:
    """Count a wrong try."""
    row = _newest(connection, telegram_user_id, email, at)
    if row is not None:
        connection.execute(
            update(email_codes).where(email_codes.c.id == row.id).values(tries=email_codes.c.tries + 1)
        )


def use(connection: Connection, telegram_user_id: int, email: str, code: str, at: datetime) -> None:
    """Use a code up. Raises CodeWrong."""
    if attempt(connection, telegram_user_id, email, code, at).result is not Try.RIGHT:
        raise CodeWrong
    row = _newest(connection, telegram_user_id, email, at)
    used = connection.execute(
        update(email_codes)
        .where(email_codes.c.id == row.id, email_codes.c.used_at.is_(None), email_codes.c.tries < MOST_TRIES)
        .values(used_at=at)
    )
    if used.rowcount != 1:
        raise CodeWrong


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of the codes that neither count nor are counted any more. Returns how many."""
    old = select(email_codes.c.id).where(email_codes.c.sent_at < at - WINDOW).limit(PORTION)
    return connection.execute(delete(email_codes).where(email_codes.c.id.in_(old))).rowcount


def _newest(connection: Connection, telegram_user_id: int, email: str, at: datetime) -> Any:
    """The newest code of a person and an address, if it is neither used nor too old."""
    row = connection.execute(
        select(email_codes)
        .where(email_codes.c.telegram_user_id == telegram_user_id, email_codes.c.email == email)
        .order_by(email_codes.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None or row.used_at is not None or row.sent_at <= at - VALID else row


def _hash(code: str, salt: bytes) -> bytes:
    """Slow enough (about 10 ms) that a stolen table does not give a code away while it counts."""
    return hashlib.scrypt(code.encode()[:64], salt=salt, n=4096, r=8, p=1, dklen=32)
