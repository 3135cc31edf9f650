"""Random routes and questions for property tests, drawn so that they often meet."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from webzeug.manifest.model import (
    Matching,
    MountTarget,
    RedirectTarget,
    Reference,
    Route,
    Target,
    ViewTarget,
)
from webzeug.manifest.patterns import Pattern, parse_pattern
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.converters import BaseConverter
from webzeug.routing.explaining import Question

_SEGMENTS = (
    "a",
    "b",
    "ab",
    "<V>",
    "<string:V>",
    "<int:V>",
    "<int(min=5):V>",
    "<float:V>",
    "<path:V>",
    "<string(length=2):V>",
    "<any(a, b):V>",
    '<regex("[ab]*"):V>',
    '<regex("a/b"):V>',
    "<V>.a",
    "a-<V>",
    "<V>-<int:W>",
)
_WORDS = ("a", "b", "ab", "aa", "xx", "3", "7", "-7", "1.5", "a.a", "a-b", "a-3", "a-b-3", "")
_HOSTS = (None, None, None, "h.com", "h.com:81", "<s>.com", "<int(min=5):s>.com")
_ASKED_HOSTS = ("localhost", "localhost", "h.com", "h.com:81", "3.com", "7.com")
_METHODS = (None, None, ("GET",), ("POST",), ("GET", "POST"), ("HEAD",), ("PUT", "WEBSOCKET"))
_VERBS = ("GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "WEBSOCKET", "get", "BREW")
_REDIRECTS = ("/a", "/b/", "/a/b", "/a?x=1", "//h.com/a", "https://other.org/", "one", "two")


def pattern(text: str) -> Pattern:
    """A pattern that must be sound."""
    parsed, problems = parse_pattern(text)
    assert parsed is not None
    assert not problems, problems
    return parsed


@st.composite
def patterns(draw: st.DrawFn, more: Sequence[str] = ()) -> Pattern:
    """Up to three segments, now and then with a doubled slash, often with one at the end.

    ``more`` are segments that are drawn as well; in them, ``V`` stands for a variable's name.
    """
    text = ""
    for number, segment in enumerate(
        draw(st.lists(st.sampled_from((*_SEGMENTS, *more)), max_size=3))
    ):
        slashes = draw(st.sampled_from(["/"] * 9 + ["//"]))
        text += slashes + segment.replace("V", f"v{number}").replace("W", f"w{number}")
    return pattern(text + draw(st.sampled_from(["", "/"])) or "/")


@st.composite
def targets(draw: st.DrawFn) -> Target:
    """Mostly a View, else a mount or a redirect."""
    match draw(st.integers(0, 9)):
        case 0:
            return MountTarget(Reference("code.mounted"))
        case 1:
            status = draw(st.sampled_from([301, 302, 303, 307, 308]))
            to = draw(st.sampled_from(_REDIRECTS))
            return RedirectTarget(to, status, external=to.startswith("https:"))
        case _:
            return ViewTarget(Reference("code.View"), draw(st.sampled_from([None, None, "GET"])))


_switch = st.sampled_from([None, None, None, True, False])


@st.composite
def routes(draw: st.DrawFn, more: Sequence[str] = ()) -> Route:
    """One route."""
    target, path = draw(targets()), draw(patterns(more))
    host = draw(st.sampled_from(_HOSTS))
    is_view = isinstance(target, ViewTarget)
    has_default = is_view and draw(st.integers(0, 4)) == 0 and "v0" not in path.text
    return Route(
        path,
        target,
        host=pattern(host) if host else None,
        methods=draw(st.sampled_from(_METHODS)) if is_view else None,
        name=draw(st.sampled_from([None, "one", "two"])) if is_view else None,
        defaults={"v0": draw(st.sampled_from([3, 7]))} if has_default else {},
        strict_slashes=draw(_switch),
        merge_slashes=draw(_switch),
        build_only=is_view and draw(st.integers(0, 9)) == 0,
    )


@st.composite
def tables(
    draw: st.DrawFn,
    more: Sequence[str] = (),
    converters: Mapping[str, type[BaseConverter]] | None = None,
) -> tuple[list[Route], Ingredients]:
    """Routes of which no two claim the same, and which all compile."""
    matching = Matching(
        strict_slashes=draw(st.sampled_from([True, True, False])),
        merge_slashes=draw(st.sampled_from([True, True, False])),
        redirect_defaults=draw(st.sampled_from([True, True, False])),
    )
    ingredients = Ingredients(matching, converters or {})
    chosen: list[Route] = []
    for route in draw(st.lists(routes(more), min_size=1, max_size=6)):
        if not any(_clash(route, other) for other in chosen):
            chosen.append(route)
    refused = compile_table(chosen, lambda route: None, ingredients).problems
    sound = [route for route in chosen if not any(p.route is route for p in refused)]
    return sound, ingredients


def _clash(first: Route, second: Route) -> bool:
    shared = first.methods is None or second.methods is None
    return _shape(first) == _shape(second) and (
        shared or not set(first.methods or ()).isdisjoint(second.methods or ())
    )


def _shape(route: Route) -> tuple[str | None, str, bool]:
    """What Werkzeug would take for the same."""
    text = route.pattern.shape.replace("<string()>", "<default()>")
    is_mount = isinstance(route.target, MountTarget)
    if is_mount:
        text = text.removesuffix("/")
    return (
        route.host.shape if route.host else None,
        "/".join(filter(None, text.split("/"))) + text[-1:],
        is_mount,
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A request whose path is made of what patterns are made of."""
    words = draw(st.lists(st.sampled_from(_WORDS), max_size=4))
    path = "".join(f"/{word}" for word in words) + draw(st.sampled_from(["", "/"])) or "/"
    return Question(
        verb=draw(st.sampled_from(_VERBS)),
        path=path,
        host=draw(
            st.sampled_from(["localhost", "localhost", "h.com", "h.com:81", "3.com", "7.com"])
        ),
        query=draw(st.sampled_from(["", "", "q=1"])),
    )
