"""Invitations to an integrator.

    open ──a──► asked ──b──► used
     │  ╲         │           ▲
     d   ╲────────┼─────c─────┘
     ▼            e
  revoked         └──► refused

a: somebody opened one that is for nobody in particular, and asks to be let in · b: a referent lets them in ·
c: whom it is for has proved who they are · d: a referent takes it back, or the proof failed too often ·
e: a referent refuses

An open one is good for a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.identity.permissions import Role


class InvitationState(StrEnum):
    """The state of an invitation."""

    OPEN = "open"
    """Nobody has used it."""
    ASKED = "asked"
    """Somebody has opened it, and a referent is to decide."""
    USED = "used"
    """It made somebody a member. It is good for one person only."""
    REFUSED = "refused"
    """A referent did not let in who had opened it."""
    REVOKED = "revoked"
    """A referent took it back, or the proof failed too often."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. It is for who reads `email` or has this `codice_fiscale`; where both are None a referent
    decides about who opens it. `name` is that of who asks, or has used it.
    """

    id: int
    integrator_id: int
    integrator_name: str
    role: Role
    email: str | None
    codice_fiscale: str | None
    state: InvitationState
    tries: int
    created_at: datetime
    expires_at: datetime
    person_id: int | None
    name: str | None

    @property
    def is_bound(self) -> bool:
        """True if it is for one person, who proves to be that one."""
        return self.email is not None or self.codice_fiscale is not None
