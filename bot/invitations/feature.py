"""Links and QR codes of invitations are made outside of turns."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from functools import partial

import segno
from telegram import Bot

from backend.core.blobs import service as blobs
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.permissions import Role
from backend.invitations import service as invitations
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature

PREFIX = "inv"
"""Of the deep link."""


def invitations_feature(
    database: Database, clock: Clock, bot: Bot, vault: Vault, kept: timedelta
) -> RunningFeature:
    """Makes invitations; those that expired are `kept` for so long."""

    async def make(job: Job, context: JobContext) -> Outcome:
        """Make an invitation. Its token is made here: the database keeps a hash."""
        actor = None
        if job.membership_id is not None:
            actor = await database.short_read(
                partial(identity.acting_as, telegram_user_id=job.user_id, membership_id=job.membership_id)
            )
        if actor is None:
            return Outcome({})
        token = invitations.new_token()
        link = f"https://t.me/{bot.username}?start={PREFIX}_{token}"
        digest = await blobs.store(database, await asyncio.to_thread(picture, link), "image/png", vault)
        create = partial(
            invitations.create,
            actor=actor,
            role=Role(job.arguments["role"]),
            token=token,
            at=clock.now(),
            email=job.arguments.get("email"),
            codice_fiscale=job.arguments.get("codice_fiscale"),
        )
        try:
            made = await database.write(create)
        except NotPermitted:
            return Outcome({})
        return Outcome({"invitation_id": made.id, "link": link, "digest": digest})

    return RunningFeature(
        job_kinds=(JobKind("invite", make, CALLS, seconds=30.0),),
        due_checks=(
            DueCheck("invitations", lambda connection, at: invitations.forget_old(connection, at, kept)),
        ),
    )


def picture(link: str) -> bytes:
    """The QR code of a link, as a PNG that a phone shows well."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()
