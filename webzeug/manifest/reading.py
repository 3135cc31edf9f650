"""From a file on disk to a Manifest: read, parse, decode, and follow the includes."""

import keyword
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from webzeug.diagnostics import Diagnostic, Kind, Label, in_file_order
from webzeug.manifest.decoding import (
    BAD_VALUE,
    Findings,
    decode_middleware,
    decode_reference,
    decode_table,
    is_table,
)
from webzeug.manifest.document import Document, Place, read_document
from webzeug.manifest.duplicates import find_duplicates
from webzeug.manifest.entries import MISPLACED_KEY
from webzeug.manifest.groups import Group
from webzeug.manifest.model import (
    Manifest,
    Matching,
    MiddlewareUse,
    Reference,
    Route,
    Server,
    Variable,
)
from webzeug.manifest.names import settle_names
from webzeug.manifest.routes import RoutesDecoder
from webzeug.manifest.schema import MATCHING, SERVER, TABLES, Table
from webzeug.manifest.settings import (
    Overrides,
    Setting,
    apply_config_file,
    apply_environment,
    apply_settings,
    decode_env,
    parse_setting,
    set_options,
)

BAD_INCLUDE = Kind("WZ017", "bad-include")
INCLUDE_CYCLE = Kind("WZ018", "include-cycle")
CONVERTER_CLASH = Kind("WZ203", "converter-clash")

_INCLUDED_TABLES = ("routes", "converters")


def read_manifest(
    path: str, overrides: Overrides | None = None
) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    """Read a manifest and all that it includes.

    Returns as much of it as was sound, None only if the file could not be read or parsed, and
    every problem that was found, in file order. Nothing is imported.
    """
    document, diagnostics = read_document(path, path)
    if document is None:
        return None, tuple(diagnostics)
    reader = _Reader(os.path.dirname(os.path.abspath(path)), [document])
    manifest = reader.read(document, overrides or Overrides())
    return manifest, in_file_order(reader.findings.diagnostics)


