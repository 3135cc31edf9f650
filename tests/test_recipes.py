"""Every program of docs/recipes is served as it stands there, and asked what it claims to do."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.documents import DOCS, write_program
from tests.support.http import Answer
from tests.support.postgresql import needs_postgresql, postgresql
from tests.support.project import Project
from tests.support.serving import Serving, serving

RECIPES = sorted((DOCS / "recipes").glob("[!R]*.md"))
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


def post(server: Serving, target: str, body: str, fields: str = "") -> Answer:
    """The answer to a POST."""
    length = f"Content-Length: {len(body.encode())}\r\n"
    with server.connect() as client:
        client.send(f"POST {target} HTTP/1.1\r\nHost: test\r\n{fields}{length}\r\n{body}")
        return client.read("POST")


def cookie(answer: Answer) -> str:
    """The field that a browser would send after this answer."""
    given = answer.field("Set-Cookie")
    assert given is not None
    return f"Cookie: {given.partition(';')[0]}\r\n"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_lint_finds_nothing_in_a_recipe(recipe: Path, project: Project) -> None:
    """The manifests are sound, and their dotted paths lead to what the page shows."""
    write_program("recipes/sessions.md", project)
    write_program(f"recipes/{recipe.name}", project)
    result = project.run("lint", "--strict")
    assert (result.code, result.err) == (0, ""), result.out


def test_a_session_lasts_until_it_is_ended(project: Project) -> None:
    """The cookie has safe flags, and a forged one is none."""
    write_program("recipes/sessions.md", project)
    with serving(project) as server:
        assert server.get("/").body == b"Hello stranger\n"
        answer = post(server, "/login", "user=ada", FORM)
        assert (answer.status, answer.field("Location")) == (303, "/")
        flags = (answer.field("Set-Cookie") or "").split("; ")[1:]
        assert {"Secure", "HttpOnly", "SameSite=Lax"} < set(flags)
        assert server.get("/", fields=cookie(answer)).body == b"Hello ada\n"
        forged = cookie(answer).replace("session=", "session=x")
        assert server.get("/", fields=forged).body == b"Hello stranger\n"
        ended = post(server, "/logout", "", FORM + cookie(answer))
        assert server.get("/", fields=cookie(ended)).body == b"Hello stranger\n"
        assert post(server, "/login", "", FORM).status == 400


def test_templates_escape_and_link(project: Project) -> None:
    """Names are escaped, URLs are built by name, and a changed template is read again."""
    write_program("recipes/templates.md", project)
    with serving(project) as server:
        assert b'<a href="/items/2">Scones &amp; jam</a>' in server.get("/").body
        answer = server.get("/items/2")
        assert b"<h1>Scones &amp; jam</h1>" in answer.body
        assert answer.field("Content-Type") == "text/html; charset=utf-8"
        assert server.get("/items/3").status == 404
        project.write("shop/templates/item.html", "changed: {{ name }}")
        assert server.get("/items/1").body == b"changed: Tea"


def test_a_form_is_checked_and_cannot_be_forged(project: Project) -> None:
    """Without the token of the page there is no entry; with it there is, and it is escaped."""
    write_program("recipes/sessions.md", project)
    write_program("recipes/forms.md", project)
    with serving(project) as server:
        page = server.get("/")
        fields = FORM + cookie(page)
        [token] = re.findall(rb'name="csrf_token" type="hidden" value="([^"]+)"', page.body)
        forged = post(server, "/", urlencode({"name": "mallory"}), fields)
        assert (forged.status, b"CSRF token missing" in forged.body) == (422, True)
        empty = post(server, "/", urlencode({"csrf_token": token.decode()}), fields)
        assert (empty.status, b"This field is required" in empty.body) == (422, True)
        entry = urlencode({"name": "<ada>", "csrf_token": token.decode()})
        assert post(server, "/", entry, fields).status == 303
        assert b"<li>&lt;ada&gt;</li></ul>" in server.get("/").body


def test_json_is_checked(project: Project) -> None:
    """What fits is taken; what does not is a 422 that says where."""
    write_program("recipes/json.md", project)
    with serving(project) as server:
        good = post(server, "/items", '{"name": "Tea", "price": 2.5}')
        assert good.status == 201
        assert json.loads(good.body) == {"name": "Tea", "price": 2.5, "tags": []}
        bad = post(server, "/items", '{"name": "Tea", "price": "2.50"}')
        assert bad.status == 422
        assert json.loads(bad.body) == {"error": "Expected `float`, got `str` - at `$.price`"}
        assert post(server, "/items", '{"name"').status == 422


@needs_postgresql
def test_sqlalchemy_keeps_objects(project: Project) -> None:
    """On PostgreSQL, through psycopg."""
    write_program("recipes/sqlalchemy.md", project)
    with postgresql() as cluster:
        url = cluster.url.replace("postgresql:", "postgresql+psycopg:")
        with serving(project, environ={"DATABASE_URL": url}) as server:
            kind = "Content-Type: application/json\r\n"
            answer = post(server, "/books", '{"title": "Emma"}', kind)
            assert (answer.status, answer.field("Location")) == (201, "/books/1")
            assert json.loads(server.get("/books/1").body) == {"id": 1, "title": "Emma"}
            assert json.loads(server.get("/books").body) == [{"id": 1, "title": "Emma"}]
            assert server.get("/books/2").status == 404
            assert server.stop().code == 0


def test_work_beside_the_requests_is_done(project: Project) -> None:
    """Letters are delivered in order; what is in the queue at the stop as well."""
    write_program("recipes/background.md", project)
    project.write("shop/post.py", (project.folder / "shop/post.py").read_text() + REPORT)
    with serving(project) as server:
        for number in range(20):
            assert post(server, "/letters", str(number)).status == 202
        result = server.stop()
    assert result.code == 0
    assert [str(n) for n in range(20)] == (project.folder / "delivered").read_text().split()


REPORT = """

import atexit
from pathlib import Path

_init = Post.__init__

def _watched(self):
    _init(self)
    atexit.register(lambda: Path("delivered").write_text(" ".join(self.delivered)))

Post.__init__ = _watched
"""
