"""Importing modules in thought, statement by statement, to see which are used half built."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from webzeug.codebase.bindings import absolute_module, dotted_name, names_of
from webzeug.codebase.modules import Module, Modules, Parsed
from webzeug.codebase.reaching import imported_modules, own_module


@dataclass(frozen=True, slots=True)
class HalfBuilt:
    """A use of a name that a module does not have yet, because it is still being imported.

    ``node`` in ``file`` is the use, ``name`` what is used of ``module``. ``chain`` are the imports
    that lead there from the module itself: each a file, and the statement in it.
    """

    module: Module
    name: str
    file: str
    node: ast.expr | ast.alias
    chain: tuple[tuple[str, ast.stmt], ...]


class _UnsureError(Exception):
    """From here on it depends on what cannot be read."""


@dataclass(slots=True)
class Importing:
    """The modules below one folder, as they are while others import them."""

    modules: Modules
    folder: str
    _state: dict[str, Literal["running", "done"]] = field(default_factory=dict)
    _bound: dict[str, set[str]] = field(default_factory=dict)
    _chain: list[tuple[str, ast.stmt]] = field(default_factory=list)
    _starts: dict[str, int] = field(default_factory=dict)
    _later: set[str] = field(default_factory=set)

    def first_failure(self, names: Iterable[str]) -> tuple[str, HalfBuilt] | None:
        """Import modules in this order; the one that fails, and why, if that is certain."""
        for name in names:
            try:
                found = next(self._import(name), None)
            except (_UnsureError, RecursionError):
                return None
            if found is not None:
                # An import inside a function may run earlier, and change the order of all others.
                involved = {found.module.name, *self._running()}
                return None if involved & self._later else (name, found)
        return None

    def _running(self) -> list[str]:
        return [name for name, state in self._state.items() if state == "running"]

    def _import(self, name: str) -> Iterator[HalfBuilt]:
        """A module and the packages around it, the outer ones first."""
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            yield from self._run(".".join(parts[:end]))

    def _run(self, name: str) -> Iterator[HalfBuilt]:
        module = self._own(name)
        if module is None or name in self._state:
            return
        parsed = self.modules.parse(module)
        if not isinstance(parsed, Parsed):
            raise _UnsureError
        self._state[name] = "running"
        self._bound[name] = set()
        self._starts[name] = len(self._chain)
        yield from self._body(parsed, parsed.tree.body)
        self._state[name] = "done"

    def _own(self, name: str) -> Module | None:
        """A module of the application; what is installed elsewhere does not import it."""
        return own_module(self.modules, self.folder, name)

    def _body(self, parsed: Parsed, body: Iterable[ast.stmt]) -> Iterator[HalfBuilt]:
        bound = self._bound[parsed.module.name]
        for statement in body:
            self._chain.append((parsed.module.file, statement))
            yield from self._statement(parsed, statement)
            self._chain.pop()
            made = names_of([statement], parsed.module.package)
            bound.update(made.bindings, ["*"] if made.stars else [])

    def _statement(self, parsed: Parsed, statement: ast.stmt) -> Iterator[HalfBuilt]:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    yield from self._import(alias.name)
            case ast.ImportFrom():
                yield from self._from(parsed, statement)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._note_later(parsed, statement.body)
                defaults = [default for default in statement.args.kw_defaults if default]
                evaluated = [*statement.decorator_list, *statement.args.defaults, *defaults]
                yield from self._uses(parsed, evaluated)
            case ast.ClassDef():
                keywords = [keyword.value for keyword in statement.keywords]
                evaluated = [*statement.decorator_list, *statement.bases, *keywords]
                yield from self._uses(parsed, evaluated)
                yield from self._class_body(parsed, statement.body)
            case ast.If(test=test, orelse=orelse) if _is_for_type_checkers(test):
                yield from self._body(parsed, orelse)
            case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                yield from self._uses(parsed, [statement.value] if statement.value else [])
            case _:
                self._branch(parsed, statement)

    def _class_body(self, parsed: Parsed, body: Iterable[ast.stmt]) -> Iterator[HalfBuilt]:
        """A class body runs at once, but what it binds is not the module's."""
        for statement in body:
            yield from self._statement(parsed, statement)

    def _from(self, parsed: Parsed, statement: ast.ImportFrom) -> Iterator[HalfBuilt]:
        name = absolute_module(statement, parsed.module.package)
        if name is None:
            raise _UnsureError
        yield from self._import(name)
        for alias in statement.names:
            if alias.name == "*":
                continue
            inner = f"{name}.{alias.name}"
            if self._lacks(name, alias.name):
                if self._own(inner) is None:
                    yield self._half_built(name, alias.name, parsed, alias)
                yield from self._import(inner)
            elif alias.name not in self._bound.get(name, ()) and self._own(inner) is not None:
                yield from self._import(inner)

    def _uses(self, parsed: Parsed, expressions: Iterable[ast.expr]) -> Iterator[HalfBuilt]:
        """Attributes of modules that are evaluated here and now."""
        for node in _evaluated(expressions):
            parts = dotted_name(node) if isinstance(node, ast.Attribute) else None
            name = self._module_of(parsed, parts[:-1]) if parts else None
            if name is None or parts is None or not self._lacks(name, parts[-1]):
                continue
            if self._own(f"{name}.{parts[-1]}") is None:
                yield self._half_built(name, parts[-1], parsed, node)

    def _module_of(self, parsed: Parsed, parts: tuple[str, ...]) -> str | None:
        """The module that a dotted name means, if ``import`` alone binds its beginning."""
        bindings = parsed.names.bindings.get(parts[0], ()) if parts else ()
        targets = {binding.target for binding in bindings if binding.kind == "import"}
        is_clear = all(binding.kind == "import" for binding in bindings) and len(targets) == 1
        if not is_clear or parsed.may_rebind(parts[0]):
            return None
        return ".".join((*targets.pop(), *parts[1:]))

    def _lacks(self, name: str, attribute: str) -> bool:
        """Whether a module is half built, and has not yet a name that it will have."""
        if self._state.get(name) != "running":
            return False
        module = self._own(name)
        parsed = self.modules.parse(module) if module else None
        if not isinstance(parsed, Parsed) or parsed.may_make(attribute):
            raise _UnsureError
        return self._bound[name].isdisjoint((attribute, "*")) and not attribute.startswith("__")

    def _half_built(
        self, name: str, attribute: str, parsed: Parsed, node: ast.expr | ast.alias
    ) -> HalfBuilt:
        module = self._own(name)
        assert module is not None
        chain = tuple(self._chain[self._starts[name] :])
        return HalfBuilt(module, attribute, parsed.module.file, node, chain)

    def _branch(self, parsed: Parsed, statement: ast.stmt) -> None:
        """What runs under conditions must import nothing of the application that is not there."""
        for name in imported_modules(ast.walk(statement), parsed.module.package):
            if self._own(name) is not None and self._state.get(name) != "done":
                raise _UnsureError

    def _note_later(self, parsed: Parsed, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._later.update(imported_modules(ast.walk(statement), parsed.module.package))


def _is_for_type_checkers(test: ast.expr) -> bool:
    parts = dotted_name(test)
    return parts is not None and parts[-1] == "TYPE_CHECKING"


def _evaluated(expressions: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """Expressions with those inside them that surely run: no lambdas, no branches, no loops."""
    stack = list(expressions)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Lambda, ast.IfExp, ast.BoolOp)) or hasattr(node, "generators"):
            continue
        yield node
        children = list(ast.iter_child_nodes(node))
        stack += [child for child in children if isinstance(child, ast.expr)]
        stack += [child.value for child in children if isinstance(child, ast.keyword)]
