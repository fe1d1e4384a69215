"""The staff withdraws documents and versions, and puts documents back."""

from __future__ import annotations

from backend.core.refusals import Refused
from backend.documents import service as documents
from backend.documents.errors import OnlyVersion
from backend.documents.values import Document
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import id_of
from conversations.core.prompts import Entry, Prompt
from conversations.documents.adding import ManagingAction
from conversations.documents.browsing import OlderVersions, card
from conversations.documents.wording import DOCUMENT


class AskWithdraw(ManagingAction):
    """Ask whether a document is to be withdrawn. The argument is the document."""

    name = "doc_drop"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found = await context.short_read(documents.get, context.acting, id_of(argument) or 0)
        now = Entry(say("documents.button.withdraw_now"), Withdraw.name, str(found.id))
        keep = Entry(say("documents.button.keep"), DOCUMENT, str(found.id))
        return show(Prompt(say("documents.withdraw_ask", title=found.title), ((now, keep),)))


class Withdraw(ManagingAction):
    """Withdraw a document. The argument is the document."""

    name = "doc_gone"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        change = order(documents.withdraw, context.acting, id_of(argument) or 0, context.now)
        return Do(change, lambda found: [card(found, context)])


class Restore(ManagingAction):
    """Put a document back. The argument is the document."""

    name = "doc_back"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        change = order(documents.restore, context.acting, id_of(argument) or 0, context.now)
        return Do(change, lambda found: [card(found, context, head=context.say("documents.restored"))])


class AskWithdrawVersion(ManagingAction):
    """Ask whether a version is to be withdrawn. The argument is the version."""

    name = "doc_vdrop"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found, version = await context.short_read(documents.version, context.acting, id_of(argument) or 0)
        now = Entry(say("documents.button.withdraw_now"), WithdrawVersion.name, str(version.id))
        keep = Entry(say("documents.button.keep"), OlderVersions.name, str(found.id))
        asked = say("documents.withdraw_version_ask", title=found.title, label=version.label)
        return show(Prompt(asked, ((now, keep),)))


class WithdrawVersion(ManagingAction):
    """Withdraw a version. The argument is the version."""

    name = "doc_vgone"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        change = order(documents.withdraw_version, context.acting, id_of(argument) or 0, context.now)

        def finish(found: Document) -> list[Prompt]:
            return [card(found, context, head=context.say("documents.version_withdrawn"))]

        return Do(change, finish)

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, OnlyVersion):
            return show(Prompt(context.say("documents.only_version")))
        return await super().refused(refusal, context)


ACTIONS: tuple[Action, ...] = (
    AskWithdraw(),
    Withdraw(),
    Restore(),
    AskWithdrawVersion(),
    WithdrawVersion(),
)
