"""The parts of the bot that may run in processes of their own."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy.engine import make_url


class ProcessRole(StrEnum):
    """A role of a process. On one database any number of processes may run any of them."""

    INTAKE = "intake"
    """Takes updates in, by long polling (one process at a time) or by the webhook (all of them)."""
    WORKER = "worker"
    """Works the turns."""
    JOBS = "jobs"
    """Does what takes its time or leaves the machine: look-ups over the network, SCP files."""
    GATEWAY = "gateway"
    """Takes the connections of device bridges in, where a gateway is set up."""
    SENDER = "sender"
    """Sends and edits messages; one process at a time."""
    SCHEDULER = "scheduler"
    """Does what is done by the clock; one process at a time."""
    SEALER = "sealer"
    """Seals the audit; one process at a time."""


ALL = frozenset(ProcessRole)


def why_not(roles: Collection[ProcessRole], database_url: str) -> str:
    """Why these roles cannot run alone on this database; empty where they can."""
    if set(roles) == ALL or make_url(database_url).get_backend_name() != "sqlite":
        return ""
    missing = ", ".join(role for role in ProcessRole if role not in roles)
    return (
        "SQLite serves one process with all roles: the others would not be woken."
        f" Missing: {missing}. For several processes set A486_DATABASE_URL to a PostgreSQL database"
    )
