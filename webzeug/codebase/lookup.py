"""Codebase: follows dotted paths through source text, re-exports and inheritance included."""

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass, replace

from webzeug.codebase.answers import Answer, Broken, Found, Missing, Unknown
from webzeug.codebase.bindings import Binding, Names, dotted_name, names_of
from webzeug.codebase.classes import KNOWN, PLAIN, UNREADABLE, Shape, doubtful, either, shape_of
from webzeug.codebase.modules import Module, Modules, Parsed


@dataclass(frozen=True, slots=True)
class Class:
    """A class that was found; of one that needs no reading, ``file`` is empty.

    ``order`` is its place among the bindings of its module. ``body`` are the names that it binds,
    None if it is not clear which class statement is meant.
    """

    shape: Shape
    file: str = ""
    line: int = 0
    order: int = 0
    parsed: Parsed | None = None
    body: Names | None = None


Thing = Class | Found | Missing | Broken | Unknown


class Codebase:
    """The Python code reachable from some folders, read as text.

    ``search_path`` is as ``sys.path``: the application's own folder first. Files are read when
    they are first needed, and at most once.
    """

    def __init__(self, search_path: Sequence[str]) -> None:
        self._modules = Modules(list(search_path))
        self._answers: dict[str, Answer] = {}
        self._things: dict[tuple[str, str, int | None], Thing] = {}
        self._classes: dict[ast.ClassDef, Class] = {}

    def find(self, path: str) -> Answer:
        """What ``package.module.Class`` or ``package.module:Outer.Inner`` leads to."""
        if path not in self._answers:
            try:
                self._answers[path] = _answer(self._find(path))
            except RecursionError:
                self._answers[path] = Unknown("it leads through too many imports or base classes")
        return self._answers[path]

    def _find(self, path: str) -> Thing:
        module_name, colon, names = path.partition(":")
        if not colon:
            module_name, _, names = path.rpartition(".")
        module = self._module(module_name)
        if isinstance(module, Missing):
            return self._advised(module, path)
        if not isinstance(module, Module):
            return module
        first, *rest = names.split(".")
        thing = self._name(module, first)
        if isinstance(thing, Missing):
            parsed = self._modules.parse(module)
            names_there = parsed.names.public if isinstance(parsed, Parsed) else []
            return replace(thing, suggestions=self._modules.near(first, names_there))
        for name in rest:
            thing = self._member(thing, name)
        return thing

    def _module(self, name: str) -> Module | Missing | Broken | Unknown:
        """A module, if the packages around it can be imported at all."""
        module = self._modules.find(name)
        while isinstance(module, Module) and (name := name.rpartition(".")[0]):
            package = self._modules.find(name)
            parsed = self._modules.parse(package) if isinstance(package, Module) else package
            if isinstance(parsed, Broken):
                return parsed
        return module

    def _advised(self, missing: Missing, path: str) -> Missing:
        """A missing module with what may have been meant: another, or a class in a class."""
        outer_name, _, name = missing.part.rpartition(".")
        outer = self._modules.find(outer_name)
        inner = self._name(outer, name) if isinstance(outer, Module) else missing
        if isinstance(inner, Class) and ":" not in path:
            meant = f"{outer_name}:{path[len(outer_name) + 1 :]}"
            return replace(missing, suggestions=(meant,))
        return replace(missing, suggestions=self._modules.near_module(missing.part))

    def _name(self, module: Module, name: str, before: int | None = None) -> Thing:
        """What a name of a module leads to; with ``before``, at that point of the module."""
        key = module.name, name, before
        if key not in self._things:
            self._things[key] = Unknown(f"{module.name}.{name} depends on itself")
            self._things[key] = self._look_up(module, name, before)
        return self._things[key]

    def _look_up(self, module: Module, name: str, before: int | None) -> Thing:
        parsed = self._modules.parse(module)
        if not isinstance(parsed, Parsed):
            return parsed
        candidates = parsed.names.candidates(name, before)
        things = [self._bound(parsed, binding, name) for binding in candidates]
        bound = [thing for thing in things if not isinstance(thing, Missing)]
        thing = _join(bound) if bound else self._unbound(parsed, name)
        return _soft(thing) if parsed.may_rebind(name) else thing

    def _unbound(self, parsed: Parsed, name: str) -> Thing:
        module = parsed.module
        submodule = self._modules.find(f"{module.name}.{name}") if module.folders else None
        if isinstance(submodule, Module):
            return Found(submodule.file, 1, "module")
        if isinstance(submodule, Unknown):
            return submodule
        if parsed.may_make(name):
            return Unknown(f"{module.name} makes names as it runs")
        return Missing(name, "name", module.file)

    def _bound(self, parsed: Parsed, binding: Binding, name: str) -> Thing:
        """What a binding gives a name; Missing if it is a star import that lacks it."""
        file = parsed.module.file
        match binding:
            case Binding(kind="class", node=ast.ClassDef() as node):
                return self._class(parsed, node, binding.order)
            case Binding(kind="function"):
                return _function(file, binding)
            case Binding(kind="constant"):
                return Found(file, binding.line, "value")
            case Binding(kind="star", target=(module_name,)):
                return self._starred(module_name, name)
            case Binding(kind="from", target=(module_name, imported)):
                thing = self._imported(parsed.module, module_name, imported)
            case Binding(kind="alias", target=parts):
                thing = self._expression(parsed, parts, binding.order)
            case Binding(kind="import", target=(module_name,)):
                module = self._modules.find(module_name)
                place = (module.file, 1) if isinstance(module, Module) else (file, binding.line)
                return Found(*place, "module")
            case Binding(kind="deleted"):
                return Unknown(f"{name} is deleted again")
            case _:
                # A value may be a class that a call has made.
                return Found(file, binding.line, "value", is_view=None)
        if isinstance(thing, Class) and not thing.file:
            return replace(thing, file=file, line=binding.line)
        return thing

    def _starred(self, module_name: str, name: str) -> Thing:
        module = self._modules.find(module_name)
        if not isinstance(module, Module):
            return Unknown(f"{module_name} cannot be read")
        parsed = self._modules.parse(module)
        if isinstance(parsed, Parsed) and parsed.names.exports(name) is False:
            return Missing(name, "name", module.file)
        return self._name(module, name)

    def _imported(self, importer: Module, module_name: str, name: str) -> Thing:
        """What ``from module_name import name`` gives."""
        if (module_name, name) in KNOWN:
            return Class(KNOWN[module_name, name])
        if module_name == "builtins":
            is_class = isinstance(getattr(builtins, name, None), type)
            return Class(PLAIN) if is_class else Unknown(f"{name} is no class")
        # A package imports its own modules from itself.
        full_name = f"{module_name}.{name}" if module_name == importer.name else module_name
        module = self._modules.find(full_name)
        if not isinstance(module, Module):
            return Unknown(f"{full_name} cannot be read")
        if module_name == importer.name:
            return Found(module.file, 1, "module")
        thing = self._name(module, name)
        # What is missing behind an import: the importing module is broken, or is guarded.
        return Unknown(f"{module_name} lacks {name}") if isinstance(thing, Missing) else thing

    def _expression(self, parsed: Parsed, parts: Sequence[str], before: int | None) -> Thing:
        """What an expression such as ``a.b.C`` means at a point of a module."""
        origin = _origin(parsed, parts, before)
        if origin is not None:
            return self._imported(parsed.module, *origin)
        if len(parts) > 1:
            return Unknown(f"{parts[0]} is not a module")
        thing = self._name(parsed.module, parts[0], before)
        is_missing = isinstance(thing, Missing)
        return self._imported(parsed.module, "builtins", parts[0]) if is_missing else thing

    def _class(
        self, parsed: Parsed, node: ast.ClassDef, order: int, around: Names | None = None
    ) -> Class:
        if node not in self._classes:
            body = names_of(node.body, "")
            shape = KNOWN.get((parsed.module.name, node.name))
            if shape is None:
                shape = self._shape(parsed, node, order, body, around)
            self._classes[node] = Class(shape, parsed.module.file, node.lineno, order, parsed, body)
        return self._classes[node]

    def _shape(
        self, parsed: Parsed, node: ast.ClassDef, order: int, body: Names, around: Names | None
    ) -> Shape:
        def origin(expression: ast.expr) -> tuple[str, str] | None:
            parts = dotted_name(expression.func if isinstance(expression, ast.Call) else expression)
            return _origin(parsed, parts, order) if parts else None

        bases = [self._base(parsed, base, order, around) for base in node.bases]
        return shape_of(node, body, bases, origin)

    def _base(
        self, parsed: Parsed, expression: ast.expr, order: int, around: Names | None
    ) -> Shape:
        if isinstance(expression, ast.Subscript):
            expression = expression.value
        parts = dotted_name(expression)
        if parts is None or (around is not None and parts[0] in around.bindings):
            return UNREADABLE
        thing = self._expression(parsed, parts, order)
        return thing.shape if isinstance(thing, Class) else UNREADABLE

    def _member(self, outer: Thing, name: str) -> Thing:
        """What a class body binds: a class's own names, not those of its bases."""
        if isinstance(outer, (Missing, Broken)):
            return outer
        if not isinstance(outer, Class) or outer.body is None or outer.parsed is None:
            return Unknown(f"what {name} belongs to is not written as a class")
        things = [
            self._class(outer.parsed, binding.node, outer.order, outer.body)
            if isinstance(binding.node, ast.ClassDef)
            else _function(outer.file, binding)
            if binding.kind == "function"
            else Unknown(f"{name} is neither a class nor a function")
            for binding in outer.body.candidates(name)
        ]
        if not things and not outer.shape.verbs.is_open:
            suggestions = self._modules.near(name, outer.body.public)
            return Missing(name, "name", outer.file, suggestions)
        return _join(things) if things else Unknown("its class cannot be read as a whole")


