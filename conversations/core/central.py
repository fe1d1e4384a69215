"""Asking the central system: at once where the register is at hand, else by a job. Each question draws on the
budgets of look-ups.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Budget, Spent
from backend.core.clock import ROME
from backend.core.refusals import Refused
from backend.supplies import service as supplies
from backend.supplies.answers import decode_answer
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer
from conversations.core.action import Action
from conversations.core.answers import Answer, Question, Show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, Order, order
from conversations.core.navigation import way_on
from conversations.core.prompts import Html, Prompt

KIND = "pod"


async def ask_central(pod: Pod, context: TurnContext, **arguments: Any) -> Question:
    """The question about this POD to the central system. `arguments` come back beside its answer, which is to
    be `counted`, if it is not recorded as a look-up. Raises BudgetSpent.
    """
    limits = context.services.look_up_limits
    await context.short_read(budgets.check, context.acting, 1, context.now, limits)
    central = context.services.central
    at_once = partial(supplies.ask, central, pod) if central.is_local(pod) else None
    return Question(JobRequest(KIND, {"pod": pod.code, **arguments}), at_once)


def answer_of(result: Any) -> CentralAnswer | Exception:
    """The central system's answer, or how it failed, from what came back."""
    return decode_answer(result) if isinstance(result, dict) else result


def counted(context: TurnContext) -> Order:
    """Count a question that is not recorded as a look-up."""
    return order(budgets.count, context.acting, 1, context.now)


def spent_noted(refusal: BudgetSpent, context: TurnContext) -> Order:
    """Note that a budget was spent, in the audit and for the staff."""
    return order(budgets.record_spent, context.acting, refusal, context.now)


class AskingAction(Action):
    """An action that asks the central system: it says so where a budget is spent."""

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if not isinstance(refusal, BudgetSpent):
            return await super().refused(refusal, context)
        said = context.say("look_ups.spent", **room(context.say, refusal.spent))
        prompt = Prompt(said, way_on(context), below=True)  # the button that was pressed is needed again
        return Show((prompt,), (spent_noted(refusal, context),))


def limit_in_words(say: Say, budget: Budget, limit: int) -> Html:
    """A limit: how many, whose, in which time."""
    return say(f"look_ups.limit.{budget}", limit=limit)


def room(say: Say, spent: Spent) -> dict[str, object]:
    """The values of a text about a spent budget: its limit, and when there is room again (empty where there
    never is).
    """
    until = spent.until.astimezone(ROME) if spent.until is not None else None
    return {
        "limit": limit_in_words(say, spent.budget, spent.limit),
        "time": f"{until:%H:%M}" if until else "",
        "day": f"{until:%d/%m}" if until else "",
    }
