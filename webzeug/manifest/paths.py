"""The form of dotted paths: ``package.module.Class`` and ``package.module:Outer.Inner``."""

import keyword
import re
from dataclasses import dataclass

_PART = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DOTTED = rf"{_PART.pattern}(?:\.{_PART.pattern})*"
_WORDS = re.compile(rf"{_DOTTED}[.:]{_DOTTED}")
_EXAMPLE = 'write "package.module.Class"'


@dataclass(frozen=True, slots=True)
class PathProblem:
    """What is wrong between two offsets of a dotted path; both are 0 for the whole of it."""

    message: str
    help: str
    start: int = 0
    end: int = 0


def path_problem(path: str) -> PathProblem | None:
    """What is wrong with the form of a dotted path; None if nothing is."""
    module, colon, names = path.partition(":")
    parts = [*module.split("."), *(names.split(".") if colon else [])]
    if path.endswith(".py") or "/" in path:
        guess = re.sub(r"\.py$", "", path.strip("./")).replace("/", ".")
        return PathProblem("this is a file, not a dotted path", f'write "{guess}.Class"')
    if _WORDS.fullmatch(path) and not any(map(keyword.iskeyword, parts)):
        return None
    if not path:
        return PathProblem("the dotted path is empty", _EXAMPLE)
    if call := re.search(r"\(.*$", path):
        help_text = f'write "{path[: call.start()]}"'
        return PathProblem(
            "a dotted path names a class, and calls nothing", help_text, *call.span()
        )
    if ":" in names:
        guess = f"{module}:{names.replace(':', '.')}"
        end = len(module) + 1 + names.index(":") + 1
        return PathProblem("a dotted path has one `:` at most", f'write "{guess}"', end - 1, end)
    if path.startswith("."):
        message = "a dotted path is never relative: it begins with a module or a package"
        return PathProblem(message, _EXAMPLE, 0, 1)
    if len(parts) == 1 and _is_name(path):
        return PathProblem(f"`{path}` says no module", f'write "package.module.{path}"')
    return _bad_part(path, parts)


def _is_name(part: str) -> bool:
    return _PART.fullmatch(part) is not None and not keyword.iskeyword(part)


def _bad_part(path: str, parts: list[str]) -> PathProblem:
    """The first part that is no public name."""
    start = 0
    for part in parts:
        if not _is_name(part):
            break
        start += len(part) + 1
    end = start + len(part)
    if not part:
        return PathProblem("a part of this dotted path is empty", _EXAMPLE)
    if keyword.iskeyword(part):
        return PathProblem(f"`{part}` is a word of Python's, not a name", _EXAMPLE, start, end)
    if part.startswith("_"):
        message = f"`{part}` is private: a dotted path names what is public"
        return PathProblem(message, "take the `_` away, in the code too", start, end)
    guess = re.sub(r"[\s-]+", "_", part).strip("_")
    help_text = f'write "{path[:start]}{guess}{path[end:]}"' if _is_name(guess) else _EXAMPLE
    return PathProblem(f"`{part}` is not a Python name", help_text, start, end)
