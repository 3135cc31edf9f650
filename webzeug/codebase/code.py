"""Codebase: all that can be asked of the Python code that a manifest names."""

import ast
from collections.abc import Iterable
from functools import partial

from webzeug.codebase.answers import Found
from webzeug.codebase.bindings import Binding
from webzeug.codebase.callables import Callee, callee
from webzeug.codebase.importing import HalfBuilt, Importing
from webzeug.codebase.lookup import Lookup
from webzeug.codebase.modules import Module, Parsed
from webzeug.codebase.reaching import reached_modules
from webzeug.codebase.things import Class


class Codebase(Lookup):
    """A code base, and the questions that checks ask of it; see Lookup for dotted paths."""

    def callee(self, path: str) -> Callee | None:
        """The function that a call of what a dotted path leads to runs, if it is certain."""
        found = self.find(path)
        if not isinstance(found, Found) or "." in path.partition(":")[2]:
            return None
        for parsed in self._modules.parsed_files(found.file):
            if parsed.names.is_dynamic:
                return None
            return callee(found, parsed.tree, partial(self._origin_of, parsed, None))
        return None

    def text_of(self, path: str, name: str) -> str | None:
        """The text that the body of a class gives a name, if it is written as a literal."""
        found = self.find(path)
        if not isinstance(found, Found) or found.kind != "class":
            return None
        for parsed in self._modules.parsed_files(found.file):
            for node in parsed.tree.body:
                if isinstance(node, ast.ClassDef) and node.lineno == found.line:
                    return _text_in(node, name)
        return None

    def first_failed_import(self, modules: Iterable[str]) -> tuple[str, HalfBuilt] | None:
        """Which of these modules, imported in this order, fails first for being half built."""
        return Importing(self._modules, self._folder).first_failure(modules)

    def reached_modules(self, names: Iterable[str]) -> list[Parsed]:
        """The application's own modules of these names, and all that they may import."""
        return list(reached_modules(self._modules, self._folder, names))

    def modules_beside(self, name: str) -> list[Parsed]:
        """A module, and those in the same package, as far as they can be read."""
        package = self._modules.find(name.rpartition(".")[0]) if "." in name else None
        modules = self._modules.inside(package) if isinstance(package, Module) else []
        found = self._modules.find(name)
        if isinstance(found, Module) and found not in modules:
            modules.append(found)
        parsed = [self._modules.parse(module) for module in modules]
        return [each for each in parsed if isinstance(each, Parsed)]

    def views_of(self, parsed: Parsed) -> list[ast.ClassDef]:
        """The View classes that a module defines, those that are certain."""
        found = []
        for name, bindings in parsed.names.bindings.items():
            match bindings:
                case [Binding(kind="class", is_certain=True, node=ast.ClassDef() as node)]:
                    thing = self._name(parsed.module, name)
                    if isinstance(thing, Class) and thing.shape.is_view:
                        found.append(node)
        return found

    def builds_urls(self, view: ast.ClassDef) -> bool:
        """Whether a View class that was found has View's own ``url_for`` and ``app``."""
        return view in self._classes and self._classes[view].shape.builds_urls

    def mentions(self, file: str, attribute: str) -> bool:
        """Whether a file that was read has an expression such as ``self.GET``."""
        return any(
            isinstance(node, ast.Attribute) and node.attr == attribute
            for parsed in self._modules.parsed_files(file)
            for node in ast.walk(parsed.tree)
        )


def _text_in(body: ast.ClassDef, name: str) -> str | None:
    match [item for item in body.body if _assigns(item, name)]:
        case [ast.Assign(value=ast.Constant(value=str(text)))]:
            return text
        case [ast.AnnAssign(value=ast.Constant(value=str(text)))]:
            return text
    return None


def _assigns(statement: ast.stmt, name: str) -> bool:
    names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return isinstance(statement, ast.Assign | ast.AnnAssign) and name in names[:1]
