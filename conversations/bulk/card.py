"""The cards of a checked file and of a request."""

from __future__ import annotations

from collections.abc import Sequence

from backend.bulk.values import MOST_ROWS, Request, RequestState, Row, RowState, Upload
from conversations.bulk.wording import counts, file_reason, groups
from conversations.core.context import Say
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.core.waiting import bar

SHEETS_SHOWN = 20


def upload_card(say: Say, upload: Upload, wrong: Sequence[Row]) -> Prompt:
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
    if wrong:
        parts.append(groups(say, wrong))
    if upload.loaded_before is not None:
        parts.append(say("bulk.same_file", number=upload.loaded_before))
    good = upload.counts.get(RowState.READY, 0)
    everything = good + upload.counts.get(RowState.LATER, 0)
    if everything > MOST_ROWS:
        parts.append(say("bulk.several", number=-(-everything // MOST_ROWS), most=MOST_ROWS))
    if not everything:
        parts.append(say("bulk.nothing_to_load"))
    return Prompt(join(parts, "\n\n"), _upload_rows(say, upload, good, everything))


def _upload_rows(say: Say, upload: Upload, good: int, everything: int) -> Rows:
    rows: list[tuple[Entry, ...]] = []
    if good:
        rows.append((Entry(say("bulk.button.load", number=good), "bulk_load", f"{upload.id}_good"),))
    if everything > good:
        rows.append((Entry(say("bulk.button.load_all", number=everything), "bulk_load", f"{upload.id}_all"),))
    if wrong := upload.counts.get(RowState.WRONG, 0):
        label = say("bulk.button.corrections", number=wrong)
        rows.append((Entry(label, "bulk_corrections", str(upload.id)),))
    if upload.loaded_before is not None:
        label = say("bulk.button.open", number=upload.loaded_before)
        rows.append((Entry(label, "bulk_request", str(upload.loaded_before)),))
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
        rows.append((Entry(say("bulk.button.run_again", number=failed), "bulk_run_again", number),))
    files = [Entry(say("bulk.button.file"), "bulk_original", number)]
    if request.counts.get(RowState.CREATED):
        files.insert(0, Entry(say("bulk.button.zip"), "bulk_zip", number))
    rows.append(tuple(files))
    if request.state is not RequestState.DONE:
        rows.append((Entry(say("bulk.button.refresh"), "bulk_request", number),))
    rows.append((Entry(say("bulk.menu"), "bulk"), Entry(say("button.home"), "home")))
    return tuple(rows)
