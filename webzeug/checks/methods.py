"""Verbs that a route lists and its View lacks, and methods that no route, or nobody, can call."""

import ast
from collections.abc import Iterator, Sequence

from webzeug.checks.calls import Call, calls, views
from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import listing
from webzeug.checks.spans import verb_span
from webzeug.codebase import Found, Method
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.model import Route, ViewTarget
from webzeug.source import shown_path

MISSING_METHOD = Kind("WZ310", "missing-method")
UNREACHED_METHOD = Kind("WZ311", "unreached-method", Severity.WARNING)
ASYNC_METHOD = Kind("WZ312", "async-method")


def check(context: Context) -> Iterator[Finding]:
    """Report what the source text of the Views makes certain."""
    for route, target, found in views(context):
        yield from _missing(route, target, found)
    called = list(calls(context))
    yield from _async(context, called)
    yield from _unreached(context, called)


def _missing(route: Route, target: ViewTarget, found: Found) -> Iterator[Finding]:
    assert found.verbs is not None
    for verb in listed_verbs(route, target):
        if found.verbs.has(verb) is False:
            advice = did_you_mean(verb, sorted(found.verbs.written))
            place = f"{shown_path(found.file)}:{found.line}"
            yield missing_method(route, target, verb, advice or f"define it in {place}")


def listed_verbs(route: Route, target: ViewTarget) -> Iterator[str]:
    """The verbs that a route lists, without those that are answered without a method."""
    for verb in route.methods or ():
        if verb != "OPTIONS" and (verb != "HEAD" or target.verb is not None):
            yield verb


def missing_method(route: Route, target: ViewTarget, verb: str, advice: str) -> Finding:
    """What is said of a verb without a method."""
    message = f"{target.view} has no method {verb}, so the answer is always 405"
    help_text = advice if advice.endswith("?") else f"{advice}, or remove {verb} here"
    return Finding(
        Diagnostic(MISSING_METHOD, message, verb_span(route, verb), help=help_text), route
    )


def _async(context: Context, called: Sequence[Call]) -> Iterator[Finding]:
    for call in {call.method: call for call in reversed(called)}.values():
        if isinstance(call.method.node, ast.AsyncFunctionDef):
            diagnostic = Diagnostic(
                ASYNC_METHOD,
                f"{call.name} is `async`: calling it makes a coroutine, which is no answer",
                context.codebase.places.name(call.method.file, call.method.node),
                others=tuple(_routes(call)),
                help="write `def`: others are served while this one waits, without `await`",
            )
            yield Finding(diagnostic, call.route)


def _routes(call: Call) -> Iterator[Label]:
    if call.route.place is not None:
        yield Label(call.route.place.key, "this route calls it")


def _unreached(context: Context, called: Sequence[Call]) -> Iterator[Finding]:
    """Methods of routed Views that all routes there are leave out."""
    reached = {call.method for call in called}
    left: dict[Method, tuple[str, Route, ViewTarget]] = {}
    for route, target, found in views(context):
        assert found.verbs is not None
        for verb, method in found.verbs.methods.items():
            is_own = (method.file, method.class_line) == (found.file, found.line)
            if is_own and method not in reached:
                left.setdefault(method, (verb, route, target))
    for method, (verb, route, target) in left.items():
        if not context.codebase.mentions(method.file, verb):
            yield Finding(_never_called(context, method, verb, route, target), route)


def _never_called(
    context: Context, method: Method, verb: str, route: Route, target: ViewTarget
) -> Diagnostic:
    assert route.place is not None
    listed = route.place.child("methods") if target.verb is None else route.place
    return Diagnostic(
        UNREACHED_METHOD,
        f"no route leads to {target.view.last_name}.{verb}",
        context.codebase.places.name(method.file, method.node),
        others=(Label(listed.key, f"this one takes {listing(route.methods or ())} alone"),),
        help=f"add {verb} to the route, or remove the method",
    )
