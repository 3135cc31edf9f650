"""Calls of ``url_for`` that name their route by a literal, in Views and in Jinja templates."""

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

OPTIONS = frozenset(("query", "anchor", "external"))
"""The keyword arguments of ``url_for`` that are no variables."""

_URL_FOR = "url_for"
_WITHOUT_SELF = ("staticmethod", "classmethod")


@dataclass(frozen=True, slots=True)
class URLValues:
    """The name in a call of ``url_for``, and what is given with it.

    ``given`` are the variables that the call names, ``empty`` those of them that are None for
    certain. ``is_open`` tells that it may give others as well, by ``**values`` or a mapping.
    """

    name: str
    given: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    is_open: bool = False

    @staticmethod
    def of(name: str, items: Collection[tuple[str | None, bool]]) -> "URLValues":
        """From variables, each with whether it is None; without a name, it may be any."""
        known = {key: is_none for key, is_none in items if key is not None}
        empty = frozenset(key for key, is_none in known.items() if is_none)
        return URLValues(name, tuple(known), empty, any(key is None for key, _ in items))


@dataclass(frozen=True, slots=True)
class URLCall:
    """A call in Python; ``place`` is the expression of the route's name."""

    values: URLValues
    place: ast.expr


def url_calls(view: ast.ClassDef) -> Iterator[URLCall]:
    """The calls of ``self.url_for`` and ``self.app.url_for`` in the methods of a View."""
    for function in view.body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            receiver = _receiver(function)
            if receiver is not None:
                yield from _calls(function, receiver)


def passes_url_for(nodes: Iterable[ast.AST]) -> bool:
    """Whether code hands an ``url_for`` on, as to a template, and does not only call it."""
    called: set[ast.AST] = set()
    seen: set[ast.AST] = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            called.add(node.func)
        elif isinstance(node, ast.Attribute) and node.attr == _URL_FOR:
            seen.add(node)
    return not seen <= called


def _receiver(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The name of ``self``, if it is that throughout the method."""
    first = [*function.args.posonlyargs, *function.args.args][:1]
    if not first or any(_is_name(item, _WITHOUT_SELF) for item in function.decorator_list):
        return None
    name = first[0].arg
    inner = [node for node in ast.walk(function) if node is not first[0]]
    return None if any(_binds(node, name) for node in inner) else name


def _is_name(node: ast.expr, names: Collection[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == name
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)


def _calls(function: ast.AST, receiver: str) -> Iterator[URLCall]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="url_for")):
                values = _values(node) if _is_own(owner, receiver) else None
                if values is not None:
                    yield URLCall(values, node.args[0])


def _is_own(owner: ast.expr, receiver: str) -> bool:
    """Whether an expression is ``self`` or ``self.app``."""
    if isinstance(owner, ast.Attribute) and owner.attr == "app":
        owner = owner.value
    return _is_name(owner, (receiver,))


def _values(call: ast.Call) -> URLValues | None:
    match call.args:
        case [ast.Constant(value=str(name)), *mapping] if len(mapping) <= 1:
            items = [item for each in mapping for item in _items(each)]
        case _:
            return None
    for keyword in call.keywords:
        if keyword.arg is None:
            items += _items(keyword.value)
        elif keyword.arg not in OPTIONS:
            items.append((keyword.arg, _is_none(keyword.value)))
    return URLValues.of(name, items)


def _items(mapping: ast.expr) -> list[tuple[str | None, bool]]:
    """The items of a mapping, as far as it is written out."""
    if _is_none(mapping):
        return []
    if not isinstance(mapping, ast.Dict):
        return [(None, False)]
    pairs = zip(mapping.keys, mapping.values, strict=True)
    return [(_text(key), _is_none(value)) for key, value in pairs]


def _text(key: ast.expr | None) -> str | None:
    match key:
        case ast.Constant(value=str(text)):
            return text
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
