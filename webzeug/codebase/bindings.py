"""The names that a module or class body binds, in every branch, read from its syntax tree."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from webzeug.codebase.unseen import is_dynamic

BindingKind = Literal[
    "class", "function", "import", "from", "star", "alias", "constant", "value", "deleted"
]


@dataclass(frozen=True, slots=True)
class Binding:
    """One way in which a name comes about.

    ``order`` counts the bindings of a body. ``is_certain`` tells that it happens whenever the
    body runs: it stands in no branch. ``target`` is the module of an ``import``, module and name
    of a ``from`` import, and the parts of a dotted name that the name is made an alias of.
    """

    kind: BindingKind
    line: int
    order: int
    is_certain: bool
    node: ast.AST | None = None
    target: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """The bindings of a body by name; ``stars`` are the imports of all names of a module.

    ``is_dynamic`` tells that the body itself does what cannot be read: ``setattr``, ``exec``.
    ``exported`` is ``__all__``, None without one, or where ``exports_are_unclear``.
    """

    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)
    is_dynamic: bool = False
    exported: frozenset[str] | None = None
    exports_are_unclear: bool = False

    def candidates(self, name: str, before: int | None = None) -> list[Binding]:
        """The bindings that a name may come from, star imports included, in order.

        These are the last one that is certain, and all later ones; with ``before``, as things
        are when the binding of that order is made.
        """
        bindings = sorted((*self.bindings.get(name, ()), *self.stars), key=lambda b: b.order)
        if before is not None:
            bindings = [binding for binding in bindings if binding.order < before]
        certain = [index for index, binding in enumerate(bindings) if binding.is_certain]
        return bindings[certain[-1] :] if certain else bindings

    def exports(self, name: str) -> bool | None:
        """Whether a star import brings a name along; None if that cannot be known."""
        if self.exports_are_unclear:
            return None
        return not name.startswith("_") if self.exported is None else name in self.exported


def names_of(body: Sequence[ast.stmt], package: str) -> Names:
    """The names that a body binds; relative imports start at ``package``."""
    binder = _Binder(package)
    for statement, is_certain in _statements(body):
        binder.bind(statement, is_certain)
    names = binder.names
    if "__all__" in names.bindings:
        names.exported = _literal_names(names.bindings["__all__"])
        names.exports_are_unclear |= names.exported is None
    return names


def _statements(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements of a body, those in branches, loops and handlers included, in order."""
    stack = [(statement, True) for statement in body][::-1]
    while stack:
        statement, is_certain = stack.pop()
        yield statement, is_certain
        if not isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            inner = [child for block in _blocks(statement) for child in block]
            stack += [(child, False) for child in inner[::-1]]


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    yield getattr(statement, "body", [])
    for block in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield block.body
    yield getattr(statement, "orelse", [])
    yield getattr(statement, "finalbody", [])


