"""Explanations as text: what answers, where it is defined, and why nothing else does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from webzeug.codebase import Broken, Codebase, Found, Missing
from webzeug.manifest.model import (
    Manifest,
    MiddlewareUse,
    MountTarget,
    ProbeTarget,
    Reference,
    Route,
    StaticTarget,
    ViewTarget,
)
from webzeug.reporting.listing import Location, Row, row_of
from webzeug.reporting.style import PLAIN, Style, pad, printable, width
from webzeug.routing.explaining import Explanation, NearMiss, Question, Step, variables_of
from webzeug.source import shown_path
from webzeug.static import file_of

_COLORS = {"answers": "green", "options": "green", "redirects": "yellow", "leaves": "yellow"}
_WAYS = {"exact": "by one look-up", "tree": "part by part", "map": "by Werkzeug's Map"}
_RIVALS = ("order", "weight", "unknown")


@dataclass(frozen=True, slots=True)
class Report:
    """An explanation, and what tells more of the routes in it."""

    explanation: Explanation
    manifest: Manifest
    codebase: Codebase

    def row(self, route: Route) -> Row:
        """What a listing says of a route."""
        return row_of(route, self.codebase)

    def middlewares(self, step: Step) -> tuple[MiddlewareUse, ...]:
        """Those of the groups around the route of a step, the outermost first, then its own."""
        return step.route.middleware if step.route is not None and step.is_matched else ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing about a step, and in a third column where it stands or what type it has."""

    label: str
    text: str
    note: str = ""


def text(report: Report, style: Style = PLAIN) -> str:
    """All steps, a blank line between two, each with its near misses.

    Of a redirect, only those routes are shown that would answer if it were not there.
    """
    steps = report.explanation.steps
    blocks = [_block(report, step, style, is_end=step is steps[-1]) for step in steps]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _block(report: Report, step: Step, style: Style, *, is_end: bool) -> Iterator[str]:
    heading = step.location if step.outcome == "leaves" else _address(step.question)
    yield style.paint(printable(heading), bold=True)
    yield from _table(list(_lines(report, step, is_end=is_end)), step, style)
    misses = [miss for miss in step.near_misses if is_end or miss.reason in _RIVALS]
    if misses:
        yield ""
        yield "  near misses:" if is_end else "  without this redirect:"
        yield from _near_misses(report, step, misses, style)
    if is_end and step.more:
        yield f"    and {step.more} more, which --all shows"


def _address(question: Question) -> str:
    """Method and URL; the host only if it is another than the one that is assumed."""
    origin = f"{question.scheme}://{question.host}"
    return f"{question.verb} {'' if origin == 'http://localhost' else origin}{question.target}"


def _table(lines: Sequence[_Line], step: Step, style: Style) -> Iterator[str]:
    """Aligned columns; the first line, what comes of the step, in a colour."""
    labels = max(width(line.label) for line in lines)
    texts = max((width(line.text) for line in lines if line.note), default=0)
    for line in lines:
        label = pad(line.label, labels)
        if line is lines[0]:
            label = style.paint(label, _COLORS.get(step.outcome, "red"), bold=True)
        value = pad(line.text, texts) if line.note else line.text
        yield f"  {label}  {value}  {style.paint(line.note, 'cyan')}".rstrip()


def _lines(report: Report, step: Step, *, is_end: bool) -> Iterator[_Line]:
    yield _outcome(report, step)
    if step.allowed:
        yield _Line("allowed", ", ".join(step.allowed))
    if step.why:
        yield _Line("because", printable(step.why))
    elif step.outcome == "not-found" and not step.near_misses:
        yield _Line("because", "the manifest has nothing like this path")
    for name in step.depends_on:
        yield _Line("depends on", f"`{name}`, your own converter, whose code was not run")
    if step.route is not None:
        yield _Line("route", _claim(step.route), _text(report.row(step.route).declared))
    if step.is_matched and step.route is not None and is_end:
        yield from _about_match(report, step, step.route)
    page = report.manifest.errors.get(step.status or 0)
    if page is not None:
        yield _Line("page", page.path, _source(report, page))


def _outcome(report: Report, step: Step) -> _Line:
    """What comes of the step: who answers, or the status."""
    match step.outcome:
        case "answers":
            return _answer(report, step)
        case "redirects":
            return _Line(str(step.status), f"to {printable(step.location)}")
        case "leaves":
            return _Line("leaves", "for another site, which was not asked")
        case "loops":
            return _Line("loops", "nothing answers")
    return _Line(str(step.status), HTTPStatus(step.status or 500).phrase)


