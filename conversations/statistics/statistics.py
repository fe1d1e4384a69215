"""The figures at a glance, and a chart of each."""

from __future__ import annotations

from typing import Any

from backend.core.json_values import to_json
from backend.identity.permissions import Permission
from backend.statistics import service
from backend.statistics.values import Statistics
from conversations.core.action import Action
from conversations.core.answers import Answer, Go, Question, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest
from conversations.core.navigation import home_button
from conversations.core.prompts import Button, Entry, Html, Photo, Prompt, Rows, join
from conversations.core.waiting import moment
from conversations.statistics.charts import CHARTS, chart_of, details
from conversations.statistics.wording import glance, whose


class StatisticsAction(Action):
    """An action that shows figures: each sees those of the own company, the staff those of all."""

    permission = Permission.SEE_STATISTICS
    navigates = True

    async def read(self, context: TurnContext) -> Statistics:
        """The figures of this moment."""
        return await context.long_read(service.statistics, context.acting, context.now)


class ShowStatistics(StatisticsAction):
    """The figures at a glance."""

    name = "statistics"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await self.read(context)
        text = join(
            [context.say("statistics.title", of=whose(found, context)), glance(found, context)], "\n\n"
        )
        return show(Prompt(text, _ways(context), persistent=True))


class ShowChart(StatisticsAction):
    """One chart. The argument says which."""

    name = "statistics_chart"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if argument not in CHARTS:
            return Go(ShowStatistics.name)
        found, say = await self.read(context), context.say
        chart = chart_of(argument, found, say)
        if chart is None:
            return show(Prompt(say(f"statistics.empty.{argument}"), _ways(context, argument)))
        caption = say(
            "statistics.caption",
            title=say(f"statistics.chart.{argument}"),
            of=whose(found, context),
            at=context.now,
        )
        arguments = {
            "chart": to_json(chart),
            "which": argument,
            "text": details(argument, found, say),
            "caption": caption,
        }
        drawing = moment(say("statistics.drawing"), context)
        return Wait(Question(JobRequest("statistics", arguments)), lambda: drawing)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        text, ways = Html(arguments["text"]), _ways(context, str(arguments["which"]))
        if "chart" not in result:
            return show(Prompt(join([text, context.say("statistics.not_drawn")], "\n\n"), ways))
        return show(Prompt(text), Prompt(Html(arguments["caption"]), ways, photo=Photo(result["chart"])))


def _ways(context: TurnContext, but: str = "") -> Rows:
    """A button for each chart but this one, and the first screen."""
    buttons: list[Button] = [
        Entry(context.say(f"statistics.button.{each}"), ShowChart.name, each)
        for each in CHARTS
        if each != but
    ]
    buttons.append(home_button(context))
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
