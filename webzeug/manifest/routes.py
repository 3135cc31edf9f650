"""The ``[routes]`` table: entries, groups and verbs become a flat sequence of Routes.

Order is that of the parsed table, depth first: a table's own route, then the routes below it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from webzeug.diagnostics import Kind, Label
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
    TARGET_KEYS,
    Entry,
    is_verb,
    read_defaults,
    read_entry,
    read_methods,
)
from webzeug.manifest.groups import Group
from webzeug.manifest.hosts import BAD_HOST, parse_host, split_host_key
from webzeug.manifest.model import MiddlewareUse, Route, StaticTarget, Target, ViewTarget
from webzeug.manifest.nonsense import MALFORMED, Problem
from webzeug.manifest.patterns import (
    REPEATED_VARIABLE,
    Literal,
    Pattern,
    Variable,
    join,
    parse_pattern,
    without_trailing_slash,
)
from webzeug.manifest.schema import ROUTE, VERB
from webzeug.manifest.targets import decode_target, default_name

DEFAULT_OF_VARIABLE = Kind("WZ107", "default-of-a-variable")

_ROOT = Pattern("/", (Literal("/"),))
_BELOW_A_FOLDER = Pattern("/<path:filename>", (Literal("/"), Variable("filename", "path")))

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
                self._not_a_pattern(key, value, here)
                if isinstance(value, dict):
                    self._lose(self._below(value, here, group))

    def _not_a_pattern(self, key: str, value: object, place: Place) -> None:
        if is_verb(key):
            message = "a verb stands in the table of a route"
            help_text = f'write "/" = {{ {key} = "package.module.Class" }}'
        elif key in TARGET_KEYS:
            message = f"`{key}` stands in the table of a route"
            help_text = f'write "/" = {{ {key} = {place.value.text} }}'
        elif key in ROUTE:
            message = f"`{key}` stands in the table of a route or of a group"
            help_text = 'for all routes, write it below [routes."/"], and the routes below it'
        else:
            message = f"`{key}` is not a pattern: a key of [routes] begins with `/`"
            scheme, _, host = key.rpartition("://")
            pattern = f'"//{host}"' if scheme else f'"/{key.strip("/")}"'
            help_text = f"write {f'[routes.{pattern}]' if isinstance(value, dict) else pattern}"
        self.findings.add(MISPLACED_KEY, message, place.key, help=help_text)

    def _lose(self, routes: Iterable[Route]) -> None:
        """Read routes that cannot be a part of the table, for the sake of their mistakes."""
        for route in routes:
            self.findings.lose(route.name)

    def _host(self, key: str, value: object, place: Place, group: Group) -> Iterator[Route]:
        host, problems = parse_host(key, place, self.server_name)
        self._report(problems, place)
        text, path = split_host_key(key)
        offset = 2 + len(text)
        if host is None:
            self._lose(self._route(path or "/", value, place, group, offset))
        else:
            yield from self._route(path, value, place, replace(group, host=host), offset)

    def _route(
        self, key: str, value: object, place: Place, group: Group, offset: int = 0
    ) -> Iterator[Route]:
        """One pattern and its value; ``offset`` is where it begins in the written key."""
        pattern, is_sound = self._pattern(key, place, group, offset)
        entry = read_entry(value, place, self.findings)
        if entry is None:
            return
        routes = self._routes(entry, join(group.prefix, pattern), group)
        if is_sound:
            yield from routes
        else:
            self._lose(routes)

    def _pattern(self, key: str, place: Place, group: Group, offset: int) -> tuple[Pattern, bool]:
        """The pattern of a key and whether it is sound, after a report of what is not."""
        if key.startswith("//"):
            message = "a key that begins with `//` is a host: it stands at the top of [routes]"
            help_text = "write one slash, or move it up, into the root manifest"
            self.findings.add(BAD_HOST, message, place.in_key(offset, offset + 2), help=help_text)
            return _ROOT, False
        pattern, problems = parse_pattern(key, place, offset)
        self._report(problems, place)
        if pattern is None:
            return _ROOT, False
        return pattern, self._is_new(pattern, place, group) and not problems

    def _report(self, problems: list[Problem], place: Place) -> None:
        for problem in problems:
            span = place.in_key(problem.start, problem.end)
            self.findings.add(problem.kind, problem.message, span, help=problem.help)

    def _is_new(self, pattern: Pattern, place: Place, group: Group) -> bool:
        """Whether no variable has the name of one around it; those that have are reported."""
        outer = {variable.name: variable for variable in group.variables(group.prefix)}
        if not outer:
            return True
        repeated = [variable for variable in pattern.variables if variable.name in outer]
        for variable in repeated:
            first = outer[variable.name].span
            self.findings.add(
                REPEATED_VARIABLE,
                f"the variable `{variable.name}` stands in the enclosing pattern too",
                place.in_key(variable.start, variable.end),
                help="rename one of the two",
                others=[Label(first, "it stands here first")] if first else (),
            )
        return not repeated

    def _routes(self, entry: Entry, pattern: Pattern, group: Group) -> Iterator[Route]:
        """A table's own routes, then those below it; ``pattern`` is the full one."""
        own = self._inherit(group, entry.options, entry.place)
        name = entry.options.get("name")
        if entry.leads == "include":
            below = own.below(pattern, name)
            yield from self._included(entry, replace(below, scope=below.name))
        elif entry.leads == "unclear":
            self.findings.lose(own.full_name(name) if name else None)
        elif entry.leads != "group":
            yield from self._own(entry, pattern, own)
        if entry.children:
            yield from self._below(entry.children, entry.place, own.below(pattern, name))

    def _below(self, children: Mapping[str, Any], place: Place, group: Group) -> Iterator[Route]:
        for key, value in children.items():
            if key.startswith("/"):
                yield from self._route(key, value, place.child(key), group)

    def _inherit(self, group: Group, options: Mapping[str, Any], place: Place) -> Group:
        """The group with a table's own options on top."""
        if not options:
            return group
        middleware: tuple[MiddlewareUse, ...] = ()
        if "middleware" in options:
            where = place.child("middleware")
            middleware = decode_middleware(options["middleware"], where, self.findings)
        return group.within(options, middleware, read_defaults(options, place, self.findings))

    def _included(self, entry: Entry, below: Group) -> Iterator[Route]:
        files, place = entry.options.get("include"), entry.place.child("include")
        if isinstance(files, str):
            yield from self.include(files, place, below)
        elif files:
            for index, file in enumerate(files):
                yield from self.include(file, place.child(index), below)
        elif files is not None:
            message, help_text = "`include` names no file", 'write include = "admin.toml"'
            self.findings.add(BAD_VALUE, message, place.value, help=help_text)

    def _own(self, entry: Entry, pattern: Pattern, own: Group) -> Iterator[Route]:
        """The routes of the table itself: one, or one for each verb."""
        if not pattern.text:
            help_text = f'write "{entry.place.path[-1]}/"'
            message = "a host alone has no path"
            self.findings.add(MALFORMED, message, entry.place.key, help=help_text)
            pattern = _ROOT
        if entry.leads == "verbs":
            for verb, value in entry.verbs.items():
                yield from self._verb(verb, value, entry, pattern, own)
        else:
            yield from self._single(entry, pattern, own)

    def _single(self, entry: Entry, pattern: Pattern, own: Group) -> Iterator[Route]:
        name, methods = entry.options.get("name"), read_methods(entry, self.findings)
        target = decode_target(entry, pattern, own, self.folder, self.findings)
        if target is None or methods == ():
            self.findings.lose(own.full_name(name) if name else None)
            return
        if isinstance(target, StaticTarget):
            methods = ("GET",)
            if not target.is_file:
                pattern = join(without_trailing_slash(pattern), _BELOW_A_FOLDER)
        yield from self._route_of(target, pattern, name, methods, entry, own, entry.place)

    def _verb(
        self, verb: str, value: object, entry: Entry, pattern: Pattern, own: Group
    ) -> Iterator[Route]:
        """The route of one verb: a View class path, or a table with options of its own."""
        place = entry.place.child(verb)
        options: Mapping[str, Any] = {"view": value}
        view_place = place
        if isinstance(value, dict):
            options = decode_table(VERB, value, place, self.findings, "a verb")
            own = self._inherit(own, options, place)
            view_place = place.child("view")
            if "view" not in value:
                help_text = 'add view = "package.module.Class"'
                self.findings.add(MISSING_KEY, f"`{verb}` has no view", place.key, help=help_text)
        name = options.get("name", entry.options.get("name"))
        view = None
        if "view" in options:
            view = decode_reference(options["view"], view_place, self.findings)
        if view is None:
            self.findings.lose(own.full_name(name) if name else None)
            return
        target = ViewTarget(view, verb)
        yield from self._route_of(target, pattern, name, (verb,), entry, own, place)

    def _route_of(
        self,
        target: Target,
        pattern: Pattern,
        name: str | None,
        methods: tuple[str, ...] | None,
        entry: Entry,
        own: Group,
        place: Place,
    ) -> Iterator[Route]:
        own_name = name or default_name(target)
        full_name = own.full_name(own_name) if own_name else None
        if own.defaults and self._has_default_of_variable(pattern, own, place):
            self.findings.lose(full_name)
            return
        yield Route(
            pattern=pattern,
            target=target,
            host=own.host,
            methods=methods,
            name=full_name,
            explicit_name=name is not None,
            defaults=own.defaults,
            tags=own.tags,
            ignore=own.ignore,
            middleware=own.middleware,
            strict_slashes=own.strict_slashes,
            merge_slashes=own.merge_slashes,
            deprecated=own.deprecated,
            build_only=entry.options.get("build_only", False),
            place=place,
        )

    def _has_default_of_variable(self, pattern: Pattern, own: Group, place: Place) -> bool:
        """Whether a variable has a default, which is then reported."""
        defaulted = [each for each in own.variables(pattern) if each.name in own.defaults]
        for variable in defaulted:
            message = f"`{variable.name}` is a variable of the pattern, so it has no default"
            help_text = "remove the default, or write a second route without the variable"
            written = place.above("defaults", variable.name)
            labels = [Label(written.key, "the default")] if written else []
            span = variable.span or place.key
            self.findings.add(DEFAULT_OF_VARIABLE, message, span, help=help_text, others=labels)
        return bool(defaulted)
