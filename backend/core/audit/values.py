"""Values of the audit and of its verification."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class AuditAction(Enum):
    """An audited action. Stored by value: a member is never renamed."""

    DECLARATION_ACCEPTED = "declaration-accepted"
    """A member accepted the declaration for an access."""
    POD_LOOKED_UP = "pod-looked-up"
    """A member looked a POD up; the outcome says what was answered."""
    LOOK_UP_BUDGET_SPENT = "look-up-budget-spent"
    """A member, or an integrator, had no look-ups left; recorded once per hour."""
    ASSOCIATION_CREATED = "association-created"
    """A supply was associated with a device."""
    ASSOCIATION_DELETED = "association-deleted"
    """An association was deleted."""
    FACTOR_KEPT = "factor-kept"
    """A member said what the factor K of an association's meter is; the detail says which."""
    WATCH_BEGUN = "watch-begun"
    """A member asked to be told when a meter can be reached."""
    WATCH_ENDED = "watch-ended"
    """A watch ended; the outcome says why."""
    BULK_LOADED = "bulk-loaded"
    """A bulk request was loaded, or its failed rows run again."""
    BULK_RUN_AGAIN = "bulk-run-again"
    """Failed rows of a bulk request run again."""
    BULK_CANCELLED = "bulk-cancelled"
    """A bulk request was cancelled before its processing began."""
    SCP_READY = "scp-ready"
    """An SCP file was made and signed."""
    SCP_FAILED = "scp-failed"
    """An SCP file could not be made."""
    SCP_ATTACHED = "scp-attached"
    """Somebody of the staff has attached the SCP file of an association."""
    SCP_REPLACED = "scp-replaced"
    """Somebody of the staff has put another SCP file in the place of one that was ready."""
    SCP_DELIVERED = "scp-delivered"
    """An SCP file was handed to a member."""
    BRIDGE_PAIRED = "bridge-paired"
    """A technician confirmed a laptop as a device bridge."""
    BRIDGE_REVOKED = "bridge-revoked"
    """A technician revoked a device bridge."""
    PROGRAMMING_ASSIGNED = "programming-assigned"
    """The programming of a device was assigned to a technician."""
    PROGRAMMING_HANDED_OVER = "programming-handed-over"
    """A programming job was given to another technician."""
    PROGRAMMING_CANCELLED = "programming-cancelled"
    """A programming job was cancelled before it was begun."""
    DEVICE_PROGRAMMED = "device-programmed"
    """A bridge gave its report of a programming; the outcome says what was read back."""
    PROGRAMMING_FAILED = "programming-failed"
    """A try at programming ended without a proof."""
    PROGRAMMING_CONFIRMED = "programming-confirmed"
    """A technician confirmed the work on site; the outcome says what was read back."""
    TICKET_OPENED = "ticket-opened"
    """A member asked for assistance."""
    TICKET_TAKEN = "ticket-taken"
    """Somebody of the staff took a ticket."""
    TICKET_ANSWERED = "ticket-answered"
    """The staff answered in a ticket."""
    TICKET_CLOSED = "ticket-closed"
    """The staff closed a ticket."""
    TICKET_REOPENED = "ticket-reopened"
    STAFF_GROUP_CHOSEN = "staff-group-chosen"
    STAFF_GROUP_LEFT = "staff-group-left"
    """Who had asked reopened a ticket."""
    TICKETS_EXPORTED = "tickets-exported"
    """A person was given tickets as a file: those of a search, or everything said in one."""
    DOCUMENT_ADDED = "document-added"
    """A document, or a version of one, was put into a folder."""
    DOCUMENT_WITHDRAWN = "document-withdrawn"
    """A document, or a version of one, is handed out no more."""
    DOCUMENT_RESTORED = "document-restored"
    """A document that was withdrawn is handed out again."""
    DOCUMENT_DELIVERED = "document-delivered"
    """A person was given a document, in the chat or by a link."""
    ASSOCIATIONS_EXPORTED = "associations-exported"
    """A person was given the associations that a search finds as a file, or weekly."""
    INTEGRATOR_ADDED = "integrator-added"
    """The operator added a System Integrator."""
    MEMBER_ADDED = "member-added"
    """The operator added a person to an integrator."""
    MEMBER_CHANGED = "member-changed"
    """The operator changed a member's role or enabling."""
    STAFF_ADDED = "staff-added"
    """The operator gave a person a role among the staff."""
    MEMBER_REMOVED = "member-removed"
    """A referent took a person's place with an integrator away."""
    REGISTERED = "registered"
    """A person completed a registration."""
    REGISTRATION_ENABLED = "registration-enabled"
    """The service opened itself to a person who had registered."""
    REGISTRATION_REFUSED = "registration-refused"
    """Commercial staff refused a registration."""
    REGISTRATION_WITHDRAWN = "registration-withdrawn"
    """A person took their registration back, to correct it."""
    ACCOUNT_CHANGED = "account-changed"
    """A person came back with another Telegram account, and was verified again."""
    INVITED = "invited"
    """A referent invited somebody to the integrator."""
    INVITATION_USED = "invitation-used"
    """Somebody became a member by an invitation."""
    INVITATION_REFUSED = "invitation-refused"
    """A referent did not let in who had opened an invitation."""
    INVITATION_REVOKED = "invitation-revoked"
    """A referent took an invitation back."""
    CONTRACT_LOADED = "contract-loaded"
    """A contract was loaded, or its list of people replaced."""
    CONTRACT_ENDED = "contract-ended"
    """A contract was ended; where no other one stands, nobody of the company is enabled any longer."""
    PERSON_SUSPENDED = "person-suspended"
    """An administrator suspended a person."""
    PERSON_RESTORED = "person-restored"
    """An administrator let a suspended person back in."""
    PERSON_ERASED = "person-erased"
    """The operator erased a person; who it was is not said."""
    STAFF_REMOVED = "staff-removed"
    """The operator took a role among the staff from a person."""
    AUDIT_SEARCHED = "audit-searched"
    """An auditor saw entries of the audit, or a report of it."""
    AUDIT_EXPORTED = "audit-exported"
    """An auditor was given entries of the audit, or a report of it, as a file."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One entry with its names resolved; a name that was erased is None. The person is who did it, and
    `about` is to whom it was done, where that is somebody else. `sequence` is None until it is sealed.
    """

    id: int
    at: datetime
    action: AuditAction
    outcome: str | None
    person_subject: str | None
    person_name: str | None
    about_subject: str | None
    about_name: str | None
    integrator_id: int | None
    integrator_name: str | None
    pod_subject: str | None
    point: str | None
    device_id: int | None
    association_id: int | None
    correlation: str | None
    detail: dict[str, object]
    sequence: int | None


class Flaw(Enum):
    """A way in which the chain does not hold."""

    CHANGED = "changed"
    """An entry is not what was sealed."""
    MISSING = "missing"
    """A sealed entry is gone."""
    BROKEN = "broken"
    """A seal is gone, moved or does not follow from the one before it."""
    BAD_HEAD = "bad-head"
    """A head's signature is wrong, its key is not trusted, or it signs another chain."""
    TRUNCATED = "truncated"
    """A signed head speaks of seals that are no longer there."""
    UNSIGNED = "unsigned"
    """The chain goes on after its last signed head."""
    UNCHAINED = "unchained"
    """An entry that was sealed is in the chain no more."""
    UNREADABLE = "unreadable"
    """A row holds something that was never written there; the chain was not followed beyond it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw and where it is: the chain's sequence number and the entry, each where known."""

    flaw: Flaw
    sequence: int | None
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The report of `verify`. `findings` holds the first flaws; `flaws` counts them all."""

    sealed: int
    unsealed: int
    heads: int
    flaws: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """True if the chain is whole."""
        return self.flaws == 0
