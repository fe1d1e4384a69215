"""Useful documents, as a service: what each may see, follow and take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import select, update

from backend.core.blobs import service as blobs
from backend.core.blobs.models import blobs as blob_rows
from backend.core.db.database import Database
from backend.documents import follows, service, shelf
from backend.documents.errors import OnlyVersion, TooManyFollowed
from backend.documents.shelf import OPERATOR
from backend.documents.values import NewVersion
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from tests.documents.files import pdf

AT = datetime(2026, 5, 1, tzinfo=UTC)


async def version(database: Database, label: str) -> NewVersion:
    """A file that is stored, as a version."""
    digest = await blobs.store(database, pdf(label), "application/pdf")
    return NewVersion(label, AT.date(), digest, "x.pdf", len(pdf(label)), "application/pdf")


async def test_withdrawn_documents_are_counted_only_for_those_who_look_after_them(
    database: Database, us: Actor
) -> None:
    new = await version(database, "1")
    for title in ("Kit", "Guida"):
        made = await database.write(
            partial(shelf.add, author=OPERATOR, folder="doc", title=title, new=new, at=AT)
        )
    await database.write(lambda c: shelf.withdraw(c, OPERATOR, made.id, AT))
    staff = replace(us, staff_roles=frozenset({StaffRole.SUPPORT}))
    for actor, number in ((us, 1), (staff, 2)):
        counts = await database.long_read(partial(service.counts, actor=actor))
        assert dict(counts) == {"doc": number}


async def test_the_last_version_that_stands_is_not_taken_back(database: Database) -> None:
    first, second = await version(database, "1"), await version(database, "2")
    made = await database.write(lambda c: shelf.add(c, OPERATOR, "doc", "Kit", first, AT))
    newest = await database.write(lambda c: shelf.add_version(c, OPERATOR, made.id, second, AT))
    left = await database.write(lambda c: shelf.withdraw_version(c, OPERATOR, newest.version.id, AT))
    assert left.version == made.version
    with pytest.raises(OnlyVersion):
        await database.write(lambda c: shelf.withdraw_version(c, OPERATOR, made.version.id, AT))
    assert (await database.long_read(lambda c: shelf.read(c, made.id))).version == made.version


async def test_a_file_that_was_about_to_be_forgotten_is_kept_once_it_is_published(database: Database) -> None:
    new = await version(database, "1")
    await database.write(lambda c: c.execute(update(blob_rows).values(unused_since=AT)))
    await database.write(lambda c: shelf.add(c, OPERATOR, "doc", "Kit", new, AT))
    assert await database.long_read(lambda c: c.scalar(select(blob_rows.c.unused_since))) is None


async def test_each_follows_so_many_folders_and_ends_only_their_own(
    database: Database, us: Actor, them: Actor
) -> None:
    for actor in (us, them):
        await database.write(partial(follows.follow, actor=actor, folder="mome", at=AT))
    await database.write(lambda c: follows.unfollow(c, us, "mome"))
    assert await database.long_read(partial(follows.followed, actor=us)) == []
    assert await database.long_read(partial(follows.followed, actor=them)) == ["mome"]
    for number in range(follows.MOST_FOLLOWED):
        await database.write(partial(follows.follow, actor=us, folder=f"doc{number}", at=AT))
    with pytest.raises(TooManyFollowed):
        await database.write(partial(follows.follow, actor=us, folder="mome", at=AT))
    assert len(await database.long_read(partial(follows.followed, actor=us))) == follows.MOST_FOLLOWED
