"""The modules of the application that some modules import, at once or later."""

import ast
import os
from collections.abc import Iterable, Iterator

from webzeug.codebase.bindings import absolute_module
from webzeug.codebase.modules import Module, Modules, Parsed

_INSTALLED = f"{os.sep}site-packages{os.sep}"


def own_module(modules: Modules, folder: str, name: str) -> Module | None:
    """A module of the application, which lies below its folder and is not installed there."""
    module = modules.find(name)
    if not isinstance(module, Module) or not module.file.startswith(folder):
        return None
    return None if _INSTALLED in module.file else module


def reached_modules(modules: Modules, folder: str, names: Iterable[str]) -> Iterator[Parsed]:
    """The application's modules of these names, and all that they may import, each once."""
    waiting = list(dict.fromkeys(names))
    seen = set(waiting)
    while waiting:
        module = own_module(modules, folder, waiting.pop())
        parsed = modules.parse(module) if module else None
        if isinstance(parsed, Parsed):
            yield parsed
            others = set(imported_modules(ast.walk(parsed.tree), parsed.module.package))
            waiting += sorted(others - seen)
            seen |= others


def imported_modules(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    """The modules that statements may import, packages around them and modules in them too."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_packages(alias.name)
        elif isinstance(node, ast.ImportFrom):
            name = absolute_module(node, package)
            if name is not None:
                yield from _with_packages(name)
                yield from (f"{name}.{alias.name}" for alias in node.names)


def _with_packages(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts) + 1))
