"""Notices about SCP files that the staff attaches."""

from __future__ import annotations

from typing import Any

from backend.associations import service as associations
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from backend.scp import attaching, waits
from backend.scp import service as scp
from backend.scp.values import ScpState
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt


class FilesAwaited(NoticeKind):
    """The staff has files to attach: as many as there are by now."""

    name = attaching.AWAITED_NOTICE
    permission = Permission.ATTACH_SCP

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        number = attaching.count_awaited(connection)
        if not number:
            return None
        button = (Entry(say("scp.menu"), "scp_awaited"),)
        return Prompt(say("scp.told_awaited", number=number), (button,))


class MembersNotice(NoticeKind):
    """A notice to a member who may still have the files of the integrator."""

    permission = Permission.GET_SCP

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        member = identity.acting_for(connection, notice.person_id, int(notice.argument["integrator_id"]))
        if member is None or not member.may(Permission.GET_SCP):
            return None
        return self.about(connection, notice, say)

    def about(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        """The message; None where it matters no longer."""
        raise NotImplementedError


class FileReady(MembersNotice):
    """The file of an association is there, in its newest form."""

    name = waits.READY_NOTICE

    def about(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = associations.of_any(connection, int(notice.argument["association_id"]))
        if found is None or found.deleted_at is not None:
            return None
        file = scp.newest_of_any(connection, found)
        if file is None or file.id != notice.argument["scp_id"] or file.state is not ScpState.READY:
            return None
        key = "scp.told_replaced" if notice.argument.get("replaced") else "scp.told_ready"
        button = (Entry(say("scp.button.get"), "scp", str(found.id)),)
        return Prompt(say(key, pod=found.pod.code, sid=found.sid), (button,))


class BatchReady(MembersNotice):
    """No file of a bulk request is awaited any more."""

    name = waits.BATCH_NOTICE

    def about(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        batch = int(notice.argument["batch"])
        if not waits.is_over(connection, batch, notice.person_id):
            return None
        return Prompt(
            say("scp.told_batch", number=batch), ((Entry(say("bulk.button.zip"), "bulk_zip", str(batch)),),)
        )