@dataclass(slots=True)
class _Reader:
    """One reading: what was found so far. ``folder`` is the root manifest's."""

    folder: str
    documents: list[Document]
    findings: Findings = field(default_factory=Findings)
    converters: dict[str, Reference] = field(default_factory=dict)
    open_files: list[str] = field(default_factory=list)
    server_name: str | None = None

    def read(self, root: Document, overrides: Overrides) -> Manifest:
        data = self._known_tables(root, [table.name for table in TABLES])
        settings = [parse_setting(text, self.findings) for text in overrides.settings]
        given = [setting for setting in settings if setting is not None]
        matching = Matching(**self._options(MATCHING, data, root, given))
        server = Server(**self._options(SERVER, data, root, given))
        self.server_name = matching.server_name
        self._read_converters(data.get("converters", {}), root)
        self.open_files.append(root.source.path)
        routes = find_duplicates(self._routes(data, root, Group(), is_root=True), self.findings)
        names = settle_names(routes, self.findings)
        config, env = self._config(data, root, overrides, given)
        return Manifest(
            documents=tuple(self.documents),
            routes=names.routes,
            unclear_names=names.unclear,
            converters=self.converters,
            middleware=self._middleware(root),
            config=config,
            env=env,
            resources=self._references(data.get("resources", {}), root.place("resources")),
            errors=self._errors(data.get("errors", {}), root.place("errors")),
            matching=matching,
            server=server,
        )

    def _known_tables(self, document: Document, allowed: list[str]) -> Mapping[str, Any]:
        """The top-level tables; ``[[middleware]]`` alone is a list."""
        tables: dict[str, Any] = {}
        for name, value in document.data.items():
            place = document.place(name)
            if name.startswith("/"):
                help_text = "routes stand below the header [routes]"
                self.findings.add(
                    MISPLACED_KEY, "this route stands outside [routes]", place.key, help=help_text
                )
            elif name not in allowed:
                self._unknown_table(name, place, allowed)
            elif name == "middleware" or is_table(name, value, place, self.findings):
                tables[name] = value
        return tables

    def _unknown_table(self, name: str, place: Place, allowed: list[str]) -> None:
        if any(table.name == name for table in TABLES):
            message = f"[{name}] can only stand in the root manifest"
            self.findings.add(MISPLACED_KEY, message, place.key, help="move it there")
        else:
            self.findings.unknown_key(name, place, allowed, "a manifest")

    def _options(
        self, table: Table, data: Mapping[str, Any], root: Document, given: list[Setting]
    ) -> dict[str, Any]:
        where = f"[{table.name}]"
        written = data.get(table.name, {})
        values = decode_table(table, written, root.place(table.name), self.findings, where)
        return set_options(table, values, given, self.findings)

    def _routes(
        self, data: Mapping[str, Any], document: Document, group: Group, *, is_root: bool
    ) -> Iterator[Route]:
        folder = os.path.dirname(os.path.abspath(document.source.path))
        decoder = RoutesDecoder(self.findings, folder, self._include, self.server_name)
        routes = data.get("routes", {})
        return decoder.decode(routes, document.place("routes"), group, is_root=is_root)

    def _include(self, file: str, place: Place, group: Group) -> Iterator[Route]:
        """The routes of an included manifest, its path relative to the including file."""
        shown = os.path.normpath(os.path.join(os.path.dirname(place.document.source.path), file))
        problem = self._include_problem(shown)
        if problem is not None:
            kind, message, advice = problem
            self.findings.add(kind, message, place.value, help=advice)
            return
        document, diagnostics = read_document(shown, shown)
        if document is None:
            self._unreadable_include(diagnostics, place)
            return
        self.documents.append(document)
        data = self._known_tables(document, list(_INCLUDED_TABLES))
        self._read_converters(data.get("converters", {}), document)
        self.open_files.append(shown)
        yield from self._routes(data, document, group, is_root=False)
        self.open_files.pop()

    def _include_problem(self, shown: str) -> tuple[Kind, str, str] | None:
        if shown in self.open_files:
            chain = " -> ".join([*self.open_files[self.open_files.index(shown) :], shown])
            return INCLUDE_CYCLE, f"the include comes back to itself: {chain}", "remove one of them"
        inside = os.path.relpath(os.path.abspath(shown), self.folder)
        if inside == os.pardir or inside.startswith(os.pardir + os.sep):
            advice = "includes stay inside the root manifest's folder: move the file there"
            return BAD_INCLUDE, f"{shown} is outside the folder of the root manifest", advice
        return None

    def _unreadable_include(self, diagnostics: list[Diagnostic], place: Place) -> None:
        for diagnostic in diagnostics:
            if diagnostic.span.source.text:
                self.findings.diagnostics.append(diagnostic)
            else:
                self.findings.add(
                    BAD_INCLUDE,
                    diagnostic.message,
                    place.value,
                    help="paths are relative to this file",
                )

    def _read_converters(self, data: Mapping[str, Any], document: Document) -> None:
        place = document.place("converters")
        for name, reference in self._references(data, place).items():
            known = self.converters.setdefault(name, reference)
            if known != reference and known.place is not None:
                self.findings.add(
                    CONVERTER_CLASH,
                    f"the converter `{name}` is another class elsewhere",
                    place.child(name).value,
                    help="give one of them another name",
                    others=(Label(known.place.value, "here"),),
                )

    def _references(self, data: Mapping[str, Any], place: Place) -> dict[str, Reference]:
        """A table of names, each an identifier, to dotted paths."""
        references: dict[str, Reference] = {}
        for name, value in data.items():
            here = place.child(name)
            if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
                message = f"`{name}` is not a name that Python code can use"
                self.findings.add(BAD_VALUE, message, here.key, help="use letters, digits and `_`")
            elif (reference := decode_reference(value, here, self.findings)) is not None:
                references[name] = reference
        return references

    def _middleware(self, root: Document) -> tuple[MiddlewareUse, ...]:
        value, place = root.data.get("middleware", []), root.place("middleware")
        if isinstance(value, list):
            return decode_middleware(value, place, self.findings)
        self.findings.wrong_type("middleware", value, place, "a list: write [[middleware]]")
        return ()

    def _errors(self, data: Mapping[str, Any], place: Place) -> dict[int, Reference]:
        errors: dict[int, Reference] = {}
        for code, value in data.items():
            here = place.child(code)
            if not re.fullmatch(r"[45][0-9][0-9]", code):
                message = f"`{code}` is not the status of an error"
                self.findings.add(BAD_VALUE, message, here.key, help="write a code from 400 to 599")
            elif (reference := decode_reference(value, here, self.findings)) is not None:
                errors[int(code)] = reference
        return errors

    def _config(
        self, data: Mapping[str, Any], root: Document, overrides: Overrides, given: list[Setting]
    ) -> tuple[Mapping[str, Any], tuple[Variable, ...]]:
        config: Mapping[str, Any] = data.get("config", {})
        env = decode_env(data.get("env", {}), root.place("env"), config, self.findings)
        if overrides.config is not None:
            config = apply_config_file(config, overrides.config, self.findings)
        if overrides.environment is not None:
            set_by_hand = {setting.keys for setting in given if setting.table == "config"}
            wanted = [variable for variable in env if variable.key not in set_by_hand]
            config = apply_environment(config, wanted, overrides.environment, self.findings)
        return apply_settings(config, given, self.findings), tuple(env)
