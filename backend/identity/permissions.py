"""The one table of roles and operations. Services ask it through `Actor.authorise`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Permission(Enum):
    """An operation, or a few that always go together."""

    ACCEPT_DECLARATION = "accept-declaration"
    """Accept the System Integrator's declaration."""
    LOOK_UP = "look-up"
    """Look supplies up, and see those looked up last."""
    SEE_DEVICES = "see-devices"
    """Find the integrator's devices by their codes."""
    SEE_ASSOCIATIONS = "see-associations"
    """See the integrator's associations."""
    ASSOCIATE = "associate"
    """Associate a supply with a device, or change an association."""
    DELETE_ASSOCIATION = "delete-association"
    """Delete an association."""
    BULK = "bulk"
    """Load bulk requests, and see the integrator's."""
    GET_SCP = "get-scp"
    """Ask for SCP files and receive them."""
    OPERATE = "operate"
    """See how the service runs, and be told of what failed."""


class Role(Enum):
    """A member's role for an integrator. Stored by value: an enum member is never renamed."""

    CONFIGURATOR = "configurator"
    """Looks up, associates and deletes."""


class StaffRole(Enum):
    """A role on the service's own staff. Stored by value: an enum member is never renamed."""

    ADMINISTRATOR = "administrator"
    """Keeps the service running."""


GRANTED: Mapping[Role | StaffRole, frozenset[Permission]] = {
    Role.CONFIGURATOR: frozenset(
        {
            Permission.ACCEPT_DECLARATION,
            Permission.LOOK_UP,
            Permission.SEE_DEVICES,
            Permission.SEE_ASSOCIATIONS,
            Permission.ASSOCIATE,
            Permission.DELETE_ASSOCIATION,
            Permission.BULK,
            Permission.GET_SCP,
        }
    ),
    StaffRole.ADMINISTRATOR: frozenset({Permission.OPERATE}),
}
"""The permissions of each role. A member's role counts once the service has enabled them."""

UNDER_DECLARATION = GRANTED[Role.CONFIGURATOR] - {Permission.ACCEPT_DECLARATION}
"""Permissions that also need an accepted declaration for the current access."""
