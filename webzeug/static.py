"""Static folders: files below one folder, and never any other."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.http import parse_range_header
from werkzeug.utils import send_file

from webzeug.app import App
from webzeug.manifest.model import StaticTarget
from webzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


@dataclass(frozen=True, slots=True)
class StaticHandler:
    """Sends a file, with conditional (RFC 9110 13) and range requests (RFC 9110 14)."""

    target: StaticTarget

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> Response:
        """The file that ``filename`` names; NotFound for what is not below the folder."""
        path = file_of(self.target, args)
        if path is None:
            raise NotFound()
        environ = with_one_range(request.environ)
        try:
            # send_file is typed for Werkzeug's own Response, and makes the class it is given.
            return send_file(path, environ, response_class=Response)  # type: ignore[return-value]
        except PermissionError:
            raise Forbidden() from None


def with_one_range(environ: "WSGIEnvironment") -> "WSGIEnvironment":
    """An environ whose Range is one range of bytes, or not there: all others are ignored.

    Werkzeug would refuse them, but a unit that nobody knows must be ignored, and many ranges or
    none at all may be (RFC 9110 14.2).
    """
    asked = environ.get("HTTP_RANGE")
    if asked is None:
        return environ
    parsed = parse_range_header(asked)
    if parsed is not None and parsed.units == "bytes" and len(parsed.ranges) == 1:
        return environ
    return {key: value for key, value in environ.items() if key != "HTTP_RANGE"}


def file_of(target: StaticTarget, args: Mapping[str, Any]) -> str | None:
    """The file that a static route sends for these variables; None if there is none."""
    path = target.folder if target.is_file else file_below(target.folder, args["filename"])
    return path if path is not None and os.path.isfile(path) else None


def file_below(folder: str, name: str) -> str | None:
    """The real path of a file below the folder; None for a way out, or for a hidden name.

    Symbolic links are followed first, so one that leads out of the folder leads nowhere. What one
    inside leads to may have a hidden name of its own, as in a mounted ConfigMap.
    """
    parts = name.split("/")
    if any(part.startswith(".") or not part for part in parts):
        return None
    root = os.path.realpath(folder)
    try:
        path = os.path.realpath(os.path.join(root, *parts))
    except ValueError:
        return None  # a NUL, or a character that the file system cannot say
    return path if path.startswith(os.path.join(root, "")) else None
