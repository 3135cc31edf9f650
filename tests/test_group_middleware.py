"""Middleware of groups: behind the match, one instance for each entry."""

import threading
from importlib import import_module
from typing import Any

import pytest

from tests.support.project import Project
from webzeug.group_middleware import Instances
from webzeug.manifest.model import MiddlewareUse, Reference

WRAPPERS = """
    class Mark:
        made = []

        def __init__(self, app, **options):
            self.app, self.name = app, options.get("name", "?")
            self.made.append(self.name)

        def __call__(self, environ, start_response):
            environ.setdefault("marks", []).append(self.name)
            return self.app(environ, start_response)

    class Retry:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            list(self.app(environ, lambda *_: None))
            return self.app(environ, start_response)

    class Guard:
        def __init__(self, app, how):
            self.app, self.how = app, how

        def __call__(self, environ, start_response):
            if self.how == "raises":
                abort(403)
            if self.how == "raises late":
                list(self.app(environ, start_response))
                abort(403)
            return Response("answered", 403)(environ, start_response)

    class Fails:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            try:
                return self.app(environ, start_response)
            except LookupError as error:
                return Response(f"caught {error}", 502)(environ, start_response)

    from webzeug import Response, abort
"""

VIEWS = """
    from webzeug import Response, View, abort
    from wrappers import Mark

    class Marks(View):
        calls = 0

        def GET(self, **args):
            Marks.calls += 1
            return Response(f"{','.join(self.request.environ.get('marks', []))} {args}")

        def PUT(self):
            abort(418)

        def POST(self):
            raise LookupError("lost")

    def mounted(environ, start_response):
        marks = ",".join(environ.get("marks", []))
        text = f"{marks} {environ['SCRIPT_NAME']}|{environ['PATH_INFO']} {environ['webzeug.args']}"
        return Response(text)(environ, start_response)

    class Page(View):
        def ERROR(self, error):
            return Response(f"page of {error.code}, {self.request.environ.get('marks')}")
"""


def client_of(project: Project, manifest: str) -> Any:
    project.write("wrappers.py", WRAPPERS)
    project.write("views.py", VIEWS)
    project.write("routes.toml", manifest)
    return project.load().test_client()


