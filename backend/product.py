"""The tables of the product, gathered: importing this module fills the metadata."""

from __future__ import annotations

from backend.associations import models as associations
from backend.bridges import models as bridges
from backend.budgets import models as budgets
from backend.bulk import models as bulk
from backend.contracts import models as contracts
from backend.core.audit import models as audit
from backend.core.blobs import models as blobs
from backend.core.db.metadata import metadata, register_metadata
from backend.core.dialogues import models as dialogues
from backend.core.inbox import models as inbox
from backend.core.jobs import models as jobs
from backend.core.leases import models as leases
from backend.core.outbox import models as outbox
from backend.core.personal_data import Kept
from backend.core.searches import models as searches
from backend.declarations import models as declarations
from backend.devices import models as devices
from backend.documents import models as documents
from backend.email_codes import models as email_codes
from backend.gesis import models as gesis
from backend.identity import models as identity
from backend.invitations import models as invitations
from backend.notices import models as notices
from backend.programming import models as programming
from backend.registrations import models as registrations
from backend.scp import models as scp
from backend.staff_group import models as staff_group
from backend.supplies import models as supplies
from backend.tickets import models as tickets
from backend.watches import models as watches

__all__ = ["KEPT", "metadata", "register_metadata"]

KEPT: tuple[Kept, ...] = (
    *registrations.KEPT,
    *invitations.KEPT,
    *contracts.KEPT,
    *email_codes.KEPT,
    *identity.KEPT,
    *declarations.KEPT,
    *supplies.KEPT,
    *watches.KEPT,
    *budgets.KEPT,
    *devices.KEPT,
    *bulk.KEPT,
    *documents.KEPT,
    *tickets.KEPT,
    *staff_group.KEPT,
    *programming.KEPT,
    *bridges.KEPT,
    *associations.KEPT,
    *gesis.KEPT,
    *scp.KEPT,
    *notices.KEPT,
    *dialogues.KEPT,
    *jobs.KEPT,
    *outbox.KEPT,
    *inbox.KEPT,
    *audit.KEPT,
    *blobs.KEPT,
    *leases.KEPT,
    *searches.KEPT,
)
"""Everything kept about a person, in the order in which it can be erased."""
