"""Links a manifest's dotted paths and puts the parts of its App together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from traceback import walk_tb
from typing import Any

from webzeug.app import App, Handler, Parts
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.group_middleware import GroupedHandler, Instances
from webzeug.handlers import LazyErrorHandler, LazyHandler, handler_of
from webzeug.linking import Linker, LinkError, passes_through
from webzeug.manifest.model import Manifest, MiddlewareUse, Reference, Route
from webzeug.middleware import Layer, Middleware
from webzeug.pacing import Pace
from webzeug.resources import ResourceError
from webzeug.routing.compiling import Compiled, Ingredients, RouteProblem, compile_table
from webzeug.routing.converters import BaseConverter
from webzeug.routing.standins import StandIn
from webzeug.routing.table import RouteTable
from webzeug.tracebacks import described, users_traceback

LINK_FAILURE = Kind("WZ305", "link-failure")
REFUSED_ROUTE = Kind("WZ110", "refused-route")

RESOURCE_FAILURE = Kind("WZ306", "resource-failure")

MAX_LABELS = 5


@dataclass(slots=True)
class LinkFailures:
    """What could not be linked: one diagnostic for each cause, labels where it matters too."""

    _by_cause: dict[object, Diagnostic] = field(default_factory=dict)

    def add(self, reference: Reference, error: LinkError) -> None:
        """Record that a dotted path could not be linked."""
        cause, span = _cause(error), error.span_in(reference)
        known = self._by_cause.get(cause)
        if known is None:
            trace = users_traceback(error.__cause__)
            self._by_cause[cause] = Diagnostic(
                LINK_FAILURE, error.message, span, help=error.help, trace=trace
            )
        elif known.span != span and len(known.others) < MAX_LABELS:
            label = Label(span, "needed here too")
            self._by_cause[cause] = replace(known, others=(*known.others, label))

    def diagnostics(self) -> list[Diagnostic]:
        """All of them, in the order in which they were found."""
        return list(self._by_cause.values())


@dataclass(slots=True)
class Assembly:
    """The parts of one App in the making. ``former`` is the one before it in the same process."""

    manifest: Manifest
    linker: Linker
    former: "Assembly | None" = None
    pace: Pace = field(default_factory=Pace)
    instances: Instances = field(init=False)
    error_handlers: dict[int, LazyErrorHandler] = field(init=False)
    lazy_handlers: list[LazyHandler] = field(default_factory=list)
    failures: LinkFailures = field(default_factory=LinkFailures)

    def __post_init__(self) -> None:
        built = self.former.instances.built() if self.former else []
        self.former = None
        self.instances = Instances(partial(_middleware, self.linker), built)
        self.error_handlers = {
            code: LazyErrorHandler(self.linker, view) for code, view in self.manifest.errors.items()
        }

    def compile(self) -> Compiled:
        """Import the converters, and compile the routes."""
        matching, unclear = self.manifest.matching, self.manifest.unclear_names
        ingredients = Ingredients(matching, self._converters(), unclear)
        routes = self.manifest.routes
        return self.pace.aside(lambda: compile_table(routes, self._handler, ingredients))

    def parts(self, table: RouteTable[Handler], digest: str) -> Parts:
        """What answers requests; its middlewares are built when the App opens."""
        for leaf in table.fast_path.leaves:
            # PERF: what is linked already need not be asked for at each request.
            if isinstance(leaf.handler, LazyHandler) and leaf.handler.linked is not None:
                leaf.handler = leaf.handler.linked
            self.pace.pause()
        server = self.manifest.server
        probes = frozenset(path for path in (server.health, server.ready) if path)
        sockets = self.manifest.websocket
        return Parts(table, self.error_handlers, self._layers(), probes, digest, sockets)

    def _layers(self) -> Callable[[], list[Layer]]:
        # The App keeps this, and must not keep the Assembly with all that it was made of.
        instances, uses = self.instances, self.manifest.middleware
        return lambda: [instances.get(use) for use in uses]

    def openers(self) -> dict[str, Callable[[App], Any]]:
        """What opens each resource."""
        resources = self.manifest.resources.items()
        return {name: partial(_open, self.linker, use) for name, use in resources}

    def link_all(self) -> None:
        """Import all that the start and requests will need; ``failures`` has what went wrong."""
        broken: dict[str, LinkError] = {}
        for reference, link in self._links():
            module_name = reference.module
            try:
                if module_name in broken:
                    raise broken[module_name]
                link()
            except LinkError as error:
                self.failures.add(reference, error)
                if not error.module_was_imported:
                    broken[module_name] = error
            self.pace.pause()

    def _links(self) -> Iterator[tuple[Reference, Callable[[], object]]]:
        """Everything to import, in the order in which the start needs it."""
        grouped = (use for route in self.manifest.routes for use in route.middleware)
        for use in dict.fromkeys((*self.manifest.middleware, *grouped)):
            yield use.use, partial(self._build, use)
        for reference in self.manifest.resources.values():
            yield reference, partial(self.linker.find_callable, reference)
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
        except BaseException as error:
            if passes_through(error):
                raise
            message = f"the middleware {use.use} could not be made: {described(error)}"
            raise LinkError(use.use, message) from error

    def _converters(self) -> dict[str, type[BaseConverter]]:
        converters: dict[str, type[BaseConverter]] = {}
        for name, reference in self.manifest.converters.items():
            try:
                converters[name] = self._converter(reference)
            except LinkError as error:
                self.failures.add(reference, error)
                converters[name] = StandIn
        return converters

    def _converter(self, reference: Reference) -> type[BaseConverter]:
        found = self.linker.find(reference)
        if isinstance(found, type) and issubclass(found, BaseConverter):
            return found
        message = f"{reference} is not a converter"
        raise LinkError(reference, message, "inherit from werkzeug.routing.BaseConverter")


def _middleware(linker: Linker, use: MiddlewareUse) -> Middleware:
    return partial(linker.find_callable(use.use), **use.options)


def _open(linker: Linker, reference: Reference, app: App) -> Any:
    return linker.find_callable(reference)(app)


def _cause(error: LinkError) -> object:
    """What two failures have in common if mending one mends the other."""
    cause = error.__cause__
    if cause is None:
        return error.message
    if isinstance(cause, ModuleNotFoundError) and cause.name:
        return cause.name
    if isinstance(cause, SyntaxError):
        return cause.filename, cause.lineno
    lines = tuple((frame.f_code.co_filename, line) for frame, line in walk_tb(cause.__traceback__))
    return type(cause), str(cause), lines[-1:]


def resource_diagnostic(manifest: Manifest, error: ResourceError) -> Diagnostic:
    """A resource that could not be opened, at its place in the manifest."""
    reference = manifest.resources[error.name]
    assert reference.place is not None
    trace = users_traceback(error.__cause__)
    return Diagnostic(RESOURCE_FAILURE, str(error), reference.place.value, trace=trace)


def refusal_diagnostic(problem: RouteProblem) -> Diagnostic:
    """A route that Werkzeug refused, at its place in the manifest."""
    place = problem.route.place
    assert place is not None
    message = f"the pattern `{problem.route.path}` does not compile: {problem.message}"
    return Diagnostic(REFUSED_ROUTE, message, place.key)
