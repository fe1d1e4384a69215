"""Files of contracts are read outside of turns."""

from __future__ import annotations

from datetime import timedelta

from telegram import Bot

from backend.contracts import service as contracts
from backend.contracts.lines import HEADING, read_contracts
from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from backend.core.json_values import to_json
from backend.core.keys.vault import Vault
from backend.tabular.dialect import Dialect
from backend.tabular.reasons import FileRefused
from backend.tabular.table import read_table
from backend.tabular.writing import written
from bot.core import attachments
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature

TEMPLATE_NAME = "contratti.csv"
EXAMPLE = ("C-2026-001", "01234567897", "Impianti Esempio S.r.l.", "nome@esempio.it", "RSSMRA80A01H501U", "")


def contracts_feature(database: Database, bot: Bot, vault: Vault, kept: timedelta) -> RunningFeature:
    """Reads files of contracts, and makes the template; whom an ended one names is `kept` for so long."""

    async def read(job: Job, context: JobContext) -> Outcome:
        """Fetch a file and read it."""
        try:
            content = await attachments.fetch(bot, job.arguments["file_id"])
            return Outcome({"read": to_json(read_contracts(await read_table(content)))})
        except attachments.FileGone:
            return Outcome({"why": "gone"})
        except attachments.FileTooBig:
            return Outcome({"why": "too_big"})
        except FileRefused as error:
            return Outcome({"reason": error.reason.value, "values": dict(error.values)})

    async def template(job: Job, context: JobContext) -> Outcome:
        """Make the template."""
        content = written([HEADING, EXAMPLE], Dialect())
        digest = await blobs.store(database, content, "text/csv", vault)
        return Outcome({"digest": digest, "name": TEMPLATE_NAME})

    return RunningFeature(
        job_kinds=(
            JobKind("contracts_read", read, CALLS, seconds=60.0),
            JobKind("contracts_template", template, CALLS, seconds=30.0),
        ),
        due_checks=(
            DueCheck("contracts", lambda connection, at: contracts.forget_old(connection, at, kept)),
        ),
    )
