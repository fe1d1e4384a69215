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
    REPORT_ASSOCIATIONS = "report-associations"
    """See the report on associations: the integrator's once enabled, all where one may see all."""
    ALL_ASSOCIATIONS = "all-associations"
    """See every integrator's associations in the report."""
    ASSOCIATE = "associate"
    """Associate a supply with a device, or change an association."""
    KEEP_FACTOR = "keep-factor"
    """Say what the factor K of an association's meter is."""
    DELETE_ASSOCIATION = "delete-association"
    """Delete an association."""
    BULK = "bulk"
    """Load bulk requests, cancel them and run them again."""
    SEE_BULK = "see-bulk"
    """See the integrator's bulk requests."""
    GET_SCP = "get-scp"
    """Ask for SCP files and receive them."""
    PROGRAM = "program"
    """Program devices on site, and pair the laptop that does."""
    ASSIGN_PROGRAMMING = "assign-programming"
    """Assign the programming of devices to others, take it back and cancel it."""
    OPEN_TICKETS = "open-tickets"
    """Ask for assistance, say more about it, and reopen it."""
    SEE_TICKETS = "see-tickets"
    """See requests for assistance: one's own, the integrator's once enabled, all where one answers them."""
    ANSWER_TICKETS = "answer-tickets"
    """Work at everybody's requests for assistance."""
    SEE_DOCUMENTS = "see-documents"
    """See useful documents, get them, and follow their folders."""
    MANAGE_DOCUMENTS = "manage-documents"
    """Add useful documents and versions of them, withdraw them and put them back."""
    ATTACH_SCP = "attach-scp"
    """See which SCP files are awaited from the distributor, and attach them, for every integrator."""
    SEE_MEMBERS = "see-members"
    """See who belongs to the integrator."""
    MANAGE_MEMBERS = "manage-members"
    """Invite people to the integrator, admit them and remove them."""
    MANAGE_CONTRACTS = "manage-contracts"
    """Load contracts and end them; enable people, or refuse to."""
    SEE_STATISTICS = "see-statistics"
    """See figures: of the own integrator, or of all with a role among the staff."""
    SEARCH_AUDIT = "search-audit"
    """Search the audit, export it and see its reports."""
    MANAGE_STAFF = "manage-staff"
    """Give roles in the service and take them; suspend people and let them back in."""
    OPERATE = "operate"
    """See how the service runs, and be told of what failed."""


class Role(Enum):
    """A member's role for an integrator. Stored by value: an enum member is never renamed."""

    REFERENT = "referent"
    """A configurator who also says who else belongs to the integrator."""
    CONFIGURATOR = "configurator"
    """Looks up, associates and deletes."""
    TECHNICIAN = "technician"
    """Works on site with what others have associated."""


class StaffRole(Enum):
    """A role on the service's own staff. Stored by value: an enum member is never renamed."""

    ADMINISTRATOR = "administrator"
    """Keeps the service running, and says who else is among the staff."""
    COMMERCIAL = "commercial"
    """Looks after contracts, and enables people."""
    SUPPORT = "support"
    """Answers requests for assistance."""
    AUDITOR = "auditor"
    """Checks what was done."""


_CONFIGURATOR = frozenset(
    {
        Permission.ACCEPT_DECLARATION,
        Permission.LOOK_UP,
        Permission.SEE_DEVICES,
        Permission.SEE_ASSOCIATIONS,
        Permission.REPORT_ASSOCIATIONS,
        Permission.ASSOCIATE,
        Permission.KEEP_FACTOR,
        Permission.DELETE_ASSOCIATION,
        Permission.BULK,
        Permission.SEE_BULK,
        Permission.GET_SCP,
        Permission.PROGRAM,
        Permission.ASSIGN_PROGRAMMING,
        Permission.OPEN_TICKETS,
        Permission.SEE_TICKETS,
        Permission.SEE_DOCUMENTS,
        Permission.SEE_MEMBERS,
        Permission.SEE_STATISTICS,
    }
)

_ANSWERING = frozenset({Permission.SEE_TICKETS, Permission.ANSWER_TICKETS})
_DOCUMENTS = frozenset({Permission.SEE_DOCUMENTS, Permission.MANAGE_DOCUMENTS})
_STAFF = frozenset({Permission.SEE_STATISTICS, Permission.REPORT_ASSOCIATIONS, Permission.ALL_ASSOCIATIONS})

GRANTED: Mapping[Role | StaffRole, frozenset[Permission]] = {
    Role.REFERENT: _CONFIGURATOR | {Permission.MANAGE_MEMBERS},
    Role.CONFIGURATOR: _CONFIGURATOR,
    Role.TECHNICIAN: frozenset(
        {
            Permission.ACCEPT_DECLARATION,
            Permission.SEE_DEVICES,
            Permission.SEE_ASSOCIATIONS,
            Permission.KEEP_FACTOR,
            Permission.REPORT_ASSOCIATIONS,
            Permission.SEE_BULK,
            Permission.GET_SCP,
            Permission.PROGRAM,
            Permission.OPEN_TICKETS,
            Permission.SEE_TICKETS,
            Permission.SEE_DOCUMENTS,
            Permission.SEE_MEMBERS,
            Permission.SEE_STATISTICS,
        }
    ),
    StaffRole.ADMINISTRATOR: _STAFF
    | _DOCUMENTS
    | {Permission.OPERATE, Permission.MANAGE_STAFF, Permission.ATTACH_SCP},
    StaffRole.COMMERCIAL: _STAFF | _ANSWERING | _DOCUMENTS | {Permission.MANAGE_CONTRACTS},
    StaffRole.SUPPORT: _STAFF | _ANSWERING | _DOCUMENTS | {Permission.ATTACH_SCP},
    StaffRole.AUDITOR: _STAFF | {Permission.SEARCH_AUDIT, Permission.SEE_DOCUMENTS},
}
"""The permissions of each role. A member's role counts once the service has enabled them."""

BEFORE_ENABLING = frozenset(
    {
        Permission.OPEN_TICKETS,
        Permission.SEE_TICKETS,
        Permission.SEE_DOCUMENTS,
        Permission.REPORT_ASSOCIATIONS,
    }
)
"""What a member's role grants before that too: whoever waits to be enabled may ask about it, needs the
contract that stands among the documents, and finds the report empty.
"""

UNDER_DECLARATION = frozenset(
    {
        Permission.LOOK_UP,
        Permission.SEE_DEVICES,
        Permission.SEE_ASSOCIATIONS,
        Permission.REPORT_ASSOCIATIONS,
        Permission.ASSOCIATE,
        Permission.KEEP_FACTOR,
        Permission.DELETE_ASSOCIATION,
        Permission.BULK,
        Permission.SEE_BULK,
        Permission.GET_SCP,
        Permission.PROGRAM,
        Permission.ASSIGN_PROGRAMMING,
    }
)
"""Permissions that also need an accepted declaration for the current access."""
