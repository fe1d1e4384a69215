"""Formatted text as Telegram reads it: HTML to plain text and entities.

Offsets and lengths of entities are UTF-16 code units; the byte offsets in error messages are those of the
UTF-8 text that was sent. Both are Telegram's conventions.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from sandbox.errors import ApiError, bad_request

Entity = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot);?|&#(?:x[0-9a-fA-F]+|[0-9]+);?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")

# Found by Telegram in any text, whoever wrote it.
_AUTOMATIC = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'»])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{5,32})?(?![\w/]))"
    r"|(?P<hashtag>(?<!\w)#(?=\w*[^\W\d])\w{1,255})",
    re.ASCII,
)
# Inside these Telegram looks for nothing.
_OPAQUE = {"code", "pre", "text_link", "custom_emoji"}


def utf16_length(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def _unreference(reference: str) -> str:
    if reference.startswith("&#"):
        digits = reference[2:].rstrip(";")
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        # Telegram leaves a reference to no character, or to a lone surrogate, as it was typed.
        return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else reference
    return _NAMED[reference.rstrip(";") + ";"]


def _decode(text: str) -> str:
    return _REFERENCE.sub(lambda match: _unreference(match[0]), text)


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int


class _HtmlParser:
    """One pass over the text, as Telegram's own parser makes it: the first fault ends it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._parts: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        source = self._source
        while self._position < len(source):
            start = source.find("<", self._position)
            end = len(source) if start < 0 else start
            text = _decode(source[self._position : end])
            self._parts.append(text)
            self._offset += utf16_length(text)
            self._position = end
            if start >= 0:
                if source.startswith("</", start):
                    self._end_tag(start)
                else:
                    self._start_tag(start)
        if self._open:
            raise _fault(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return "".join(self._parts), sorted(self._entities, key=lambda e: (e["offset"], -e["length"]))

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode())

    def _start_tag(self, begin: int) -> None:
        source, where = self._source, self._bytes(begin)
        self._position = begin + 1
        tag = self._take(_TAG_NAME).lower()
        if self._position >= len(source):
            raise _fault(f"Unclosed start tag at byte offset {where}")
        if tag not in _TAGS:
            raise _fault(f'Unsupported start tag "{tag}" at byte offset {where}')
        argument = ""
        while True:
            self._skip_spaces()
            if source[self._position : self._position + 1] == ">":
                break
            name = self._take(_ATTRIBUTE)
            if not name:
                raise _fault(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
            argument = self._attribute(tag, name.lower(), where) or argument
        if tag == "span" and argument != "tg-spoiler":
            raise _fault(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self._position += 1
        self._open.append(_Open(tag, argument, self._offset))

    def _attribute(self, tag: str, name: str, where: int) -> str:
        """Reads the value that follows a name; returns what the tag keeps of it."""
        source = self._source
        self._skip_spaces()
        if source[self._position : self._position + 1] != "=":
            self._must_go_on(tag, where)
            return "expandable" if (tag, name) == ("blockquote", "expandable") else ""
        self._position += 1
        self._skip_spaces()
        self._must_go_on(tag, where)
        quote = source[self._position]
        if quote in "'\"":
            end = source.find(quote, self._position + 1)
            if end < 0:
                raise _fault(f"Unclosed start tag at byte offset {where}")
            value = _decode(source[self._position + 1 : end])
            self._position = end + 1
        else:
            token_at = self._position
            value = self._take(_TOKEN).lower()
            following = source[self._position : self._position + 1]
            if following and not following.isspace() and following != ">":
                raise _fault(f"Unexpected end of name token at byte offset {self._bytes(token_at)}")
        self._must_go_on(tag, where)
        if (tag, name) == ("code", "class"):
            return value.removeprefix("language-") if value.startswith("language-") else ""
        kept = {("a", "href"), ("span", "class"), ("tg-emoji", "emoji-id")}
        if (tag, name) == ("blockquote", "expandable"):
            return "expandable"
        return value if (tag, name) in kept else ""

    def _end_tag(self, begin: int) -> None:
        source, where = self._source, self._bytes(begin)
        if not self._open:
            raise _fault(f"Unexpected end tag at byte offset {where}")
        self._position = begin + 2
        name, opened = self._take(_TAG_NAME).lower(), self._open[-1]
        self._skip_spaces()
        if source[self._position : self._position + 1] != ">":
            raise _fault(f"Unclosed end tag at byte offset {where}")
        if name and name != opened.tag:
            raise _fault(
                f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self._position += 1
        self._open.pop()
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self._offset - opened.offset
        if not length:
            return
        kind = _TAGS[opened.tag]
        entity: Entity = {"type": kind, "offset": opened.offset, "length": length}
        if kind == "text_link":
            url = opened.argument or _slice("".join(self._parts), opened.offset, length)
            if not url.startswith(("http://", "https://", "tg://", "mailto:", "tel:")):
                # Telegram drops a link it cannot read and keeps the text.
                return
            entity["url"] = url
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.argument
        elif kind == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif kind == "code" and opened.argument and self._merge_language(opened, length):
            return
        elif kind == "pre":
            inner = next((e for e in self._entities if _is_language_of(e, entity)), None)
            if inner is not None:
                self._entities.remove(inner)
                entity["language"] = inner["language"]
        self._entities.append(entity)

    def _merge_language(self, opened: _Open, length: int) -> bool:
        """`<pre><code class="language-x">` is one entity: kept aside here, taken up when `pre` closes."""
        if self._open and self._open[-1].tag == "pre":
            entity = {"type": "code", "offset": opened.offset, "length": length, "language": opened.argument}
            self._entities.append(entity)
            return True
        return False

    def _skip_spaces(self) -> None:
        self._take(_SPACE)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._position)
        found = match[0] if match else ""
        self._position += len(found)
        return found

    def _must_go_on(self, tag: str, where: int) -> None:
        if self._position >= len(self._source):
            raise _fault(f'Unclosed start tag "{tag}" at byte offset {where}')


def _is_language_of(inner: Entity, pre: Entity) -> bool:
    same = inner["offset"] == pre["offset"] and inner["length"] == pre["length"]
    return same and inner["type"] == "code" and "language" in inner


def _slice(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def _fault(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram trims what it is given; entities move along and those left with nothing go."""
    stripped = text.strip()
    lead, size = utf16_length(text[: len(text) - len(text.lstrip())]), utf16_length(stripped)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept


def detect(text: str, entities: list[Entity]) -> list[Entity]:
    """`entities` with those that Telegram finds by itself: links, e-mails, mentions, commands, hashtags."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OPAQUE]
    found = list(entities)
    for match in _AUTOMATIC.finditer(text):
        offset, length = utf16_length(text[: match.start()]), utf16_length(match[0])
        if all(offset + length <= start or offset >= end for start, end in taken):
            found.append({"type": str(match.lastgroup), "offset": offset, "length": length})
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))


def formatted(text: str, parse_mode: str | None, entities: list[Entity] | None) -> tuple[str, list[Entity]]:
    """A bot's text as Telegram keeps it: trimmed, with its entities.

    Raises `ApiError` for markup that cannot be read and for a parse mode this server does not know.
    """
    mode = (parse_mode or "").lower()
    if mode == "html":
        text, given = _HtmlParser(text).parse()
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        given = entities or []
    text, given = _trimmed(text.replace("\r", ""), given)
    return text, detect(text, given)


_VIEW_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "text_link": "a",
    "url": "a",
    "email": "a",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "spoiler": "tg-spoiler",
}


def to_html(text: str, entities: list[Entity]) -> str:
    """Safe HTML of a formatted text: only the tags of `_VIEW_TAGS`, everything else escaped.

    Overlapping entities are cut where they cross, so the result is always well nested.
    """
    units = text.encode("utf-16-le")
    shown = [e for e in entities if e["type"] in _VIEW_TAGS]
    edges = sorted({0, len(units) // 2, *(edge for e in shown for edge in _span(e))})
    parts: list[str] = []
    stack: list[Entity] = []
    for here, following in zip(edges, [*edges[1:], edges[-1]], strict=True):
        keep = next((n for n, e in enumerate(stack) if _span(e)[1] <= here), len(stack))
        reopened = [e for e in stack[keep:] if _span(e)[1] > here]
        parts.extend(f"</{_VIEW_TAGS[e['type']]}>" for e in reversed(stack[keep:]))
        del stack[keep:]
        for entity in [*reopened, *(e for e in shown if e["offset"] == here and e["length"] > 0)]:
            parts.append(_opening(entity, text))
            stack.append(entity)
        parts.append(html.escape(units[here * 2 : following * 2].decode("utf-16-le", "replace")))
    parts.extend(f"</{_VIEW_TAGS[e['type']]}>" for e in reversed(stack))
    return "".join(parts)


def _span(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _opening(entity: Entity, text: str) -> str:
    tag = _VIEW_TAGS[entity["type"]]
    if tag != "a":
        return f"<{tag}>"
    target = entity.get("url") or _slice(text, entity["offset"], entity["length"])
    if entity["type"] == "email":
        target = f"mailto:{target}"
    if not target.startswith(("http://", "https://", "mailto:", "tel:", "tg://")):
        return "<a>"
    return f'<a href="{html.escape(target)}">'
