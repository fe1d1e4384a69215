"""The product's features, and the catalogue of all that they bring to the chat."""

from __future__ import annotations

from conversations.associations.feature import FEATURE as ASSOCIATIONS
from conversations.audit.feature import FEATURE as AUDIT
from conversations.bridges.feature import FEATURE as BRIDGES
from conversations.bulk.feature import FEATURE as BULK
from conversations.contracts.feature import FEATURE as CONTRACTS
from conversations.core.catalogue import Catalogue
from conversations.core.waiting import FEATURE as WAITING
from conversations.declarations.feature import FEATURE as DECLARATIONS
from conversations.devices.feature import FEATURE as DEVICES
from conversations.documents.feature import FEATURE as DOCUMENTS
from conversations.gesis.feature import FEATURE as GESIS
from conversations.home.feature import FEATURE as HOME
from conversations.identity.feature import FEATURE as IDENTITY
from conversations.invitations.feature import FEATURE as INVITATIONS
from conversations.labels.feature import FEATURE as LABELS
from conversations.languages.feature import FEATURE as LANGUAGES
from conversations.operations.feature import FEATURE as OPERATIONS
from conversations.privacy.feature import FEATURE as PRIVACY
from conversations.programming.feature import FEATURE as PROGRAMMING
from conversations.programming.feature import PHOTOS
from conversations.registrations.feature import FEATURE as REGISTRATIONS
from conversations.scp.feature import FEATURE as SCP
from conversations.staff_group.feature import FEATURE as STAFF_GROUP
from conversations.statistics.feature import FEATURE as STATISTICS
from conversations.supplies.feature import FEATURE as SUPPLIES
from conversations.tickets.feature import FEATURE as TICKETS
from conversations.tickets.feature import MESSAGES
from conversations.watches.feature import FEATURE as WATCHES

FEATURES = (
    WAITING,
    HOME,
    LANGUAGES,
    DECLARATIONS,
    PHOTOS,
    MESSAGES,
    SUPPLIES,
    WATCHES,
    DEVICES,
    LABELS,
    ASSOCIATIONS,
    GESIS,
    PROGRAMMING,
    BRIDGES,
    BULK,
    SCP,
    TICKETS,
    DOCUMENTS,
    STATISTICS,
    STAFF_GROUP,
    IDENTITY,
    INVITATIONS,
    REGISTRATIONS,
    CONTRACTS,
    AUDIT,
    PRIVACY,
    OPERATIONS,
)
"""In the order in which their recognisers, gates, commands and menu items come."""


def catalogue() -> Catalogue:
    """The catalogue of the product."""
    return Catalogue(FEATURES)
