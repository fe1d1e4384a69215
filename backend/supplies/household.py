"""From the supplies that share an exchange point to one answer; contradictions between them are found
here.
"""

from __future__ import annotations

from collections.abc import Iterable

from backend.supplies.errors import CentralDataError
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer, MeterRole, Supply, SupplyFound, SupplyUnknown


def answer_from(asked: Pod, household: Iterable[Supply]) -> CentralAnswer:
    """The answer for a POD, from every supply of its household: the asked one, its exchange, its productions.

    Raises CentralDataError where they contradict each other.
    """
    by_point = {supply.point: supply for supply in household}
    found = by_point.get(asked.point)
    if found is None or (found.ceased and found.meter_role is MeterRole.M2):
        return SupplyUnknown(asked)
    if found.meter_role is MeterRole.M2 and found.exchange_point is None:
        raise CentralDataError("production-without-exchange")
    exchange = found if found.meter_role is MeterRole.M1 else by_point.get(found.exchange_point or "")
    if exchange is None:
        raise CentralDataError("exchange-missing")
    if exchange.meter_role is not MeterRole.M1 or exchange.exchange_point is not None:
        raise CentralDataError("exchange-is-not-an-exchange")
    productions = [supply for supply in by_point.values() if supply.exchange_point == exchange.point]
    if any(supply.meter_role is not MeterRole.M2 for supply in productions):
        raise CentralDataError("production-is-not-a-production")
    return SupplyFound(
        asked=asked,
        supply=exchange,
        productions=tuple(sorted((s for s in productions if not s.ceased), key=lambda s: s.pod.code)),
        production_asked=found is not exchange,
    )
