"""Refusals about invitations.

InvitationRefused (a Refused)
└── InvitationGone     it is unknown, used, too old, taken back, or another integrator's: never which
"""

from __future__ import annotations

from backend.core.refusals import Refused


class InvitationRefused(Refused):
    """Root of these refusals."""


class InvitationGone(InvitationRefused):
    """It is unknown, used, too old, taken back, or another integrator's: never which."""

    key = "invitation-gone"
