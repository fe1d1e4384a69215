"""What bridges are to do at once: asked for by a job, taken by the gateway, answered by the bridge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from backend.bridges.models import bridge_commands
from backend.bridges.values import BridgeCommand, CommandKind, CommandState
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION

SIGNAL = "bridge_commands"
ANSWERS = "bridge_answers"
FORGOTTEN = timedelta(minutes=10)
"""A command that nobody waits for any more is deleted after so long."""


def ask(
    connection: Connection, bridge_id: int, kind: CommandKind, argument: dict[str, Any], at: datetime
) -> int:
    """Have a bridge do something. Returns the command's id."""
    notify(connection, SIGNAL)
    return int(
        connection.execute(
            insert(bridge_commands)
            .values(
                bridge_id=bridge_id,
                kind=kind.value,
                argument=argument,
                state=CommandState.WAITING.value,
                created_at=at,
            )
            .returning(bridge_commands.c.id)
        ).scalar_one()
    )


def waiting_for(connection: Connection, bridge_ids: Collection[int]) -> list[int]:
    """Which of these bridges have commands that wait."""
    query = select(bridge_commands.c.bridge_id).distinct()
    waiting = bridge_commands.c.state == CommandState.WAITING.value
    return list(connection.scalars(query.where(waiting, bridge_commands.c.bridge_id.in_(bridge_ids))))


def take(connection: Connection, bridge_ids: Collection[int]) -> list[BridgeCommand]:
    """The commands that wait for these bridges: they are SENT now."""
    waiting = (
        select(bridge_commands.c.id)
        .where(
            bridge_commands.c.state == CommandState.WAITING.value, bridge_commands.c.bridge_id.in_(bridge_ids)
        )
        .order_by(bridge_commands.c.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(
        update(bridge_commands)
        .where(bridge_commands.c.id.in_(waiting))
        .values(state=CommandState.SENT.value)
        .returning(bridge_commands)
    )
    return sorted((_read(row) for row in rows), key=lambda each: each.id)


def answer(connection: Connection, bridge_id: int, command_id: int, said: dict[str, Any]) -> bool:
    """Store the answer of the bridge that was asked. False for a command that waits for none of its."""
    notify(connection, ANSWERS)
    changed = connection.execute(
        update(bridge_commands)
        .where(
            bridge_commands.c.id == command_id,
            bridge_commands.c.bridge_id == bridge_id,
            bridge_commands.c.state == CommandState.SENT.value,
        )
        .values(state=CommandState.ANSWERED.value, answer=said)
    )
    return changed.rowcount == 1


def refuse(connection: Connection, bridge_id: int, command_id: int, said: dict[str, Any]) -> bool:
    """Answer in the bridge's place: it is not asked."""
    return answer(connection, bridge_id, command_id, said)


def find(connection: Connection, command_id: int) -> BridgeCommand | None:
    """A command."""
    row = connection.execute(select(bridge_commands).where(bridge_commands.c.id == command_id)).first()
    return None if row is None else _read(row)


def drop(connection: Connection, command_id: int) -> None:
    """Nobody waits for it any more."""
    connection.execute(delete(bridge_commands).where(bridge_commands.c.id == command_id))


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of the commands that nobody waits for. Returns how many."""
    old = select(bridge_commands.c.id).where(bridge_commands.c.created_at < at - FORGOTTEN).limit(PORTION)
    return connection.execute(delete(bridge_commands).where(bridge_commands.c.id.in_(old))).rowcount


def _read(row: Any) -> BridgeCommand:
    return BridgeCommand(
        id=row.id,
        bridge_id=row.bridge_id,
        kind=CommandKind(row.kind),
        argument=row.argument,
        state=CommandState(row.state),
        answer=row.answer,
    )
