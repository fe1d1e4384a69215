"""Files of what is said in tickets. Who may see the words may see the files: `service.get` decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from backend.core.blobs import service as blobs
from backend.core.blobs.errors import BlobMissing
from backend.core.blobs.retention import look_soon
from backend.tickets.errors import FilesForgotten, TicketFull, TooManyFiles
from backend.tickets.models import ticket_files, ticket_messages
from backend.tickets.values import FileKind, NewFile, TicketFile

MOST_FILES = 10
"""Files of a message: as many as an album has."""
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 50
"""Of the files of a ticket."""


def attach(
    connection: Connection, ticket_id: int, message_id: int, author_id: int, files: Sequence[NewFile]
) -> None:
    """These files belong to this message. Raises TooManyFiles, TicketFull or FilesForgotten."""
    if not files:
        return
    if len(files) > MOST_FILES:
        raise TooManyFiles(MOST_FILES)
    if size_of(connection, ticket_id) + sum(file.size for file in files) > MOST_MEGABYTES * MEGABYTE:
        raise TicketFull(MOST_MEGABYTES)
    digests = {file.digest for file in files}
    blobs.keep(connection, digests)
    try:
        for digest in digests:
            blobs.about(connection, digest)
    except BlobMissing:
        raise FilesForgotten from None
    connection.execute(
        insert(ticket_files),
        [
            {
                "message_id": message_id,
                "author_id": author_id,
                "position": position,
                "kind": file.kind.value,
                "digest": file.digest,
                "name": file.name,
                "size": file.size,
                "media_type": file.media_type,
            }
            for position, file in enumerate(files)
        ],
    )


def size_of(connection: Connection, ticket_id: int) -> int:
    """The bytes of all files of a ticket."""
    query = select(func.sum(ticket_files.c.size)).join(
        ticket_messages, ticket_messages.c.id == ticket_files.c.message_id
    )
    return int(connection.scalar(query.where(ticket_messages.c.ticket_id == ticket_id)) or 0)


def of_messages(connection: Connection, message_ids: Collection[int]) -> dict[int, tuple[TicketFile, ...]]:
    """The files of these messages, in the order in which they were sent."""
    rows = connection.execute(
        select(ticket_files)
        .where(ticket_files.c.message_id.in_(message_ids))
        .order_by(ticket_files.c.message_id, ticket_files.c.position)
    )
    found: dict[int, tuple[TicketFile, ...]] = {}
    for row in rows:
        file = TicketFile(row.id, FileKind(row.kind), row.digest, row.name, row.size, row.media_type)
        found[row.message_id] = (*found.get(row.message_id, ()), file)
    return found


def forget(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Delete the files of these tickets."""
    said = select(ticket_messages.c.id).where(ticket_messages.c.ticket_id.in_(ticket_ids))
    gone = connection.scalars(
        delete(ticket_files).where(ticket_files.c.message_id.in_(said)).returning(ticket_files.c.digest)
    )
    look_soon(connection, set(gone))


def forget_message(connection: Connection, message_id: int) -> None:
    """Delete the files of this message."""
    of_it = delete(ticket_files).where(ticket_files.c.message_id == message_id)
    look_soon(connection, set(connection.scalars(of_it.returning(ticket_files.c.digest))))


def digests_of(connection: Connection, person_id: int) -> set[str]:
    """The blobs of what a person has attached."""
    query = select(ticket_files.c.digest).where(ticket_files.c.author_id == person_id)
    return set(connection.scalars(query))
