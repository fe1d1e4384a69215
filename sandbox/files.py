"""Files that pass through the local Bot API, kept in memory while it runs."""

from __future__ import annotations

import secrets

from sandbox.state import Picture, StoredFile

# What a bot may download through `getFile`, send as a file, and send as a photo (bytes).
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024


class FileStore:
    """Every file by its `file_id`."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, folder: str, name: str, mime_type: str, data: bytes) -> StoredFile:
        """Keeps a file; `folder` is the kind in Telegram's paths (`documents`, `photos`, …)."""
        number = len(self._by_id)
        dot = name.rfind(".")
        suffix = name[dot:] if dot > 0 and name[dot + 1 :].isalnum() else ""
        picture = picture_of(data)
        file = StoredFile(
            file_id=f"LOCAL{secrets.token_urlsafe(30)}",
            unique_id=f"AQ{secrets.token_urlsafe(9)}",
            path=f"{folder}/file_{number}{suffix}",
            name=name,
            mime_type=mime_type,
            data=data,
            picture=picture,
        )
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file
        return file

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)


def picture_of(data: bytes) -> Picture | None:
    """The picture in these bytes: PNG, JPEG, GIF or lossy WebP; `None` if there is none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return Picture("image/png", int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
        return Picture("image/gif", width, height)
    if data.startswith(b"RIFF") and data[8:16] == b"WEBPVP8 " and len(data) >= 30:
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
        return Picture("image/webp", width, height)
    return _jpeg(data) if data.startswith(b"\xff\xd8") else None


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        # A start-of-frame segment, but not the three markers of that range that are something else.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[at + n : at + n + 2]) for n in (5, 7))
            return Picture("image/jpeg", width, height)
        at += 2 + length
    return None
