"""Following folders: being told once of each new document and version."""

from __future__ import annotations

from typing import Any

from backend.core.refusals import Refused
from backend.documents import follows
from backend.documents.errors import TooManyFollowed
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.documents.browsing import DocumentAction, folder
from conversations.documents.tree import tree
from conversations.documents.wording import FOLDER, LONGEST_LABEL, document_button, trail, version_said

SHOWN = 10
"""Documents that a notice names, of those that are new together."""


class FollowFolder(DocumentAction):
    """Follow a folder, and show it. The argument is its path."""

    name = "docs_follow"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if tree().find(argument) is None:
            return Go(FOLDER, argument)
        told = context.say("documents.now_followed")
        shown = await folder(argument, context, head=told, following=True)
        return Do(order(follows.follow, context.acting, argument, context.now), lambda _: [shown])

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, TooManyFollowed):
            said = context.say("documents.too_many_followed", number=refusal.data["number"])
            mine = Entry(context.say("documents.button.followed"), Followed.name)
            return show(Prompt(said, ((mine, home_button(context)),)))
        return await super().refused(refusal, context)


class UnfollowFolder(DocumentAction):
    """Follow a folder no more, and show it. The argument is its path; of a folder that there is not any more
    too.
    """

    name = "docs_unfollow"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        told = context.say("documents.now_unfollowed")
        shown = await folder(argument, context, head=told, following=False)
        return Do(order(follows.unfollow, context.acting, argument), lambda _: [shown])


class Followed(DocumentAction):
    """The folders that the actor follows."""

    name = "docs_mine"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        own = await context.short_read(follows.followed, context.acting)
        rows: Rows = tuple(
            (Entry(f"🔔 {trail(each, context)}"[:LONGEST_LABEL], FOLDER, each),) for each in own
        )
        said = context.say("documents.all_followed" if own else "documents.none_followed")
        back = (Entry(context.say("documents.menu"), FOLDER), home_button(context))
        return show(Prompt(said, (*rows, back)))


class DocumentNews(NoticeKind):
    """A document or a version of one is new in a folder that the person follows."""

    name = follows.NOTICE
    optional = True
    permission = Permission.SEE_DOCUMENTS

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = follows.news(connection, [int(each) for each in notice.argument["versions"]])
        if not found:
            return None
        lines = [
            say(
                "documents.news_document" if is_first else "documents.news_version",
                title=document.title,
                trail=tree().trail(document.folder, say.language),
                version=version_said(version, say),
            )
            for document, version, is_first in found[:SHOWN]
        ]
        if len(found) > SHOWN:
            lines.append(say("documents.news_more", number=len(found) - SHOWN))
        rows: Rows = tuple((document_button(document),) for document, _, _ in found[:SHOWN])
        mine = (Entry(say("documents.button.followed"), Followed.name), Entry(say("button.home"), "home"))
        return Prompt(join([say("documents.news"), *lines], "\n\n"), (*rows, mine), persistent=True)


ACTIONS: tuple[Action, ...] = (FollowFolder(), UnfollowFolder(), Followed())
