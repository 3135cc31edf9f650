"""From a file on disk to a Manifest: read, parse, decode, and follow the includes."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from webzeug.collecting import paused_collector
from webzeug.diagnostics import Diagnostic, Kind, Label, in_file_order
from webzeug.manifest.decoding import MISSING_KEY, Findings, decode_table, is_table
from webzeug.manifest.document import Document, Place, read_document
from webzeug.manifest.duplicates import find_duplicates
from webzeug.manifest.entries import MISPLACED_KEY
from webzeug.manifest.groups import Group
from webzeug.manifest.includes import Includes
from webzeug.manifest.model import (
    Manifest,
    Matching,
    Reference,
    Route,
    Server,
    Variable,
    WebSocketOptions,
)
from webzeug.manifest.names import settle_names
from webzeug.manifest.probes import probe_routes
from webzeug.manifest.references import decode_errors, decode_references, decode_wrappers
from webzeug.manifest.routes import RoutesDecoder
from webzeug.manifest.schema import MATCHING, ROUTE, SERVER, TABLES, WEBSOCKET, Table
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
from webzeug.source import Span

CONVERTER_CLASH = Kind("WZ203", "converter-clash")

_FIXED_TABLES = (SERVER, WEBSOCKET, MATCHING, ROUTE)
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
    findings = Findings()
    folder = os.path.realpath(os.path.dirname(path) or ".")
    reader = _Reader(findings, Includes(folder, findings))
    with paused_collector():
        manifest = reader.read(document, overrides or Overrides())
    return manifest, in_file_order(findings.diagnostics)


@dataclass(slots=True)
class _Reader:
    """One reading: what was found so far."""

    findings: Findings
    includes: Includes
    converters: dict[str, Reference] = field(default_factory=dict)
    server_name: str | None = None

    def read(self, root: Document, overrides: Overrides) -> Manifest:
        data = self._known_tables(root, [table.name for table in TABLES])
        parsed = [parse_setting(text, self.findings) for text in overrides.settings]
        settings = [setting for setting in parsed if setting is not None]
        matching = Matching(**self._options(MATCHING, data, root, settings))
        server = Server(**self._options(SERVER, data, root, settings))
        self.server_name = matching.server_name
        self._require_routes(root)
        with self.includes.reading(root):
            written = self._routes(data, root, Group(), is_root=True)
            routes = chain(probe_routes(server, root), written)
            names = settle_names(find_duplicates(routes, self.findings), self.findings)
        config, env = self._config(data, root, overrides, settings)
        resources, errors = root.place("resources"), root.place("errors")
        middleware = root.data.get("middleware", [])
        return Manifest(
            documents=self.includes.documents,
            files=tuple(self.includes.wanted),
            routes=names.routes,
            unclear_names=names.unclear,
            converters=self.converters,
            middleware=decode_wrappers(middleware, root.place("middleware"), self.findings),
            config=config,
            env=env,
            resources=decode_references(data.get("resources", {}), resources, self.findings),
            errors=decode_errors(data.get("errors", {}), errors, self.findings),
            matching=matching,
            server=server,
            websocket=WebSocketOptions(**self._options(WEBSOCKET, data, root, settings)),
            lost=self.findings.lost,
        )

    def _known_tables(self, document: Document, allowed: list[str]) -> Mapping[str, Any]:
        """The top-level tables; ``[[middleware]]`` alone is a list, which is checked elsewhere."""
        tables: dict[str, Any] = {}
        for name, value in document.data.items():
            place = document.place(name)
            if name.startswith("/"):
                message, help_text = "this route stands outside [routes]", "move it below there"
                self.findings.add(MISPLACED_KEY, message, place.key, help=help_text)
            elif name not in allowed:
                self._unknown_table(name, place, allowed)
            elif name != "middleware" and is_table(value, place, self.findings):
                tables[name] = value
        return tables

    def _unknown_table(self, name: str, place: Place, allowed: list[str]) -> None:
        if any(table.name == name for table in TABLES):
            message = f"[{name}] can only stand in the root manifest"
            self.findings.add(MISPLACED_KEY, message, place.key, help="move it there")
        elif owner := next((table for table in _FIXED_TABLES if name in table), None):
            message, help_text = f"`{name}` stands outside [{owner.name}]", "move it below there"
            self.findings.add(MISPLACED_KEY, message, place.key, help=help_text)
        else:
            where = "an included file" if "server" not in allowed else "a manifest"
            self.findings.unknown_key(name, place, allowed, where)

    def _require_routes(self, root: Document) -> None:
        # A key that is not known may be [routes] misspelt, or what should stand below it.
        if root.data.keys() <= {table.name for table in TABLES} - {"routes"}:
            message = "there is no [routes] table, so nothing would answer"
            help_text = 'add [routes], and below it "/" = "package.module.Class"'
            self.findings.add(MISSING_KEY, message, Span(root.source, 0, 0), help=help_text)

    def _options(
        self, table: Table, data: Mapping[str, Any], root: Document, settings: list[Setting]
    ) -> dict[str, Any]:
        where = f"[{table.name}]"
        written = data.get(table.name, {})
        values = decode_table(table, written, root.place(table.name), self.findings, where)
        return set_options(table, values, settings, self.findings)

    def _routes(
        self, data: Mapping[str, Any], document: Document, group: Group, *, is_root: bool
    ) -> Iterator[Route]:
        """The routes of one file, and of what it includes; its converters are noted."""
        self._read_converters(data.get("converters", {}), document.place("converters"))
        folder = os.path.dirname(os.path.abspath(document.source.path))
        decoder = RoutesDecoder(self.findings, folder, self._include, self.server_name)
        stray = {key: value for key, value in document.data.items() if key.startswith("/")}
        for route in decoder.decode(stray, document.place(), group, is_root=is_root):
            self.findings.lose(route.name)
        routes, place = data.get("routes", {}), document.place("routes")
        yield from decoder.decode(routes, place, group, is_root=is_root)

    def _include(self, file: str, place: Place, group: Group) -> Iterator[Route]:
        """The routes of an included manifest, its path relative to the including file."""
        document = self.includes.find(file, place)
        if document is None:
            self.findings.lost_scopes.add(group.full_name(""))
            return
        data = self._known_tables(document, list(_INCLUDED_TABLES))
        with self.includes.reading(document):
            yield from self._routes(data, document, group, is_root=False)

    def _read_converters(self, data: Mapping[str, Any], place: Place) -> None:
        references = decode_references(data, place, self.findings)
        self.findings.lost_converters.update(data.keys() - references.keys())
        for name, reference in references.items():
            known = self.converters.setdefault(name, reference)
            if known != reference and known.place is not None:
                message = f"the converter `{name}` is another class elsewhere"
                self.findings.add(
                    CONVERTER_CLASH,
                    message,
                    place.child(name).value,
                    help="give one of them another name",
                    others=(Label(known.place.value, "the other class"),),
                )

    def _config(
        self, data: Mapping[str, Any], root: Document, overrides: Overrides, settings: list[Setting]
    ) -> tuple[Mapping[str, Any], tuple[Variable, ...]]:
        config: Mapping[str, Any] = data.get("config", {})
        env = decode_env(data.get("env", {}), root.place("env"), config, self.findings)
        if overrides.config is not None:
            config = apply_config_file(config, overrides.config, self.findings)
        if overrides.environment is not None:
            set_by_hand = {setting.keys for setting in settings if setting.table == "config"}
            wanted = [variable for variable in env if variable.key not in set_by_hand]
            config = apply_environment(config, wanted, overrides.environment, self.findings)
        return apply_settings(config, settings, self.findings), tuple(env)
