"""Lookup: follows dotted paths through source text, re-exports and inheritance included."""

import ast
import builtins
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from webzeug.codebase.answers import Answer, Broken, Found, Missing, Unknown
from webzeug.codebase.bindings import Binding, Names, dotted_name, names_of
from webzeug.codebase.classes import KNOWN, PLAIN, UNREADABLE, Shape, shape_of
from webzeug.codebase.modules import Module, Modules, Parsed
from webzeug.codebase.places import Places
from webzeug.codebase.things import Class, Thing, answer_of, function, join, soft


class Lookup:
    """What names lead to in the Python code that is reachable from some folders, read as text.

    ``search_path`` is as ``sys.path``: the application's own folder first. Files are read when
    they are first needed, and at most once.
    """

    def __init__(self, search_path: Sequence[str]) -> None:
        self.places = Places()
        self._folder = os.path.join(search_path[0], "") if search_path else ""
        self._modules = Modules(list(search_path))
        self._answers: dict[str, Answer] = {}
        self._things: dict[tuple[str, str, int | None], Thing] = {}
        self._classes: dict[ast.ClassDef, Class] = {}

    def find(self, path: str) -> Answer:
        """What ``package.module.Class`` or ``package.module:Outer.Inner`` leads to."""
        if path not in self._answers:
            try:
                self._answers[path] = answer_of(self._find(path))
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
            return replace(thing, suggestions=self._near_name(module, first))
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

    def _near_name(self, module: Module, name: str) -> tuple[str, ...]:
        """Names of a module that may have been meant; of a package, the same name below it."""
        parsed = self._modules.parse(module)
        near = self._modules.near(name, parsed.names.bindings if isinstance(parsed, Parsed) else ())
        return near or tuple(
            f"{inner.name}.{name}"
            for inner in self._modules.inside(module)
            if isinstance(parsed := self._modules.parse(inner), Parsed)
            and name in parsed.names.bindings
        )

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
        thing = join(bound) if bound else self._unbound(parsed, name)
        if isinstance(thing, Class) and (module.name, name) in KNOWN:
            return replace(thing, shape=KNOWN[module.name, name])
        return soft(thing) if parsed.may_rebind(name) else thing

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
                return function(file, binding)
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
        origin = self._origin(parsed, parts, before)
        if origin is not None:
            return self._imported(parsed.module, *origin)
        if len(parts) > 1:
            return Unknown(f"{parts[0]} is not a module")
        thing = self._name(parsed.module, parts[0], before)
        is_missing = isinstance(thing, Missing)
        return self._imported(parsed.module, "builtins", parts[0]) if is_missing else thing

    def _origin(
        self, parsed: Parsed, parts: Sequence[str], before: int | None
    ) -> tuple[str, str] | None:
        """Module and name that a dotted name was imported from, if it was from one alone.

        Builtins are a module as well.
        """
        match self._distinct(parsed, parts[0], before):
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

    def _distinct(self, parsed: Parsed, name: str, before: int | None) -> list[Binding]:
        """The candidates for a name; only the first if star imports give the same thing again."""
        candidates = parsed.names.candidates(name, before)
        if candidates and candidates[-1].kind == "star":
            things = [self._bound(parsed, binding, name) for binding in candidates]
            pairs = zip(candidates, things, strict=True)
            bound = [(binding, thing) for binding, thing in pairs if not isinstance(thing, Missing)]
            is_one = all(thing == bound[0][1] for _, thing in bound)
            return [binding for binding, _ in (bound[:1] if is_one else bound)]
        return candidates

    def _origin_of(
        self, parsed: Parsed, before: int | None, expression: ast.expr
    ) -> tuple[str, str] | None:
        """The same for any expression; of a call, for what is called."""
        parts = dotted_name(expression.func if isinstance(expression, ast.Call) else expression)
        return self._origin(parsed, parts, before) if parts else None

    def _class(
        self, parsed: Parsed, node: ast.ClassDef, order: int, around: Names | None = None
    ) -> Class:
        if node not in self._classes:
            body = names_of(node.body, "")
            bases = [self._base(parsed, base, order, around) for base in node.bases]
            file = parsed.module.file
            shape = shape_of(node, body, bases, partial(self._origin_of, parsed, order), file)
            self._classes[node] = Class(shape, file, node.lineno, order, parsed, body)
        return self._classes[node]

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
            else function(outer.file, binding)
            if binding.kind == "function"
            else Unknown(f"{name} is neither a class nor a function")
            for binding in outer.body.candidates(name)
        ]
        if not things and not outer.shape.verbs.is_open:
            suggestions = self._modules.near(name, outer.body.bindings)
            return Missing(name, "name", outer.file, suggestions)
        return join(things) if things else Unknown("its class cannot be read as a whole")
