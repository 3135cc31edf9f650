"""Calls of ``url_for``, in Views and in templates, that would raise URLError."""

import ast
import difflib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from webzeug.checks.calls import views
from webzeug.checks.context import Context, Finding
from webzeug.checks.references import modules_named
from webzeug.codebase import Missing
from webzeug.codebase.modules import Parsed
from webzeug.codebase.templates import FOLDER, template_calls
from webzeug.codebase.url_calls import URLValues, passes_url_for, url_calls
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.model import Route, ViewTarget
from webzeug.routing.compiling import names_of
from webzeug.source import Span

UNKNOWN_NAME = Kind("WZ401", "unknown-route-name")
WRONG_VALUES = Kind("WZ402", "wrong-url-values")

# They give their templates an `url_for` of their own.
_OTHERS = ("flask", "quart", "starlette", "fastapi")


def check(context: Context) -> Iterator[Finding]:
    """Report what no value of the variables could mend."""
    names = names_of(context.manifest.routes)
    for values, span, route in _calls(context):
        sharing = names.get(values.name)
        if sharing is None:
            yield from _unknown(context, values.name, span, route, names)
        else:
            yield from _wrong_values(values, span, sharing)


def _calls(context: Context) -> Iterator[tuple[URLValues, Span, Route | None]]:
    """Each call, where it stands, and a route that leads to the View it stands in."""
    routes = {(found.file, found.line): route for route, _, found in views(context)}
    modules = context.codebase.reached_modules(modules_named(context.manifest))
    for parsed in modules:
        for view in context.codebase.views_of(parsed):
            if context.codebase.builds_urls(view):
                route = routes.get((parsed.module.file, view.lineno))
                for call in url_calls(view):
                    span = context.codebase.places.span(parsed.module.file, call.place)
                    yield call.values, span, route
    for folder in _template_folders(modules):
        for found in template_calls(folder):
            yield found.values, found.span, None


def _template_folders(modules: Sequence[Parsed]) -> Iterator[str]:
    """The folders of templates beside modules, if one of them hands a View's ``url_for`` on."""
    passing = [
        each for each in modules if passes_url_for(ast.walk(each.tree)) and not _is_foreign(each)
    ]
    if passing:
        foreign = {os.path.dirname(each.module.file) for each in modules if _is_foreign(each)}
        beside = {os.path.dirname(each.module.file) for each in modules}
        for folder in sorted(beside - foreign):
            yield os.path.join(folder, FOLDER)


def _is_foreign(parsed: Parsed) -> bool:
    """Whether a module belongs to an application of another framework, mounted maybe."""
    for node in ast.walk(parsed.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
        if any(name.partition(".")[0] in _OTHERS for name in names):
            return True
    return False


def _unknown(
    context: Context,
    name: str,
    span: Span,
    route: Route | None,
    names: Mapping[str, tuple[Route, ...]],
) -> Iterator[Finding]:
    manifest = context.manifest
    if manifest.lost.may_name(name) or any(_is_misspelt(context, r) for r in manifest.routes):
        return
    unclear = manifest.unclear_names.get(name)
    message = f"no route has the name `{name}`"
    labels: tuple[Label, ...] = ()
    help_text = _did_you_mean(name, names) or "`webzeug routes` lists the names there are"
    if unclear:
        message = f"the name `{name}` is unclear: several Views would have it"
        places = [each.place.key for each in unclear if each.place is not None]
        labels = tuple(Label(place, "one of them") for place in places[:2])
        help_text = "give the route that you mean a `name` of its own"
    yield Finding(Diagnostic(UNKNOWN_NAME, message, span, labels, help_text), route)


def _is_misspelt(context: Context, route: Route) -> bool:
    """Whether a route's default name is a wrong one, because its View's is."""
    if route.explicit_name or not isinstance(route.target, ViewTarget):
        return False
    return isinstance(context.codebase.find(route.target.view.path), Missing)


def _did_you_mean(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=3)
    return f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else ""


def _wrong_values(values: URLValues, span: Span, sharing: Sequence[Route]) -> Iterator[Finding]:
    """Variables that no route of the name has, or that each of them needs and does not get."""
    known = {key for route in sharing for key in (*route.variables, *route.defaults)}
    surplus = [key for key in values.given if key not in known]
    for key in surplus:
        message = f"`{values.name}` has no variable `{key}`"
        query = f"for a query, write query={{{key!r}: ...}}"
        yield _values_finding(message, span, sharing, _did_you_mean(key, known) or query)
    if surplus or values.is_open:
        return
    present = set(values.given) - values.empty
    nearest = min(sharing, key=lambda route: len(set(route.variables) - present))
    missing = [key for key in nearest.variables if key not in present]
    if missing:
        needs = " and ".join(f"`{key}`" for key in missing)
        example = "".join(f", {key}=..." for key in nearest.variables)
        help_text = f'write url_for("{values.name}"{example})'
        yield _values_finding(f"`{values.name}` needs {needs}", span, sharing, help_text)


def _values_finding(message: str, span: Span, sharing: Sequence[Route], help_text: str) -> Finding:
    (route, *_) = sharing
    labels = (Label(route.place.key, "the route of that name"),) if route.place else ()
    return Finding(Diagnostic(WRONG_VALUES, message, span, labels, help_text), route)
