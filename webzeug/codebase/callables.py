"""The ``def`` that is run when what a dotted path leads to is called."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webzeug.codebase.answers import Found
from webzeug.codebase.bindings import dotted_name

Origin = Callable[[ast.expr], tuple[str, str] | None]

_KEEPS_THE_SIGNATURE = frozenset(
    (
        ("contextlib", "contextmanager"),
        ("functools", "cache"),
        ("functools", "lru_cache"),
        ("typing", "no_type_check"),
    )
)
_PLAIN_BASES = frozenset(("object", "ABC", "Protocol", "Generic"))


@dataclass(frozen=True, slots=True)
class Callee:
    """A function, or the ``__init__`` of a class; ``bound`` arguments come before the caller's."""

    file: str
    node: ast.FunctionDef
    bound: int = 0


def callee(found: Found, tree: ast.Module, origin: Origin) -> Callee | None:
    """What is called, if it is certain; ``tree`` is the module that ``found`` stands in."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(lineno=found.line) if _is_plain(node.decorator_list, origin):
                return Callee(found.file, node)
            case ast.ClassDef(lineno=found.line):
                init = _init(node)
                return Callee(found.file, init, 1) if init else None
    return None


def _is_plain(decorators: Iterable[ast.expr], origin: Origin) -> bool:
    return all(origin(item) in _KEEPS_THE_SIGNATURE for item in decorators)


def _init(node: ast.ClassDef) -> ast.FunctionDef | None:
    """The ``__init__`` of a class that nothing but ``type`` makes instances of."""
    if node.decorator_list or node.keywords or not all(map(_is_plain_base, node.bases)):
        return None
    named = [item for item in node.body if getattr(item, "name", "") in ("__init__", "__new__")]
    match named:
        case [ast.FunctionDef(name="__init__", decorator_list=[]) as init]:
            return init
    return None


def _is_plain_base(base: ast.expr) -> bool:
    parts = dotted_name(base.value if isinstance(base, ast.Subscript) else base)
    return parts is not None and parts[-1] in _PLAIN_BASES
