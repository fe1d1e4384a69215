"""Tables of useful documents, of the links by which they were downloaded, of who follows their folders, and
of what those are still to be told.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, false

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

documents = Table(
    "documents",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("folder", String(40), nullable=False),
    Column("title", String(100), nullable=False),
    Column("title_key", String(300), nullable=False),  # by which titles are compared and sorted
    Column("state", String(16), nullable=False),
    Column("current_id", BigId),  # the newest version that is not withdrawn; none only while it is made
    Column("mirrored", Boolean, nullable=False, server_default=false()),  # its file is in a folder on disk
    Column("created_at", UtcDateTime, nullable=False),
    Index("uq_documents_folder_title_key", "folder", "title_key", unique=True),
    sqlite_autoincrement=True,  # buttons name it
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("document_id", BigId, ForeignKey("documents.id"), nullable=False),
    Column("label", String(24), nullable=False),
    Column("label_key", String(72), nullable=False),
    Column("dated", Date, nullable=False),
    Column("digest", String(80), ForeignKey("blobs.digest"), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id"), index=True),  # None: the operator
    Column("added_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("downloads", Integer, nullable=False, server_default="0"),
    Index("ix_document_versions_document_id_id", "document_id", "id"),
    sqlite_autoincrement=True,  # buttons and links name it
)

document_links = Table(  # those by which something was downloaded, until they expire: each counts once
    "document_links",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("version_id", BigId, ForeignKey("document_versions.id"), primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, primary_key=True),
    Index("ix_document_links_until", "until"),
)

document_follows = Table(
    "document_follows",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("folder", String(40), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_document_follows_folder_person_id", "folder", "person_id"),
)

document_news = Table(
    "document_news",
    metadata,
    Column("version_id", BigId, ForeignKey("document_versions.id"), primary_key=True, autoincrement=False),
    Column("told_up_to", BigId, nullable=False, server_default="0"),  # the last person who was told
)

KEPT = (
    # Documents are the service's: an erased person's stay, and say no longer who added them.
    Kept(
        document_versions.c.person_id,
        personal_data.person_id,
        erased=False,
        only=(document_versions.c.id, document_versions.c.label, document_versions.c.added_at),
    ),
    Kept(document_links.c.person_id, personal_data.person_id, erased=True),
    Kept(document_follows.c.person_id, personal_data.person_id, erased=True),
)
