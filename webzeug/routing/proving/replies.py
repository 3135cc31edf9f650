"""What a compiled table makes of a URL: the law that every verdict about a table is held to."""

from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webzeug.manifest.model import Route
from webzeug.routing.explaining.questions import Question
from webzeug.routing.proving.claims import ANY_VERB, URL
from webzeug.routing.proving.search import ELSEWHERE
from webzeug.routing.table import RouteTable


@dataclass(frozen=True, slots=True)
class Reply:
    """The route that answers, or the status of the answer without one, and where it redirects."""

    route: Route | None
    status: int = 200
    location: str = ""


def reply_of(table: RouteTable[Any], url: URL, verb: str) -> Reply:
    """Ask a table for a URL with a verb, which may be one that no route names."""
    verb = "PROBE" if verb == ANY_VERB else verb
    try:
        return Reply(table.match(Question(verb, url.path, url.host or ELSEWHERE).environ()).route)
    except RequestRedirect as redirect:
        return Reply(None, redirect.code, redirect.new_url)
    except HTTPException as error:
        return Reply(None, error.code or 500)
