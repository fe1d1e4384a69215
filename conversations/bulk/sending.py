"""A table that somebody sends: recognised at any moment, checked, shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from backend.bulk import service as bulk
from conversations.bulk.card import upload_card
from conversations.bulk.requests import BulkAction
from conversations.core.answers import Answer, Question, Show, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest
from conversations.core.feature import Recognised
from conversations.core.navigation import id_of, way_on
from conversations.core.prompts import Prompt
from conversations.core.replies import MOST_BYTES, Attachment, Media
from conversations.core.waiting import moment

_ENDINGS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_TYPES = (
    "text/csv",
    "text/tab-separated-values",
    "text/comma-separated-values",
    "application/csv",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
)


def is_table(attachment: Attachment) -> bool:
    """True if somebody says of a file that it is a table: by its name or its type."""
    if attachment.media is not Media.DOCUMENT:
        return False
    media_type = attachment.media_type.lower()
    return (
        attachment.name.lower().endswith((*_ENDINGS, ".txt"))
        or media_type in _TYPES
        or media_type.startswith("application/vnd.openxmlformats-officedocument.spreadsheetml")
    )


def recognise_table(text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
    """A table, sent by itself or with words."""
    tables = [each for each in attachments if is_table(each)]
    if not tables:
        return None
    first = tables[0]
    return Recognised(
        CheckFile.name, json.dumps([first.file_id, first.name, first.size, len(tables)], ensure_ascii=False)
    )


class CheckFile(BulkAction):
    """Check a file. The argument describes it as the recogniser found it (JSON)."""

    name = "bulk_check"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        described = _described(argument)
        if described is None:
            return show(Prompt(context.say("dialogue.garbled"), way_on(context)))
        file_id, name, size, number = described
        if size is not None and size > MOST_BYTES:
            return show(Prompt(context.say("bulk.too_big"), way_on(context)))
        job = JobRequest("bulk_check", {"file_id": file_id, "name": name})
        said = context.say("bulk.reading" if number == 1 else "bulk.reading_first", name=name)
        return Wait(Question(job), lambda: moment(said, context))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        return await checked(result, context)


class ChooseSheet(BulkAction):
    """Check one sheet of a workbook. The argument is `<upload>_<position>`."""

    name = "bulk_sheet"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, position = argument.partition("_")
        found = await context.short_read(bulk.upload, context.acting, id_of(number) or 0)
        job = JobRequest("bulk_check", {"upload_id": found.id, "sheet": id_of(position) or 0})
        return Wait(Question(job), lambda: moment(context.say("bulk.reading", name=found.name), context))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        return await checked(result, context)


async def checked(result: dict[str, Any], context: TurnContext) -> Answer:
    """What came of a check: the card of the file, or why it could not be fetched."""
    if "upload_id" not in result:
        key = {"gone": "bulk.file_gone", "too_big": "bulk.too_big"}.get(
            result.get("why", ""), "bulk.check_failed"
        )
        return show(Prompt(context.say(key), way_on(context)))
    found = await context.short_read(bulk.upload, context.acting, int(result["upload_id"]))
    to_correct = await context.long_read(bulk.rows_to_correct, context.acting, found.id)
    return Show((upload_card(context.say, found, to_correct),))


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())


def _described(argument: str) -> tuple[str, str, int | None, int] | None:
    try:
        match json.loads(argument):
            case [str(file_id), str(name), int() | None as size, int(number)]:
                return file_id, _printable(name)[:200] or "file", size, number
    except ValueError:
        pass
    return None
