"""Why a look-up is refused before the central system is asked.

BudgetSpent (a Refused)     a budget has no room for it (`spent`)
"""

from __future__ import annotations

from backend.budgets.values import Spent
from backend.core.refusals import Refused


class BudgetSpent(Refused):
    """A budget of look-ups has no room. `spent` says whose, which limit, and when there is room again."""

    key = "budget-spent"

    def __init__(self, spent: Spent) -> None:
        super().__init__()
        self.spent = spent
