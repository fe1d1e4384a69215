"""What is kept of the user and for how long; all of it as a document; its erasure. Open to anybody: whoever
writes to the bot leaves something.
"""

from __future__ import annotations

from typing import Any

from backend.core.refusals import Refused
from backend.identity.errors import LastReferent, NotOneself, PersonSuspended
from backend.privacy import service as privacy
from backend.registrations.service import KEPT_OPEN
from conversations.core.action import Action
from conversations.core.answers import Answer, Question, Show, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest
from conversations.core.navigation import home_button
from conversations.core.prompts import Document, Entry, Prompt
from conversations.core.waiting import moment

NOW = "now"


class Privacy(Action):
    """What is kept of me?"""

    name = "privacy"
    permission = None
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, services = context.say, context.services
        text = say(
            "privacy.text",
            messages=services.retention.messages,
            failed=services.retention.dead_letters,
            registration=KEPT_OPEN.days,
            notices=services.retention.notices,
            requests=services.retention.requests,
            decided=services.retention.registrations,
            programming=services.retention.programming,
            tickets=services.retention.tickets,
        )
        rows = (
            (
                Entry(say("privacy.button.export"), Export.name),
                Entry(say("privacy.button.erase"), Erase.name),
            ),
            (home_button(context),),
        )
        return show(Prompt(text, rows))


class Export(Action):
    """All that is kept of me, as a document."""

    name = "privacy_export"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        gathering = moment(context.say("privacy.gathering"), context)
        return Wait(Question(JobRequest(self.name, {})), lambda: gathering)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say = context.say
        if "digest" not in result:
            return show(Prompt(say("privacy.failed"), _back(context)))
        file = Document(result["digest"], result["name"])
        document = Prompt(say("privacy.document"), document=file, passing=True)
        return Show((Prompt(say("privacy.gathered"), _back(context)), document))


class Erase(Action):
    """Erase all that is kept of me; the argument says that it was confirmed."""

    name = "privacy_erase"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        await context.short_read(privacy.check, context.person.user_id)
        if argument == NOW:
            erasing = Prompt(say("privacy.erasing"))
            return Wait(Question(JobRequest(self.name, {})), lambda: erasing)
        rows = (
            (Entry(say("privacy.button.erase_now"), self.name, NOW),),
            (Entry(say("privacy.button.keep"), Privacy.name),),
        )
        return show(Prompt(say("privacy.ask"), rows))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        if "refused" in result:  # the question says why
            return await self.run("", context)
        return show(Prompt(context.say("privacy.failed"), _back(context)))

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, LastReferent):
            text = context.say("privacy.last_referent", company=refusal.data["company"])
            return show(Prompt(text, _back(context)))
        if isinstance(refusal, NotOneself):
            return show(Prompt(context.say("privacy.last_administrator"), _back(context)))
        if isinstance(refusal, PersonSuspended):
            return show(Prompt(context.say("entry.suspended"), _back(context)))
        return await super().refused(refusal, context)


def _back(context: TurnContext) -> tuple[tuple[Entry, ...], ...]:
    return ((Entry(context.say("privacy.menu"), Privacy.name), home_button(context)),)
