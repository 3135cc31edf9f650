"""Middlewares and resources that cannot be called as ``serve`` calls them."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.codebase.callables import Callee
from webzeug.codebase.signatures import Misfit, misfits
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.document import Place
from webzeug.manifest.model import MiddlewareUse, Reference

WRONG_ARGUMENTS = Kind("WZ420", "wrong-arguments")


def check(context: Context) -> Iterator[Finding]:
    """Report calls that would raise TypeError, where the source text makes that certain."""
    for use in _uses(context):
        for called, misfit in _misfits(context, use.use, tuple(use.options)):
            yield Finding(_of_middleware(context, use, called, misfit))
    for reference in context.manifest.resources.values():
        for called, misfit in _misfits(context, reference, ()):
            if reference.place is not None:
                yield Finding(_of_resource(context, reference, reference.place, called, misfit))


def _uses(context: Context) -> Iterator[MiddlewareUse]:
    """All entries of middleware lists, each once."""
    grouped = (use for route in context.manifest.routes for use in route.middleware)
    yield from dict.fromkeys((*context.manifest.middleware, *grouped))


def _misfits(
    context: Context, reference: Reference, keywords: tuple[str, ...]
) -> Iterator[tuple[Callee, Misfit]]:
    """Why a call with one positional argument and these keywords fails."""
    called = context.codebase.callee(reference.path) if reference.place else None
    if called is not None:
        for misfit in misfits(called.node.args, called.bound + 1, keywords):
            yield called, misfit


def _of_middleware(
    context: Context, use: MiddlewareUse, called: Callee, misfit: Misfit
) -> Diagnostic:
    place = use.use.place
    assert place is not None
    key = Place(place.document, (*place.path[:-1], "with", misfit.name))
    span = key.key if key.exists else place.value
    match misfit.reason:
        case "unexpected":
            message = f"{use.use} has no parameter `{misfit.name}` to be given by name"
            help_text = did_you_mean(misfit.name, _by_name(called)) or "remove it"
        case "missing":
            message = f"{use.use} needs `{misfit.name}`"
            help_text = f"write it below `with`: with = {{ {misfit.name} = ... }}"
        case "positional":
            message = f"{use.use} takes `{misfit.name}` by position alone"
            help_text = "what stands below `with` is given by name: remove the `/`"
        case "receiver":
            message = f"{use.use} takes no argument"
            help_text = "it is called with the application that it wraps"
    return Diagnostic(WRONG_ARGUMENTS, message, span, (_label(context, called, misfit),), help_text)


def _by_name(called: Callee) -> list[str]:
    arguments = called.node.args
    plain = arguments.args[max(called.bound + 1 - len(arguments.posonlyargs), 0) :]
    return [arg.arg for arg in (*plain, *arguments.kwonlyargs)]


def _of_resource(
    context: Context, reference: Reference, place: Place, called: Callee, misfit: Misfit
) -> Diagnostic:
    if misfit.reason == "receiver":
        message = f"{reference} takes no argument"
    else:
        message = f"{reference} needs `{misfit.name}`"
    help_text = "a resource is called with the App alone, whose `config` has the settings"
    label = _label(context, called, misfit)
    return Diagnostic(WRONG_ARGUMENTS, message, place.value, (label,), help_text)


def _label(context: Context, called: Callee, misfit: Misfit) -> Label:
    place = context.codebase.places.name(called.file, misfit.arg or called.node)
    return Label(place, "the parameter" if misfit.arg else "what is called")
