"""What has become of a change, in one line; and what is wrong, for another process."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webzeug.diagnostics import Diagnostic
from webzeug.manifest.address import Address
from webzeug.manifest.changes import Changes
from webzeug.reporting.json import as_value
from webzeug.reporting.pages.problems import article, headline
from webzeug.reporting.style import PLAIN, Style, printable
from webzeug.reporting.text import count, render_one

SHOWN = 5
"""So many routes or files are named; of more, how many there are."""


def serves(manifest: str, routes: int, address: Address) -> str:
    """What is served, and where."""
    everywhere = " and all other addresses" if address.host in ("0.0.0.0", "::") else ""
    return f"webzeug serves {manifest} ({count(routes, 'route')}) on {address.url}{everywhere}"


def swapped(milliseconds: float, changes: Changes, *, mended: bool, style: Style = PLAIN) -> str:
    """``swapped in 12 ms: added /a; changed /b``."""
    what = "; ".join(described(changes)) or "no route is different"
    return f"{_done('swapped', milliseconds, mended, style)}: {what}"


def restarted(
    milliseconds: float,
    causes: Sequence[str],
    changes: Changes,
    *,
    mended: bool,
    style: Style = PLAIN,
) -> str:
    """``restarted in 80 ms: shop/views.py; added /a``."""
    what = "; ".join((_some(causes), *described(changes)))
    return f"{_done('restarted', milliseconds, mended, style)}: {what}"


def as_problem(diagnostic: Diagnostic, style: Style) -> dict[str, Any]:
    """A diagnostic for another process.

    ``text`` is how it is shown, ``terminal`` in colours; ``html`` and ``headline`` are for a page.
    """
    texts = {"text": render_one(diagnostic), "terminal": render_one(diagnostic, style)}
    pages = {"html": str(article(diagnostic)), "headline": headline(diagnostic)}
    return {**as_value(diagnostic), **texts, **pages}


def counted(problems: Sequence[Mapping[str, Any]]) -> str:
    """``2 errors, 1 warning``, of problems as ``as_problem`` makes them."""
    errors = sum(problem["severity"] == "error" for problem in problems)
    numbers = ((errors, "error"), (len(problems) - errors, "warning"))
    return ", ".join(count(number, noun) for number, noun in numbers if number)


def described(changes: Changes) -> Iterator[str]:
    """``added /a, /b``, then what was removed and what was changed."""
    for verb, routes in (
        ("added", changes.added),
        ("removed", changes.removed),
        ("changed", changes.changed),
    ):
        if len(routes) > SHOWN:
            yield f"{verb} {count(len(routes), 'route')}: {_some(routes)}"
        elif routes:
            yield f"{verb} {_some(routes)}"


def _done(what: str, milliseconds: float, mended: bool, style: Style) -> str:
    done = style.paint(f"mended, and {what}" if mended else what, "green", bold=True)
    return f"{done} in {milliseconds:.0f} ms"


def _some(names: Sequence[str]) -> str:
    shown = [printable(name) for name in names[:SHOWN]]
    return ", ".join([*shown, "..."] if len(names) > SHOWN else shown)
