"""Pools and clients that live as long as the App: opened in order, closed in reverse."""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from webzeug.tracebacks import described

log = logging.getLogger("webzeug.error")


class ResourceError(Exception):
    """A resource could not be opened or closed; ``__cause__`` is what its own code raised."""

    def __init__(self, name: str, what: str, error: BaseException) -> None:
        super().__init__(f"the resource `{name}` could not be {what}: {described(error)}")
        self.name = name


class Resources:
    """The open resources, as attributes: ``app.resources.db``."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"there is no open resource `{name}`; open ones: {', '.join(vars(self)) or 'none'}",
            name=name,
        )


def open_resources(
    resources: Resources, openers: Mapping[str, Callable[[Any], Any]], app: object
) -> ExitStack:
    """Call each opener with the app, and hang its result on ``resources`` under its name.

    A context manager is entered, of any other object the method ``close``, if there is one, is
    called later: by ``close`` of the result, which closes all, the last one first, each even if
    another fails, and then raises ResourceError. If one cannot be opened, those before it are
    closed again and ResourceError is raised.
    """
    opened = ExitStack()
    try:
        for name, opener in openers.items():
            opened.callback(_close, resources, name, _open(resources, name, opener, app))
    except BaseException:
        _give_up(opened)
        raise
    return opened


def _open(
    resources: Resources, name: str, opener: Callable[[Any], Any], app: object
) -> Callable[[], object]:
    """Open one resource; returns what closes it."""
    context = ExitStack()
    try:
        value = opener(app)
        if hasattr(type(value), "__enter__") and hasattr(type(value), "__exit__"):
            value = context.enter_context(value)
        elif callable(close := getattr(value, "close", None)):
            context.callback(close)
    except Exception as error:
        raise ResourceError(name, "opened", error) from error
    setattr(resources, name, value)
    return context.close


def _close(resources: Resources, name: str, close: Callable[[], object]) -> None:
    vars(resources).pop(name, None)
    try:
        close()
    except Exception as error:
        raise ResourceError(name, "closed", error) from error


def _give_up(opened: ExitStack) -> None:
    """Close what is open already; what fails then must not hide why."""
    try:
        opened.close()
    except ResourceError as error:
        log.exception("%s", error)
