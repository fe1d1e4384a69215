"""Ways that people go through useful documents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from backend.core.blobs import service as blobs
from backend.documents import shelf
from backend.documents.shelf import OPERATOR
from backend.documents.values import Document, NewVersion
from sandbox.client import Shown
from tests.documents.files import pdf
from tests.support import Chat, World

STAFF = 6
"""The persona of the assistance."""
DATASHEETS = "mome.tech.datasheet"
TITLE = "Datasheet MOME"


async def shelve(
    world: World,
    title: str = TITLE,
    folder: str = DATASHEETS,
    *,
    content: bytes | None = None,
    name: str = "datasheet.pdf",
    label: str = "1.0",
) -> Document:
    """Put a document into a folder, as the operator does."""
    content = content if content is not None else pdf(title)
    digest = await blobs.store(world.database, content, "application/pdf")
    new = NewVersion(label, date(2026, 5, 1), digest, name, len(content), "application/pdf")
    return await world.database.write(
        lambda connection: shelf.add(connection, OPERATOR, folder, title, new, datetime.now(UTC))
    )


async def to_datasheets(chat: Chat) -> Shown:
    """Go down from the roots to a folder with documents."""
    await chat.says("/documenti", "Scegli una cartella", button="MOME")
    await chat.press("🗂 MOME")
    await chat.sees("🗂 MOME", button="Documentazione tecnica")
    await chat.press("Documentazione tecnica")
    await chat.sees("MOME › Documentazione tecnica", button="Datasheet")
    await chat.press("Datasheet")
    return await chat.sees("MOME › Documentazione tecnica › Datasheet")


async def publish(
    chat: Chat, content: bytes, name: str, *, title: str = "", version: str = "1.0", on: str = "01/05/2026"
) -> Shown:
    """Answer the questions from the file on, in a folder that is known; returns the last question."""
    await chat.sees("Manda il file", button="Annulla")
    await chat.phone.send_file(content, name=name)
    if title:
        await chat.sees("Che titolo ha?")
        await chat.type(title)
    await chat.sees("Che versione è?")
    await chat.type(version)
    await chat.sees("Che data porta?")
    await chat.type(on)
    return await chat.sees(
        "Pubblico questo documento?" if title else "Pubblico questa versione", button="Pubblica"
    )


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Files on disk by their paths."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
