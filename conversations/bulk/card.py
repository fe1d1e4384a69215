"""The cards of a checked file and of a request."""

from __future__ import annotations

from collections.abc import Sequence

from backend.bulk.values import MOST_ROWS, Request, RequestState, Row, RowState, Upload
from conversations.bulk.wording import counts, file_reason, groups
from conversations.core.context import Say
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.core.waiting import bar

SHEETS_SHOWN = 50


def upload_card(say: Say, upload: Upload, to_correct: Sequence[Row]) -> Prompt:
    """What would come of a file, and what can be done with it."""
    home = (Entry(say("button.home"), "home"),)
    if upload.refused is not None:
        said = say("bulk.refused", name=upload.name, reason=file_reason(say, upload.refused))
        return Prompt(said, ((Entry(say("bulk.button.template"), "bulk_template"),), home))
    if upload.sheets and not upload.rows:
        sheets = tuple(
            (Entry(name[:40], "bulk_sheet", f"{upload.id}_{position}"),)
            for position, name in enumerate(upload.sheets[:SHEETS_SHOWN])
        )
        return Prompt(say("bulk.which_sheet", name=upload.name), (*sheets, home))
    parts = [say("bulk.checked", name=upload.name), counts(say, upload.counts)]
    if to_correct:
        parts.append(groups(say, to_correct))
    if (before := upload.loaded_before) is not None:
        outcomes = counts(say, before.counts, ", ")
        parts.append(say("bulk.same_file", number=before.id, at=before.created_at, outcomes=outcomes))
    good, later = upload.counts.get(RowState.READY, 0), upload.counts.get(RowState.LATER, 0)
    if good + later > MOST_ROWS:
        parts.append(say("bulk.several", most=MOST_ROWS))
    if not good + later:
        parts.append(say("bulk.nothing_to_load"))
    return Prompt(join(parts, "\n\n"), _upload_rows(say, upload, good, later))


def _upload_rows(say: Say, upload: Upload, good: int, later: int) -> Rows:
    rows: list[tuple[Entry, ...]] = []
    if good:
        rows.append((Entry(say("bulk.button.load", number=good), "bulk_load", f"{upload.id}_good"),))
    if later:
        label = say("bulk.button.load_all" if good else "bulk.button.load_later", number=later)
        rows.append((Entry(label, "bulk_load", f"{upload.id}_all"),))
    if wrong := upload.counts.get(RowState.WRONG, 0):
        label = say("bulk.button.corrections", number=wrong)
        rows.append((Entry(label, "bulk_corrections", str(upload.id)),))
    if (before := upload.loaded_before) is not None:
        rows.append((Entry(say("bulk.button.open", number=before.id), "bulk_request", str(before.id)),))
    rows.append((Entry(say("bulk.button.discard"), "bulk_discard", str(upload.id)),))
    return tuple(rows)


def request_card(say: Say, request: Request) -> Prompt:
    """A request: its state, its counts, and what can be done with it."""
    lines = [
        say("bulk.request", number=request.id),
        say("bulk.of_file", name=request.name, rows=request.rows),
        say("bulk.loaded_by", at=request.created_at, name=request.created_by),
    ]
    parts = [join(lines), say(f"bulk.state.{request.state.value}")]
    if request.state is RequestState.PROCESSING:
        parts[-1] = join((parts[-1], bar(say, request.done, request.rows)))
    if request.done:
        found: dict[RowState, int] = {
            state: number for state, number in request.counts.items() if state is not RowState.WAITING
        }
        parts.append(counts(say, found))
    return Prompt(join(parts, "\n\n"), _request_rows(say, request), persistent=True)


def _request_rows(say: Say, request: Request) -> Rows:
    if request.state is RequestState.CANCELLED:
        return ((Entry(say("bulk.menu"), "bulk"), Entry(say("button.home"), "home")),)
    number = str(request.id)
    failed = request.counts.get(RowState.FAILED, 0)
    failures = failed + request.counts.get(RowState.REFUSED, 0)
    rows: list[tuple[Entry, ...]] = []
    if request.state is RequestState.WAITING:
        rows.append((Entry(say("bulk.button.cancel"), "bulk_cancel", number),))
    if request.done:
        detail = [Entry(say("bulk.button.rows"), "bulk_rows", f"{number}_all_0")]
        if failures:
            detail.append(
                Entry(say("bulk.button.failures", number=failures), "bulk_rows", f"{number}_failures_0")
            )
        rows.append(tuple(detail))
    if request.state is RequestState.DONE and failed:
        again = Entry(say("bulk.button.run_again", number=failed), "bulk_run_again", number)
        rows.append((again, Entry(say("button.assistance"), "bulk_assistance", number)))
    if request.left_out:
        label = say("bulk.button.left_out", number=request.left_out)
        rows.append((Entry(label, "bulk_corrections", str(request.upload_id)),))
    files = [Entry(say("bulk.button.file"), "bulk_original", number)]
    if request.counts.get(RowState.CREATED):
        files.insert(0, Entry(say("bulk.button.zip"), "bulk_zip", number))
    rows.append(tuple(files))
    if request.state is not RequestState.DONE:
        rows.append((Entry(say("bulk.button.refresh"), "bulk_request", number),))
    rows.append((Entry(say("bulk.menu"), "bulk"), Entry(say("button.home"), "home")))
    return tuple(rows)
