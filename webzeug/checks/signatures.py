"""Methods of Views that cannot take what their route gives them."""

from collections.abc import Iterator, Sequence

from webzeug.checks.calls import Call, calls
from webzeug.checks.context import Context, Finding
from webzeug.checks.spans import variable_span
from webzeug.codebase.signatures import Misfit, misfits
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.model import Route
from webzeug.source import Span

WRONG_SIGNATURE = Kind("WZ313", "wrong-signature")


def check(context: Context) -> Iterator[Finding]:
    """Report each call that would raise TypeError, once for each variable or parameter."""
    for call in calls(context):
        found = list(misfits(call.method.node.args, call.first, call.values))
        renamed = _renamed(found)
        if renamed is not None:
            yield Finding(_rename(context, call, *renamed), call.route)
            found = [misfit for misfit in found if misfit not in renamed]
        for misfit in found:
            yield Finding(_diagnostic(context, call, misfit), call.route)


def _renamed(found: Sequence[Misfit]) -> tuple[Misfit, Misfit] | None:
    """The one variable that is given and the one parameter that is asked for, if they differ."""
    given = [misfit for misfit in found if misfit.reason == "unexpected"]
    needed = [misfit for misfit in found if misfit.reason == "missing"]
    return (given[0], needed[0]) if len(given) == len(needed) == 1 else None


def _rename(context: Context, call: Call, given: Misfit, needed: Misfit) -> Diagnostic:
    return Diagnostic(
        WRONG_SIGNATURE,
        f"{call.name} takes `{needed.name}`, and the route gives it `{given.name}`",
        _span(call.route, given.name),
        others=(_label(context, call, needed, "the parameter"),),
        help="give both the same name",
    )


def _diagnostic(context: Context, call: Call, misfit: Misfit) -> Diagnostic:
    header = f"def {call.verbs[0]}({_parameters(call)})"
    match misfit.reason:
        case "unexpected":
            message = f"{call.name} does not take `{misfit.name}`"
            label = _label(context, call, misfit, "it is called with each variable and default")
            return Diagnostic(
                WRONG_SIGNATURE,
                message,
                _span(call.route, misfit.name),
                (label,),
                f"write {header}",
            )
        case "missing":
            message = f"{call.name} needs `{misfit.name}`, which the route does not give it"
            text = "it has no default here"
            help_text = (
                f"write <{misfit.name}> into the pattern, or {misfit.name} into `defaults`, "
                "or give the parameter a default"
            )
        case "positional":
            message = f"{call.name} takes `{misfit.name}` by position alone"
            text, help_text = "before the `/`", f"variables are given by name: write {header}"
        case "receiver":
            message = f"{call.name} has no parameter for the View itself"
            text, help_text = "without `self`", f"write {header}"
    label = _label(context, call, misfit, text)
    span = call.target.view.place
    assert span is not None
    return Diagnostic(WRONG_SIGNATURE, message, span.value, (label,), help_text)


def _parameters(call: Call) -> str:
    """The parameters that would fit."""
    before = {"plain": ["self"], "class": ["cls"], "static": []}[call.method.kind]
    return ", ".join((*before, *["ws"][: call.first - len(before)], *call.values))


def _label(context: Context, call: Call, misfit: Misfit, text: str) -> Label:
    return Label(
        context.codebase.places.name(call.method.file, misfit.arg or call.method.node), text
    )


def _span(route: Route, name: str) -> Span:
    """Where a variable or a default is written."""
    span = variable_span(route, name)
    if span is not None:
        return span
    assert route.place is not None
    return (route.place.above("defaults", name) or route.place).key
