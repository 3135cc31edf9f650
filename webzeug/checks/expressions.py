"""Regular expressions of converters that may take time without end (ReDoS)."""

import re
import time
from collections.abc import Iterator
from functools import lru_cache

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.manifest.patterns import Variable
from webzeug.routing.converters import arguments_of

SLOW_EXPRESSION = Kind("WZ113", "slow-expression", Severity.WARNING)

# A repetition of a group that ends with a repetition, or nearly.
_NESTED = re.compile(r"[+*}][^()]*\)+(?=[+*{])")
_LENGTHS = range(8, 24, 2)
# A thousand times what an expression takes for 22 characters that it looks at once or twice.
_TOO_LONG = 0.002  # seconds of CPU


def check(context: Context) -> Iterator[Finding]:
    """Report expressions for which a short text was found that keeps the processor busy."""
    for route in context.manifest.routes:
        hosts = route.host.variables if route.host else ()
        for variable in (*hosts, *route.pattern.variables):
            expression = _expression_of(context, variable)
            is_sound = expression is not None and _is_expression(expression)
            part = _slow_part(expression) if expression and is_sound else None
            if part is not None and variable.span is not None:
                diagnostic = Diagnostic(
                    SLOW_EXPRESSION,
                    f"`{part}` may keep the server busy for minutes: the time to refuse a text "
                    "doubles with each character",
                    variable.span,
                    help="let nothing that is repeated end with a repetition: (a+)+ is a+",
                )
                yield Finding(diagnostic, route)


def _expression_of(context: Context, variable: Variable) -> str | None:
    """The expression of a `regex` converter, or the one that stands in a class of one's own."""
    reference = context.manifest.converters.get(variable.converter)
    if reference is not None:
        return context.codebase.text_of(reference.path, "regex")
    if variable.converter != "regex":
        return None
    try:
        (expression,), _ = arguments_of(variable.arguments)
    except ValueError:  # which has been reported
        return None
    return expression if isinstance(expression, str) else None


@lru_cache(maxsize=256)
def _slow_part(expression: str) -> str | None:
    """The repeated group of an expression that was seen to take too long to refuse a text."""
    for found in _NESTED.finditer(expression):
        start = _opening(expression, found.end())
        quantifier = re.compile(r"\{[\d,]*\}|.").match(expression, found.end())
        if start is not None and quantifier is not None:
            rest, part = expression[start:], expression[start : quantifier.end()]
            if _is_slow(rest, part) or (not _is_expression(rest) and _is_slow(part, part)):
                return part
    return None


def _opening(expression: str, end: int) -> int | None:
    """Where the group begins whose closing parenthesis stands before an offset."""
    depth = 0
    for at in range(end - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(expression[at], 0)
        if depth == 0:
            return at
    return None


def _is_expression(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _is_slow(expression: str, part: str) -> bool:
    """Whether some text that a part may take many times keeps the processor busy."""
    if not _is_expression(expression):
        return False
    compiled = re.compile(expression)
    letters = [char for char in part if char.isalnum()]
    return any(
        # What interrupts one measurement does not interrupt three.
        min(_seconds(compiled, char * length + end) for _ in range(3)) > _TOO_LONG
        for char in dict.fromkeys([*letters, *"a0A-_."])
        for end in "\n!"
        for length in _LENGTHS
    )


def _seconds(compiled: re.Pattern[str], text: str) -> float:
    """The CPU time that it takes to see whether an expression takes a whole text."""
    start = time.process_time()
    compiled.fullmatch(text)
    return time.process_time() - start
