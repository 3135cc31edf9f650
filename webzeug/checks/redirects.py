"""Redirects that lead nowhere, or out of the site unasked."""

from collections.abc import Iterator, Mapping

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.model import RedirectTarget, Route
from webzeug.manifest.patterns import parse_pattern
from webzeug.source import Span

UNKNOWN_TARGET = Kind("WZ204", "unknown-redirect-target")
MISSING_VARIABLE = Kind("WZ205", "redirect-variable")
OFF_SITE = Kind("WZ206", "off-site-redirect")


def check(context: Context) -> Iterator[Finding]:
    """Report unknown names, variables that the redirect's own pattern lacks, and other sites."""
    names: dict[str, list[Route]] = {}
    for route in context.manifest.routes:
        if route.name is not None:
            names.setdefault(route.name, []).append(route)
    for route in context.manifest.routes:
        if isinstance(route.target, RedirectTarget):
            for diagnostic in _check_one(route, route.target, names):
                yield Finding(diagnostic, route)


def _check_one(
    route: Route, target: RedirectTarget, names: Mapping[str, list[Route]]
) -> Iterator[Diagnostic]:
    if target.place is None:
        return
    if target.is_name:
        yield from _check_name(route, target, names)
        return
    if is_off_site(target.to) and not target.external:
        message = "this redirect leads to another site"
        yield Diagnostic(
            OFF_SITE, message, target.place.value, help="say external = true if it shall"
        )
    pattern, _ = parse_pattern(target.to)
    for variable in pattern.variables if pattern else ():
        if variable.name not in (*route.variables, *route.defaults):
            span = target.place.in_value(variable.start, variable.end)
            yield _missing(route, [variable.name], span)


def _check_name(
    route: Route, target: RedirectTarget, names: Mapping[str, list[Route]]
) -> Iterator[Diagnostic]:
    assert target.place is not None
    scoped = f"{target.scope}.{target.to}" if target.scope else target.to
    candidates = names.get(scoped) or names.get(target.to)
    if candidates is None:
        near = did_you_mean(target.to, names)
        help_text = near or "a redirect names a route, a pattern (/path/) or a URL (https://...)"
        yield Diagnostic(
            UNKNOWN_TARGET,
            f"no route has the name `{target.to}`",
            target.place.value,
            help=help_text,
        )
        return
    have = {*route.variables, *route.defaults}
    missing = [
        [name for name in candidate.variables if name not in have] for candidate in candidates
    ]
    fewest = min(missing, key=len)
    if fewest:
        yield _missing(route, fewest, target.place.value)


def _missing(route: Route, names: list[str], span: Span) -> Diagnostic:
    listing = " and ".join(f"`{name}`" for name in names)
    return Diagnostic(
        MISSING_VARIABLE,
        f"the target needs {listing}, which `{route.path}` does not have",
        span,
        help="add the variable to the pattern, or a value for it to `defaults`",
    )


def is_off_site(url: str) -> bool:
    """Whether a target is a whole URL, or one without scheme (``//host/``)."""
    return not url.startswith("/") or url.startswith("//")
