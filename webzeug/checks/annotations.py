"""Parameters of Views whose annotation is not what their route's converter makes."""

import ast
import uuid
from collections.abc import Iterator, Mapping

from webzeug.checks.calls import Call, calls
from webzeug.checks.context import Context, Finding
from webzeug.checks.spans import variable_span
from webzeug.codebase.annotations import classes_of, takes
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.model import Route
from webzeug.source import Span

WRONG_ANNOTATION = Kind("WZ314", "wrong-annotation", Severity.WARNING)

_MADE: Mapping[str, type] = {
    "default": str,
    "string": str,
    "any": str,
    "path": str,
    "int": int,
    "float": float,
    "uuid": uuid.UUID,
}
_CONVERTERS: Mapping[type, str] = {int: "int", float: "float", uuid.UUID: "uuid", str: "string"}


def check(context: Context) -> Iterator[Finding]:
    """Report annotations that are certain, of converters that are Werkzeug's own."""
    for call in calls(context):
        parameters = call.method.node.args
        for arg in (*parameters.args, *parameters.kwonlyargs):
            if arg.arg in call.values and arg.annotation is not None:
                yield from _of_parameter(context, call, arg, arg.annotation)


def _of_parameter(
    context: Context, call: Call, arg: ast.arg, annotation: ast.expr
) -> Iterator[Finding]:
    given = _given(context, call.route, arg.arg)
    classes = classes_of(annotation, call.method.origin)
    if given is None or classes is None or takes(classes, given[0]):
        return
    kind, what, span = given
    text = ast.unparse(annotation)
    diagnostic = Diagnostic(
        WRONG_ANNOTATION,
        f"`{arg.arg}` is {what}, but {call.name} calls it `{text}`",
        span,
        others=(Label(context.codebase.places.span(call.method.file, arg), "the parameter"),),
        help=_help(arg.arg, kind, classes),
    )
    yield Finding(diagnostic, call.route)


def _given(context: Context, route: Route, name: str) -> tuple[type, str, Span] | None:
    """The class of what a route gives a parameter, in words too, and where that is written."""
    span = variable_span(route, name)
    for variable in (*(route.host.variables if route.host else ()), *route.pattern.variables):
        if variable.name == name and span is not None:
            kind = _MADE.get(variable.converter)
            is_own = variable.converter in context.manifest.converters
            if kind is None or is_own:
                return None
            return kind, f"{_a(kind)} in the URL", span
    place = route.place.above("defaults", name) if route.place else None
    if place is None or name not in route.defaults:
        return None
    kind = type(route.defaults[name])
    return kind, f"{_a(kind)} by default", place.key


def _a(kind: type) -> str:
    """A class with its article."""
    return f"{'an' if kind.__name__[0] in 'aeiou' else 'a'} {kind.__name__}"


def _help(name: str, kind: type, classes: frozenset[type]) -> str:
    wanted = [_CONVERTERS[each] for each in _CONVERTERS if each in classes and each is not str]
    annotation = f"write {name}: {kind.__name__}"
    return f"{annotation}, or <{wanted[0]}:{name}> in the pattern" if wanted else annotation
