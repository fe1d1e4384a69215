"""Useful documents for those who read them and those who look after them. Each function raises NotPermitted
for others.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, tuple_, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.matching import holds
from backend.core.db.upsert import insert_for
from backend.core.searches import service as searches
from backend.documents import shelf
from backend.documents.errors import DocumentGone
from backend.documents.links import Grant
from backend.documents.models import document_links, document_versions, documents
from backend.documents.shelf import Author
from backend.documents.values import Document, DocumentState, NewVersion, Version, Way, Words
from backend.identity.permissions import Permission
from backend.identity.values import Actor

SEARCH = "documents"
"""The kind of these searches."""


def counts(connection: Connection, actor: Actor) -> Counter[str]:
    """How many documents each folder has for the actor."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    query = (
        select(documents.c.folder, func.count().label("number"))
        .where(_seen_by(actor))
        .group_by(documents.c.folder)
    )
    return Counter({row.folder: row.number for row in connection.execute(query)})


def listed(
    connection: Connection, actor: Actor, folder: str, limit: int, after: int | None = None
) -> list[Document]:
    """The documents of a folder by title, or those behind the document `after`."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    return _page(
        connection, shelf.selected().where(_seen_by(actor), documents.c.folder == folder), limit, after
    )


def get(connection: Connection, actor: Actor, document_id: int) -> Document:
    """A document. Raises DocumentGone, for those who only read too where it was withdrawn."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    found = shelf.read(connection, document_id)
    if not found.stands and not actor.may(Permission.MANAGE_DOCUMENTS):
        raise DocumentGone
    return found


def versions(connection: Connection, actor: Actor, document_id: int) -> list[Version]:
    """The versions of a document that stand, newest first. Raises DocumentGone."""
    get(connection, actor, document_id)
    return [each for each in shelf.versions(connection, document_id) if not each.withdrawn]


def version(connection: Connection, actor: Actor, version_id: int) -> tuple[Document, Version]:
    """A version that stands, and its document. Raises DocumentGone."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    document_id = connection.scalar(
        select(document_versions.c.document_id).where(document_versions.c.id == version_id)
    )
    if document_id is None:
        raise DocumentGone
    for each in versions(connection, actor, document_id):
        if each.id == version_id:
            return get(connection, actor, document_id), each
    raise DocumentGone


def record_download(
    connection: Connection, actor: Actor, version_id: int, way: Way, at: datetime
) -> tuple[Document, Version]:
    """Count that the actor was given a version, and record it. Raises DocumentGone."""
    found, given = version(connection, actor, version_id)
    connection.execute(
        update(document_versions)
        .where(document_versions.c.id == version_id)
        .values(downloads=document_versions.c.downloads + 1)
    )
    record(
        connection,
        at,
        AuditAction.DOCUMENT_DELIVERED,
        subject=actor.subject,
        integrator_id=actor.membership.integrator_id if actor.membership is not None else None,
        detail={
            "document": found.id,
            "folder": found.folder,
            "title": found.title,
            "version": given.label,
            "way": way.value,
        },
    )
    return found, given


def record_link(connection: Connection, actor: Actor, grant: Grant, at: datetime) -> None:
    """Count that the actor was given a version by a link, once for each link: parts of a file are asked for
    one by one, in any order. Raises DocumentGone.
    """
    version(connection, actor, grant.version_id)
    connection.execute(delete(document_links).where(document_links.c.until <= at))
    row = insert_for(connection, document_links).values(
        person_id=actor.person_id, version_id=grant.version_id, until=grant.until
    )
    if connection.execute(row.on_conflict_do_nothing()).rowcount == 1:
        record_download(connection, actor, grant.version_id, Way.LINK, at)


def keep(connection: Connection, actor: Actor, wanted: Words, at: datetime) -> int:
    """Keep a search of the actor. Returns its number."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    return searches.store(connection, actor.person_id, SEARCH, wanted, at)


def kept(connection: Connection, actor: Actor, search_id: int) -> Words | None:
    """A search of the actor; None where there is none that this version can read."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    return searches.find(connection, actor.person_id, SEARCH, search_id, Words)


def found(
    connection: Connection, actor: Actor, wanted: Words, limit: int, after: int | None = None
) -> tuple[list[Document], int]:
    """The documents that a search finds, by title, or those behind the document `after`; and how many there
    are in all.
    """
    actor.authorise(Permission.SEE_DOCUMENTS)
    that_match = and_(
        documents.c.state == DocumentState.STANDING.value, *map(_holds, wanted.words, wanted.folders)
    )
    query = (
        select(func.count())
        .select_from(documents)
        .join(document_versions, document_versions.c.id == documents.c.current_id)
    )
    number = int(connection.execute(query.where(that_match)).scalar_one())
    return _page(connection, shelf.selected().where(that_match), limit, after), number


def add(
    connection: Connection, actor: Actor, folder: str, title: str, new: NewVersion, at: datetime
) -> Document:
    """Put a document into a folder. Raises TitleTaken or FileForgotten, and ValueError for what is no folder
    or no title.
    """
    actor.authorise(Permission.MANAGE_DOCUMENTS)
    return shelf.add(connection, _author(actor), folder, title, new, at)


def add_version(
    connection: Connection, actor: Actor, document_id: int, new: NewVersion, at: datetime
) -> Document:
    """Put a version above the others. Raises DocumentGone, VersionTaken or FileForgotten."""
    actor.authorise(Permission.MANAGE_DOCUMENTS)
    return shelf.add_version(connection, _author(actor), document_id, new, at)


def withdraw(connection: Connection, actor: Actor, document_id: int, at: datetime) -> Document:
    """Hand a document out no more. Raises DocumentGone."""
    actor.authorise(Permission.MANAGE_DOCUMENTS)
    return shelf.withdraw(connection, _author(actor), document_id, at)


def withdraw_version(connection: Connection, actor: Actor, version_id: int, at: datetime) -> Document:
    """Hand a version out no more. Raises DocumentGone or OnlyVersion."""
    actor.authorise(Permission.MANAGE_DOCUMENTS)
    return shelf.withdraw_version(connection, _author(actor), version_id, at)


def restore(connection: Connection, actor: Actor, document_id: int, at: datetime) -> Document:
    """Hand a document out again. Raises DocumentGone."""
    actor.authorise(Permission.MANAGE_DOCUMENTS)
    return shelf.restore(connection, _author(actor), document_id, at)


def _author(actor: Actor) -> Author:
    return Author(actor.person_id, actor.subject)


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Those that stand; whoever looks after them sees the others too."""
    if actor.may(Permission.MANAGE_DOCUMENTS):
        return documents.c.id.is_not(None)
    return documents.c.state == DocumentState.STANDING.value


def _page(connection: Connection, query: Select[Any], limit: int, after: int | None) -> list[Document]:
    """By title; `after` may be a document that is in none of these folders any more."""
    if after is not None:
        last = select(documents.c.title_key).where(documents.c.id == after).scalar_subquery()
        query = query.where(tuple_(documents.c.title_key, documents.c.id) > tuple_(last, after))
    rows = connection.execute(query.order_by(documents.c.title_key, documents.c.id).limit(limit))
    return [shelf.document_of(row) for row in rows]


def _holds(word: str, folders: tuple[str, ...]) -> ColumnElement[bool]:
    """The title, the file's name or one of these folders."""
    said = or_(holds(documents.c.title, word), holds(document_versions.c.name, word))
    return or_(said, documents.c.folder.in_(folders)) if folders else said
