"""What has become of a change, in one line; and what is wrong, for another process."""

from collections.abc import Iterator, Sequence
from typing import Any

from webzeug.diagnostics import Diagnostic
from webzeug.manifest.address import Address
from webzeug.manifest.changes import Changes
from webzeug.reporting.json import as_value
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
    """A diagnostic for another process: ``text`` is how it is shown, ``terminal`` in colours."""
    texts = {"text": render_one(diagnostic), "terminal": render_one(diagnostic, style)}
    return {**as_value(diagnostic), **texts}


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
