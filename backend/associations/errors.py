"""Why an association is not created, shown or deleted.

AssociationRefused (a Refused)
├── NotExchangePod          associations start from the exchange POD
├── SupplyNotEligible       the supply cannot be associated now (`outcome` says what a look-up says)
├── SupplyAssociated        it has a live association (`own_id` when it is the member's integrator's)
├── PointChanged            a replacement is for another supply point
├── ProductionPodRefused
│   ├── ProductionPodMissing      PROSUMER needs one
│   ├── ProductionPodUnknown      not one of the supply's production PODs
│   └── ProductionPodNotWanted    STANDARD takes none
├── DeviceRefused
│   ├── DeviceUnknown       no device of the integrator has these codes
│   ├── DeviceMismatch      SID and NID are not of one device
│   ├── DeviceTypeMismatch  the device is of the other type (`actual`)
│   └── DeviceInUse         it has a live association (`association_id`, `pod`)
├── AssociationNotFound     none with this id, for this member
└── AlreadyDeleted          it was deleted before (`at`)

NotGesis (a Refused)        its meter has no factor K
NothingWanted (a Refused)   a search of the report without a filter
SubscriptionsSpent (a Refused)  the person has as many weekly reports as one may have (`most`)
"""

from __future__ import annotations

from datetime import datetime

from backend.core.refusals import Refused
from backend.devices.values import DeviceType
from backend.supplies.pod import Pod
from backend.supplies.values import LookUpOutcome


class AssociationRefused(Refused):
    """Root of this package's exceptions: each is an expected refusal."""


class NotGesis(Refused):
    """The meter of the association is no GESIS: it has no factor K."""

    key = "not-gesis"


class NothingWanted(Refused):
    """A search of the report without a filter: the service wants one at least."""

    key = "nothing-wanted"


class NotExchangePod(AssociationRefused):
    """The POD is a production POD; `exchange` is the one to start from."""

    key = "not-exchange-pod"

    def __init__(self, exchange: Pod) -> None:
        super().__init__(exchange=exchange)
        self.exchange = exchange


class SupplyNotEligible(AssociationRefused):
    """The supply cannot be associated now."""

    key = "supply-not-eligible"

    def __init__(self, outcome: LookUpOutcome) -> None:
        super().__init__(outcome=outcome)
        self.outcome = outcome


class SupplyAssociated(AssociationRefused):
    """The supply has a live association; `own_id` is None when it is another integrator's."""

    key = "supply-associated"

    def __init__(self, own_id: int | None) -> None:
        super().__init__(own_id=own_id)
        self.own_id = own_id


class PointChanged(AssociationRefused):
    """A replacement names another supply point than the association it replaces."""

    key = "point-changed"


class ProductionPodRefused(AssociationRefused):
    """Root of the refusals about the production POD."""


class ProductionPodMissing(ProductionPodRefused):
    """A PROSUMER association takes exactly one production POD."""

    key = "production-pod-missing"


class ProductionPodUnknown(ProductionPodRefused):
    """The production POD is not one of the supply's."""

    key = "production-pod-unknown"


class ProductionPodNotWanted(ProductionPodRefused):
    """A STANDARD association takes no production POD."""

    key = "production-pod-not-wanted"


class DeviceRefused(AssociationRefused):
    """Root of the refusals about the device."""


class DeviceUnknown(DeviceRefused):
    """No device of the member's integrator has these codes."""

    key = "device-unknown"


class DeviceMismatch(DeviceRefused):
    """One code is of a device of the integrator, and the other is not that device's."""

    key = "device-mismatch"


class DeviceTypeMismatch(DeviceRefused):
    """The device is not of the type that was given; `actual` is its type."""

    key = "device-type-mismatch"

    def __init__(self, actual: DeviceType) -> None:
        super().__init__(actual=actual)
        self.actual = actual


class DeviceInUse(DeviceRefused):
    """The device has a live association of the same integrator."""

    key = "device-in-use"

    def __init__(self, association_id: int, pod: Pod) -> None:
        super().__init__(association_id=association_id, pod=pod)
        self.association_id = association_id
        self.pod = pod


class AssociationNotFound(AssociationRefused):
    """There is no such association for this member."""

    key = "association-not-found"


class AlreadyDeleted(AssociationRefused):
    """The association was deleted before, at `at`."""

    key = "already-deleted"

    def __init__(self, at: datetime) -> None:
        super().__init__(at=at)
        self.at = at


class SubscriptionsSpent(Refused):
    """The person has `most` weekly reports, which is as many as one may have."""

    key = "subscriptions-spent"

    def __init__(self, most: int) -> None:
        super().__init__(most=most)
