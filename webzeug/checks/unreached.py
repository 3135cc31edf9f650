"""View classes that no route leads to."""

import ast
from collections.abc import Iterable, Iterator

from webzeug.checks.context import Context, Finding
from webzeug.codebase import Found
from webzeug.codebase.modules import Parsed
from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.manifest.model import Reference, ViewTarget
from webzeug.routing.verbs import is_verb

UNREACHED_VIEW = Kind("WZ316", "unreached-view", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report Views with verbs of their own, in the packages of Views that have a route."""
    references = list(_references(context))
    modules = dict.fromkeys(reference.module for reference in references)
    parsed = {
        each.module.file: each for name in modules for each in context.codebase.modules_beside(name)
    }
    used = _used(parsed.values())
    reached = {
        (found.file, found.line)
        for reference in references
        if isinstance(found := context.codebase.find(reference.path), Found)
    }
    for each in parsed.values():
        for node in context.codebase.views_of(each):
            is_left = (each.module.file, node.lineno) not in reached and node.name not in used
            if is_left and _has_verbs(node) and not node.name.startswith("_"):
                yield Finding(_diagnostic(context, each, node))


def _references(context: Context) -> Iterator[Reference]:
    for route in context.manifest.routes:
        if isinstance(route.target, ViewTarget):
            yield route.target.view
    yield from context.manifest.errors.values()


def _used(modules: Iterable[Parsed]) -> set[str]:
    """The names that code uses: as a base class, in a table of routes, in any expression."""
    nodes = [node for parsed in modules for node in ast.walk(parsed.tree)]
    names = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _has_verbs(node: ast.ClassDef) -> bool:
    functions = (item for item in node.body if isinstance(item, ast.FunctionDef))
    return any(is_verb(function.name) for function in functions)


def _diagnostic(context: Context, parsed: Parsed, node: ast.ClassDef) -> Diagnostic:
    path = f"{parsed.module.name}.{node.name}"
    return Diagnostic(
        UNREACHED_VIEW,
        f"no route leads to the View {node.name}",
        context.codebase.places.name(parsed.module.file, node),
        help=f'add a route, such as "/{node.name.lower()}" = "{path}", or remove the class',
    )
