"""Errors of the blob store.

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
    """The stored content does not match the digest, or no key decrypts it."""


class UploadForgotten(BlobError):
    """An upload rested so long that it was taken for abandoned: store it again."""
