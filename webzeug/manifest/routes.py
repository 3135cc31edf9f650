"""The ``[routes]`` table: entries, groups and verbs become a flat sequence of Routes.

Order is that of the parsed table, depth first: a table's own route, then the routes below it.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from webzeug.diagnostics import Kind
from webzeug.manifest.decoding import (
    BAD_VALUE,
    MISSING_KEY,
    Findings,
    decode_middleware,
    decode_reference,
    decode_table,
)
from webzeug.manifest.document import Place
from webzeug.manifest.entries import (
    MISPLACED_KEY,
    Entry,
    read_defaults,
    read_entry,
    read_methods,
)
from webzeug.manifest.groups import Group
from webzeug.manifest.hosts import parse_host, split_host_key
from webzeug.manifest.model import (
    MountTarget,
    RedirectTarget,
    Route,
    StaticTarget,
    Target,
    ViewTarget,
)
from webzeug.manifest.patterns import (
    BAD_HOST,
    MALFORMED,
    REPEATED_VARIABLE,
    Pattern,
    Problem,
    join,
    parse_pattern,
    without_trailing_slash,
)
from webzeug.manifest.schema import ROUTE, VERB

DEFAULT_OF_VARIABLE = Kind("WZ107", "default-of-a-variable")

_BELOW_A_FOLDER = Pattern("/<path:filename>", ())

Include = Callable[[str, Place, Group], Iterator[Route]]
"""Reads another manifest's routes: its path as written, where that stands, what they inherit."""


