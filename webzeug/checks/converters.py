"""Converters that do not exist, and arguments that they do not take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.decoding import allowed_help
from webzeug.manifest.model import Route
from webzeug.manifest.patterns import Pattern, Variable
from webzeug.routing.converters import (
    ANY_HOST,
    BaseConverter,
    known_converters,
    refusal,
    repeated_group,
)

UNKNOWN_CONVERTER = Kind("WZ108", "unknown-converter")
BAD_ARGUMENTS = Kind("WZ109", "bad-converter-arguments")


def check(context: Context) -> Iterator[Finding]:
    """Report each variable whose converter is unknown, or cannot be made as it is written."""
    manifest = context.manifest
    judge = _Judge(known_converters({}), frozenset(manifest.converters))
    for route in manifest.routes:
        for variable in _variables(route):
            if not manifest.lost.may_convert(variable.converter):
                diagnostic = judge.diagnostic(variable)
                if diagnostic is not None:
                    yield Finding(diagnostic, route)
        if (diagnostic := _named_twice(route)) is not None:
            yield Finding(diagnostic, route)


def _named_twice(route: Route) -> Diagnostic | None:
    """A group of a regular expression that has the name of one before it in the same segment."""
    for variables in _by_segment(route.pattern):
        repeated = repeated_group(variable.arguments for variable in variables)
        if repeated is not None and (span := variables[repeated[0]].arguments_span) is not None:
            message = f"the group `{repeated[1]}` is named by a variable before this one"
            return Diagnostic(
                BAD_ARGUMENTS, message, span, help="leave the name out: write (?:...)"
            )
    return None


def _by_segment(pattern: Pattern) -> Iterator[list[Variable]]:
    variables: list[Variable] = []
    for part in pattern.parts:
        if isinstance(part, Variable):
            variables.append(part)
        elif "/" in part.text:
            yield variables
            variables = []
    yield variables


def _variables(route: Route) -> Iterator[Variable]:
    for pattern in (route.host, route.pattern):
        if pattern is not None:
            yield from pattern.variables


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges each converter with its arguments once. ``added`` are the application's own."""

    built_in: Mapping[str, type[BaseConverter]]
    added: frozenset[str]
    refusals: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def diagnostic(self, variable: Variable) -> Diagnostic | None:
        name, arguments = variable.converter, variable.arguments
        if name in self.added:
            return None
        if name not in self.built_in:
            return self._unknown(variable)
        if (name, arguments) not in self.refusals:
            self.refusals[name, arguments] = refusal(self.built_in[name], arguments)
        reason = self.refusals[name, arguments]
        if reason is None:
            return None
        span = variable.arguments_span
        if span is None:
            return None
        message = f"the converter `{name}` does not take ({arguments})"
        return Diagnostic(BAD_ARGUMENTS, message, span, help=reason)

    def _unknown(self, variable: Variable) -> Diagnostic | None:
        name, span = variable.converter, variable.converter_span
        if span is None:
            return None
        known = [known for known in (*self.built_in, *self.added) if known != ANY_HOST]
        help_text = allowed_help(name, known)
        if variable.name in known:
            help_text = f"the converter stands first: write <{variable.name}:{name}>"
        return Diagnostic(
            UNKNOWN_CONVERTER, f"there is no converter `{name}`", span, help=help_text
        )
