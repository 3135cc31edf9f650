"""Codebase: follows dotted paths through source text, re-exports and inheritance included."""

import ast
import builtins
import difflib
from collections.abc import Sequence

from webzeug.codebase.answers import Answer, Found, Missing, Unknown
from webzeug.codebase.bindings import Binding, Names, dotted_name, names_of
from webzeug.codebase.modules import Module, Modules, Parsed

_VIEWS = frozenset((("webzeug", "View"), ("webzeug.views", "View")))
_THE_VIEW = Found("", 0, "class", frozenset(), is_view=True)
_MAX_DEPTH = 50


class Codebase:
    """The Python code reachable from some folders, read as text.

    ``search_path`` is as ``sys.path``: the application's own folder first. Files are read when
    they are first needed, and at most once.
    """

    def __init__(self, search_path: Sequence[str]) -> None:
        self._modules = Modules(list(search_path))
        self._answers: dict[str, Answer] = {}

    def find(self, path: str) -> Answer:
        """What ``package.module.Class`` or ``package.module:Outer.Inner`` leads to."""
        if path not in self._answers:
            self._answers[path] = self._find(path)
        return self._answers[path]

    def _find(self, path: str) -> Answer:
        module_name, colon, names = path.partition(":")
        if not colon:
            module_name, _, names = path.rpartition(".")
        module = self._modules.find(module_name)
        if not isinstance(module, Module):
            return module
        first, *rest = names.split(".")
        answer = self._name(module, first, 0)
        if rest and isinstance(answer, Found):
            return self._nested(module, names.split("."))
        return answer

    def _name(self, module: Module, name: str, depth: int) -> Answer:
        """What a name of a module leads to."""
        if (module.name, name) in _VIEWS:
            return _THE_VIEW
        if depth > _MAX_DEPTH:
            return Unknown(f"{module.name}.{name} is imported in a circle")
        parsed = self._modules.parse(module)
        if not isinstance(parsed, Parsed):
            return parsed
        bindings = parsed.names.bindings.get(name)
        if bindings:
            return _join([self._bound(parsed, binding, depth) for binding in bindings])
        starred = self._starred(parsed, name, depth)
        if starred is not None:
            return starred
        submodule = self._modules.find(f"{module.name}.{name}") if module.folders else None
        if isinstance(submodule, Module):
            return Found(submodule.file, 1, "module")
        if parsed.names.is_dynamic:
            return Unknown(f"{module.name} makes names as it runs")
        near = difflib.get_close_matches(name, _public(parsed.names), n=3)
        return Missing(name, "name", module.file, tuple(near))

    def _starred(self, parsed: Parsed, name: str, depth: int) -> Answer | None:
        """What a star import gives a name; None if there is none that could."""
        for module_name in parsed.names.stars:
            source = self._modules.find(module_name)
            if not isinstance(source, Module):
                return Unknown(f"{parsed.module.name} imports all of {module_name}")
            answer = self._name(source, name, depth + 1)
            if isinstance(answer, Missing):
                continue
            names = self._modules.parse(source)
            exported = names.names.exported if isinstance(names, Parsed) else None
            if exported is None or name in exported or not isinstance(answer, Found):
                return answer
        return None

    def _bound(self, parsed: Parsed, binding: Binding, depth: int) -> Answer:
        module = parsed.module
        match binding:
            case Binding(kind="class", node=ast.ClassDef() as node):
                return self._class(parsed, node, depth)
            case Binding(kind="function"):
                return Found(module.file, binding.line, "function")
            case Binding(kind="from", target=(module_name, name)):
                return self._imported(module_name, name, depth)
            case Binding(kind="alias", target=target):
                return self._dotted(parsed, list(target), depth + 1)
            case Binding(kind="import", target=(name,)):
                found = self._modules.find(name)
                file = found.file if isinstance(found, Module) else name
                return Found(file, 1, "module")
            case Binding(kind="deleted"):
                return Unknown("the name is deleted again")
            case _:
                # A value may be a class that a call has made.
                return Found(module.file, binding.line, "value", is_view=None)

    def _imported(self, module_name: str, name: str, depth: int) -> Answer:
        if (module_name, name) in _VIEWS:
            return _THE_VIEW
        module = self._modules.find(module_name)
        if not isinstance(module, Module):
            return Unknown(f"{module_name} cannot be read")
        answer = self._name(module, name, depth + 1)
        # Something is missing behind an import: the importing module itself is broken or
        # guarded, which its own import will say better.
        return Unknown(f"{module_name} lacks {name}") if isinstance(answer, Missing) else answer

    def _dotted(self, parsed: Parsed, parts: list[str], depth: int) -> Answer:
        """What an expression such as ``a.b.C`` means in a module."""
        answer = self._expression(parsed, parts, depth)
        return (
            Unknown(f"{'.'.join(parts)} cannot be read") if isinstance(answer, Missing) else answer
        )

    def _expression(self, parsed: Parsed, parts: list[str], depth: int) -> Answer:
        first, *rest = parts
        if not rest:
            if first not in parsed.names.bindings and hasattr(builtins, first):
                return Found("", 0, "class", frozenset())
            return self._name(parsed.module, first, depth)
        for binding in parsed.names.bindings.get(first, []):
            if binding.kind in ("import", "from"):
                return self._through_module(".".join(binding.target), rest, depth)
        return Unknown(f"{'.'.join(parts)} is not a module's name")

    def _through_module(self, module_name: str, rest: list[str], depth: int) -> Answer:
        """``module.sub.Class``, with the part that is a module as long as can be."""
        while len(rest) > 1:
            module_name, rest = f"{module_name}.{rest[0]}", rest[1:]
        return self._imported(module_name, rest[0], depth)

    def _class(self, parsed: Parsed, node: ast.ClassDef, depth: int) -> Found:
        bases = [self._base(parsed, base, depth) for base in node.bases]
        body = names_of(node.body, "", ast.Module([], []))
        verbs: frozenset[str] | None = frozenset(filter(is_verb, body.bindings))
        is_view: bool | None = False
        for base in bases:
            if base is None or base.verbs is None or verbs is None:
                verbs = None
            else:
                verbs |= base.verbs
            if is_view is not True:
                base_is_view = base.is_view if base is not None else None
                is_view = base_is_view if base_is_view is not False else is_view
        if is_view is not True and (node.decorator_list or node.keywords):
            is_view = None
        return Found(parsed.module.file, node.lineno, "class", verbs, is_view)

    def _base(self, parsed: Parsed, expression: ast.expr, depth: int) -> Found | None:
        if isinstance(expression, ast.Subscript):
            expression = expression.value
        parts = dotted_name(expression)
        if parts is None or depth > _MAX_DEPTH:
            return None
        answer = self._dotted(parsed, parts, depth + 1)
        return answer if isinstance(answer, Found) and answer.kind == "class" else None

    def _nested(self, module: Module, names: list[str]) -> Answer:
        """``Outer.Inner`` in a module: classes in classes, where they are written as such."""
        parsed = self._modules.parse(module)
        if not isinstance(parsed, Parsed):
            return parsed
        scope: Names = parsed.names
        node: ast.ClassDef | None = None
        for name in names:
            classes = [binding.node for binding in scope.bindings.get(name, ()) if binding.node]
            if not classes:
                if name in scope.bindings or (node is not None and node.bases):
                    return Unknown(f"{name} is not written as a class")
                return Missing(name, "name", module.file)
            node = classes[0]
            scope = names_of(node.body, "", ast.Module([], []))
        assert node is not None
        return self._class(parsed, node, 0)


def _public(names: Names) -> list[str]:
    return [name for name in names.bindings if not name.startswith("_")]


def is_verb(name: str) -> bool:
    """Whether a method of this name answers a verb."""
    return name.isupper() and not name.startswith("_") and name != "ERROR"


def _join(answers: list[Answer]) -> Answer:
    """One answer for a name that is bound in several branches."""
    found = [answer for answer in answers if isinstance(answer, Found)]
    if len(answers) == 1 or not found:
        return answers[-1]
    last = found[-1]
    agree = len(found) == len(answers) and all(
        (answer.verbs, answer.is_view) == (last.verbs, last.is_view) for answer in found
    )
    return last if agree else Found(last.file, last.line, last.kind, None, is_view=None)
