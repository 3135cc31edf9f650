"""Pools and clients that live as long as the App: opened in order, closed in reverse."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any


class ResourceError(Exception):
    """A resource could not be opened; ``__cause__`` is what its opener raised."""

    def __init__(self, name: str, error: BaseException) -> None:
        super().__init__(f"the resource `{name}` could not be opened: {error!r}")
        self.name = name


class Resources:
    """The open resources, as attributes: ``app.resources.db``."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def open(self, openers: Mapping[str, Callable[[Any], Any]], app: object) -> None:
        """Call each opener with the app, and hang its result here under its name.

        A context manager is entered, an object with ``close`` is closed later. If one fails,
        those before it are closed again, and ResourceError is raised.
        """
        with ExitStack() as stack:
            for name, opener in openers.items():
                try:
                    setattr(self, name, _enter(stack, opener(app)))
                except Exception as error:
                    raise ResourceError(name, error) from error
                stack.callback(self.__dict__.pop, name, None)
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Close all, the last one first, each even if another fails; then raise what failed."""
        self._stack.close()

    def __getattr__(self, name: str) -> Any:
        open_ones = ", ".join(key for key in self.__dict__ if not key.startswith("_"))
        raise AttributeError(
            f"there is no open resource `{name}`; open ones: {open_ones or 'none'}", name=name
        )


def _enter(stack: ExitStack, value: Any) -> Any:
    if hasattr(value, "__enter__") and hasattr(value, "__exit__"):
        return stack.enter_context(value)
    if callable(getattr(value, "close", None)):
        stack.callback(value.close)
    return value
