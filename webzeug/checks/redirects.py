"""Redirects that lead nowhere, or out of the site unasked."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.document import Place
from webzeug.manifest.model import Manifest, RedirectTarget, Route
from webzeug.manifest.nonsense import FOREIGN_SYNTAX, MALFORMED
from webzeug.manifest.patterns import parse_pattern
from webzeug.source import Span

UNKNOWN_TARGET = Kind("WZ204", "unknown-redirect-target")
MISSING_VARIABLE = Kind("WZ205", "redirect-variable")
OFF_SITE = Kind("WZ206", "off-site-redirect")

_MAX_LABELS = 5


def check(context: Context) -> Iterator[Finding]:
    """Report unknown names, variables that the redirect's own pattern lacks, and other sites."""
    judge = _Judge(context.manifest, _by_name(context.manifest.routes))
    for route in context.manifest.routes:
        target = route.target
        if isinstance(target, RedirectTarget) and target.place is not None:
            judgement = judge.name if target.is_name else judge.pattern
            for diagnostic in judgement(route, target, target.place):
                yield Finding(diagnostic, route)


def _by_name(routes: Sequence[Route]) -> Mapping[str, list[Route]]:
    by_name: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        if route.name is not None:
            by_name[route.name].append(route)
    return by_name


def is_off_site(url: str) -> bool:
    """Whether a target is a whole URL, or one without scheme (``//host/``)."""
    # Browsers take a backslash for a slash (https://url.spec.whatwg.org/#url-parsing).
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}", url) is not None


@dataclass(frozen=True, slots=True)
class _Judge:
    manifest: Manifest
    names: Mapping[str, list[Route]]

    def pattern(self, route: Route, target: RedirectTarget, place: Place) -> Iterator[Diagnostic]:
        """A target with a slash in it: a URL, or a pattern whose variables are filled in."""
        if is_off_site(target.to):
            if not target.external:
                message, help_text = "this leads to another site", "add external = true if it shall"
                yield Diagnostic(OFF_SITE, message, place.value, help=help_text)
        elif not target.to.startswith("/"):
            message = "this is neither a route's name nor a path nor a URL"
            help_text = f'write "/{target.to.lstrip("./")}"'
            yield Diagnostic(UNKNOWN_TARGET, message, place.value, help=help_text)
        pattern, problems = parse_pattern(target.to)
        for problem in problems:
            if problem.kind in (MALFORMED, FOREIGN_SYNTAX):
                span = place.in_value(problem.start, problem.end)
                yield Diagnostic(problem.kind, problem.message, span, help=problem.help)
        for variable in pattern.variables if pattern else ():
            if variable.name not in (*route.variables, *route.defaults):
                yield _missing(route, [variable.name], place.in_value(variable.start, variable.end))

    def name(self, route: Route, target: RedirectTarget, place: Place) -> Iterator[Diagnostic]:
        """A target that is the name of a route, first looked up in the scope of its include."""
        full_names = [f"{target.scope}.{target.to}"] if target.scope else []
        full_names.append(target.to)
        candidates = next((self.names[name] for name in full_names if name in self.names), [])
        if candidates:
            fewest = min((_lacking(route, candidate) for candidate in candidates), key=len)
            if fewest:
                yield _missing(route, fewest, place.value)
        elif not any(map(self.manifest.lost.may_name, full_names)):
            yield self._unknown(target, full_names, place)

    def _unknown(self, target: RedirectTarget, full_names: list[str], place: Place) -> Diagnostic:
        for name in full_names:
            if name in self.manifest.unclear_names:
                return _unclear(name, self.manifest.unclear_names[name], place)
        scope = f"{target.scope}." if target.scope else ""
        near = did_you_mean(target.to, [name.removeprefix(scope) for name in self.names])
        return Diagnostic(
            UNKNOWN_TARGET,
            f"no route has the name `{target.to}`",
            place.value,
            help=near or "write a route's name, a path (/path/) or a URL (https://...)",
        )


def _unclear(name: str, routes: Sequence[Route], place: Place) -> Diagnostic:
    """A default name that several Views would have, so that none has it."""
    spans = [route.place.key for route in routes if route.place is not None]
    return Diagnostic(
        UNKNOWN_TARGET,
        f"`{name}` would be the default name of several Views, so it names none of them",
        place.value,
        help=f'give the one that is meant a name of its own: name = "{name}"',
        others=tuple(Label(span, "one of them") for span in spans[:_MAX_LABELS]),
    )


def _lacking(route: Route, target: Route) -> list[str]:
    """The variables of the target that the redirecting route has no value for."""
    have = {*route.variables, *route.defaults, *target.defaults}
    return [name for name in target.variables if name not in have]


def _missing(route: Route, names: list[str], span: Span) -> Diagnostic:
    listing = " and ".join(f"`{name}`" for name in names)
    return Diagnostic(
        MISSING_VARIABLE,
        f"the target needs {listing}, which `{route.path}` does not have",
        span,
        help="add it to the pattern, or give it a value in `defaults`",
    )
