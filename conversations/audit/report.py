"""The report on look-ups that no association followed: who looks supplies up without associating them."""

from __future__ import annotations

from backend.audit import service as audit
from conversations.audit import criteria
from conversations.audit.search import REPORT, AuditAction, AuditMenu, MadeFile, since
from conversations.audit.wording import report_line
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, way_on
from conversations.core.prompts import Entry, Prompt, join

LINES_SHOWN = 10


class UnusedLookUps(AuditAction):
    """The report. The argument is a period as `criteria` writes it; without one, which period?"""

    name = "audit_unused"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        back = (Entry(say("audit.menu"), AuditMenu.name), home_button(context))
        if not argument:
            periods = [
                Entry(
                    say(f"audit.period.{each}"),
                    self.name,
                    f"{criteria.EVERYTHING}_{criteria.first_day(each, context.now)}_",
                )
                for each in criteria.PERIODS
            ]
            return show(Prompt(say("audit.unused_ask"), (tuple(periods[:2]), tuple(periods[2:]), back)))
        asked = criteria.read(argument)
        if asked is None:
            return show(Prompt(say("dialogue.garbled"), way_on(context)))
        wanted = asked[0]
        found = await context.long_read(audit.look_ups, context.acting, wanted.since)
        parts = [say("audit.unused", since=since(wanted, context), number=len(found))]
        parts += [report_line(say, each) for each in found[:LINES_SHOWN]]
        if (more := len(found) - LINES_SHOWN) > 0:
            parts.append(say("audit.unused_more", number=more))
        csv = (Entry(say("audit.button.csv"), ExportUnused.name, argument),) if found else ()
        shown = Prompt(join(parts, "\n\n"), tuple(row for row in (csv, back) if row))
        seen = order(audit.record_search, context.acting, wanted, context.now, report=REPORT)
        return Do(seen, lambda _: [shown])


class ExportUnused(MadeFile):
    """The whole report. The argument is its period."""

    name = "audit_unused_csv"
    what = "unused"
    report = REPORT
