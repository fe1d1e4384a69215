"""Supplies as the central system describes them, and what a look-up comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from backend.supplies.pod import Pod

OVERFLOW_W = 65_000
"""Above this power (W) the 16-bit power readings of a device may overflow."""

GESIS_MARK = "N"
"""Sixth character of a 2G meter's serial when it is a GESIS (three-phase semi-direct) meter."""


class MeterRole(Enum):
    """The role of a supply's meter."""

    M1 = "M1"
    """Exchange with the network: the point that associations start from."""
    M2 = "M2"
    """Production of a plant that stands behind an exchange point."""


class MeterGeneration(Enum):
    """The generation of an electronic meter."""

    G1 = "1G"
    """First generation."""
    G2 = "2G"
    """Second generation."""


class Manufacturer(Enum):
    """The meter's manufacturer, as far as the service asks."""

    E_DISTRIBUZIONE = "e-distribuzione"
    """Of e-distribuzione's make: suitable."""
    OTHER = "other"
    """Of another make: not suitable."""


@dataclass(frozen=True, slots=True)
class Supply:
    """One supply in the register. Powers in watts; `exchange_point` is set for production (M2)
    supplies only.
    """

    pod: Pod
    eneltel: str
    meter_serial: str
    meter_role: MeterRole
    generation: MeterGeneration
    low_voltage: bool
    remotely_managed: bool
    reachable: bool
    manufacturer: Manufacturer
    exchange_point: str | None
    contractual_power_w: int
    available_power_w: int
    ceased: bool

    @property
    def point(self) -> str:
        """The supply point: what two spellings of one POD share."""
        return self.pod.point

    @property
    def over_65_kw(self) -> bool:
        """True if power readings may overflow the device's 16 bits."""
        return max(self.contractual_power_w, self.available_power_w) > OVERFLOW_W

    @property
    def gesis(self) -> bool:
        """True if the readings must be multiplied by the factor K (2G, sixth character of the serial
        is N).
        """
        return self.generation is MeterGeneration.G2 and self.meter_serial[5:6].upper() == GESIS_MARK


@dataclass(frozen=True, slots=True)
class SupplyFound:
    """The central system knows the POD that was asked.

    `supply` is the exchange (M1) supply, also when `asked` was one of its production PODs
    (`production_asked`); `productions` are its production (M2) supplies in alphabetical order of their PODs,
    without ceased ones.
    """

    asked: Pod
    supply: Supply
    productions: tuple[Supply, ...] = ()
    production_asked: bool = False


@dataclass(frozen=True, slots=True)
class SupplyUnknown:
    """The central system has no such POD: never registered, or of another distributor."""

    asked: Pod


CentralAnswer: TypeAlias = SupplyFound | SupplyUnknown


@dataclass(frozen=True, slots=True)
class PointStanding:
    """What a member may know about the live association of a point: `own_id` and `own_meter` (the serial of
    the meter that it was made with) are None when another integrator has it.
    """

    own_id: int | None
    own_meter: str | None = None


class LookUpOutcome(Enum):
    """The outcome of a look-up. One member per row of the outcome table; the sentences that users read are
    texts.
    """

    ELIGIBLE = "eligible"
    """The supply can be associated."""
    ASSOCIATED_BY_US = "associated-by-us"
    """The member's own integrator has associated it: its card is shown."""
    ASSOCIATED_BY_OTHER = "associated-by-other"
    """Another integrator has associated it: said without any detail."""
    UNKNOWN = "unknown"
    """Not in the register, of another distributor, or ceased."""
    NOT_REMOTELY_MANAGED = "not-remotely-managed"
    """Not low voltage, or without a remotely managed electronic meter."""
    UNSUITABLE_METER = "unsuitable-meter"
    """The meter is of another make."""
    UNREACHABLE = "unreachable"
    """Remotely managed, but out of reach now: trying later may help."""
    PRODUCTION_POD = "production-pod"
    """A production POD was given: its exchange POD's list is shown instead."""
    UNAVAILABLE = "unavailable"
    """The central system could not be reached or did not answer in time."""
    INTERNAL_ERROR = "internal-error"
    """The central system answered, but this POD's data are unusable."""
    GENERIC_ERROR = "generic-error"
    """Anything else that failed."""

    @property
    def may_be_tried_again(self) -> bool:
        """True if the same look-up may come to something else a little later."""
        return self in {LookUpOutcome.UNREACHABLE, LookUpOutcome.UNAVAILABLE, LookUpOutcome.GENERIC_ERROR}

    @property
    def asks_for_assistance(self) -> bool:
        """True if its sentence says to ask for assistance."""
        return self in {
            LookUpOutcome.UNAVAILABLE,
            LookUpOutcome.INTERNAL_ERROR,
            LookUpOutcome.GENERIC_ERROR,
        }


@dataclass(frozen=True, slots=True)
class LookUp:
    """The result of a look-up.

    `supply` and `productions` are set when the central system knows the POD and the member may see it (not
    where another integrator has associated it, nor for UNKNOWN). `association_id` is the own integrator's
    live association of the exchange point, whatever the outcome. `exchange_pod` and `exchange_outcome` are
    set for PRODUCTION_POD only: the exchange POD, and what a look-up of it says.
    `over_65_kw` and `gesis` concern the exchange supply. `meter_before` is the serial of the meter that the
    own association was made with, where the exchange supply has another one now.
    """

    asked: Pod
    outcome: LookUpOutcome
    supply: Supply | None = None
    productions: tuple[Supply, ...] = ()
    association_id: int | None = None
    exchange_pod: Pod | None = None
    exchange_outcome: LookUpOutcome | None = None
    over_65_kw: bool = False
    gesis: bool = False
    meter_before: str | None = None
