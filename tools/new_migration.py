"""`make migration NAME="add tickets"`: write the migration from the newest schema to what the models say.

What is written is a proposal: read it, and bring in what no comparison can know (a renamed column, data to be
moved).
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.db.database import async_url
from backend.core.db.migrate import config, migrate


async def write(name: str, folder: Path | None = None) -> Path | None:
    """Write the next migration, into `folder` where given. Returns its path; None where nothing has changed.

    The newest schema is made in a SQLite file of its own, so that no database of anybody's is asked.
    """
    with tempfile.TemporaryDirectory(prefix="a486-migration-") as temporary:
        url = f"sqlite:///{temporary}/newest.db"
        await migrate(url)
        engine = create_async_engine(async_url(url), poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(_write, name, folder)
        finally:
            await engine.dispose()


def _write(connection: Connection, name: str, folder: Path | None) -> Path | None:
    settings = _config(connection, folder)
    head = ScriptDirectory.from_config(config()).get_current_head()
    made = command.revision(
        settings,
        message=name,
        autogenerate=True,
        rev_id=f"{int(head or 0) + 1:04d}",
        version_path=str(folder) if folder is not None else None,
        process_revision_directives=_nothing_for_nothing,
    )
    return Path(made.path) if isinstance(made, Script) else None


def _config(connection: Connection, folder: Path | None) -> Config:
    settings = config()
    settings.attributes["connection"] = connection
    if folder is not None:
        present = ScriptDirectory.from_config(settings).versions
        settings.set_main_option("path_separator", "newline")
        settings.set_main_option("version_locations", "\n".join([present, str(folder)]))
    return settings


def _nothing_for_nothing(
    context: MigrationContext, revision: object, directives: list[MigrationScript]
) -> None:
    """Write no file where the models and the newest schema agree."""
    operations = directives[0].upgrade_ops
    if operations is not None and operations.is_empty():
        directives.clear()


def main() -> None:
    """The entry point."""
    name = " ".join(sys.argv[1:]).strip()
    if not name:
        sys.exit('Say what changes: make migration NAME="add tickets"')
    written = asyncio.run(write(name))
    if written is None:
        sys.exit("The models and the newest schema agree: there is nothing to migrate.")
    for arguments in (
        ["format"],
        ["check", "--fix"],
        ["format"],
    ):  # in the house's style, as if written by hand
        tidy = [sys.executable, "-m", "ruff", *arguments, "--quiet", str(written)]
        subprocess.run(tidy, check=True)  # noqa: S603 - a command of our own


if __name__ == "__main__":
    main()
