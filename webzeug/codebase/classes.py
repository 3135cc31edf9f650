"""What is known of a class: its verbs, whether it is a View, and what its subclasses get."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from webzeug.codebase.answers import Method, Origin, Verbs
from webzeug.codebase.bindings import Binding, Names, dotted_name
from webzeug.routing.verbs import is_verb


@dataclass(frozen=True, slots=True)
class Shape:
    """The part of a class that matters here.

    ``changes_subclasses`` tells that code of its own runs when a subclass is made: it has an
    ``__init_subclass__`` or a metaclass. ``builds_urls`` tells that nothing of its own can stand
    in the place of View's ``url_for`` and ``app``.
    """

    verbs: Verbs = field(default_factory=Verbs)
    is_view: bool | None = False
    changes_subclasses: bool = False
    builds_urls: bool = True


PLAIN = Shape()
VIEW = Shape(is_view=True)
UNREADABLE = Shape(Verbs(is_open=True), is_view=None, builds_urls=False)

KNOWN: Mapping[tuple[str, str], Shape] = {
    ("webzeug", "View"): VIEW,
    ("webzeug.views", "View"): VIEW,
    ("abc", "ABC"): PLAIN,
    ("typing", "Generic"): PLAIN,
    ("typing", "Protocol"): PLAIN,
}
"""Classes that need no reading, by module and name."""

_KEEPS_THE_CLASS = frozenset((("typing", "final"), ("dataclasses", "dataclass")))
_MAKES_A_METHOD = frozenset(
    (
        ("abc", "abstractmethod"),
        ("builtins", "classmethod"),
        ("builtins", "staticmethod"),
        ("typing", "final"),
        ("typing", "override"),
    )
)
# A View with a `handle` of its own calls its methods as it likes.
_HANDLE = "handle"
_HOOKS = ("__init_subclass__", "__class_getitem__", _HANDLE)
_FOR_URLS = ("url_for", "app", "__getattribute__")


def shape_of(
    node: ast.ClassDef, body: Names, bases: Sequence[Shape], origin: Origin, file: str
) -> Shape:
    """The shape of a class with these bases, all decorators and keywords considered."""
    inherited = _inherited(bases)
    own = {name: _own_verb(name, body, origin) for name in body.bindings if is_verb(name)}
    methods = {name: m for name, m in inherited.verbs.methods.items() if name not in own}
    place = (file, node.lineno)
    methods |= {name: m for name in own if (m := _method(name, body, origin, place))}
    verbs = Verbs({**inherited.verbs.known, **own}, inherited.verbs.is_open, methods)
    has_metaclass = any(origin(item.value) != ("abc", "ABCMeta") for item in node.keywords)
    has_hooks = any(name in body.bindings for name in _HOOKS)
    shape = Shape(
        verbs,
        inherited.is_view,
        inherited.changes_subclasses or has_metaclass or has_hooks,
        inherited.builds_urls and not any(name in body.bindings for name in _FOR_URLS),
    )
    if has_metaclass or any(origin(item) not in _KEEPS_THE_CLASS for item in node.decorator_list):
        return doubtful(shape)
    if inherited.changes_subclasses or body.is_dynamic or _HANDLE in body.bindings:
        return replace(shape, verbs=doubtful(shape).verbs)
    return shape


def doubtful(shape: Shape) -> Shape:
    """The shape of a class that may have been changed, or replaced by something else."""
    verbs = Verbs(dict.fromkeys(shape.verbs.known), is_open=True)
    return replace(shape, verbs=verbs, is_view=None, builds_urls=False)


def either(shapes: Sequence[Shape]) -> Shape:
    """What is true of several classes, of which one is meant."""
    names = {verb for shape in shapes for verb in shape.verbs.known}
    known = {verb: _agreed([shape.verbs.has(verb) for shape in shapes]) for verb in names}
    methods = {
        name: method
        for name, method in shapes[0].verbs.methods.items()
        if all(shape.verbs.methods.get(name) == method for shape in shapes)
    }
    return Shape(
        Verbs(known, any(shape.verbs.is_open for shape in shapes), methods),
        _agreed([shape.is_view for shape in shapes]),
        any(shape.changes_subclasses for shape in shapes),
        all(shape.builds_urls for shape in shapes),
    )


def _agreed(answers: Sequence[bool | None]) -> bool | None:
    return answers[0] if len(set(answers)) == 1 else None


def _inherited(bases: Sequence[Shape]) -> Shape:
    """What a class with these bases and an empty body would be."""
    names = {verb for base in bases for verb in base.verbs.known}
    views = [base.is_view for base in bases]
    return Shape(
        Verbs(
            {verb: _inherited_verb(verb, bases) for verb in names},
            is_open=any(base.verbs.is_open for base in bases),
            methods={verb: m for verb in names if (m := _inherited_method(verb, bases))},
        ),
        True if True in views else None if None in views else False,
        any(base.changes_subclasses for base in bases),
        all(base.builds_urls for base in bases),
    )


def _inherited_verb(verb: str, bases: Sequence[Shape]) -> bool | None:
    """Several bases may shadow one another, in an order that is not followed here."""
    said = [base.verbs.known[verb] for base in bases if verb in base.verbs.known]
    others = [base for base in bases if verb not in base.verbs.known]
    return None if any(base.verbs.is_open for base in others) else _agreed(said)


def _inherited_method(verb: str, bases: Sequence[Shape]) -> Method | None:
    """The method of the first base that has one, if none before it may have another."""
    for base in bases:
        if verb in base.verbs.methods:
            is_only = all(verb not in b.verbs.known for b in bases if b is not base)
            return base.verbs.methods[verb] if is_only else None
        if base.verbs.is_open:
            return None
    return None


def _method(
    name: str, body: Names, origin: Origin, place: tuple[str, int], before: int | None = None
) -> Method | None:
    """The ``def`` that an attribute of the body is, if it is certain."""
    match body.candidates(name, before):
        case [Binding(kind="function", is_certain=True, node=node)]:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                return None
            origins = [origin(item) for item in node.decorator_list]
            if not all(item in _MAKES_A_METHOD for item in origins):
                return None
            return Method(*place, node, _outside(body, origin), _kind(origins))
        case [Binding(kind="alias", is_certain=True, target=(other,), order=order)]:
            return _method(other, body, origin, place, order) if is_verb(other) else None
    return None


def _kind(origins: Sequence[tuple[str, str] | None]) -> Literal["plain", "class", "static"]:
    """What the decorators from these origins make of a function."""
    if ("builtins", "staticmethod") in origins:
        return "static"
    return "class" if ("builtins", "classmethod") in origins else "plain"


def _outside(body: Names, origin: Origin) -> Origin:
    """The origin of names that the class body itself does not bind."""

    def outside(expression: ast.expr) -> tuple[str, str] | None:
        parts = dotted_name(expression)
        return None if parts is None or parts[0] in body.bindings else origin(expression)

    return outside


def _own_verb(name: str, body: Names, origin: Origin, before: int | None = None) -> bool | None:
    """Whether an attribute that the body binds is a method; None if it may be."""
    candidates = body.candidates(name, before)
    if not candidates or not candidates[0].is_certain:
        return None
    return _agreed([_is_method(binding, body, origin) for binding in candidates])


def _is_method(binding: Binding, body: Names, origin: Origin) -> bool | None:
    match binding:
        case Binding(kind="function", node=ast.FunctionDef() | ast.AsyncFunctionDef() as node):
            plain = all(origin(item) in _MAKES_A_METHOD for item in node.decorator_list)
            return True if plain else None
        case Binding(kind="function"):
            return True
        case Binding(kind="alias", target=(name,)) if is_verb(name):
            return _own_verb(name, body, origin, binding.order)
        case Binding(kind="class" | "import" | "constant"):
            return False
        case _:
            return None