@dataclass(slots=True)
class _Binder:
    """Collects the bindings of one body, statement by statement."""

    package: str
    names: Names = field(default_factory=Names)
    order: int = 0

    def bind(self, statement: ast.stmt, is_certain: bool) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    target = alias.name if alias.asname else alias.name.partition(".")[0]
                    name = alias.asname or target
                    self._add(name, "import", statement, is_certain, target=(target,))
            case ast.ImportFrom():
                self._bind_from(statement, is_certain)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._bind_value(name, value, statement, is_certain)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._bind_value(name, value, statement, is_certain)
        self._bind_expressions(statement, is_certain)
        match statement:
            case ast.ClassDef(name=name):
                self._add(name, "class", statement, is_certain, node=statement)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self._add(name, "function", statement, is_certain, node=statement)

    def _add(
        self,
        name: str,
        kind: BindingKind,
        at: ast.stmt,
        is_certain: bool,
        *,
        node: ast.AST | None = None,
        target: tuple[str, ...] = (),
    ) -> None:
        binding = Binding(kind, at.lineno, self.order, is_certain, node, target)
        self.order += 1
        if kind == "star":
            self.names.stars.append(binding)
        else:
            self.names.bindings.setdefault(name, []).append(binding)

    def _bind_from(self, statement: ast.ImportFrom, is_certain: bool) -> None:
        module = absolute_module(statement, self.package)
        for alias in statement.names:
            if module is None:
                self._add(alias.asname or alias.name, "value", statement, False)
            elif alias.name == "*":
                # Of a star import it is never certain that it brings a name.
                self._add("*", "star", statement, False, target=(module,))
            else:
                target = (module, alias.name)
                self._add(alias.asname or alias.name, "from", statement, is_certain, target=target)

    def _bind_value(self, name: str, value: ast.expr, at: ast.stmt, is_certain: bool) -> None:
        dotted = dotted_name(value)
        if dotted is not None:
            self._add(name, "alias", at, is_certain, target=dotted)
        elif isinstance(value, ast.Lambda):
            self._add(name, "function", at, is_certain, node=value)
        elif isinstance(value, _LITERALS):
            self._add(name, "constant", at, is_certain, node=value)
        else:
            self._add(name, "value", at, is_certain)

    def _bind_expressions(self, statement: ast.stmt, is_certain: bool) -> None:
        """The names bound by all else: loops, ``with``, ``match``, ``except``, ``:=``, ``del``."""
        simple = _simple_target(statement)
        is_assignment = isinstance(statement, ast.Assign)
        for node in _own_nodes(statement):
            self.names.is_dynamic |= is_dynamic(node)
            match node:
                case ast.Name(id=name, ctx=ast.Store()) if node is not simple:
                    self._add(name, "value", statement, is_certain and is_assignment)
                case ast.Name(id=name, ctx=ast.Del()):
                    self._add(name, "deleted", statement, is_certain)
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    self._add(name, "value", statement, False)
                case ast.MatchMapping(rest=str(name)) | ast.ExceptHandler(name=str(name)):
                    self._add(name, "value", statement, False)
                case ast.Attribute(value=ast.Name(id="__all__")):
                    self.names.exports_are_unclear = True


_LITERALS = (
    ast.Constant,
    ast.JoinedStr,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
)


def _simple_target(statement: ast.stmt) -> ast.expr | None:
    """The one name that is assigned to, which `bind` has seen, or that is only annotated."""
    match statement:
        case ast.Assign(targets=[ast.Name() as target]) | ast.AnnAssign(target=target):
            return target
    return None


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement that run with it, without those of inner statements."""
    stack: list[ast.AST] = list(ast.iter_child_nodes(statement))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.stmt, ast.Lambda)):
            continue
        yield node
        if isinstance(node, ast.comprehension):
            # Its target is a name of the comprehension alone.
            stack += [node.iter, *node.ifs]
        else:
            stack += ast.iter_child_nodes(node)


def absolute_module(statement: ast.ImportFrom, package: str) -> str | None:
    """The module of a ``from`` import; None if its dots lead out of the top package."""
    if not statement.level:
        return statement.module
    parts = package.split(".") if package else []
    if statement.level > len(parts):
        return None
    base = parts[: len(parts) - statement.level + 1]
    return ".".join([*base, statement.module] if statement.module else base)


def _literal_names(bindings: list[Binding]) -> frozenset[str] | None:
    """The names that ``__all__`` lists, if it is written once and plainly."""
    match bindings:
        case [Binding(is_certain=True, node=ast.List(elts=items) | ast.Tuple(elts=items))]:
            texts = [item.value for item in items if isinstance(item, ast.Constant)]
            if len(texts) == len(items):
                return frozenset(text for text in texts if isinstance(text, str))
    return None


def dotted_name(expression: ast.expr) -> tuple[str, ...] | None:
    """``a.b.C`` as its parts; None for any other expression."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, ast.Name):
        return None
    return (expression.id, *reversed(parts))
