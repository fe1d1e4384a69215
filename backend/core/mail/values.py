"""Public values of e-mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.core.mail.address import has_controls, read_address
from backend.core.mail.errors import MailRefused

MOST_OF_A_SUBJECT = 200
_MESSAGE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in plain text to one address, which is kept as `read_address` gives it.

    Raises MailRefused for anything that would not stay in its header, or in the text: what there is can be
    sent.
    """

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        address = read_address(self.to)
        if address is None:
            raise MailRefused("not an address")
        if not self.subject.strip() or has_controls(self.subject) or len(self.subject) > MOST_OF_A_SUBJECT:
            raise MailRefused("not a subject")
        if has_controls(self.text.replace("\n", "").replace("\t", "")):
            raise MailRefused("not a text")
        object.__setattr__(self, "to", address)


def check_message_id(message_id: str) -> None:
    """Raises ValueError for what cannot stand in a Message-ID as it is."""
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("not a message id")
