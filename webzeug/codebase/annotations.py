"""The classes that an annotation stands for, where the text makes that certain."""

import ast
import datetime
import decimal
import pathlib
import uuid
from collections.abc import Mapping
from types import NoneType

from webzeug.codebase.answers import Origin

_CLASSES: Mapping[tuple[str, str], type] = {
    **{
        ("builtins", kind.__name__): kind
        for kind in (
            bool, bytes, bytearray, complex, dict, float, frozenset, int, list, set, str, tuple,
        )
    },
    ("datetime", "date"): datetime.date,
    ("datetime", "datetime"): datetime.datetime,
    ("decimal", "Decimal"): decimal.Decimal,
    ("pathlib", "Path"): pathlib.Path,
    ("uuid", "UUID"): uuid.UUID,
}  # fmt: skip
_PROMOTED: Mapping[type, tuple[type, ...]] = {int: (float, complex), float: (complex,)}
"""What PEP 484 lets pass for the classes on the right."""


def classes_of(annotation: ast.expr, origin: Origin) -> frozenset[type] | None:
    """The classes of a value so annotated; None if the annotation may mean something else."""
    match annotation:
        case ast.Constant(value=None):
            return frozenset((NoneType,))
        case ast.Constant(value=str(text)):
            return _quoted(text, origin)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _either([left, right], origin)
        case ast.Subscript(value=generic, slice=inner):
            return _subscripted(origin(generic), inner, origin)
        case ast.Name() | ast.Attribute():
            found = origin(annotation)
            kind = _CLASSES.get(found) if found else None
            return frozenset((kind,)) if kind else None
    return None


def takes(classes: frozenset[type], value: type) -> bool:
    """Whether a value of a class may be given where one of these is asked for."""
    passes = (value, *_PROMOTED.get(value, ()))
    return any(issubclass(each, kind) for each in passes for kind in classes)


def _quoted(text: str, origin: Origin) -> frozenset[type] | None:
    try:
        return classes_of(ast.parse(text.strip(), mode="eval").body, origin)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _either(parts: list[ast.expr], origin: Origin) -> frozenset[type] | None:
    found = [classes_of(part, origin) for part in parts]
    known = [classes for classes in found if classes is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _subscripted(
    generic: tuple[str, str] | None, inner: ast.expr, origin: Origin
) -> frozenset[type] | None:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    match generic:
        case ("typing" | "typing_extensions", "Optional"):
            return _either([inner, ast.Constant(None)], origin)
        case ("typing", "Union"):
            return _either(parts, origin)
        case ("typing" | "typing_extensions", "Annotated"):
            return classes_of(parts[0], origin)
        case ("builtins", _):
            return frozenset((_CLASSES[generic],)) if generic in _CLASSES else None
    return None
