"""Whether a ``def`` can be called with certain arguments, read from its syntax tree."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason why a call would raise TypeError.

    ``missing``: the parameter ``name`` gets no value. ``unexpected``: there is no parameter for the
    keyword ``name``. ``positional``: the parameter takes no keyword. ``receiver``: there is no
    parameter for what comes first, such as ``self``. ``arg`` is the parameter, if there is one.
    """

    reason: Literal["missing", "unexpected", "positional", "receiver"]
    name: str = ""
    arg: ast.arg | None = None


def misfits(arguments: ast.arguments, first: int, keywords: Collection[str]) -> Iterator[Misfit]:
    """Why a function cannot be called with ``first`` positional arguments and these keywords."""
    positional = [*arguments.posonlyargs, *arguments.args]
    if len(positional) < first and not arguments.vararg:
        yield Misfit("receiver")
    optional = positional[len(positional) - len(arguments.defaults) :]
    only = arguments.posonlyargs[first:]
    by_name = [arg for arg in positional[first:] if arg not in only]
    accepted = {arg.arg for arg in (*by_name, *arguments.kwonlyargs)}
    taken = {arg.arg for arg in arguments.args[: max(first - len(arguments.posonlyargs), 0)]}
    for arg in only:
        if arg not in optional or (arg.arg in keywords and not arguments.kwarg):
            yield Misfit("positional", arg.arg, arg)
    for name in keywords:
        is_reported = any(arg.arg == name for arg in only)
        if name in taken or not (name in accepted or arguments.kwarg or is_reported):
            yield Misfit("unexpected", name)
    for arg in by_name:
        if arg not in optional and arg.arg not in keywords:
            yield Misfit("missing", arg.arg, arg)
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is None and arg.arg not in keywords:
            yield Misfit("missing", arg.arg, arg)
