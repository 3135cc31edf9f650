"""Patching the standard library for gevent, before anything has seen what it replaces."""

import logging
import sys
import warnings
from collections.abc import Iterable

from gevent import monkey

LOOK_ONCE = ("psycopg", "requests", "urllib3", "ssl")
"""Modules that look for what blocks when they are imported, and never again."""


def patch(already: Iterable[str] = ()) -> None:
    """Let what blocks wait in gevent's hub instead, and warn of what was imported before.

    Of the modules ``already``, it is known that nothing has been taken from them.
    """
    early = [name for name in imported_before(sys.modules) if name not in already]
    with warnings.catch_warnings():
        # gevent's own words for the same, which name no remedy.
        warnings.simplefilter("ignore", monkey.MonkeyPatchWarning)
        monkey.patch_all()
    for name in early:
        logging.getLogger("webzeug.error").warning("%s", blocks(name))


def imported_before(modules: Iterable[str]) -> list[str]:
    """Those of LOOK_ONCE that are imported although nothing has been patched yet."""
    if monkey.is_module_patched("socket"):
        return []
    return [name for name in LOOK_ONCE if name in modules]


def blocks(name: str) -> str:
    """What a module that was imported too early does, and what helps."""
    return (
        f"`{name}` was imported before gevent patched the standard library: each wait of it stops "
        "all requests; import it later, or call gevent.monkey.patch_all() before it"
    )
