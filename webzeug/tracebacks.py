"""Exceptions of the user's code, shown from that code on: without the frames that led there."""

import contextlib
import importlib
import os
import site
import sysconfig
from functools import cache
from traceback import TracebackException
from types import TracebackType

_MACHINERY = (
    os.path.dirname(__file__) + os.sep,
    importlib.__file__,
    contextlib.__file__,  # where resources are opened and closed
    "<frozen importlib",
)


def described(error: BaseException) -> str:
    """How a message names an exception: ``ValueError: the first line of what it says``."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def users_frames(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback from the first frame that is neither webzeug's nor machinery's in between."""
    while traceback is not None and _is_machinery(traceback):
        traceback = traceback.tb_next
    return traceback


def shown_frames(error: BaseException) -> TracebackType | None:
    """The frames of an exception to show: where the user's code has no part, all, but none of ours.

    What we raise ourselves says all in its message.
    """
    frames = users_frames(error.__traceback__)
    is_ours = type(error).__module__.startswith("webzeug.")
    return error.__traceback__ if frames is None and not is_ours else frames


def users_traceback(error: BaseException | None) -> str:
    """The text of an exception's traceback in the user's code; empty if it was never there."""
    if error is None:
        return ""
    frames = users_frames(error.__traceback__)
    if frames is None and not isinstance(error, SyntaxError):
        return ""
    return "".join(TracebackException(type(error), error, frames).format())


def _is_machinery(traceback: TracebackType) -> bool:
    return traceback.tb_frame.f_code.co_filename.startswith(_MACHINERY)


def is_installed(file: str) -> bool:
    """Whether code is the standard library's, an installed package's or ours, by its file."""
    return file.startswith("<") or os.path.abspath(file).startswith(installed_folders())


@cache
def installed_folders() -> tuple[str, ...]:
    """The folders that code is installed into, each with a slash at its end."""
    kinds = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(kind) for kind in kinds}
    folders |= {*site.getsitepackages(), site.getusersitepackages(), os.path.dirname(__file__)}
    folders |= set(map(os.path.realpath, folders))
    return tuple(os.path.join(folder, "") for folder in sorted(folders))
