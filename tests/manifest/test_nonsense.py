"""Patterns that can only be a mistake are told; those that can be meant are not."""

import pytest

from webzeug.manifest.patterns import parse_pattern


@pytest.mark.parametrize(
    "text",
    [
        "/", "/a/b.html", "/.well-known/acme", "/a.b/", "/v1.2/", "/a:b", "/users:batch",
        "/<name>:cancel", "/<name>:cancel/", "/$metadata", "/a$", "/100%", "/50%off", "/a*b", "/a*",
        "/file(1)", "/a b", "/été/日本", "/-/healthz", "/~user", "/a,b;c=d@e!f'g", "/a..b", "/...",
        "/<a>.<b>", "/a//b", "/x[1]", "/a|b", "/^a", "/a\\b", "/:", "/::", "/a:", "/*.html",
    ],
)  # fmt: skip
def test_what_can_be_meant_is_silent(text: str) -> None:
    """A pattern that a URL can match as it is written has no problem."""
    assert parse_pattern(text)[1] == []


@pytest.mark.parametrize(
    ("text", "code", "written", "advice"),
    [
        ("/{id}", "WZ104", "{id}", "<id>"),
        ("/{ id }", "WZ104", "{ id }", "<id>"),
        ("/{id:int}/x", "WZ104", "{id:int}", "<int:id>"),
        ("/{p:path}", "WZ104", "{p:path}", "<path:p>"),
        ("/{id:guid}", "WZ104", "{id:guid}", "<uuid:id>"),
        ("/{id:[0-9]+}", "WZ104", "{id:[0-9]+}", "<id>"),
        ("/{*rest}", "WZ104", "{*rest}", "<rest>"),
        ("/a{", "WZ104", "{", "<name>"),
        ("/{}", "WZ104", "{}", "<name>"),
        ("/:id", "WZ104", ":id", "<id>"),
        ("/:id/edit", "WZ104", ":id", "<id>"),
        ("/:id?", "WZ104", ":id?", "<id>"),
        ("/*", "WZ104", "*", "<path:rest>"),
        ("/**", "WZ104", "**", "<path:rest>"),
        ("/files/*path", "WZ104", "*path", "<path:path>"),
        (r"/a/\d+", "WZ104", r"\d+", "<name>"),
        ("/(?P<year>[0-9]{4})/x", "WZ104", "(?P<year>[0-9]{4})", "<year>"),
        ("/(?:a|b)", "WZ104", "(?:a|b)", "<name>"),
        ("/a?", "WZ105", "?", "leave it out"),
        ("/a?b=<c>#d", "WZ105", "?b=<c>#d", "leave it out"),
        ("/a#b", "WZ105", "#b", "leave it out"),
        ("/%C3%A9", "WZ105", "%C3%A9", ": é"),
        ("/a%2Fb", "WZ105", "%2F", ": /"),
        ("/a%00", "WZ105", "%00", "leave it out"),
        ("/a/./b", "WZ105", ".", "without it"),
        ("/a/..", "WZ105", "..", "without it"),
        ("/a ", "WZ101", " ", "remove it"),
        ("/ a", "WZ101", " ", "remove it"),
        ("/a\u00a0/b", "WZ101", "\u00a0", "remove it"),
        ("/a\tb", "WZ101", "\t", "remove it"),
        ("/a\n", "WZ101", "\n", "remove it"),
        ("/a>b", "WZ101", ">", "remove it"),
        ("/<x>>", "WZ101", ">", "remove it"),
    ],
)
def test_nonsense(text: str, code: str, written: str, advice: str) -> None:
    """One problem, under exactly the text that makes no sense, says what to write."""
    (problem,) = parse_pattern(text)[1]
    assert (problem.kind.code, text[problem.start : problem.end]) == (code, written)
    assert advice in problem.help


@pytest.mark.parametrize(
    ("text", "written", "advice"),
    [
        ("/<int:id", "<int:id", "<int:id>"),
        ("/<int:id/edit", "<int:id", "<int:id>"),
        ("/<user-id>", "<user-id>", "<user_id>"),
        ("/< id >", "< id >", "<id>"),
        ("/<int : id>", "<int : id>", "<int:id>"),
        ("/<1st>", "<1st>", "<_1st>"),
        ("/<user.id>", "<user.id>", "<user_id>"),
        ("/<>", "<>", "<name>"),
        ("/<int:>", "<int:>", "<name>"),
        ("/<f(x:id>", "<f(x:id>", "<name>"),
        ("/a<", "<", "<name>"),
        ("/<é>", "<é>", "<name>"),
    ],
)
def test_malformed(text: str, written: str, advice: str) -> None:
    """A malformed variable is told with what was perhaps meant."""
    (problem,) = parse_pattern(text)[1]
    assert (problem.kind.code, text[problem.start : problem.end]) == ("WZ101", written)
    assert f"write {advice}" in problem.help


def test_every_mistake_is_told() -> None:
    """Several mistakes in one pattern are all told, none of them twice."""
    problems = parse_pattern("/{a}/:b/<c/d e /f%20?g#h")[1]
    codes = sorted(problem.kind.code for problem in problems)
    assert codes == ["WZ101", "WZ101", "WZ104", "WZ104", "WZ105", "WZ105"]


def test_a_problem_as_text() -> None:
    """A problem's text is its message, and its advice in parentheses."""
    (problem,) = parse_pattern("/a#b")[1]
    assert str(problem) == "a fragment never reaches the server (leave it out)"


@pytest.mark.parametrize("size", [1000, 100_000])
def test_a_long_pattern_takes_no_longer_than_its_length(size: int) -> None:
    """A long pattern of harmless or harmful characters is judged in one go."""
    assert parse_pattern("/" + "a" * size)[1] == []
    assert len(parse_pattern("/" + "a" * size + ">")[1]) == 1
    assert len(parse_pattern("/" + "a/" * size + "{b}")[1]) == 1
