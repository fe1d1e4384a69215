"""Refusals about contracts.

ContractRefused (a Refused)
├── ContractNotFound      there is no such contract
├── ContractEnded         it has ended
└── ContractOfAnother     the number is that of another company's contract
"""

from __future__ import annotations

from backend.core.refusals import Refused


class ContractRefused(Refused):
    """Root of these refusals."""


class ContractNotFound(ContractRefused):
    """There is no such contract."""

    key = "contract-not-found"


class ContractEnded(ContractRefused):
    """The contract has ended."""

    key = "contract-ended"


class ContractOfAnother(ContractRefused):
    """The number is that of another company's contract: `number`."""

    key = "contract-of-another"
