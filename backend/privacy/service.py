"""Erasure of a person from every place: their own rows, what goes on without them, other people's chats."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from backend.bulk import processing
from backend.core.blobs.retention import look_soon
from backend.core.jobs import service as jobs
from backend.core.outbox import mentions
from backend.core.outbox import service as outbox
from backend.core.personal_data import Kept
from backend.identity import people, personal_data, proofs
from backend.identity import service as identity
from backend.identity.errors import LastReferent, NotOneself
from backend.identity.permissions import StaffRole
from backend.programming import upkeep
from backend.registrations import service as registrations
from backend.tickets import files as ticket_files
from backend.tickets import words as ticket_words

STRANGERS = 5
"""Erased in one transaction: each takes a statement for every table that holds something of people."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Posts in which a person is named, up to the newest one of then."""

    post_ids: tuple[int, ...]
    newest: int


def find_mentions(connection: Connection, kept: Sequence[Kept], telegram_user_id: int) -> Mentions:
    """Where a person is named; a long read. Raises MemberUnknown."""
    newest = mentions.newest(connection)
    words = _words(connection, kept, telegram_user_id)
    return Mentions(tuple(mentions.mentioning(connection, words)), newest)


def check(connection: Connection, telegram_user_id: int) -> None:
    """Whether a person may erase themselves. Raises LastReferent (`company`) where they would leave others
    behind whom nobody looks after, NotOneself for the only administrator, or PersonSuspended.
    """
    proofs.check_not_suspended(connection, telegram_user_id)
    if people.is_sole_staff(connection, telegram_user_id, StaffRole.ADMINISTRATOR):
        raise NotOneself
    for company in people.sole_referent_of(connection, telegram_user_id):
        raise LastReferent(company=company)


def erase(
    connection: Connection, kept: Sequence[Kept], telegram_user_id: int, found: Mentions, at: datetime
) -> None:
    """Erase a person, whether or not they are `check`ed. `found` was found just before. Raises
    MemberUnknown.
    """
    words = _words(connection, kept, telegram_user_id)
    later = mentions.mentioning(connection, words, after=found.newest)
    jobs.let_go(connection, telegram_user_id, processing.GOES_ON)
    used = outbox.files_of(connection, telegram_user_id)
    if (person_id := identity.person_id_of(connection, telegram_user_id)) is not None:
        upkeep.forget_person(connection, person_id)
        used |= ticket_files.digests_of(connection, person_id)
        ticket_words.forget_person(connection, person_id, at)
    personal_data.erase(connection, kept, telegram_user_id, at)
    look_soon(connection, used)
    mentions.redact(connection, (*found.post_ids, *later), words)


def _words(connection: Connection, kept: Sequence[Kept], telegram_user_id: int) -> set[str]:
    shown = personal_data.shown_of(connection, kept, telegram_user_id)
    plain = {word for word in shown if _is_telling(word)}
    return plain | {html.escape(word, quote=False) for word in plain}


def _is_telling(word: str) -> bool:
    """True for codes, numbers, addresses and whole names; a single word may stand anywhere for anything."""
    return "@" in word or " " in word or any(letter.isdigit() for letter in word)


def forget_strangers(connection: Connection, kept: Sequence[Kept], at: datetime, lasting: timedelta) -> int:
    """Erase a few of those who were never let in, and whose registration was forgotten. Returns how many."""
    found = people.strangers(connection, at - lasting, registrations.has_any, STRANGERS)
    for telegram_user_id in found:
        personal_data.erase(connection, kept, telegram_user_id, at)
    return len(found)
