"""The root of all expected refusals, which a dialogue can turn into an answer.

Refused                      what was asked is not granted; nothing was changed
├── associations.AssociationRefused
├── budgets.BudgetSpent
├── scp.ScpRefused
└── identity.IdentityRefused
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """A request was refused, and nothing was changed.

    `key` names the text that the user reads; `data` holds the values that the text may show.
    """

    key: ClassVar[str] = "refused"

    def __init__(self, **data: object) -> None:
        super().__init__(self.key)
        self.data = data
