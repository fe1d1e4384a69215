"""Photos of labels: what the engine hands over to be read, wherever a picture comes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from backend.core.json_values import to_json
from backend.devices.codes import CodeKind
from conversations.core.replies import Attachment, Media, Sent

READ_LABEL = "label"
"""The action that reads a label. Its argument is a `Picture` as JSON."""

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True)
class Picture:
    """What was sent, and the codes that the present question asks for: none where it asks for something else,
    or nothing is asked. `taken`: the question takes pictures for what they are, too.
    """

    sent: Sent
    asked: tuple[CodeKind, ...] = ()
    taken: bool = False


def pictures(sent: Sent) -> tuple[Attachment, ...]:
    """The attachments that may be photos of labels."""
    return tuple(
        each
        for each in sent.attachments
        if each.media is Media.PHOTO or (each.media is Media.DOCUMENT and _is_picture(each))
    )


def _is_picture(sent: Attachment) -> bool:
    """By what its sender says; what it is, the reader finds out."""
    return sent.media_type.startswith("image/") or sent.name.lower().endswith(_ENDINGS)


def to_argument(picture: Picture) -> str:
    """The picture as an action's argument."""
    return json.dumps(to_json(picture))