def _origin(parsed: Parsed, parts: Sequence[str], before: int | None) -> tuple[str, str] | None:
    """Module and name that a dotted name was imported from, if it was; builtins are a module."""
    match parsed.names.candidates(parts[0], before):
        case []:
            is_builtin = len(parts) == 1 and hasattr(builtins, parts[0])
            return ("builtins", parts[0]) if is_builtin else None
        case [Binding(kind="from", target=target)]:
            full = (*target, *parts[1:])
        case [Binding(kind="import", target=target)] if len(parts) > 1:
            full = (*target, *parts[1:])
        case _:
            return None
    return ".".join(full[:-1]), full[-1]


def _function(file: str, binding: Binding) -> Found:
    if getattr(binding.node, "decorator_list", ()):
        return Found(file, binding.line, "value", is_view=None)
    return Found(file, binding.line, "function")


def _join(things: Sequence[Thing]) -> Thing:
    """One answer for a name that is bound in several ways."""
    if all(thing == things[0] for thing in things):
        return things[0]
    classes = [thing for thing in things if isinstance(thing, Class)]
    if len(classes) == len(things):
        return replace(classes[-1], shape=either([c.shape for c in classes]), body=None)
    if classes:
        shape = either([UNREADABLE, *(c.shape for c in classes)])
        return Found(classes[-1].file, classes[-1].line, "class", shape.verbs, None)
    found = [thing for thing in things if isinstance(thing, Found)]
    return replace(found[-1], is_view=None) if found else Unknown("it is bound in several ways")


def _soft(thing: Thing) -> Thing:
    """A thing of a module that may give the name another value as it runs."""
    match thing:
        case Class():
            return replace(thing, shape=doubtful(thing.shape))
        case Found():
            return replace(thing, is_view=None)
    return thing


def _answer(thing: Thing) -> Answer:
    if isinstance(thing, Class):
        return Found(thing.file, thing.line, "class", thing.shape.verbs, thing.shape.is_view)
    return thing
