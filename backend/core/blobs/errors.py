"""What can go wrong with blobs.

BlobError
├── BlobMissing     no blob with this digest
├── BlobSealed      it is encrypted and no vault was given
├── BlobCorrupt     what is stored is not what the digest says
└── UploadForgotten it took so long between two chunks that the upload was taken for abandoned
"""

from __future__ import annotations


class BlobError(Exception):
    """Root of this package's exceptions."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


class BlobMissing(BlobError):
    """There is no blob with this digest."""


class BlobSealed(BlobError):
    """The blob is encrypted and no vault was given to open it."""


class BlobCorrupt(BlobError):
    """What is stored does not match the digest, or does not open with any key."""


class UploadForgotten(BlobError):
    """What was being stored rested for so long that it was taken for abandoned: it is to be stored anew."""
