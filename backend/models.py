"""Every table of the product, gathered: importing this module fills the metadata."""

from __future__ import annotations

import backend.associations.models
import backend.audit.models
import backend.blobs.models
import backend.declarations.models
import backend.devices.models
import backend.dialogues.models
import backend.identity.models
import backend.inbox.models
import backend.jobs.models
import backend.leases.models
import backend.notices.models
import backend.outbox.models
import backend.scp.models
import backend.supplies.models  # noqa: F401
from backend.db.metadata import metadata, register_metadata

__all__ = ["metadata", "register_metadata"]
