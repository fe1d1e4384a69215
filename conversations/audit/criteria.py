"""What is searched for, as the argument of a button: `<about>_<day>_<entry that the page before ended with>`.

`about` is `a` for everything, `p` and a supply point, or `c` and an integrator's id; the day is `yymmdd` in
Rome, or `0` for all time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend.audit.values import Search
from backend.core.clock import ROME
from backend.supplies.pod import POINT_LENGTH, Pod, parse_pod
from conversations.core.navigation import id_of

ALL_TIME = "0"
PERIODS = {"today": 1, "week": 7, "month": 30, "all": None}
"""The periods to choose from, in days."""
EVERYTHING = "a"


def about_pod(pod: Pod) -> str:
    """The entries about a POD."""
    return f"p{pod.point}"


def about_company(integrator_id: int) -> str:
    """The entries of an integrator."""
    return f"c{integrator_id}"


def first_day(period: str, now: datetime) -> str:
    """The first day of a period that ends now, today included."""
    days = PERIODS[period]
    if days is None:
        return ALL_TIME
    return (now.astimezone(ROME) - timedelta(days - 1)).strftime("%y%m%d")


def read(argument: str) -> tuple[Search, int | None] | None:
    """The search, and the entry where the page begins; None for what no button of ours says."""
    parts = argument.split("_")
    if len(parts) != 3:
        return None
    about, day, before = parts
    if before and id_of(before) is None:
        return None
    since = None
    if day != ALL_TIME:
        since = midnight(day)
        if since is None:
            return None
    kind, subject = about[:1], about[1:]
    match kind:
        case "a" if not subject:
            return Search(since=since), id_of(before)
        case "p" if len(subject) == POINT_LENGTH and (pod := parse_pod(subject)) is not None:
            return Search(pod=pod, since=since), id_of(before)
        case "c" if (number := id_of(subject)) is not None:
            return Search(integrator_id=number, since=since), id_of(before)
    return None


def midnight(day: str) -> datetime | None:
    """The first moment of a day in Rome; None for what is no day."""
    if len(day) != 6 or id_of(day) is None:
        return None
    try:
        return datetime.strptime(day, "%y%m%d").replace(tzinfo=ROME).astimezone(UTC)
    except ValueError:
        return None
