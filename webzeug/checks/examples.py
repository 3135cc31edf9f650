"""Requests as examples in messages: how they are shown, and what the table makes of them."""

from collections.abc import Sequence

from webzeug.checks.context import Context
from webzeug.routing.explaining.questions import Question
from webzeug.routing.proving.claims import URL
from webzeug.routing.proving.replies import Reply, reply_of

_MOST_NAMED = 4


def request_line(url: URL, verb: str) -> str:
    """``GET /items/7``, percent-encoded; with the host in front, as in a manifest, if it counts."""
    host = "" if url.host is None else f"//{url.host}"
    return f"{verb} {host}{Question(verb, url.path).target}"


def sure_reply(context: Context, url: URL, verb: str) -> Reply | None:
    """What the table makes of a request; None if a converter whose code is not run may decide."""
    return None if context.search.is_doubtful(url) else reply_of(context.table, url, verb)


def told(reply: Reply) -> str:
    """A reply in words that follow a request."""
    if reply.route is not None:
        return f"is answered by `{reply.route.path}`"
    if reply.location:
        return f"is redirected to {reply.location}"
    return f"is a {reply.status}"


def listing(names: Sequence[str]) -> str:
    """`a`, `b` and `c`; of many, the first few and how many more there are."""
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    if len(quoted) > _MOST_NAMED:
        quoted[_MOST_NAMED - 1 :] = [f"{len(quoted) - _MOST_NAMED + 1} more"]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
