"""What people are told of their watches: once, when one ends by itself."""

from __future__ import annotations

from typing import Any

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from backend.supplies.values import LookUpOutcome
from backend.watches import service as watches
from backend.watches.values import FOUND_NOTICE, OVER_NOTICE, PERIOD, Watch
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt


class WatchNotice(NoticeKind):
    """A notice to whoever watched a POD, and may still look it up."""

    permission = Permission.LOOK_UP

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        watch = watches.of_any(connection, int(notice.argument["watch_id"]))
        if watch is None or watch.person_id != notice.person_id:
            return None
        member = identity.acting_for(connection, watch.person_id, watch.integrator_id)
        if member is None or not member.may(Permission.LOOK_UP):
            return None
        return self.about(watch, say)

    def about(self, watch: Watch, say: Say) -> Prompt:
        """The message."""
        raise NotImplementedError


class WatchFound(WatchNotice):
    """A look-up says something else now."""

    name = FOUND_NOTICE

    def about(self, watch: Watch, say: Say) -> Prompt:
        pod, outcome = watch.pod.code, watch.outcome or LookUpOutcome.ELIGIBLE
        button = (Entry(say("watches.button.go_on"), "pod", pod),)
        if outcome is LookUpOutcome.ELIGIBLE:
            return Prompt(say("watches.told_reachable", pod=pod), (button,))
        said = say(f"outcome.{outcome.value}", pod=pod)
        return Prompt(say("watches.told_other", pod=pod, outcome=said), (button,))


class WatchOver(WatchNotice):
    """The period is over."""

    name = OVER_NOTICE

    def about(self, watch: Watch, say: Say) -> Prompt:
        pod = watch.pod.code
        rows = (
            (Entry(say("watches.button.begin_again"), "watch", pod),),
            (Entry(say("watches.button.look_up"), "pod", pod),),
        )
        return Prompt(say("watches.told_over", pod=pod, days=PERIOD.days), rows)
