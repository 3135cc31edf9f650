"""What Views answer once they are imported, where their text leaves it open."""

import inspect
import sys
from collections.abc import Iterator

from webzeug.checks.calls import leads_to
from webzeug.checks.context import Context, Finding
from webzeug.checks.methods import ASYNC_METHOD, listed_verbs, missing_method
from webzeug.checks.signatures import WRONG_SIGNATURE
from webzeug.codebase import Found, Verbs
from webzeug.diagnostics import Diagnostic
from webzeug.linking import Linker, LinkError
from webzeug.manifest.model import Route, ViewTarget
from webzeug.routing.verbs import WEBSOCKET
from webzeug.views import View

_UNREAD = Verbs(is_open=True)


def check_imported(context: Context, linker: Linker) -> Iterator[Finding]:
    """Report verbs without a method, and methods that cannot be called, that no check has seen."""
    for route in context.manifest.routes:
        if isinstance(route.target, ViewTarget) and not route.build_only:
            view = _view(linker, route.target)
            if view is not None and "handle" not in _own_names(view):
                yield from _of_route(route, route.target, view, _read(context, route.target))


def _view(linker: Linker, target: ViewTarget) -> type[View] | None:
    if target.view.module not in sys.modules:  # its import has failed, and has been reported
        return None
    try:
        return linker.find_view(target.view)
    except LinkError:  # the same
        return None


def _own_names(view: type[View]) -> set[str]:
    """What a View and its bases bind, View itself left out."""
    return {name for cls in view.__mro__ if cls not in View.__mro__ for name in vars(cls)}


def _read(context: Context, target: ViewTarget) -> Verbs:
    """What is known from the text."""
    found = context.codebase.find(target.view.path)
    if isinstance(found, Found) and found.is_view and found.verbs is not None:
        return found.verbs
    return _UNREAD


def _of_route(route: Route, target: ViewTarget, view: type[View], read: Verbs) -> Iterator[Finding]:
    for verb in listed_verbs(route, target):
        if read.has(verb) is None and verb not in view.verbs:
            yield missing_method(route, target, verb, f"define it in class {view.__qualname__}")
    for verb in sorted(view.verbs):
        if verb not in read.methods and leads_to(route, target, verb):
            yield from _of_method(route, target, view, verb)


def _of_method(route: Route, target: ViewTarget, view: type[View], verb: str) -> Iterator[Finding]:
    assert target.view.place is not None
    name, span = f"{target.view.last_name}.{verb}", target.view.place.value
    method = getattr(object.__new__(view), verb)
    given = dict.fromkeys((*route.variables, *route.defaults))
    try:
        inspect.signature(method).bind(*[None] * (verb == WEBSOCKET), **given)
    except TypeError as error:
        message = f"{name} cannot be called by this route: {error}"
        help_text = "it is given each variable and default by name"
        yield Finding(Diagnostic(WRONG_SIGNATURE, message, span, help=help_text), route)
    except ValueError:  # it has no signature
        return
    if inspect.iscoroutinefunction(method):
        message = f"{name} is `async`: calling it makes a coroutine, which is no answer"
        help_text = "write `def`: others are served while this one waits, without `await`"
        yield Finding(Diagnostic(ASYNC_METHOD, message, span, help=help_text), route)
