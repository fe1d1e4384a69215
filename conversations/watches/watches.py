"""Watches in the chat: asked for under a look-up, listed, ended."""

from __future__ import annotations

from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from backend.supplies.pod import parse_pod
from backend.watches import service as watches
from backend.watches.errors import TooManyWatches, WatchGone
from backend.watches.values import MOST_WATCHES, Watch, WatchState
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import Page, home_button, id_of, menu, way_on
from conversations.core.prompts import Entry, Prompt, join


class WatchesAction(Action):
    """An action on the actor's own watches."""

    permission = Permission.LOOK_UP
    navigates = True

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        say, rest = context.say, way_on(context, list_button(context))
        if isinstance(refusal, TooManyWatches):
            return show(Prompt(say("watches.too_many", most=MOST_WATCHES), rest))
        if isinstance(refusal, WatchGone):
            return show(Prompt(say("watches.gone"), rest))
        return await super().refused(refusal, context)


class BeginWatch(WatchesAction):
    """Tell the user when the meter of this POD can be reached."""

    name = "watch"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        pod = parse_pod(argument)
        if pod is None:
            return show(Prompt(context.say("look_up.not_a_pod"), menu(context)))
        return Do(
            order(watches.begin, context.acting, pod, context.now),
            lambda watch: [watch_card(watch, context)],
        )


class ShowWatch(WatchesAction):
    """One watch. The argument is its id."""

    name = "watch_show"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        watch = await context.short_read(watches.get, context.acting, id_of(argument) or 0)
        return show(watch_card(watch, context))


class EndWatch(WatchesAction):
    """The user wants no more of a watch. The argument is its id."""

    name = "watch_end"
    navigates = False

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(watches.stop, context.acting, id_of(argument) or 0, context.now),
            lambda watch: [watch_card(watch, context)],
        )


class ListWatches(WatchesAction):
    """The user's watches under way, newest first. The argument is where a page begins."""

    name = "watches"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(watches.mine, context.acting, page.wanted, page.at)
        home = (home_button(context),)
        if not found:
            return show(Prompt(say("watches.none"), ((Entry(say("look_up.menu"), "look_up"),), home)))
        rows = tuple((Entry(each.pod.code, ShowWatch.name, str(each.id)),) for each in found[: page.size])
        turning = page.turning(context, [each.id for each in found])
        return show(Prompt(say("watches.list"), (*rows, *turning, home)))


def watch_card(watch: Watch, context: TurnContext) -> Prompt:
    """A watch: what is done for it and until when; how it ended."""
    say = context.say
    again = Entry(say("watches.button.look_up"), "pod", watch.pod.code)
    rest = way_on(context, list_button(context))
    if watch.state is not WatchState.WATCHING:
        over = say("watches.ended", pod=watch.pod.code)
        begin = Entry(say("watches.button.begin_again"), BeginWatch.name, watch.pod.code)
        return Prompt(over, ((again,), (begin,), *rest))
    lines = [say("watches.card", pod=watch.pod.code, due=watch.due_at, ends=watch.ends_at)]
    if watch.checked_at is not None:
        lines.append(say("watches.checked", at=watch.checked_at))
    end = Entry(say("watches.button.end"), EndWatch.name, str(watch.id))
    return Prompt(join(lines, "\n\n"), ((again,), (end,), *rest))


def list_button(context: TurnContext) -> Entry:
    """To the list of watches."""
    return Entry(context.say("watches.menu"), ListWatches.name)
