"""The frame of a page: it needs nothing from elsewhere, and runs no script but ours."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from webzeug.reporting.pages.page import FIELDS, Page, block, code, sentence

HOSTILE = "<script>alert(1)</script>\"'&\u202e\x1b"


def page(*, state: str | None = "1-0", has_filter: bool = True, text: str = "text") -> str:
    escaped = code(text)
    return str(Page(text, text, escaped, escaped, escaped, escaped, state, has_filter=has_filter))


class Outline(HTMLParser):
    """The elements of a page, their attributes, and what is inside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.inline: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.inline.append((self.open[-1], data))


def policy() -> dict[str, list[str]]:
    """The directives of the Content-Security-Policy."""
    (text,) = (value for name, value in FIELDS if name == "Content-Security-Policy")
    directives = (directive.split() for directive in text.split("; "))
    return {name: sources for name, *sources in directives}


def test_the_policy_forbids_what_is_not_ours() -> None:
    """Scripts and styles by their hashes alone; requests to this host alone; no frames."""
    found = policy()
    assert found["default-src"] == ["'none'"]
    assert found["connect-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == found["form-action"] == ["'none'"]
    sources = [*found["script-src"], *found["style-src"]]
    assert len(sources) == 3
    assert all(source.startswith("'sha256-") for source in sources)


def test_all_that_stands_in_a_page_is_allowed() -> None:
    """Each script and style has one of the hashes."""
    outline = Outline(page())
    assert [tag for tag, _ in outline.inline] == ["style", "script", "script"]
    for tag, text in outline.inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy()[f"{tag}-src"]


def test_nothing_is_needed_from_elsewhere() -> None:
    """No address in any attribute or style leads away, and none runs a script."""
    outline = Outline(page())
    assert outline.open == []
    assert not [name for name, _ in outline.attributes if name == "style" or name.startswith("on")]
    addresses = [value for name, value in outline.attributes if name in ("href", "src", "action")]
    assert addresses == ["data:,"]
    assert re.findall(r"url\(|@import|https?:", "".join(text for _, text in outline.inline)) == []


def test_a_page_without_a_state_has_no_script() -> None:
    """It waits for nothing, and says nothing of that."""
    outline = Outline(page(state=None, has_filter=False))
    assert [tag for tag, _ in outline.inline] == ["style"]
    assert "Reload this page" not in page(state=None)
    assert "Reload this page" in page()


def test_everything_is_escaped() -> None:
    """Wherever a text stands; what is invisible is shown as its number."""
    text = page(text=HOSTILE)
    assert text.count("<script>") == 2  # ours
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;&lt;U+202E&gt;" in text
    assert "\u202e" not in text
    assert Outline(text).tags == Outline(page()).tags


def test_the_title_says_first_what_is_wrong() -> None:
    """In a tab there is little room."""
    assert "<title>404: GET /x</title>" in page(text="404: GET /x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("there is no `a<b`", "there is no <code>a&lt;b</code>"),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("a lone ` stays", "a lone ` stays"),
        ("<b> & ``", "&lt;b&gt; &amp; ``"),
    ],
)
def test_code_in_a_sentence(text: str, expected: str) -> None:
    """It stands between backticks."""
    assert sentence(text) == expected


def test_a_block_keeps_its_lines() -> None:
    """And their indents."""
    assert block("a\n  <b>\n\nc\n") == Markup("a\n  &lt;b&gt;\n\nc")
