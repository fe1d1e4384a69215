"""Bulk requests: the list, each one's card and rows, what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Any

from backend.bulk import files
from backend.bulk import service as bulk
from backend.bulk.errors import BulkNotFound, NothingToLoad, RequestBegun, UploadGone
from backend.bulk.values import Request, RowState
from backend.core.clock import ROME
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from conversations.bulk.card import request_card
from conversations.bulk.wording import groups, row_line
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Question, Show, Wait, show
from conversations.core.assistance import about
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, NoteCard, order
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Document, Entry, Html, Prompt, join

ROWS_SHOWN = 10


class BulkAction(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission = Permission.BULK

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        match refusal:
            case BulkNotFound():
                key = "bulk.gone"
            case UploadGone():
                key = "bulk.upload_gone"
            case NothingToLoad():
                key = "bulk.nothing_left"
            case RequestBegun():
                key = "bulk.begun"
            case _:
                return await super().refused(refusal, context)
        return show(Prompt(context.say(key), (_back(context),)))


def _back(context: TurnContext) -> tuple[Entry, ...]:
    return (Entry(context.say("bulk.menu"), ListRequests.name), home_button(context))


class ListRequests(BulkAction):
    """The integrator's requests, newest first. The argument is where a page begins."""

    name = "bulk"
    permission = Permission.SEE_BULK
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(bulk.latest, context.acting, page.wanted, page.at)
        new = Entry(say("bulk.button.new"), NewRequest.name)
        home = (home_button(context),)
        if not found and page.at is None:
            return show(
                Prompt(say("bulk.none"), ((Entry(say("bulk.button.template"), Template.name),), home))
            )
        rows = tuple(
            (Entry(_label(context, each), ShowRequest.name, str(each.id)),) for each in found[: page.size]
        )
        turning = page.turning(context, [each.id for each in found])
        integrator = context.acting.acting_for.integrator_name
        return show(Prompt(say("bulk.list", integrator=integrator), (*rows, *turning, (new,), home)))


def _label(context: TurnContext, request: Request) -> str:
    return context.say(
        "bulk.listed",
        number=request.id,
        day=request.created_at.astimezone(ROME).strftime("%d/%m/%y"),
        name=request.name[:20],
        state=context.say(
            f"bulk.state_short.{request.state.value}",
            done=request.done,
            rows=request.rows,
            created=request.counts.get(RowState.CREATED, 0),
        ),
    )


class NewRequest(BulkAction):
    """How to make a request."""

    name = "bulk_new"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        rows = ((Entry(say("bulk.button.template"), Template.name),), _back(context))
        return show(Prompt(say("bulk.new"), rows))


class ShowRequest(BulkAction):
    """A request's card. The one that was opened last shows how far the request is."""

    name = "bulk_request"
    permission = Permission.SEE_BULK

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(bulk.get, context.acting, id_of(argument) or 0)
        return Show((request_card(context.say, found),), effects=(NoteCard(bulk.show_on, (found.id,)),))


class ShowRows(BulkAction):
    """The rows of a request. The argument is `<id>_<all|failures>_<line that the page before ended with>`."""

    name = "bulk_rows"
    permission = Permission.SEE_BULK
    navigates = True  # the card goes on showing how far the request is

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        number, failures, after = _read_rows(argument)
        request = await context.short_read(bulk.get, context.acting, number)
        rows = await context.long_read(
            bulk.rows_of,
            context.acting,
            number,
            failures=failures,
            after=after,
            limit=ROWS_SHOWN + 1,
        )
        shown = rows[:ROWS_SHOWN]
        which = "failures" if failures else "all"
        heading = say(f"bulk.rows_heading.{which}", number=number)
        lines = [row_line(say, row) for row in shown] or [say("bulk.no_rows")]
        turning = []
        if after:
            turning.append(Entry(say("bulk.button.first"), self.name, f"{number}_{which}_0"))
        if len(rows) > ROWS_SHOWN:
            turning.append(Entry(say("bulk.button.next"), self.name, f"{number}_{which}_{shown[-1].line}"))
        other = "all" if failures else "failures"
        also = Entry(say(f"bulk.button.show_{other}"), self.name, f"{number}_{other}_0")
        card = Entry(say("bulk.button.open", number=request.id), ShowRequest.name, str(number))
        return show(
            Prompt(
                join([heading, join(lines)], "\n\n"),
                (*((tuple(turning),) if turning else ()), (also,), (card, home_button(context))),
            )
        )


def _read_rows(argument: str) -> tuple[int, bool, int]:
    number, _, rest = argument.partition("_")
    which, _, after = rest.partition("_")
    return id_of(number) or 0, which == "failures", id_of(after) or 0


