"""Why something about a bulk request is refused.

BulkRefused (a Refused)
├── BulkNotFound        there is no such file or request for this member
├── UploadGone          the checked file was loaded before, or its time is over
├── NothingToLoad       no line of the file can be loaded
└── RequestBegun        the request can no longer be cancelled
"""

from __future__ import annotations

from backend.core.refusals import Refused


class BulkRefused(Refused):
    """Root of this package's exceptions: each is an expected refusal."""


class BulkNotFound(BulkRefused):
    """There is no such file or request for this member."""

    key = "bulk-not-found"


class UploadGone(BulkRefused):
    """The checked file was loaded before, or its time is over."""

    key = "upload-gone"


class NothingToLoad(BulkRefused):
    """No line of the file can be loaded."""

    key = "nothing-to-load"


class RequestBegun(BulkRefused):
    """The request can no longer be cancelled: its processing has begun."""

    key = "request-begun"