NESTED = """
    middleware = [{ use = "wrappers.Mark", with = { name = "app" } }]
    [routes]
    "/plain" = "views.Marks"
    [routes."/a"]
    middleware = [
        { use = "wrappers.Mark", with = { name = "a1" } },
        { use = "wrappers.Mark", with = { name = "a2" } },
    ]
    view = "views.Marks"
    "/one/<int:id>" = "views.Marks"
    "/two" = { view = "views.Marks", name = "two", middleware = ["wrappers.Mark"] }
    [routes."/a/verbs"]
    PUT = "views.Marks"
    [routes."/a/verbs".GET]
    view = "views.Marks"
    name = "verb"
    middleware = [{ use = "wrappers.Mark", with = { name = "get" } }]
    [routes."/a/mounted/<tenant>"]
    wsgi = "views.mounted"
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/plain", "app {}"),
        ("/a", "app,a1,a2 {}"),
        ("/a/one/7", "app,a1,a2 {'id': 7}"),
        ("/a/two", "app,a1,a2,? {}"),
        ("/a/verbs", "app,get {}"),
        ("/a/mounted/x/y", "app /a/mounted/x|/y {'tenant': 'x'}"),
    ],
)
def test_the_outer_groups_run_first(project: Project, path: str, expected: str) -> None:
    """The App's, then those of each group from the outside in, in their order, then its own.

    A table with the same prefix that is written elsewhere is another group.
    """
    assert client_of(project, NESTED).get(path).text == expected


def test_inside_a_group(project: Project) -> None:
    """Views, mounts and static folders are behind its middlewares."""
    project.write("public/a.txt", "a")
    manifest = """
        [routes."/g"]
        middleware = [{ use = "wrappers.Mark", with = { name = "g" } }, "wrappers.Fails"]
        "/view" = "views.Marks"
        "/mount/<id>" = { wsgi = "views.mounted" }
        "/to" = { redirect = "/g/view", middleware = ["wrappers.Mark"] }
        [routes."/g/static"]
        static = "public"
        middleware = [{ use = "wrappers.Guard", with = { how = "" } }]
    """
    client = client_of(project, manifest)
    assert client.get("/g/view").text == "g {}"
    assert client.get("/g/mount/7/x").text == "g /g/mount/7|/x {'id': '7'}"
    assert client.get("/g/static/a.txt").text == "answered"
    assert client.get("/g/to").headers["Location"] == "/g/view"


def test_what_no_route_takes_is_outside(project: Project) -> None:
    """404 and 405 come before the groups; what a View refuses comes through them."""
    manifest = """
        [routes."/g"]
        middleware = [{ use = "wrappers.Mark", with = { name = "g" } }]
        "/listed" = { view = "views.Marks", methods = ["GET"] }
        "/open" = "views.Marks"
        [errors]
        404 = "views.Page"
        405 = "views.Page"
        418 = "views.Page"
    """
    client = client_of(project, manifest)
    assert client.get("/g/missing").text == "page of 404, None"
    assert client.put("/g/listed").text == "page of 405, None"
    assert client.delete("/g/open").text == "page of 405, ['g']"
    assert client.put("/g/open").text == "page of 418, ['g']"


def test_one_entry_is_one_instance(project: Project) -> None:
    """All routes of a group share it; it is built at its first request, and once."""
    manifest = """
        [routes."/g"]
        middleware = [{ use = "wrappers.Mark", with = { name = "g" } }]
        "/one" = "views.Marks"
        "/two" = { view = "views.Marks", name = "two" }
        [routes."/h"]
        middleware = [{ use = "wrappers.Mark", with = { name = "g" } }]
        "/one" = { view = "views.Marks", name = "three" }
    """
    client = client_of(project, manifest)
    client.get("/g/missing")
    for path in ("/g/one", "/g/two", "/g/one", "/h/one"):
        client.get(path)
    assert import_module("wrappers").Mark.made == ["g", "g"]


@pytest.mark.parametrize("how", ["raises", "answers", "raises late"])
def test_one_may_answer_itself(project: Project, how: str) -> None:
    """With a response, or an HTTPException, even after the View has begun to answer."""
    manifest = f"""
        [routes."/g"]
        middleware = [{{ use = "wrappers.Guard", with = {{ how = "{how}" }} }}]
        "/" = "views.Marks"
        [errors]
        403 = "views.Page"
    """
    response = client_of(project, manifest).get("/g/")
    assert response.status_code == 403
    assert response.text == ("answered" if how == "answers" else "page of 403, None")


def test_one_sees_what_a_view_raises(project: Project) -> None:
    """An exception of the View travels outward through its groups."""
    manifest = """
        [routes]
        "/" = { view = "views.Marks", middleware = ["wrappers.Fails"] }
    """
    response = client_of(project, manifest).post("/")
    assert (response.status_code, response.text) == (502, "caught lost")


def test_one_may_ask_again(project: Project) -> None:
    """The View below is called once more, with the same variables."""
    manifest = """
        [routes."/g"]
        middleware = ["wrappers.Retry"]
        "/<int:id>" = "views.Marks"
        "/mount" = { wsgi = "views.mounted" }
    """
    client = client_of(project, manifest)
    assert client.get("/g/7").text == " {'id': 7}"
    assert client.get("/g/mount/x").text == " /g/mount|/x {}"
    assert import_module("views").Marks.calls == 2


def test_one_that_cannot_be_built(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    """A lazy App answers 500 where it is needed, and elsewhere as ever; the log says where."""
    manifest = """
        [routes]
        "/" = "views.Marks"
        "/g" = { view = "views.Marks", name = "g", middleware = ["wrappers.Absent"] }
    """
    client = client_of(project, manifest)
    assert client.get("/").status_code == 200
    assert client.get("/g").status_code == 500
    assert "routes.toml:3:68: wrappers has no `Absent`" in caplog.text
    assert "Traceback" not in caplog.text


def test_threads_share_an_instance() -> None:
    """Many threads that need the same entry at once build it once."""
    use = MiddlewareUse(Reference("m.wrap"), {})
    made: list[MiddlewareUse] = []
    barrier = threading.Barrier(20)

    def build(use: MiddlewareUse) -> Any:
        made.append(use)
        return lambda app: app

    instances = Instances(build)
    layers: list[Any] = []

    def get() -> None:
        barrier.wait()
        layers.append(instances.get(use))

    threads = [threading.Thread(target=get) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [use]
    assert len(set(map(id, layers))) == 1


def test_an_equal_entry_takes_the_former_instance_over() -> None:
    """Entries that say the same are matched one to one; a changed one is built anew."""
    made: list[MiddlewareUse] = []

    def build(use: MiddlewareUse) -> Any:
        made.append(use)
        return lambda app: app

    def use(**options: object) -> MiddlewareUse:
        return MiddlewareUse(Reference("m.wrap"), options)

    first = Instances(build)
    old = [use(n=1), use(n=1), use(n=2)]
    layers = [first.get(entry) for entry in old]
    second = Instances(build, first.built())
    new = [use(n=1), use(n=3), use(n=1), use(n=1)]
    assert [second.get(entry) for entry in new][::2] == layers[:2]
    assert made == [*old, new[1], new[3]]
    assert [entry for entry, _ in first.built()] == old


def test_a_failed_build_is_not_kept() -> None:
    """The next one who needs it tries again."""
    answers: list[Any] = [ValueError("not yet"), lambda app: app]

    def build(use: MiddlewareUse) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    instances, use = Instances(build), MiddlewareUse(Reference("m.wrap"), {})
    with pytest.raises(ValueError, match="not yet"):
        instances.get(use)
    assert instances.get(use) is instances.get(use)
