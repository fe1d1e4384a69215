"""What the staff and the operator do with documents. Nobody is asked for a permission here: `service` does,
and the command line belongs to the operator.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.blobs import service as blobs
from backend.core.blobs.errors import BlobMissing
from backend.core.db.signals import notify
from backend.documents.errors import DocumentGone, FileForgotten, OnlyVersion, TitleTaken, VersionTaken
from backend.documents.models import document_news, document_versions, documents
from backend.documents.values import Document, DocumentState, NewVersion, Version, is_folder, key_of, title_of

SIGNAL = "document_news"
"""There is something new that followers are to be told of."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who does it: a person of the staff, or (both None) the operator at the machine."""

    person_id: int | None = None
    subject: str | None = None


OPERATOR = Author()


def add(
    connection: Connection,
    author: Author,
    folder: str,
    title: str,
    new: NewVersion,
    at: datetime,
    *,
    mirrored: bool = False,
) -> Document:
    """Put a document into a folder. Raises TitleTaken or FileForgotten, and ValueError for what is no folder
    or no title.
    """
    if not is_folder(folder):
        raise ValueError("not a folder")
    title = title_of(title)
    same = and_(documents.c.folder == folder, documents.c.title_key == key_of(title))
    there = connection.scalar(select(documents.c.id).where(same))
    if there is not None:
        raise TitleTaken(document_id=there)
    row = insert(documents).values(
        folder=folder,
        title=title,
        title_key=key_of(title),
        state=DocumentState.STANDING.value,
        mirrored=mirrored,
        created_at=at,
    )
    document_id = int(connection.execute(row.returning(documents.c.id)).scalar_one())
    return _publish(connection, author, document_id, new, at)


def add_version(
    connection: Connection,
    author: Author,
    document_id: int,
    new: NewVersion,
    at: datetime,
    *,
    mirrored: bool = False,
) -> Document:
    """Put a version above the others, and the document back where it was withdrawn. Raises DocumentGone,
    VersionTaken or FileForgotten.
    """
    # The row is locked first: of two versions added at once, one is above the other.
    values: dict[str, Any] = {"state": DocumentState.STANDING.value} | (
        {"mirrored": True} if mirrored else {}
    )
    if (
        connection.execute(update(documents).where(documents.c.id == document_id).values(values)).rowcount
        != 1
    ):
        raise DocumentGone
    taken = select(document_versions.c.id).where(
        document_versions.c.document_id == document_id,
        document_versions.c.label_key == key_of(new.label),
        document_versions.c.withdrawn_at.is_(None),
    )
    if connection.scalar(taken) is not None:
        raise VersionTaken(label=new.label)
    return _publish(connection, author, document_id, new, at)


def _publish(
    connection: Connection, author: Author, document_id: int, new: NewVersion, at: datetime
) -> Document:
    blobs.keep(connection, [new.digest])
    try:
        blobs.about(connection, new.digest)
    except BlobMissing:
        raise FileForgotten from None
    row = insert(document_versions).values(
        document_id=document_id,
        label=new.label,
        label_key=key_of(new.label),
        dated=new.dated,
        digest=new.digest,
        name=new.name,
        size=new.size,
        media_type=new.media_type,
        person_id=author.person_id,
        added_at=at,
    )
    version_id = int(connection.execute(row.returning(document_versions.c.id)).scalar_one())
    connection.execute(update(documents).where(documents.c.id == document_id).values(current_id=version_id))
    connection.execute(insert(document_news).values(version_id=version_id))
    notify(connection, SIGNAL)
    made = read(connection, document_id)
    _record(connection, AuditAction.DOCUMENT_ADDED, author, made, at, version=new.label)
    return made


def withdraw(
    connection: Connection,
    author: Author,
    document_id: int,
    at: datetime,
    *,
    to: DocumentState = DocumentState.WITHDRAWN,
) -> Document:
    """Hand a document out no more, to nobody. Done again it changes nothing. Raises DocumentGone."""
    changed = update(documents).where(
        documents.c.id == document_id, documents.c.state == DocumentState.STANDING.value
    )
    was_standing = connection.execute(changed.values(state=to.value)).rowcount == 1
    found = read(connection, document_id)
    if was_standing:
        _record(connection, AuditAction.DOCUMENT_WITHDRAWN, author, found, at)
    return found


