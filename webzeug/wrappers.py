"""Request and Response: Werkzeug's classes, under our name."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse


class Request(WerkzeugRequest):
    """An HTTP request: every attribute of ``werkzeug.wrappers.Request``."""


class Response(WerkzeugResponse):
    """An HTTP response: every attribute of ``werkzeug.wrappers.Response``.

    A string is sent as UTF-8 text/plain; an iterable is streamed.
    """


def json_response(
    value: object,
    status: int = 200,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
    **options: Any,
) -> Response:
    """A response whose body is ``value`` as JSON (RFC 8259); ``options`` go to ``json.dumps``.

    Raises TypeError for a value that JSON cannot say.
    """
    body = json.dumps(value, **options)
    return Response(body, status=status, headers=headers, mimetype="application/json")
