"""The outcome of a look-up: a pure function of the answer and the association."""

from __future__ import annotations

from backend.supplies.errors import CentralDataError, CentralUnavailable
from backend.supplies.pod import Pod
from backend.supplies.values import (
    CentralAnswer,
    LookUp,
    LookUpOutcome,
    Manufacturer,
    PointStanding,
    Supply,
    SupplyFound,
    SupplyUnknown,
)


def judge(asked: Pod, answer: CentralAnswer | Exception, standing: PointStanding | None) -> LookUp:
    """Decide the outcome of a look-up.

    `answer` is what the central system answered, or how it failed; `standing` is the live association of the
    exchange point (`point_to_check` says which), None when there is none. An association comes before
    everything about the meter, so that it can be seen and deleted while the meter is out of reach; but a
    supply that has ceased or is unknown is unknown, and a failure is a failure: `association_id` is given
    even then.
    """
    own_id = None if standing is None else standing.own_id
    if isinstance(answer, Exception):
        return LookUp(asked, _failed(answer), association_id=own_id)
    if isinstance(answer, SupplyUnknown) or answer.supply.ceased:
        return LookUp(asked, LookUpOutcome.UNKNOWN, association_id=own_id)
    outcome = _found(answer.supply, standing)
    withheld = outcome is LookUpOutcome.ASSOCIATED_BY_OTHER
    return LookUp(
        asked,
        LookUpOutcome.PRODUCTION_POD if answer.production_asked else outcome,
        supply=None if withheld else answer.supply,
        productions=() if withheld else answer.productions,
        association_id=own_id,
        exchange_pod=answer.supply.pod if answer.production_asked else None,
        exchange_outcome=outcome if answer.production_asked else None,
        over_65_kw=answer.supply.over_65_kw and not withheld,
        gesis=answer.supply.gesis and not withheld,
        meter_before=_meter_before(answer.supply, standing),
    )


def point_to_check(asked: Pod, answer: CentralAnswer | Exception) -> str:
    """The point whose association decides: the exchange supply's where it is known, else the asked one."""
    return answer.supply.point if isinstance(answer, SupplyFound) else asked.point


def _meter_before(supply: Supply, standing: PointStanding | None) -> str | None:
    if standing is None or standing.own_meter in (None, supply.meter_serial):
        return None
    return standing.own_meter


def _failed(failure: Exception) -> LookUpOutcome:
    match failure:
        case CentralUnavailable() | TimeoutError() | ConnectionError():
            return LookUpOutcome.UNAVAILABLE
        case CentralDataError():
            return LookUpOutcome.INTERNAL_ERROR
        case _:
            return LookUpOutcome.GENERIC_ERROR


def _found(supply: Supply, standing: PointStanding | None) -> LookUpOutcome:
    if standing is not None:
        own = standing.own_id is not None
        return LookUpOutcome.ASSOCIATED_BY_US if own else LookUpOutcome.ASSOCIATED_BY_OTHER
    if not supply.low_voltage or not supply.remotely_managed:
        return LookUpOutcome.NOT_REMOTELY_MANAGED
    if supply.manufacturer is not Manufacturer.E_DISTRIBUZIONE:
        return LookUpOutcome.UNSUITABLE_METER
    if not supply.reachable:
        return LookUpOutcome.UNREACHABLE
    return LookUpOutcome.ELIGIBLE
