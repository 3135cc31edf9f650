"""Code by which names are bound, or classes changed, in ways that cannot be read."""

import ast
import re

from webzeug.routing.verbs import is_verb

_REBINDING = frozenset(
    ("exec", "globals", "modules", "f_globals", "__path__", "_convert_", "global_enum")
)
_DYNAMIC = _REBINDING | frozenset(("eval", "locals", "vars", "setattr", "delattr", "__dict__"))

ANY_NAME = "*"


def names_bound_unseen(tree: ast.Module) -> frozenset[str]:
    """The names that code anywhere in a module may bind: of ``global``, or else ANY_NAME."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            names.update(node.names)
        elif _mention(node) in _REBINDING:
            names.add(ANY_NAME)
    return frozenset(names)


def is_plain_text(raw: bytes) -> bool:
    """Whether a module's text shows at once that it binds no names unseen.

    Only for plain ASCII: Python takes other forms of the same letters for the same name, and a
    module may declare another encoding in its first two lines (PEP 263).
    """
    words = (word.encode() for word in (*_REBINDING, "global"))
    start = re.split(rb"[\r\n]", raw, maxsplit=4)[:4]
    has_encoding = any(b"coding" in line for line in start)
    return raw.isascii() and not has_encoding and not any(word in raw for word in words)


def is_dynamic(node: ast.AST) -> bool:
    """Whether an expression of a body may change its names, or a class, unseen."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return is_verb(node.attr)
    return _mention(node) in _DYNAMIC


def _mention(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return None