def restore(connection: Connection, author: Author, document_id: int, at: datetime) -> Document:
    """Hand a document out again. Done again it changes nothing. Raises DocumentGone."""
    changed = update(documents).where(
        documents.c.id == document_id, documents.c.state != DocumentState.STANDING.value
    )
    was_away = connection.execute(changed.values(state=DocumentState.STANDING.value)).rowcount == 1
    found = read(connection, document_id)
    if was_away:
        _record(connection, AuditAction.DOCUMENT_RESTORED, author, found, at)
    return found


def withdraw_version(connection: Connection, author: Author, version_id: int, at: datetime) -> Document:
    """Hand a version out no more; the one below it is the newest then. Raises DocumentGone or OnlyVersion."""
    document_id = connection.scalar(
        select(document_versions.c.document_id).where(document_versions.c.id == version_id)
    )
    if document_id is None:
        raise DocumentGone
    # The row is locked first: two versions withdrawn at once must leave one.
    connection.execute(update(documents).where(documents.c.id == document_id).values(id=document_id))
    standing = [each for each in versions(connection, document_id) if not each.withdrawn]
    gone = next((each for each in standing if each.id == version_id), None)
    if gone is None:
        raise DocumentGone
    if len(standing) == 1:
        raise OnlyVersion
    connection.execute(
        update(document_versions).where(document_versions.c.id == version_id).values(withdrawn_at=at)
    )
    newest = max(each.id for each in standing if each is not gone)
    connection.execute(update(documents).where(documents.c.id == document_id).values(current_id=newest))
    found = read(connection, document_id)
    _record(connection, AuditAction.DOCUMENT_WITHDRAWN, author, found, at, version=gone.label)
    return found


def read(connection: Connection, document_id: int) -> Document:
    """A document, whatever its state. Raises DocumentGone."""
    row = connection.execute(selected().where(documents.c.id == document_id)).first()
    if row is None:
        raise DocumentGone
    return document_of(row)


def versions(connection: Connection, document_id: int) -> list[Version]:
    """Every version of a document, newest first."""
    query = select(document_versions).where(document_versions.c.document_id == document_id)
    return [_version(row) for row in connection.execute(query.order_by(document_versions.c.id.desc()))]


def in_folders(connection: Connection, folders: Collection[str]) -> list[Document]:
    """Every document of these folders, whatever its state."""
    query = selected().where(documents.c.folder.in_(folders))
    return [document_of(row) for row in connection.execute(query.order_by(documents.c.id))]


def everything(connection: Connection) -> list[Document]:
    """Every document, whatever its state, by folder and title."""
    query = selected().order_by(documents.c.folder, documents.c.title_key)
    return [document_of(row) for row in connection.execute(query)]


def mirror(connection: Connection, document_id: int) -> None:
    """The document is one of those whose file is in the folder that is mirrored."""
    connection.execute(update(documents).where(documents.c.id == document_id).values(mirrored=True))


def mirrored(connection: Connection, but: Collection[int]) -> list[Document]:
    """The documents that stand and whose files were in the folder that is mirrored, but for these."""
    query = selected().where(documents.c.mirrored, documents.c.state == DocumentState.STANDING.value)
    found = [document_of(row) for row in connection.execute(query.order_by(documents.c.id))]
    return [each for each in found if each.id not in but]


_others = document_versions.alias("others")


def selected() -> Select[Any]:
    """Documents with their newest versions, and how many others stand."""
    older = (
        select(func.count())
        .select_from(_others)
        .where(
            _others.c.document_id == documents.c.id,
            _others.c.withdrawn_at.is_(None),
            _others.c.id != documents.c.current_id,
        )
        .scalar_subquery()
    )
    return select(
        document_versions,
        documents.c.folder,
        documents.c.title,
        documents.c.state,
        older.label("older"),
    ).join(document_versions, document_versions.c.id == documents.c.current_id)


def document_of(row: Any) -> Document:
    """The document of a row of `selected`."""
    return Document(
        id=row.document_id,
        folder=row.folder,
        title=row.title,
        state=DocumentState(row.state),
        version=_version(row),
        older=row.older,
    )


def _version(row: Any) -> Version:
    return Version(
        id=row.id,
        document_id=row.document_id,
        label=row.label,
        dated=row.dated,
        digest=row.digest,
        name=row.name,
        size=row.size,
        media_type=row.media_type,
        added_at=row.added_at,
        downloads=row.downloads,
        withdrawn=row.withdrawn_at is not None,
    )


def _record(
    connection: Connection, action: AuditAction, author: Author, about: Document, at: datetime, **more: str
) -> None:
    detail = {"document": about.id, "folder": about.folder, "title": about.title, **more}
    record(connection, at, action, subject=author.subject, detail=detail)
