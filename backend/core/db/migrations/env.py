"""Alembic's entry: runs the migrations on the connection that `backend.core.db.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from backend.core.db.metadata import BigId, Json, UtcDateTime
from backend.product import metadata

OURS = {id(BigId): "BigId", id(Json): "Json"}


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types by their names."""
    name = "UtcDateTime()" if isinstance(item, UtcDateTime) else OURS.get(id(item))
    if kind != "type" or name is None:
        return False
    autogen.imports.add(f"from backend.core.db.metadata import {name.removesuffix('()')}")
    return name


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
