"""Links a manifest's dotted paths and puts the parts of its App together."""

import importlib
import os
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from webzeug.app import App, Handler, Parts
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.group_middleware import GroupedHandler, Instances
from webzeug.linking import (
    LazyErrorHandler,
    LazyHandler,
    Linker,
    LinkError,
    described,
    find_callable,
    handler_of,
    module_of,
)
from webzeug.manifest.model import Manifest, MiddlewareUse, Reference, Route
from webzeug.middleware import Layer, Middleware
from webzeug.resources import ResourceError
from webzeug.routing.compiling import Ingredients, RouteProblem, compile_table
from webzeug.routing.converters import BaseConverter
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LINK_FAILURE = Kind("WZ305", "link-failure")
REFUSED_ROUTE = Kind("WZ110", "refused-route")

RESOURCE_FAILURE = Kind("WZ306", "resource-failure")

MAX_LABELS = 5

_MACHINERY = (os.path.dirname(__file__) + os.sep, importlib.__file__, "<frozen importlib")


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table, and what kept routes out of it."""

    table: RouteTable[Handler]
    diagnostics: list[Diagnostic]


@dataclass(slots=True)
class Assembly:
    """The parts of one App in the making. ``former`` is the one before it in the same process."""

    manifest: Manifest
    linker: Linker
    former: "Assembly | None" = None
    instances: Instances = field(init=False)
    error_handlers: dict[int, LazyErrorHandler] = field(init=False)
    lazy_handlers: list[LazyHandler] = field(default_factory=list)

    def __post_init__(self) -> None:
        built = self.former.instances.built() if self.former else []
        self.former = None
        self.instances = Instances(self._middleware, built)
        self.error_handlers = {
            code: LazyErrorHandler(self.linker, view) for code, view in self.manifest.errors.items()
        }

    def compile(self) -> CompiledTable:
        """Import the converters, and compile the routes."""
        converters, problems = self._converters()
        ingredients = Ingredients(self.manifest.matching, converters, self.manifest.unclear_names)
        compiled = compile_table(self.manifest.routes, self._handler, ingredients)
        problems += map(_refused, compiled.problems)
        return CompiledTable(compiled.table, problems)

    def parts(self, table: RouteTable[Handler]) -> Parts:
        """What answers requests; its middlewares are built when the App opens."""
        return Parts(table, self.error_handlers, self._layers)

    def _layers(self) -> list[Layer]:
        return [self.instances.get(use) for use in self.manifest.middleware]

    def openers(self) -> dict[str, Callable[[App], Any]]:
        """What opens each resource."""
        return {name: self._opener(use) for name, use in self.manifest.resources.items()}

    def link_all(self) -> list[Diagnostic]:
        """Import all that the start and requests will need; one diagnostic for each cause."""
        failures: dict[str, Diagnostic] = {}
        broken: dict[str, LinkError] = {}
        for reference, link in self._links():
            error = broken.get(module_of(reference)) or _failure(link)
            if error is not None:
                if not error.module_was_imported:
                    broken[module_of(reference)] = error
                _record(failures, reference, error)
        return list(failures.values())

    def _links(self) -> Iterator[tuple[Reference, Callable[[], object]]]:
        """Everything to import, in the order in which the start needs it."""
        grouped = (use for route in self.manifest.routes for use in route.middleware)
        for use in dict.fromkeys((*self.manifest.middleware, *grouped)):
            yield use.use, partial(self._build, use)
        for reference in self.manifest.resources.values():
            yield reference, partial(find_callable, self.linker, reference)
        for page in self.error_handlers.values():
            yield page.view, page.link
        for handler in self.lazy_handlers:
            yield handler.reference, handler.link

    def _handler(self, route: Route) -> Handler:
        handler = handler_of(route.target, self.linker)
        if isinstance(handler, LazyHandler):
            self.lazy_handlers.append(handler)
        if not route.middleware:
            return handler
        return GroupedHandler(self.instances, route.middleware, handler)

    def _build(self, use: MiddlewareUse) -> Layer:
        """The instance of a middleware. Raises LinkError, whatever building it raises."""
        try:
            return self.instances.get(use)
        except LinkError:
            raise
        except Exception as error:
            message = f"making the middleware {use.use} raised {described(error)}"
            raise LinkError(use.use, message) from error

    def _middleware(self, use: MiddlewareUse) -> Middleware:
        def wrap(app: "WSGIApplication") -> "WSGIApplication":
            wrapped: Any = find_callable(self.linker, use.use)(app, **use.options)
            if not callable(wrapped):
                message = f"{use.use} returned {wrapped!r}, which is not a WSGI application"
                raise LinkError(use.use, message, "a middleware returns what wraps the app")
            return wrapped  # type: ignore[no-any-return]

        return wrap

    def _opener(self, reference: Reference) -> Callable[[App], Any]:
        return lambda app: find_callable(self.linker, reference)(app)

    def _converters(self) -> tuple[dict[str, type[BaseConverter]], list[Diagnostic]]:
        converters: dict[str, type[BaseConverter]] = {}
        failures: dict[str, Diagnostic] = {}
        for name, reference in self.manifest.converters.items():
            try:
                converters[name] = self._converter(reference)
            except LinkError as error:
                _record(failures, reference, error)
        return converters, list(failures.values())

    def _converter(self, reference: Reference) -> type[BaseConverter]:
        found = self.linker.find(reference)
        if isinstance(found, type) and issubclass(found, BaseConverter):
            return found
        message = f"{reference} is not a converter"
        raise LinkError(reference, message, "inherit from werkzeug.routing.BaseConverter")


def _failure(link: Callable[[], object]) -> LinkError | None:
    try:
        link()
    except LinkError as error:
        return error
    return None


def _record(failures: dict[str, Diagnostic], reference: Reference, error: LinkError) -> None:
    """One diagnostic for one cause; the second place that it spoils is a label."""
    if reference.place is None:
        return
    span = reference.place.value
    known = failures.get(error.message)
    if known is not None:
        if known.span != span and len(known.others) < MAX_LABELS:
            label = Label(span, "needed here too")
            failures[error.message] = replace(known, others=(*known.others, label))
        return
    failures[error.message] = Diagnostic(
        LINK_FAILURE, error.message, span, help=error.help, trace=users_traceback(error.__cause__)
    )


def users_traceback(error: BaseException | None) -> str:
    """A traceback without the frames of webzeug and of the import machinery that led there."""
    if error is None:
        return ""
    report = traceback.TracebackException.from_exception(error)
    own = [frame for frame in report.stack if not frame.filename.startswith(_MACHINERY)]
    report.stack = traceback.StackSummary.from_list(own)
    return "".join(report.format())


def resource_diagnostic(manifest: Manifest, error: ResourceError) -> Diagnostic:
    """A resource that could not be opened, at its place in the manifest."""
    reference = manifest.resources[error.name]
    assert reference.place is not None
    trace = users_traceback(error.__cause__)
    return Diagnostic(RESOURCE_FAILURE, str(error), reference.place.value, trace=trace)


def _refused(problem: RouteProblem) -> Diagnostic:
    place = problem.route.place
    assert place is not None
    message = f"Werkzeug refuses the pattern `{problem.route.path}`: {problem.message}"
    return Diagnostic(REFUSED_ROUTE, message, place.key)