def _answer(report: Report, step: Step) -> _Line:
    """The View's method, the mounted application, or the file."""
    target = step.route.target if step.route is not None else None
    match target:
        case ViewTarget(view=view):
            name = f"{view}.{step.method}" if step.method else str(view)
            return _Line("answered by", name, _source(report, view))
        case MountTarget(wsgi=wsgi):
            return _Line("answered by", str(wsgi), _source(report, wsgi))
        case ProbeTarget(kind=kind):
            return _Line("answered by", f"[server] {kind}")
    assert isinstance(target, StaticTarget), "a redirect does not answer"
    file = file_of(target, step.args) or target.folder
    return _Line("answered by", f"the file {printable(shown_path(file))}")


def _source(report: Report, reference: Reference) -> str:
    """Where a dotted path leads, or why it leads nowhere."""
    match report.codebase.find(reference.path):
        case Found(file=file, line=line):
            return f"{shown_path(file)}:{line}"
        case Missing(part=part, reason=reason):
            return f"there is no {reason} `{part}`"
        case Broken(file=file, line=line, message=message):
            return f"{shown_path(file)}:{line}: {message}"
    return ""


def _about_match(report: Report, step: Step, route: Route) -> Iterator[_Line]:
    """What the route is called, what it hands on, and what the request passes on its way."""
    if route.name is not None:
        yield _Line("name", route.name)
    if step.way is not None:
        yield _Line("matched", _WAYS[step.way])
    yield from _labelled("variables", _variables(step, route))
    yield from _labelled("defaults", [_value(*item) for item in route.defaults.items()])
    moved = [_Line("", f"{name} = {printable(text)}") for name, text in step.moved.items()]
    yield from _labelled("mounted", moved)
    around = [_middleware(use, " (around the whole App)") for use in report.manifest.middleware]
    own = [_middleware(use) for use in report.middlewares(step)]
    yield from _labelled("middleware", [*around, *own])
    if route.deprecated:
        yield _Line("deprecated", route.deprecated if isinstance(route.deprecated, str) else "yes")


def _labelled(label: str, lines: Sequence[_Line]) -> Iterator[_Line]:
    """Lines of which only the first has a label."""
    for line in lines:
        yield replace(line, label=label) if line is lines[0] else line


def _variables(step: Step, route: Route) -> list[_Line]:
    lines = []
    for variable in variables_of(route):
        line = _value(variable.name, step.args.get(variable.name))
        if variable.converter in step.depends_on:
            line = replace(line, note=f"as `{variable.converter}` gets it")
        lines.append(line)
    return lines


def _value(name: str, value: object) -> _Line:
    """A variable; what is no plain value of Python is shown as its text."""
    is_plain = value is None or isinstance(value, (str, bool, int, float, list, dict))
    shown = repr(value) if is_plain else str(value)
    return _Line("", f"{name} = {printable(shown)}", type(value).__name__)


def _middleware(use: MiddlewareUse, remark: str = "") -> _Line:
    return _Line("", f"{use.use}{remark}", _text(declared(use.use)))


def declared(reference: Reference) -> Location | None:
    """Where a dotted path is written."""
    place = reference.place
    return Location(place.document.source.path, place.value.line) if place is not None else None


def _near_misses(
    report: Report, step: Step, misses: Sequence[NearMiss], style: Style
) -> Iterator[str]:
    """For each, where it stands and its pattern, and below it all its faults."""
    places = [_text(report.row(miss.route).declared) for miss in misses]
    reasons = [f"  {fault.reason}" for miss in misses for fault in miss.faults]
    column = max(map(width, (*places, *reasons)))
    for miss, place in zip(misses, places, strict=True):
        yield f"    {style.paint(pad(place, column), 'cyan')}  {_claim(miss.route)}"
        for fault in miss.faults:
            reason = style.paint(pad(f"  {fault.reason}", column), "yellow")
            yield f"    {reason}  {printable(fault.sentence)}{_elsewhere(report, step, miss)}"


def _claim(route: Route) -> str:
    """Host and pattern of a route, and the verbs that it names."""
    verbs = f" ({', '.join(route.methods)})" if route.methods is not None else ""
    return f"{printable(route.path)}{verbs}"


def _elsewhere(report: Report, step: Step, miss: NearMiss) -> str:
    """Where the route stands that goes before a near miss, if that has not been said."""
    if miss.winner is None or miss.winner is step.route:
        return ""
    return f" ({report.row(miss.winner).declared})"


def _text(location: Location | None) -> str:
    return "" if location is None else str(location)
