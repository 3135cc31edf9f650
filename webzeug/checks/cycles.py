"""Modules that import each other, where one uses of the other what is not there yet."""

import ast
import os
from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.references import modules_named
from webzeug.codebase.importing import HalfBuilt
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.model import Route, ViewTarget
from webzeug.source import shown_path

IMPORT_CYCLE = Kind("WZ315", "import-cycle")

_MOST_LABELS = 5


def check(context: Context) -> Iterator[Finding]:
    """Report the first import that fails, in the order in which ``serve`` imports modules."""
    modules = dict.fromkeys(modules_named(context.manifest))
    failure = context.codebase.first_failed_import(modules)
    if failure is not None:
        name, half_built = failure
        yield Finding(_diagnostic(context, half_built), _route(context, name))


def _route(context: Context, module: str) -> Route | None:
    """The first route whose View is imported from a module."""
    for route in context.manifest.routes:
        if isinstance(route.target, ViewTarget) and route.target.view.module == module:
            return route
    return None


def _diagnostic(context: Context, found: HalfBuilt) -> Diagnostic:
    places = context.codebase.places
    half = shown_path(found.module.file)
    return Diagnostic(
        IMPORT_CYCLE,
        f"{half} has no `{found.name}` yet: it is still being imported, and imports this module",
        places.span(found.file, found.node),
        others=tuple(
            Label(places.span(file, statement), _said(number, found))
            for number, (file, statement) in enumerate(found.chain[:-1][:_MOST_LABELS])
        ),
        help=_help(found),
    )


def _said(number: int, found: HalfBuilt) -> str:
    return f"1. before `{found.name}` is defined" if number == 0 else f"{number + 1}."


def _help(found: HalfBuilt) -> str:
    stem = os.path.splitext(os.path.basename(found.file))[0]
    if isinstance(found.node, ast.alias):
        return (
            f"import {found.module.name} as a whole and use {found.module.name}.{found.name} in "
            f"functions, or move what both need into a module of its own"
        )
    return f"use it in a function of {stem}, or move what both need into a module of its own"
