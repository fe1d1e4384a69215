"""HTML in, text and entities kept, safe HTML out."""

from __future__ import annotations

import html as html_library
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.entities import formatted, to_html
from sandbox.errors import ApiError


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b>b", "ab", [("bold", 0, 1)]),
        ("<B>a</b>", "a", [("bold", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<s>a</s><u>b</u>", "ab", [("strikethrough", 0, 1), ("underline", 1, 1)]),
        ("😀<code>x</code>", "😀x", [("code", 2, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("a &lt; b &amp;&#233;&#x1F600;", "a < b &é😀", []),
        ("&nbsp;&#0;", "&nbsp;&#0;", []),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("see https://a.example/x.", "see https://a.example/x.", [("url", 4, 19)]),
        ("/start@prova_bot now", "/start@prova_bot now", [("bot_command", 0, 16)]),
        ("<code>/start</code>", "/start", [("code", 0, 6)]),
        (
            "me@a.example @someone #tag",
            "me@a.example @someone #tag",
            [("email", 0, 12), ("mention", 13, 8), ("hashtag", 22, 4)],
        ),
    ],
)
def test_markup_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    plain, found = formatted(source, "HTML", None)
    assert plain == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_arguments_are_kept() -> None:
    _, found = formatted('<a href="https://a.example/?x=1&amp;y=2">x</a>', "HTML", None)
    assert found == [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.example/?x=1&y=2"}]
    _, found = formatted('<pre><code class="language-python">x</code></pre>', "HTML", None)
    assert found == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]
    _, found = formatted('<tg-emoji emoji-id="12">x</tg-emoji>', "HTML", None)
    assert found == [{"type": "custom_emoji", "offset": 0, "length": 1, "custom_emoji_id": "12"}]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("è <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href=>x</a>", None),
        ("<a href=a+b>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_faulty_markup_is_refused_in_telegrams_words(source: str, reason: str | None) -> None:
    if reason is None:
        assert formatted(source, "HTML", None) == ("x", [])
        return
    with pytest.raises(ApiError) as refusal:
        formatted(source, "HTML", None)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("<script>", [], "&lt;script&gt;"),
        ("😀ab", [entity("bold", 2, 1)], "😀<b>a</b>b"),
        ("abc", [entity("bold", 0, 2), entity("italic", 1, 2)], "<b>a<i>b</i></b><i>c</i>"),
        ("x", [entity("text_link", 0, 1, url="javascript:alert(1)")], "<a>x</a>"),
        (
            "x",
            [entity("text_link", 0, 1, url='https://a.example/"')],
            '<a href="https://a.example/&quot;">x</a>',
        ),
        ("a@b.example", [entity("email", 0, 11)], '<a href="mailto:a@b.example">a@b.example</a>'),
        ("/go", [entity("bot_command", 0, 3)], "/go"),
        ("ab", [entity("bold", 0, 2), entity("spoiler", 0, 1)], "<b><tg-spoiler>a</tg-spoiler>b</b>"),
    ],
)
def test_the_page_gets_safe_and_well_nested_html(
    text: str, entities: list[dict[str, Any]], html: str
) -> None:
    assert to_html(text, entities) == html


@settings(deadline=None)
@given(st.text(alphabet="<>/abip ='\"&;#1é😀\n"))
def test_arbitrary_source_is_read_or_refused(source: str) -> None:
    try:
        text, entities = formatted(source, "HTML", None)
    except ApiError as refused:
        reason, text, entities = refused.description, "", []
    else:
        reason = ""
    assert not reason or reason.startswith("Bad Request: can't parse entities: ")
    shown = re.sub("<[^>]*>", "", to_html(text, entities))
    assert html_library.unescape(shown) == text


@settings(deadline=None)
@given(
    st.text(alphabet="ab<é😀", max_size=8),
    st.lists(st.tuples(st.sampled_from(["bold", "italic", "code"]), st.integers(0, 9), st.integers(1, 9))),
)
def test_arbitrary_entities_give_well_nested_html(text: str, spans: list[tuple[str, int, int]]) -> None:
    _, entities = formatted("x" + text + "x", None, [entity(*span) for span in spans])
    open_tags: list[str] = []
    for closing, tag in re.findall("<(/?)([^>]*)>", to_html("x" + text + "x", entities)):
        if closing:
            assert open_tags.pop() == tag
        else:
            open_tags.append(tag)
    assert open_tags == []
