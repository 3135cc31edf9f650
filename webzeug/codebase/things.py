"""What a name leads to while it is being followed, and how several of them become one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from webzeug.codebase.answers import Answer, Broken, Found, Missing, Unknown
from webzeug.codebase.bindings import Binding, Names
from webzeug.codebase.classes import UNREADABLE, Shape, doubtful, either
from webzeug.codebase.modules import Parsed


@dataclass(frozen=True, slots=True)
class Class:
    """A class that was found; of one that needs no reading, ``file`` is empty.

    ``order`` is its place among the bindings of its module. ``body`` are the names that it binds,
    None if it is not clear which class statement is meant.
    """

    shape: Shape
    file: str = ""
    line: int = 0
    order: int = 0
    parsed: Parsed | None = None
    body: Names | None = None


Thing = Class | Found | Missing | Broken | Unknown


def function(file: str, binding: Binding) -> Found:
    if getattr(binding.node, "decorator_list", ()):
        return Found(file, binding.line, "value", is_view=None)
    return Found(file, binding.line, "function")


def join(things: Sequence[Thing]) -> Thing:
    """One answer for a name that is bound in several ways."""
    if all(thing == things[0] for thing in things):
        return things[0]
    classes = [thing for thing in things if isinstance(thing, Class)]
    if len(classes) == len(things):
        return replace(classes[-1], shape=either([c.shape for c in classes]), body=None)
    if classes:
        shape = either([UNREADABLE, *(c.shape for c in classes)])
        return Found(classes[-1].file, classes[-1].line, "class", shape.verbs, None)
    found = [thing for thing in things if isinstance(thing, Found)]
    return replace(found[-1], is_view=None) if found else Unknown("it is bound in several ways")


def soft(thing: Thing) -> Thing:
    """A thing of a module that may give the name another value as it runs."""
    match thing:
        case Class():
            return replace(thing, shape=doubtful(thing.shape))
        case Found():
            return replace(thing, is_view=None)
    return thing


def answer_of(thing: Thing) -> Answer:
    if isinstance(thing, Class):
        return Found(thing.file, thing.line, "class", thing.shape.verbs, thing.shape.is_view)
    return thing
