"""Refusals about bridges.

Refused
└── BridgeRefused
    ├── BridgeGone        it is not one of the technician's, or not one any more
    ├── PairingOver       the pairing that is to be confirmed was not confirmed in time
    └── BridgeAway        it is not connected
"""

from __future__ import annotations

from backend.core.refusals import Refused


class BridgeRefused(Refused):
    """What was asked of a bridge is not possible."""

    key = "bridge-refused"


class BridgeGone(BridgeRefused):
    """There is no such bridge of this technician, or none any more."""

    key = "bridge-gone"


class PairingOver(BridgeRefused):
    """The laptop has given up, or the time is over."""

    key = "pairing-over"


class BridgeAway(BridgeRefused):
    """The bridge is not connected."""

    key = "bridge-away"
