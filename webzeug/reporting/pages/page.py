"""The frame of a page: plain HTML that needs nothing from elsewhere, works without its script, and
runs none but ours.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup, escape

from webzeug.reporting.style import printable


def _asset(name: str) -> Markup:
    """A file of ours beside this one, fit to stand in a page."""
    return Markup((files(__package__) / name).read_text("utf-8"))


def _hash(text: str) -> str:
    """A source expression of Content-Security-Policy (W3C CSP 3, 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


_STYLE = _asset("page.css")
_RELOAD = _asset("reload.js")
_FILTER = _asset("filter.js")

_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {_hash(_STYLE)}",
        f"script-src {_hash(_RELOAD)} {_hash(_FILTER)}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

FIELDS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", _POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
)
"""The header fields of each page."""

_FRAME = Markup(
    """<!doctype html>
<html lang="en"{state}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header>
<p class="status">{status}</p>
<h1>{heading}</h1>
{lead}
{waiting}</header>
<main>
{body}
</main>
<footer>
<p>Only you see this page: <code>webzeug serve --dev</code> shows it to browsers on this
machine. {elsewhere}</p>
</footer>
{scripts}
</body>
</html>
"""
)

_WAITING = Markup(
    '<p id="waiting" role="status">Reload this page when you have changed something.</p>\n'
)
_SCRIPT = Markup("<script>{}</script>")
_CODE = re.compile("`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``title`` is plain text; all other text is escaped unless it is Markup.

    ``status`` stands small above the ``heading``, ``lead`` below it; ``elsewhere`` tells in the
    last line where else to look. With ``state``, the page reloads itself when the server has
    another one; ``has_filter`` tells that there is a table to be searched.
    """

    title: str
    status: str
    heading: Markup
    lead: Markup
    body: Markup
    elsewhere: Markup
    state: str | None
    has_filter: bool = False

    def __str__(self) -> str:
        waits = self.state is not None
        scripts = [_RELOAD] if waits else []
        scripts += [_FILTER] if self.has_filter else []
        return _FRAME.format(
            title=printable(self.title),
            status=printable(self.status),
            heading=self.heading,
            lead=self.lead,
            body=self.body,
            elsewhere=self.elsewhere,
            state=Markup(' data-state="{}"').format(self.state) if waits else "",
            waiting=_WAITING if waits else "",
            style=_STYLE,
            scripts=lines(_SCRIPT.format(script) for script in scripts),
        )


def lines(parts: Iterable[Markup | str]) -> Markup:
    """Parts of a page, one on each line."""
    return Markup("\n").join(parts)


def plain(text: object) -> Markup:
    """Text as it is, but what is invisible as its number."""
    return escape(printable(str(text)))


def block(text: str) -> Markup:
    """Text of several lines as it is."""
    return lines(map(plain, text.splitlines()))


def code(text: object) -> Markup:
    """Text of a program."""
    return Markup("<code>{}</code>").format(plain(text))


def sentence(text: str) -> Markup:
    """Words of ours, in which code stands between backticks."""
    parts = _CODE.split(printable(text))
    return Markup("").join(
        code(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )
