"""Loading contracts from a file: sent, read, seen at a glance, confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backend.contracts import service as contracts
from backend.contracts.lines import ReadContracts
from backend.contracts.values import Change
from backend.core.json_values import from_json
from backend.core.refusals import Refused
from backend.registrations import service as registrations
from backend.tabular.reasons import FileReason
from conversations.contracts.contracts import ContractAction, ListContracts, refused
from conversations.core.answers import Answer, Await, Do, Go, Next, Question, Reject, Show, Start, Wait
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import home_button
from conversations.core.prompts import NOTHING, Choice, Document, Entry, Html, Prompt, join
from conversations.core.replies import MOST_BYTES, Media, Reply, Sent
from conversations.core.waiting import moment

LOAD = "load"
AGAIN = "again"
TEMPLATE = "template"
BAD_SHOWN = 10
CONTRACTS_SHOWN = 10


@dataclass(frozen=True)
class LoadDraft:
    """What the file says, once it was read."""

    read: ReadContracts | None = None


class File(Step[LoadDraft]):
    """Which file?"""

    name = "file"

    def filled(self, draft: LoadDraft) -> bool:
        return draft.read is not None

    def takes(self, reply: Sent, draft: LoadDraft, context: TurnContext) -> bool:
        return reply.media is Media.DOCUMENT

    async def ask(self, draft: LoadDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("contract_load.file.ask"))

    async def waiting(self, draft: LoadDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("contract_load.reading"))

    async def answer(self, draft: LoadDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Sent) or reply.media is not Media.DOCUMENT or not reply.attachments:
            raise Reject("not_a_file")
        sent = reply.attachments[0]
        if sent.size is not None and sent.size > MOST_BYTES:
            raise Reject("too_big")
        return Await(Question(JobRequest("contracts_read", {"file_id": sent.file_id})), draft)

    async def resumed(self, draft: LoadDraft, result: Any, context: TurnContext) -> Answer:
        if "read" in result:
            return Next(replace(draft, read=from_json(ReadContracts, result["read"])))
        if "reason" in result:
            reason = context.say(f"import.file.{FileReason(result['reason'])}", **result["values"])
            raise Reject("refused", reason=reason)
        if result.get("why") == "too_big":
            raise Reject("too_big")
        raise Reject("gone")


class Confirm(Step[LoadDraft]):
    """Is that what is to be loaded? A file with a bad line is not: its list would replace the one before,
    without the person of that line.
    """

    name = "confirm"

    def filled(self, draft: LoadDraft) -> bool:
        return False

    async def ask(self, draft: LoadDraft, context: TurnContext) -> Prompt:
        say, read = context.say, draft.read or ReadContracts()
        found = await context.short_read(contracts.changes, context.acting, read.contracts[:CONTRACTS_SHOWN])
        lines = [_line(each, context) for each in found]
        more = len(read.contracts) - CONTRACTS_SHOWN
        bad = [
            say("contract_load.bad", line=each.line, reason=say(f"contracts.bad.{each.reason}"))
            for each in read.bad[:BAD_SHOWN]
        ]
        again = (Choice(say("contract_load.button_again"), AGAIN),)
        if read.bad or not read.contracts:
            more_bad = len(read.bad) - BAD_SHOWN
            said = [*bad, *([say("contract_load.more", number=more_bad)] if more_bad > 0 else [])]
            text = join([say("contract_load.bad_title", number=len(read.bad)), *said])
            return Prompt(join([text, say("contract_load.nothing")], "\n\n"), (again,))
        text = join([*lines, *([say("contract_load.more", number=more)] if more > 0 else [])])
        if any(each.ended for each in found):
            return Prompt(join([text, say("contract_load.nothing")], "\n\n"), (again,))
        load = (Choice(say("contract_load.button"), LOAD),)
        return Prompt(join([say("contract_load.title"), text], "\n\n"), (load, again))

    async def answer(self, draft: LoadDraft, reply: Reply, context: TurnContext) -> Answer:
        read = draft.read or ReadContracts()
        if chosen(reply, LOAD, AGAIN) == AGAIN or read.bad:
            return Next(LoadDraft())

        def finish(enabled: int) -> list[Prompt]:
            say = context.say
            text = say("contract_load.loaded", contracts=len(read.contracts), enabled=enabled)
            back = Entry(say("contracts.menu"), ListContracts.name)
            return [Prompt(text, ((back, home_button(context)),))]

        return Do(order(registrations.load_contracts, context.acting, read.contracts, context.now), finish)


def _line(change: Change, context: TurnContext) -> Html:
    said = context.say(
        "contract_load.contract", number=change.number, company=change.business_name, people=change.people
    )
    if change.is_new:
        return said
    if change.ended:
        return join([said, context.say("contract_load.ended")])
    key = "contract_load.changed" if change.added or change.removed else "contract_load.unchanged"
    return join([said, context.say(key, added=change.added, removed=change.removed)])


class Loading(Flow[LoadDraft]):
    """Loads contracts."""

    name = "contract_load"
    draft_type = LoadDraft
    steps = (File(), Confirm())

    def cancelled(self, draft: LoadDraft) -> Go | None:
        return Go(ListContracts.name)

    async def refused(self, draft: LoadDraft, refusal: Refused, context: TurnContext) -> Answer:
        return refused(refusal, context)


class BeginLoading(ContractAction):
    """Begin to load contracts."""

    name = "contracts_load"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        if argument == TEMPLATE:
            job = JobRequest("contracts_template", {})
            return Wait(Question(job), lambda: moment(say("contract_load.reading"), context))
        return Start(Loading.name, LoadDraft())

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        if "digest" not in result:
            return Go(ListContracts.name)
        say = context.say
        back = (Entry(say("contracts.menu"), ListContracts.name), home_button(context))
        file = Prompt(NOTHING, document=Document(result["digest"], result["name"]))
        return Show((Prompt(say("contract_load.template"), (back,)), file))
