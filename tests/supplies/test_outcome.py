"""The outcome of a look-up, row by row and for every combination."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.supplies.answers import decode_answer, encode_answer
from backend.supplies.errors import CentralDataError, CentralUnavailable, RegisterMissing
from backend.supplies.outcome import judge, point_to_check
from backend.supplies.values import (
    CentralAnswer,
    LookUpOutcome,
    Manufacturer,
    MeterGeneration,
    PointStanding,
    Supply,
    SupplyFound,
    SupplyUnknown,
)
from tests.samples import HOME, PROSUMER, ROOF, SHED

flags = st.booleans()
supplies = st.builds(
    lambda serial, **fields: replace(HOME, meter_serial=serial, **fields),
    serial=st.from_regex("[0-9A-Z]{6,14}", fullmatch=True),
    low_voltage=flags,
    remotely_managed=flags,
    reachable=flags,
    ceased=flags,
    manufacturer=st.sampled_from(Manufacturer),
    generation=st.sampled_from(MeterGeneration),
    contractual_power_w=st.integers(0, 200_000),
    available_power_w=st.integers(0, 200_000),
)
standings = st.sampled_from(
    [None, PointStanding(None), PointStanding(7, HOME.meter_serial), PointStanding(7, "19E5E0000001")]
)
failures: st.SearchStrategy[Exception] = st.sampled_from(
    [
        CentralUnavailable("out of reach"),
        RegisterMissing("not loaded"),
        TimeoutError(),
        ConnectionResetError(),
        CentralDataError("contradiction"),
        ValueError("whatever"),
        KeyError("other"),
    ]
)
answers: st.SearchStrategy[CentralAnswer | Exception] = st.one_of(
    failures,
    st.just(SupplyUnknown(HOME.pod)),
    st.builds(
        lambda supply, asked: SupplyFound(ROOF.pod if asked else supply.pod, supply, (ROOF,), asked),
        supplies,
        flags,
    ),
)


@pytest.mark.parametrize(
    ("supply", "outcome"),
    [
        (HOME, LookUpOutcome.ELIGIBLE),
        (replace(HOME, ceased=True), LookUpOutcome.UNKNOWN),
        (replace(HOME, low_voltage=False), LookUpOutcome.NOT_REMOTELY_MANAGED),
        (replace(HOME, remotely_managed=False), LookUpOutcome.NOT_REMOTELY_MANAGED),
        (replace(HOME, manufacturer=Manufacturer.OTHER), LookUpOutcome.UNSUITABLE_METER),
        (replace(HOME, reachable=False), LookUpOutcome.UNREACHABLE),
    ],
)
def test_each_state_of_the_supply_has_its_outcome(supply: Supply, outcome: LookUpOutcome) -> None:
    assert judge(supply.pod, SupplyFound(supply.pod, supply), None).outcome is outcome


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (CentralUnavailable("x"), LookUpOutcome.UNAVAILABLE),
        (TimeoutError(), LookUpOutcome.UNAVAILABLE),
        (CentralDataError("x"), LookUpOutcome.INTERNAL_ERROR),
        (RuntimeError("x"), LookUpOutcome.GENERIC_ERROR),
    ],
)
def test_each_failure_has_its_outcome(failure: Exception, outcome: LookUpOutcome) -> None:
    assert judge(HOME.pod, failure, None).outcome is outcome


def test_a_production_pod_leads_to_its_exchange_pod() -> None:
    found = SupplyFound(ROOF.pod, PROSUMER, (SHED, ROOF), production_asked=True)
    look_up = judge(ROOF.pod, found, PointStanding(7, PROSUMER.meter_serial))
    assert look_up.outcome is LookUpOutcome.PRODUCTION_POD
    assert look_up.exchange_outcome is LookUpOutcome.ASSOCIATED_BY_US
    assert (look_up.supply, look_up.productions, look_up.association_id) == (PROSUMER, (SHED, ROOF), 7)
    assert point_to_check(ROOF.pod, found) == PROSUMER.point
    assert point_to_check(ROOF.pod, TimeoutError()) == ROOF.point


def test_a_meter_that_was_replaced_under_ones_own_association_is_noticed() -> None:
    made_with = PointStanding(7, "19E5E0000001")
    assert judge(HOME.pod, SupplyFound(HOME.pod, HOME), made_with).meter_before == "19E5E0000001"
    of_exchange = SupplyFound(ROOF.pod, PROSUMER, (ROOF,), production_asked=True)
    assert judge(ROOF.pod, of_exchange, made_with).meter_before == "19E5E0000001"
    same = PointStanding(7, HOME.meter_serial)
    for standing in (None, PointStanding(None), same):
        assert judge(HOME.pod, SupplyFound(HOME.pod, HOME), standing).meter_before is None


@given(answers, standings)
def test_every_combination_keeps_the_rules_of_outcomes(
    answer: CentralAnswer | Exception, standing: PointStanding | None
) -> None:
    asked = answer.asked if isinstance(answer, SupplyFound | SupplyUnknown) else HOME.pod
    look_up = judge(asked, answer, standing)
    assert look_up.association_id == (standing.own_id if standing else None)
    assert (look_up.exchange_outcome is not None) == (look_up.outcome is LookUpOutcome.PRODUCTION_POD)
    decided = look_up.exchange_outcome or look_up.outcome
    if isinstance(answer, Exception):
        assert look_up.supply is None
        assert decided in {
            LookUpOutcome.UNAVAILABLE,
            LookUpOutcome.INTERNAL_ERROR,
            LookUpOutcome.GENERIC_ERROR,
        }
        return
    if look_up.meter_before is not None:
        assert decided is LookUpOutcome.ASSOCIATED_BY_US
        assert look_up.supply is not None
        assert look_up.supply.meter_serial != look_up.meter_before
    if decided is LookUpOutcome.ASSOCIATED_BY_OTHER:
        assert standing == PointStanding(None)
        assert look_up.supply is None
        assert not look_up.productions
        assert not look_up.gesis
    if decided is LookUpOutcome.ELIGIBLE:
        assert standing is None
        assert isinstance(answer, SupplyFound)
        assert answer.supply.reachable
        assert not answer.supply.ceased
        assert look_up.over_65_kw == answer.supply.over_65_kw
    if decided is LookUpOutcome.UNKNOWN:
        assert look_up.supply is None


@given(answers, standings)
def test_an_answer_survives_the_way_through_json(
    answer: CentralAnswer | Exception, standing: PointStanding | None
) -> None:
    asked = answer.asked if isinstance(answer, SupplyFound | SupplyUnknown) else HOME.pod
    again = decode_answer(encode_answer(answer))
    assert judge(asked, again, standing) == judge(asked, answer, standing)
    if not isinstance(answer, Exception):
        assert again == answer


def test_gesis_is_a_2g_meter_with_n_in_the_sixth_position() -> None:
    assert PROSUMER.gesis
    assert not HOME.gesis
    assert not replace(PROSUMER, generation=MeterGeneration.G1).gesis
    assert not replace(PROSUMER, meter_serial="20G2A").gesis


def test_over_65_kw_begins_above_65_000_watts() -> None:
    assert not replace(HOME, available_power_w=65_000).over_65_kw
    assert replace(HOME, available_power_w=65_001).over_65_kw
    assert replace(HOME, contractual_power_w=65_001).over_65_kw


def test_a_job_that_failed_for_good_is_a_generic_failure() -> None:
    assert judge(HOME.pod, decode_answer({"failed": True}), None).outcome is LookUpOutcome.GENERIC_ERROR
