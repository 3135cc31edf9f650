"""Dotted paths that lead to nothing, seen in the source text without importing it."""

import re
from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.codebase import Broken, Found, Missing
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.model import Manifest, MountTarget, Reference, Route, ViewTarget
from webzeug.source import shown_path

NO_MODULE = Kind("WZ301", "no-such-module")
NO_NAME = Kind("WZ302", "no-such-name")
NOT_A_VIEW = Kind("WZ303", "not-a-view")
BROKEN_MODULE = Kind("WZ304", "broken-module")


def check(context: Context) -> Iterator[Finding]:
    """Report what can be proved wrong; what cannot be decided is not mentioned."""
    for reference, route, is_view in _references(context.manifest):
        diagnostic = _judge(context, reference, is_view)
        if diagnostic is not None:
            yield Finding(diagnostic, route)


def modules_named(manifest: Manifest) -> Iterator[str]:
    """The modules of all dotted paths, in the order in which ``serve`` imports them."""
    uses = [use for route in manifest.routes for use in route.middleware]
    yield from (reference.module for reference in manifest.converters.values())
    yield from (use.use.module for use in (*manifest.middleware, *uses))
    yield from (reference.module for reference in manifest.resources.values())
    yield from (reference.module for reference in manifest.errors.values())
    for route in manifest.routes:
        if isinstance(route.target, ViewTarget):
            yield route.target.view.module
        elif isinstance(route.target, MountTarget):
            yield route.target.wsgi.module


def _references(manifest: Manifest) -> Iterator[tuple[Reference, Route | None, bool]]:
    """Every dotted path: the route it belongs to, and whether it must be a View."""
    for route in manifest.routes:
        if isinstance(route.target, ViewTarget):
            yield route.target.view, route, True
        elif isinstance(route.target, MountTarget):
            yield route.target.wsgi, route, False
    uses = {use: None for route in manifest.routes for use in route.middleware}
    for use in (*manifest.middleware, *uses):
        yield use.use, None, False
    for reference in (*manifest.converters.values(), *manifest.resources.values()):
        yield reference, None, False
    for reference in manifest.errors.values():
        yield reference, None, True


def _judge(context: Context, reference: Reference, is_view: bool) -> Diagnostic | None:
    if reference.place is None:
        return None
    found = context.codebase.find(reference.path)
    span = reference.place.value
    match found:
        case Missing():
            return _missing(found, reference)
        case Broken():
            message = f"{shown_path(found.file)}:{found.line} is not valid Python: {found.message}"
            return Diagnostic(BROKEN_MODULE, message, span)
        case Found(is_view=False) if is_view:
            help_text = "write a class that inherits from webzeug.View"
            if found.kind == "class":
                place = f"{shown_path(found.file)}:{found.line}"
                help_text = f"write class {reference.last_name}(View) in {place}"
            message = f"{reference} is a {found.kind}, not a View"
            return Diagnostic(NOT_A_VIEW, message, span, help=help_text)
        case _:
            return None


def _missing(missing: Missing, reference: Reference) -> Diagnostic:
    assert reference.place is not None
    near = " or ".join(f"`{name}`" for name in missing.suggestions)
    start, end = _where(missing.part, reference.path)
    span = reference.place.in_value(start, end)
    if missing.reason == "module":
        folder = "paths are found from the manifest's folder; --app-dir names another"
        help_text = f"did you mean {near}?" if near else folder
        return Diagnostic(NO_MODULE, f"there is no module `{missing.part}`", span, help=help_text)
    file = shown_path(missing.file or "")
    help_text = f"did you mean {near}?" if near else f"define it in {file}"
    return Diagnostic(NO_NAME, f"{file} has no `{missing.part}`", span, help=help_text)


def _where(part: str, path: str) -> tuple[int, int]:
    """Where a module (with its package) or a name stands in a dotted path."""
    if path.startswith(part):
        return 0, len(part)
    whole_name = re.compile(rf"(?<![\w]){re.escape(part)}(?!\w)")
    found = list(whole_name.finditer(path))
    return found[-1].span() if found else (0, len(path))
