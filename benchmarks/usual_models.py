"""The tables of the bots that are written the usual way, and the product's register as they map it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Own(DeclarativeBase):
    """Tables of their own."""


class Registered(DeclarativeBase):
    """The register, which the product loads; beside SQLite it is a file of its own."""


class Person(Own):
    """Somebody who may look up."""

    __tablename__ = "usual_persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_user_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str]
    enabled: Mapped[bool]


class AuditEntry(Own):
    """That something was done."""

    __tablename__ = "usual_audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    person_id: Mapped[int] = mapped_column(index=True)
    action: Mapped[str]
    outcome: Mapped[str]
    point: Mapped[str] = mapped_column(index=True)


class RecentPod(Own):
    """One of the PODs that a person looked up last."""

    __tablename__ = "usual_recent_pods"

    person_id: Mapped[int] = mapped_column(primary_key=True)
    point: Mapped[str] = mapped_column(primary_key=True)
    pod: Mapped[str]
    looked_up_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Supply(Registered):
    """A supply in the register, with the product's columns."""

    __tablename__ = "register_supplies"

    point: Mapped[str] = mapped_column(primary_key=True)
    pod: Mapped[str]
    eneltel: Mapped[str]
    meter_serial: Mapped[str]
    meter_role: Mapped[str]
    generation: Mapped[str]
    low_voltage: Mapped[bool]
    remotely_managed: Mapped[bool]
    reachable: Mapped[bool]
    manufacturer: Mapped[str]
    exchange_point: Mapped[str | None]
    contractual_power_w: Mapped[int]
    available_power_w: Mapped[int]
    ceased: Mapped[bool]
