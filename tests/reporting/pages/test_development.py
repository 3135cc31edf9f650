"""The pages as the server asks for them: what stands at the top, and where else to look."""

import html
import re
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder

from tests.support.project import Project
from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.reporting.following import as_problem
from webzeug.reporting.pages.development import DevelopmentPages
from webzeug.reporting.style import PLAIN
from webzeug.source import Source, Span

PAGES = DevelopmentPages("routes.toml", "/nowhere")


def problem(message: str, severity: Severity) -> dict[str, Any]:
    span = Span(Source("routes.toml", "[routes]\n"), 0, 8)
    return as_problem(Diagnostic(Kind("WZ999", "made-up", severity), message, span), PLAIN)


def text_of(element: str, page: str) -> str:
    """The text of the first element of a kind."""
    found = re.search(f"<{element}[^>]*>(.*?)</{element}>", page, re.DOTALL)
    assert found is not None
    return html.unescape(re.sub("<[^>]*>", "", found[1]))


def missed(project: Project, manifest: str, target: str, method: str = "GET") -> str:
    """The page of a request to a manifest with one route."""
    project.write("shop.py", "from webzeug import View\nclass Index(View):\n    def GET(self): ...")
    project.write("routes.toml", '[routes]\n"/items/<int:id>" = "shop.Index"\n')
    app = project.load(development=True)
    environ = EnvironBuilder(target, method=method).get_environ()
    answers: list[str] = []
    app(environ, lambda status, *_: answers.append(status))  # type: ignore[arg-type]
    pages = DevelopmentPages(manifest, str(project.folder))
    page = pages.missed(app, environ, int(answers[0][:3]), state=None, visitor="?")
    assert page is not None
    return page


def test_errors_stand_before_warnings() -> None:
    """The title says the first of them."""
    problems = [problem("a warning", Severity.WARNING), problem("an error", Severity.ERROR)]
    page = PAGES.broken(problems, state="1-1", visitor="?", has_app=True)
    assert text_of("title", page) == "1 error, 1 warning: an error"
    assert text_of("h1", page) == "1 error, 1 warning"
    assert re.findall('<article class="(.*?)">', page) == ["error", "warning"]


def test_what_others_get_meanwhile() -> None:
    """The last state that could be served, if there is one."""
    problems = [problem("an error", Severity.ERROR)]
    with_app = PAGES.broken(problems, state=None, visitor="?a&webzeug=visitor", has_app=True)
    assert '<a href="?a&amp;webzeug=visitor">the last state that could be served</a>' in with_app
    without = PAGES.broken(problems, state=None, visitor="?", has_app=False)
    assert "Until it is mended, nobody gets anything." in without


@pytest.mark.parametrize(
    ("manifest", "command"),
    [
        ("routes.toml", "webzeug match GET '/it%20s?a=1&b'"),
        ("my shop/routes.toml", "webzeug match 'my shop/routes.toml' GET '/it%20s?a=1&b'"),
    ],
)
def test_the_same_in_a_terminal(project: Project, manifest: str, command: str) -> None:
    """A command that can be pasted there, whatever the URL holds."""
    page = missed(project, manifest, "/it s?a=1&b")
    assert text_of("footer", page).strip().endswith(f"The terminal says the same with {command}.")


@pytest.mark.parametrize(
    ("target", "method", "heading", "lead"),
    [
        ("/", "GET", "No route answers GET /", "The manifest has nothing like this path."),
        ("/item/7", "GET", "No route answers GET /item/7", ""),
        ("/items/7", "POST", "POST /items/7 is not allowed", "Because the View has no method POST"),
    ],
)
def test_what_a_404_or_405_says(
    project: Project, target: str, method: str, heading: str, lead: str
) -> None:
    """The request, and why if there is more to say than the near misses do."""
    page = missed(project, "routes.toml", target, method)
    assert text_of("h1", page) == heading
    assert lead in text_of("header", page)
    assert ("Near misses" in page) == (target == "/item/7")