@dataclass(frozen=True, slots=True)
class RoutesDecoder:
    """Decodes the ``[routes]`` of one file, whose folder static paths are relative to."""

    findings: Findings
    folder: str
    include: Include
    server_name: str | None = None

    def decode(
        self, data: Mapping[str, Any], place: Place, group: Group, *, is_root: bool
    ) -> Iterator[Route]:
        """The routes of a whole ``[routes]`` table, in order."""
        for key, value in data.items():
            here = place.child(key)
            if key.startswith("//") and is_root:
                yield from self._host(key, value, here, group)
            elif key.startswith("/"):
                yield from self._route(key, value, here, group)
            else:
                self._not_a_pattern(key, here)

    def _not_a_pattern(self, key: str, place: Place) -> None:
        if key in ROUTE:
            message = f"`{key}` cannot stand directly in [routes]"
            help_text = 'for an option of many routes, make a group: [routes."/"]'
        else:
            message = f"`{key}` is not a pattern: a key of [routes] begins with `/`"
            help_text = f'write "/{key.strip("/")}"'
        self.findings.add(MISPLACED_KEY, message, place.key, help=help_text)

    def _host(self, key: str, value: object, place: Place, group: Group) -> Iterator[Route]:
        text, path = split_host_key(key)
        host, problems = parse_host(text, self.server_name)
        self._report(problems, place, offset=2)
        if host is not None:
            inner = replace(group, host=host)
            yield from self._route(path, value, place, inner, offset=2 + len(text))

    def _route(
        self, key: str, value: object, place: Place, group: Group, offset: int = 0
    ) -> Iterator[Route]:
        """One key and its value; ``offset`` is where the pattern begins in the written key."""
        pattern = self._pattern(key, place, group, offset)
        entry = read_entry(value, place, self.findings)
        if entry is None:
            return
        # Below a bad pattern the routes are read all the same, for the sake of their mistakes.
        routes = self._routes(entry, pattern or Pattern("/", ()), group)
        if pattern is None:
            list(routes)
        else:
            yield from routes

    def _pattern(self, key: str, place: Place, group: Group, offset: int) -> Pattern | None:
        if key.startswith("//"):
            message = "a key that begins with `//` names a host, and stands at the top of [routes]"
            self.findings.add(BAD_HOST, message, place.key, help="write one slash, or move it up")
            return None
        pattern, problems = parse_pattern(key)
        outer = {variable.name for variable in group.variables}
        for variable in pattern.variables if pattern else ():
            if variable.name in outer:
                message = f"the variable `{variable.name}` stands in the enclosing pattern too"
                span = variable.start, variable.end
                problems.append(Problem(REPEATED_VARIABLE, message, *span, "rename one of the two"))
        self._report(problems, place, offset)
        return None if problems else pattern

    def _report(self, problems: list[Problem], place: Place, offset: int = 0) -> None:
        for problem in problems:
            span = place.in_key(problem.start + offset, problem.end + offset)
            self.findings.add(problem.kind, problem.message, span, help=problem.help)

    def _routes(self, entry: Entry, pattern: Pattern, group: Group) -> Iterator[Route]:
        """A table's own routes, then those below it."""
        inner = replace(
            self._inherit(group, entry.options, entry.place), prefix=join(group.prefix, pattern)
        )
        name = entry.options.get("name")
        below = replace(
            inner,
            prefix=without_trailing_slash(inner.prefix),
            name=group.full_name(name) if name else group.name,
        )
        if entry.leads == "include":
            yield from self._included(entry, replace(below, scope=below.name))
        elif entry.leads != "group":
            yield from self._own(entry, inner)
        for key, value in entry.children.items():
            yield from self._route(key, value, entry.place.child(key), below)

    def _inherit(self, group: Group, options: Mapping[str, Any], place: Place) -> Group:
        """The group with a table's own options on top."""
        items = options.get("middleware", ())
        middleware = decode_middleware(items, place.child("middleware"), self.findings)
        return group.within(options, middleware, read_defaults(options))

    def _included(self, entry: Entry, below: Group) -> Iterator[Route]:
        files, place = entry.options.get("include", ()), entry.place.child("include")
        if isinstance(files, str):
            yield from self.include(files, place, below)
            return
        for index, file in enumerate(files):
            yield from self.include(file, place.child(index), below)

    def _own(self, entry: Entry, inner: Group) -> Iterator[Route]:
        """The routes of the table itself: one, or one for each verb."""
        if not inner.prefix.text:
            help_text = 'write "//host/" for its root, or put the routes into a table'
            self.findings.add(
                MALFORMED, "a host alone has no path", entry.place.key, help=help_text
            )
        elif entry.leads == "verbs":
            for verb, value in entry.verbs.items():
                yield from self._verb(verb, value, entry, inner)
        else:
            target = self._target(entry, inner)
            if isinstance(target, StaticTarget) and not target.is_file:
                prefix = without_trailing_slash(inner.prefix)
                inner = replace(inner, prefix=join(prefix, _BELOW_A_FOLDER))
            if target is not None:
                yield replace(
                    self._common(target, entry.options.get("name"), inner, entry.place),
                    methods=read_methods(entry, self.findings),
                    build_only=entry.options.get("build_only", False),
                )

    def _verb(self, verb: str, value: object, entry: Entry, inner: Group) -> Iterator[Route]:
        """The route of one verb: a View class path, or a table with options of its own."""
        place = entry.place.child(verb)
        options: Mapping[str, Any] = {"view": value}
        view_place = place
        if isinstance(value, dict):
            options = decode_table(VERB, value, place, self.findings, "a verb")
            view_place = place.child("view")
            if "view" not in value:
                help_text = 'add view = "package.module.Class"'
                self.findings.add(MISSING_KEY, f"`{verb}` says no view", place.key, help=help_text)
            if "view" not in options:
                return
        view = decode_reference(options["view"], view_place, self.findings)
        if view is None:
            return
        own = self._inherit(inner, options, place) if isinstance(value, dict) else inner
        name = options.get("name", entry.options.get("name"))
        yield replace(
            self._common(ViewTarget(view, verb), name, own, place),
            methods=(verb,),
            build_only=entry.options.get("build_only", False),
        )

    def _common(self, target: Target, name: str | None, inner: Group, place: Place) -> Route:
        self._check_defaults(inner, place)
        own_name = name or _default_name(target)
        return Route(
            pattern=inner.prefix,
            target=target,
            host=inner.host,
            name=inner.full_name(own_name) if own_name else None,
            explicit_name=name is not None,
            defaults=inner.defaults,
            tags=inner.tags,
            ignore=inner.ignore,
            middleware=inner.middleware,
            strict_slashes=inner.strict_slashes,
            merge_slashes=inner.merge_slashes,
            deprecated=inner.deprecated,
            place=place,
        )

    def _check_defaults(self, inner: Group, place: Place) -> None:
        for variable in inner.variables:
            if variable.name in inner.defaults:
                message = (
                    f"the pattern has a variable `{variable.name}`, so it cannot have a default"
                )
                own = place.child("defaults", variable.name)
                help_text = "remove the default, or write a second route without the variable"
                self.findings.add(DEFAULT_OF_VARIABLE, message, own.key, help=help_text)

    def _target(self, entry: Entry, inner: Group) -> Target | None:
        """The target of a table; None if its value was not sound."""
        text, place = entry.options.get(entry.leads), entry.option_place(entry.leads)
        if text is None:
            return None
        if entry.leads == "redirect":
            options = {
                name: entry.options[name]
                for name in ("status", "external")
                if name in entry.options
            }
            return RedirectTarget(text, scope=inner.scope, place=place, **options)
        if entry.leads == "static":
            return self._static(text, inner, place)
        reference = decode_reference(text, place, self.findings)
        if reference is None:
            return None
        return ViewTarget(reference) if entry.leads == "view" else MountTarget(reference)

    def _static(self, text: str, inner: Group, place: Place) -> StaticTarget | None:
        folder = os.path.normpath(os.path.join(self.folder, text))
        if any(variable.name == "filename" for variable in inner.variables):
            message = "a static folder's own variable is `filename`"
            self.findings.add(
                REPEATED_VARIABLE, message, place.value, help="rename the pattern's variable"
            )
            return None
        if os.path.isdir(folder) or os.path.isfile(folder):
            return StaticTarget(folder, is_file=os.path.isfile(folder))
        message = f"there is no folder or file `{text}` beside this manifest"
        self.findings.add(BAD_VALUE, message, place.value, help="create it, or mend the path")
        return None


def _default_name(target: Target) -> str | None:
    """The class name in snake_case, or ``static``; verbs, redirects and mounts have none."""
    if isinstance(target, StaticTarget):
        return "static"
    if isinstance(target, ViewTarget) and target.verb is None:
        return snake_case(target.view.last_name)
    return None


def snake_case(name: str) -> str:
    """``HTTPServerList`` -> ``http_server_list``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
