"""Refusals about useful documents.

Refused
└── DocumentRefused
    ├── DocumentGone      there is no such document, or version, for this person
    ├── TitleTaken        the folder has a document of this title already (`document_id`)
    ├── VersionTaken      the document has this version already (`label`)
    ├── FileForgotten     the file that was to be added is not kept any more
    ├── OnlyVersion       the version is the only one that stands: the document is to be withdrawn
    └── TooManyFollowed   a person follows as many folders as one may (`number`)
"""

from __future__ import annotations

from backend.core.refusals import Refused


class DocumentRefused(Refused):
    """What was asked of a document is not possible."""

    key = "document-refused"


class DocumentGone(DocumentRefused):
    """There is no such document, or version, for this person."""

    key = "document-gone"


class TitleTaken(DocumentRefused):
    """The folder has a document of this title already."""

    key = "document-title-taken"


class VersionTaken(DocumentRefused):
    """The document has this version already."""

    key = "document-version-taken"


class FileForgotten(DocumentRefused):
    """The file that was to be added is not kept any more."""

    key = "document-file-forgotten"


class OnlyVersion(DocumentRefused):
    """The version is the only one that stands."""

    key = "document-only-version"


class TooManyFollowed(DocumentRefused):
    """A person follows as many folders as one may."""

    key = "document-too-many-followed"
