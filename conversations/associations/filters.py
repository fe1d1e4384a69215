"""The filters of the report on associations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from backend.associations import report
from backend.associations.report import Criteria
from backend.associations.values import Configuration
from backend.devices.values import DeviceType
from backend.identity.permissions import Permission
from backend.identity.values import Integrator
from conversations.core.context import Say, TurnContext
from conversations.core.effects import Order, order
from conversations.core.filters import (
    COMPANY,
    FilterFlow,
    Read,
    ReportForm,
    filter_steps,
    read_nid,
    read_pod,
    read_sid,
    read_words,
)
from conversations.core.prompts import Entry, Html, Rows

ALWAYS = (
    "pod",
    "sid",
    "nid",
    "device_type",
    "configuration",
    "production_pod",
    "configurator",
    "created",
    "confirmed",
    "live",
)
"""The filters that everybody is offered."""
OF_STAFF = (COMPANY,)
FILTERS = (*ALWAYS, *OF_STAFF)
CONFIGURATORS_SHOWN = 6


class AssociationForm(ReportForm):
    """What associations are filtered by. One filter at least must be set."""

    nothing = Criteria()
    filters = FILTERS
    periods = frozenset({"created"})
    rolling = True
    names = frozenset({"configurator"})
    options: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "device_type": tuple(DeviceType),
        "configuration": tuple(Configuration),
        "confirmed": (True, False),
        "live": (True, False),
    }
    readers: ClassVar[Mapping[str, Read]] = {
        "pod": read_pod,
        "sid": read_sid,
        "nid": read_nid,
        "production_pod": read_pod,
        "configurator": read_words,
    }
    report = "areport"
    setting = "areport_set"
    finding = "areport_list"

    async def kept(self, search: int, context: TurnContext) -> Criteria | None:
        return await context.short_read(report.kept, context.acting, search)

    def keep(self, wanted: Criteria, context: TurnContext) -> Order:
        return order(report.keep, context.acting, wanted, context.now)

    def offered(self, context: TurnContext) -> list[str]:
        return [*ALWAYS, *(OF_STAFF if context.may(Permission.ALL_ASSOCIATIONS) else ())]

    def label(self, which: str, say: Say) -> Html:
        return say(f"association_report.filter.{which}")

    def asked(self, which: str, say: Say) -> Html:
        return say(f"association_report.ask.{which}")

    def option(self, which: str, value: Any, say: Say) -> Html:
        match value:
            case DeviceType():
                return Html(value.product_name)
            case Configuration():
                return say(f"configuration.{value.value.lower()}")
            case _:
                return say(f"association_report.{which}.{'yes' if value else 'no'}")

    def title(self, say: Say) -> Html:
        return say("association_report.title")

    def without(self, say: Say) -> Html:
        return say("association_report.no_filter")

    def ready(self, wanted: Criteria) -> bool:
        return not wanted.is_empty

    def more_rows(self, search: int, wanted: Criteria, context: TurnContext) -> Rows:
        return ((Entry(context.say("weekly.menu"), "weekly"),),)

    async def names_of(self, which: str, context: TurnContext) -> Sequence[str]:
        if which not in self.names:
            return ()
        return await context.long_read(report.configurators, context.acting, CONFIGURATORS_SHOWN)

    async def companies(self, words: str, context: TurnContext) -> Sequence[Integrator]:
        return await context.long_read(report.integrators_like, context.acting, words)


FORM = AssociationForm()


class AssociationFilterFlow(FilterFlow):
    """Asks for one filter of the report."""

    name = "association_filter"
    form = FORM
    steps = filter_steps(FORM)
