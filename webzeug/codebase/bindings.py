"""The names that a module or class body binds, in every branch, read from its syntax tree."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Binding:
    """One way in which a name comes about.

    ``target`` is the dotted name that an import or an alias leads to; of a ``from`` import, it
    is (module, name).
    """

    kind: Literal["class", "function", "import", "from", "alias", "value", "deleted"]
    line: int
    node: ast.ClassDef | None = None
    target: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """The bindings of a body by name. ``stars`` are modules whose names are imported by ``*``;
    ``is_dynamic`` tells that there may be more names than can be read."""

    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    exported: frozenset[str] | None = None
    is_dynamic: bool = False

    def add(self, name: str, binding: Binding) -> None:
        self.bindings.setdefault(name, []).append(binding)


_DYNAMIC = frozenset(("exec", "eval", "globals", "locals", "vars", "setattr"))


def names_of(body: Sequence[ast.stmt], package: str, tree: ast.AST) -> Names:
    """The names that a body binds; relative imports start at ``package``."""
    names = Names()
    for statement in _statements(body):
        _bind(statement, names, package)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            for name in node.names:
                names.add(name, Binding("value", node.lineno))
        elif isinstance(node, ast.Name) and node.id in _DYNAMIC:
            names.is_dynamic = True
    names.is_dynamic = names.is_dynamic or "__getattr__" in names.bindings
    return names


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, those in branches, loops and handlers included."""
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            if not isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from _statements(getattr(statement, name, ()))
        for block in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield from _statements(block.body)


def _bind(statement: ast.stmt, names: Names, package: str) -> None:
    line = statement.lineno
    match statement:
        case ast.ClassDef(name=name):
            names.add(name, Binding("class", line, node=statement))
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            names.add(name, Binding("function", line))
        case ast.Import(names=aliases):
            for alias in aliases:
                target = alias.name if alias.asname else alias.name.partition(".")[0]
                names.add(alias.asname or target, Binding("import", line, target=(target,)))
        case ast.ImportFrom():
            _bind_from(statement, names, package)
        case ast.Delete(targets=targets):
            for target_name in _target_names(targets):
                names.add(target_name, Binding("deleted", line))
        case _:
            _bind_assignment(statement, names)


def _bind_from(statement: ast.ImportFrom, names: Names, package: str) -> None:
    module = _absolute(statement, package)
    for alias in statement.names:
        if module is None:
            names.is_dynamic = True
        elif alias.name == "*":
            names.stars.append(module)
        else:
            binding = Binding("from", statement.lineno, target=(module, alias.name))
            names.add(alias.asname or alias.name, binding)


def _absolute(statement: ast.ImportFrom, package: str) -> str | None:
    """The module of a ``from`` import; None if its dots lead out of the top package."""
    if not statement.level:
        return statement.module
    parts = package.split(".") if package else []
    if statement.level > len(parts):
        return None
    base = parts[: len(parts) - statement.level + 1]
    return ".".join([*base, statement.module] if statement.module else base)


def _bind_assignment(statement: ast.stmt, names: Names) -> None:
    targets: list[ast.expr] = []
    value: ast.expr | None = None
    match statement:
        case ast.Assign(targets=targets, value=value):
            pass
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            targets = [target]
        case ast.For(target=target) | ast.AsyncFor(target=target):
            targets = [target]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            targets = [item.optional_vars for item in items if item.optional_vars]
    dotted = dotted_name(value) if value is not None else None
    for name in _target_names(targets):
        if dotted is not None and isinstance(targets[0], ast.Name):
            names.add(name, Binding("alias", statement.lineno, target=tuple(dotted)))
        else:
            names.add(name, Binding("value", statement.lineno))
        if name == "__all__":
            names.exported = _literal_names(value)
    for node in ast.walk(statement) if not hasattr(statement, "body") else ():
        if isinstance(node, ast.NamedExpr):
            names.add(node.target.id, Binding("value", statement.lineno))


def _target_names(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                yield node.id


def _literal_names(value: ast.expr | None) -> frozenset[str] | None:
    if isinstance(value, (ast.List, ast.Tuple)):
        texts = [item.value for item in value.elts if isinstance(item, ast.Constant)]
        if len(texts) == len(value.elts):
            return frozenset(text for text in texts if isinstance(text, str))
    return None


def dotted_name(expression: ast.expr) -> list[str] | None:
    """``a.b.C`` as its parts; None for any other expression."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, ast.Name):
        return None
    return [expression.id, *reversed(parts)]
