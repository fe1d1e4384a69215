"""Following folders: who is told once of each new document and each new version in them.

A version that was just added is a row of `document_news`. A due check tells its followers a portion at a
time, in the order of their ids, and several versions that are due together in one notice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, select, update

from backend.core.db.upsert import insert_for
from backend.documents import shelf
from backend.documents.errors import TooManyFollowed
from backend.documents.models import document_follows, document_news, document_versions, documents
from backend.documents.values import Document, DocumentState, Version, is_folder
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices

NOTICE = "document_news"
"""The kind of the notice."""
MOST_FOLLOWED = 50
AT_ONCE = 20
"""Versions that a notice speaks of."""
PORTION = 100
"""Followers that are told in one transaction."""


def follow(connection: Connection, actor: Actor, folder: str, at: datetime) -> None:
    """Tell the actor of what is new in a folder and below it. Raises NotPermitted or TooManyFollowed, and
    ValueError for what is no folder.
    """
    actor.authorise(Permission.SEE_DOCUMENTS)
    if not is_folder(folder):
        raise ValueError("not a folder")
    if len(followed(connection, actor)) >= MOST_FOLLOWED:
        raise TooManyFollowed(number=MOST_FOLLOWED)
    row = insert_for(connection, document_follows).values(person_id=actor.person_id, folder=folder, since=at)
    connection.execute(row.on_conflict_do_nothing(index_elements=["person_id", "folder"]))


def unfollow(connection: Connection, actor: Actor, folder: str) -> None:
    """Tell the actor no more. Raises NotPermitted."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    connection.execute(
        delete(document_follows).where(
            document_follows.c.person_id == actor.person_id, document_follows.c.folder == folder
        )
    )


def followed(connection: Connection, actor: Actor) -> list[str]:
    """The folders that the actor follows. Raises NotPermitted."""
    actor.authorise(Permission.SEE_DOCUMENTS)
    query = select(document_follows.c.folder).where(document_follows.c.person_id == actor.person_id)
    return list(connection.scalars(query.order_by(document_follows.c.folder)))


def above(folder: str) -> list[str]:
    """A folder and those that it is in."""
    parts = folder.split(".")
    return [".".join(parts[: number + 1]) for number in range(len(parts))]


def tell(connection: Connection, at: datetime, portion: int = PORTION) -> int:
    """Order the notices of a portion of followers for what is new. Returns how many versions that was."""
    first = connection.execute(
        select(document_news.c.told_up_to).order_by(document_news.c.version_id).limit(1)
    ).scalar()
    if first is None:
        return 0
    new = connection.execute(
        select(document_news.c.version_id, document_versions.c.person_id, documents.c.folder)
        .join(document_versions, document_versions.c.id == document_news.c.version_id)
        .join(documents, documents.c.id == document_versions.c.document_id)
        .where(document_news.c.told_up_to == first)
        .order_by(document_news.c.version_id)
        .limit(AT_ONCE)
    ).all()
    ids = [row.version_id for row in new]
    wanted = {folder for row in new for folder in above(row.folder)}
    people = list(
        connection.scalars(
            select(document_follows.c.person_id)
            .where(document_follows.c.folder.in_(wanted), document_follows.c.person_id > first)
            .distinct()
            .order_by(document_follows.c.person_id)
            .limit(portion)
        )
    )
    follows = defaultdict[int, set[str]](set)
    for row in connection.execute(
        select(document_follows).where(
            document_follows.c.person_id.in_(people), document_follows.c.folder.in_(wanted)
        )
    ):
        follows[row.person_id].add(row.folder)
    for person in people:
        mine = [
            row.version_id
            for row in new
            if row.person_id != person and not follows[person].isdisjoint(above(row.folder))
        ]
        if mine:
            argument = {"versions": mine}
            notices.add(connection, person, NOTICE, argument, dedupe_key=f"{mine[0]}-{mine[-1]}", at=at)
    of_these = document_news.c.version_id.in_(ids)
    if len(people) < portion:
        connection.execute(delete(document_news).where(of_these))
    else:
        connection.execute(update(document_news).where(of_these).values(told_up_to=people[-1]))
    return len(ids)


def news(connection: Connection, version_ids: list[int]) -> list[tuple[Document, Version, bool]]:
    """What of these versions is still new: those that are the newest of documents that stand, and whether the
    document is new as a whole.
    """
    rows = connection.execute(
        shelf.selected().where(
            and_(document_versions.c.id.in_(version_ids), documents.c.state == DocumentState.STANDING.value)
        )
    ).all()
    of_these = document_versions.c.document_id.in_([row.document_id for row in rows])
    oldest = func.min(document_versions.c.id).label("version_id")
    query = select(document_versions.c.document_id, oldest).where(of_these)
    first = {
        row.document_id: row.version_id
        for row in connection.execute(query.group_by(document_versions.c.document_id))
    }
    found = [shelf.document_of(row) for row in rows]
    return [(each, each.version, first[each.id] == each.version.id) for each in found]