class Load(BulkAction):
    """Load a checked file. The argument is `<id>_<good|all>`."""

    name = "bulk_load"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, which = argument.partition("_")
        everything = which == "all"

        def cards(made: Sequence[Request]) -> Sequence[Prompt]:
            if len(made) == 1:
                return [request_card(context.say, made[0])]
            rows = tuple((Entry(_label(context, each), ShowRequest.name, str(each.id)),) for each in made)
            return [Prompt(context.say("bulk.made", number=len(made)), (*rows, _back(context)))]

        def further(made: Sequence[Request]) -> Sequence[Any]:
            begin = [JobRequest("bulk_begin", {"request_id": each.id}) for each in made]
            return [*([NoteCard(bulk.show_on, (made[0].id,))] if len(made) == 1 else []), *begin]

        return Do(
            order(bulk.load, context.acting, id_of(number) or 0, everything, context.now), cards, more=further
        )


class Discard(BulkAction):
    """Forget a checked file."""

    name = "bulk_discard"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(bulk.discard, context.acting, id_of(argument) or 0),
            lambda _: [Prompt(context.say("bulk.discarded"), (_back(context),))],
        )


class CancelRequest(BulkAction):
    """Cancel a request that was not begun."""

    name = "bulk_cancel"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(bulk.cancel, context.acting, id_of(argument) or 0, context.now),
            lambda found: [request_card(context.say, found)],
            more=lambda found: [JobRequest("bulk_card", {"request_id": found.id})],  # the other cards
        )


class RunAgain(BulkAction):
    """Have the failed rows run again."""

    name = "bulk_run_again"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(bulk.run_again, context.acting, id_of(argument) or 0, context.now),
            lambda found: [request_card(context.say, found)],
            more=lambda found: [
                NoteCard(bulk.show_on, (found.id,)),
                JobRequest("bulk_begin", {"request_id": found.id}),
            ],
        )


class AskAssistance(BulkAction):
    """A request for assistance about the rows that failed. The argument is the bulk request's number."""

    name = "bulk_assistance"
    permission = Permission.OPEN_TICKETS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, number = context.say, id_of(argument) or 0
        found = await context.short_read(bulk.get, context.acting, number)
        rows = await context.long_read(bulk.rows_of, context.acting, number, failures=True)
        failed = [row for row in rows if row.state is RowState.FAILED]
        head = say("bulk.assistance", number=number, name=found.name)
        return about(unescape(join((head, groups(say, failed)))))


class Original(BulkAction):
    """The file as it was sent."""

    name = "bulk_original"
    permission = Permission.SEE_BULK

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(bulk.get, context.acting, id_of(argument) or 0)
        return show(
            Prompt(context.say("bulk.original", number=found.id), (), Document(found.digest, found.name))
        )


class MadeFile(BulkAction):
    """A file that a job makes: it is shown when it is there."""

    what: str

    async def run(self, argument: str, context: TurnContext) -> Answer:
        job = JobRequest("bulk_make", {"what": self.what, "id": id_of(argument) or 0}, action=self.name)
        making = Prompt(context.say("bulk.making"), below=True)  # the card stays
        return Wait(Question(job), lambda: making)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        if not result.get("files"):
            key = "bulk.no_files" if "files" in result else "bulk.make_failed"
            return show(Prompt(context.say(key), (_back(context),)))
        return self.handed(arguments, result, context)

    def handed(self, arguments: dict[str, Any], result: dict[str, Any], context: TurnContext) -> Answer:
        """The files, as the job has made them."""
        caption = context.say(f"bulk.file.{self.what}", number=int(arguments["id"]))
        return Show(_documents(caption, result, context))


def _documents(caption: Html, result: dict[str, Any], context: TurnContext) -> tuple[Prompt, ...]:
    """The word that the file was being made becomes one that it is there."""
    there = Prompt(context.say("bulk.made_files", number=len(result["files"])))
    return there, *(Prompt(caption, (), Document(digest, name)) for digest, name in result["files"])


class Template(MadeFile):
    """The template to be filled in."""

    name = "bulk_template"
    permission = Permission.SEE_BULK
    what = "template"


class Corrections(MadeFile):
    """The wrong lines of a checked file, with the reasons."""

    name = "bulk_corrections"
    what = "corrections"


class Zip(MadeFile):
    """The SCP files of a request. What is handed over is recorded."""

    name = "bulk_zip"
    what = "zip"

    def handed(self, arguments: dict[str, Any], result: dict[str, Any], context: TurnContext) -> Answer:
        number = int(arguments["id"])
        caption = context.say("bulk.file.zip", number=number, awaited=int(result["awaited"]))
        if distributor := int(result.get("distributor", 0)):
            caption = join((caption, context.say("bulk.file_zip_distributor", number=distributor)), "\n\n")
        prompts = _documents(caption, result, context)
        given = order(files.record_deliveries, context.acting, tuple(result["scp_ids"]), number, context.now)
        return Do(given, lambda _: prompts)
