"""Resources: opened in order, closed in reverse, whatever fails meanwhile."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.project import Project
from webzeug import App, ResourceError, Response, View

Opener = Callable[[App], Any]


class Pool:
    """Something with ``close`` that writes down what happens to it."""

    def __init__(self, name: str, events: list[str], fails: bool = False) -> None:
        self.name, self.events, self.fails = name, events, fails
        events.append(f"open {name}")

    def close(self) -> None:
        self.events.append(f"close {self.name}")
        if self.fails:
            raise OSError(f"{self.name} does not close")


def pool(name: str, events: list[str], fails: bool = False) -> Opener:
    return lambda app: Pool(name, events, fails)


def context(name: str, events: list[str]) -> Opener:
    """An opener that returns a context manager."""

    @contextmanager
    def managed(app: App) -> Iterator[str]:
        events.append(f"enter {name}")
        yield f"the {name}"
        events.append(f"leave {name}")

    return managed


def failing(app: App) -> object:
    raise ConnectionRefusedError("nobody listens")


def test_opened_in_order_closed_in_reverse() -> None:
    """The first is opened first and closed last, context managers and others alike."""
    events: list[str] = []
    app = App(resources={"a": pool("a", events), "b": context("b", events), "c": pool("c", events)})
    assert events == []
    with app:
        assert events == ["open a", "enter b", "open c"]
        assert app.resources.b == "the b"
        assert app.resources.c.name == "c"
    assert events[3:] == ["close c", "leave b", "close a"]


def test_an_opener_gets_the_app() -> None:
    """It can read the config, and use what was opened before it."""
    app = App(
        config={"url": "postgresql:///shop"},
        resources={
            "db": lambda app: app.config["url"],
            "cache": lambda app: f"cache of {app.resources.db}",
        },
    )
    with app:
        assert app.resources.cache == "cache of postgresql:///shop"


def test_what_has_no_end_is_not_closed() -> None:
    """A value without ``close`` that is no context manager is only held."""
    app = App(resources={"n": lambda app: 3, "closed": lambda app: type("C", (), {"close": 1})()})
    with app:
        assert app.resources.n == 3


def test_a_context_manager_is_not_closed_as_well() -> None:
    """Of an object with both, the context manager counts."""
    events: list[str] = []

    class Both(Pool):
        def __enter__(self) -> str:
            return "entered"

        def __exit__(self, *_: object) -> None:
            events.append("exit")

    app = App(resources={"both": lambda app: Both("both", events)})
    with app:
        assert app.resources.both == "entered"
    assert events == ["open both", "exit"]


def test_those_before_a_failing_one_are_closed_again() -> None:
    """ResourceError names it, and its cause is the opener's own exception."""
    events: list[str] = []
    app = App(resources={"a": pool("a", events), "b": context("b", events), "c": failing})
    with pytest.raises(ResourceError) as caught:
        app.open()
    assert str(caught.value) == (
        "the resource `c` could not be opened: ConnectionRefusedError: nobody listens"
    )
    assert caught.value.name == "c"
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert events == ["open a", "enter b", "leave b", "close a"]


def test_a_context_manager_that_does_not_enter() -> None:
    """It fails as an opener that raises."""

    class Broken(Pool):
        def __enter__(self) -> None:
            raise LookupError

        def __exit__(self, *_: object) -> None:
            raise AssertionError("it was never entered")

    with pytest.raises(ResourceError, match="`b` could not be opened: LookupError"):
        App(resources={"b": lambda app: Broken("b", [])}).open()


def test_closing_after_a_failed_start_may_fail_too(caplog: pytest.LogCaptureFixture) -> None:
    """The one that did not open is raised; the one that did not close is logged."""
    events: list[str] = []
    app = App(resources={"a": pool("a", events), "b": pool("b", events, fails=True), "c": failing})
    with pytest.raises(ResourceError, match="`c` could not be opened"):
        app.open()
    assert events == ["open a", "open b", "close b", "close a"]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("webzeug.error", logging.ERROR)
    assert record.getMessage() == (
        "the resource `b` could not be closed: OSError: b does not close"
    )


def test_one_that_does_not_close_keeps_no_other_from_it() -> None:
    """All are closed, then ResourceError names the one that failed."""
    events: list[str] = []
    app = App(resources={"a": pool("a", events), "b": pool("b", events, fails=True)})
    app.open()
    with pytest.raises(ResourceError, match="`b` could not be closed: OSError: b does not close"):
        app.close()
    assert events == ["open a", "open b", "close b", "close a"]
    app.close()
    assert events == ["open a", "open b", "close b", "close a"]


def test_an_interrupted_start_closes_what_is_open() -> None:
    """Ctrl-C while the second opens closes the first, and stays Ctrl-C."""
    events: list[str] = []

    def interrupted(app: App) -> object:
        raise KeyboardInterrupt

    app = App(resources={"a": pool("a", events), "b": interrupted})
    with pytest.raises(KeyboardInterrupt):
        app.open()
    assert events == ["open a", "close a"]


def test_a_middleware_that_cannot_be_built_closes_them() -> None:
    """An App is open whole or not at all."""
    events: list[str] = []

    def broken(app: object) -> Any:
        raise ValueError("no middleware")

    app = App(resources={"a": pool("a", events)}, middleware=[broken])
    with pytest.raises(ValueError, match="no middleware"):
        app.open()
    assert events == ["open a", "close a"]
    with pytest.raises(AttributeError):
        _ = app.resources.a


def test_opening_twice_is_opening_once() -> None:
    """Both ways to open, and the first request, share one opening."""
    events: list[str] = []
    app = App(resources={"a": pool("a", events)})
    app.open()
    with app:
        app.test_client().get("/")
        assert events == ["open a"]
    assert events == ["open a", "close a"]
    app.close()
    assert events == ["open a", "close a"]


def test_opening_again_after_closing() -> None:
    """A closed App can be opened again, with resources of its own."""
    events: list[str] = []
    app = App(resources={"a": pool("a", events)})
    with app:
        first = app.resources.a
    with app:
        assert app.resources.a is not first
    assert events == ["open a", "close a", "open a", "close a"]


def test_the_first_request_opens_them() -> None:
    """Under a server that only calls the App, they are open when a View runs."""

    class Reads(View):
        def GET(self) -> Response:
            return Response(self.app.resources.word)

    app = App([("/", "reads", Reads)], resources={"word": lambda app: "open"})
    assert app.test_client().get("/").text == "open"
    app.close()


def test_a_request_that_cannot_open_them(caplog: pytest.LogCaptureFixture) -> None:
    """It is a 500, and the next one tries again."""
    attempts: list[object] = []

    def flaky(app: App) -> str:
        attempts.append(app)
        if len(attempts) == 1:
            raise ConnectionRefusedError("not yet")
        return "there"

    class Reads(View):
        def GET(self) -> Response:
            return Response(self.app.resources.db)

    client = App([("/", "reads", Reads)], resources={"db": flaky}).test_client()
    assert client.get("/").status_code == 500
    assert "the resource `db` could not be opened" in caplog.text
    assert client.get("/").text == "there"


def test_one_that_is_not_there() -> None:
    """AttributeError says which are open."""
    app = App(resources={"db": lambda app: 1, "cache": lambda app: 2})
    with pytest.raises(AttributeError, match="no open resource `db`; open ones: none"):
        _ = app.resources.db
    with app, pytest.raises(AttributeError, match="no open resource `dv`; open ones: db, cache"):
        _ = app.resources.dv
    assert not hasattr(app.resources, "db")


def test_any_name_will_do(project: Project) -> None:
    """No name of a resource clashes with anything of ours."""
    project.write("pools.py", "def opened(app):\n    return 'mine'\n")
    names = ["open", "close", "items", "app", "resources"]
    lines = "\n".join(f'{name} = "pools.opened"' for name in names)
    project.write("routes.toml", f"[routes]\n[resources]\n{lines}\n")
    with project.load() as app:
        assert [getattr(app.resources, name) for name in names] == ["mine"] * len(names)
    with pytest.raises(AttributeError, match="`close`"):
        _ = app.resources.close


def test_a_script_shares_the_code_base(project: Project) -> None:
    """``with webzeug.load(...)`` opens what the manifest names, and closes it again."""
    project.write(
        "shop.py",
        """
        from contextlib import contextmanager

        log = []

        @contextmanager
        def open_db(app):
            log.append(f"open {app.config['url']}")
            yield "the database"
            log.append("closed")

        class Client:
            def __init__(self, app):
                self.db = app.resources.db
            def close(self):
                log.append("client closed")
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        [config]
        url = "postgresql:///shop"
        [resources]
        db = "shop.open_db"
        client = "shop.Client"
        """,
    )
    with project.load() as app:
        assert app.resources.client.db == "the database"
        log = type(app.resources.client).close.__globals__["log"]
    assert log == ["open postgresql:///shop", "client closed", "closed"]


def test_a_server_says_which_resource_does_not_open(project: Project) -> None:
    """``serve`` shows its place in the manifest and the application's own traceback."""
    project.write("shop.py", "def open_db(app):\n    raise OSError('no route to the database')\n")
    project.write("routes.toml", '[routes]\n[resources]\ndb = "shop.open_db"\n')
    done = project.run("serve", "--bind", "127.0.0.1:0")
    assert done.code == 1
    assert done.err.startswith(
        "routes.toml:3:6: error[WZ306]: the resource `db` could not be opened: "
        "OSError: no route to the database\n"
    )
    assert 'shop.py", line 2, in open_db' in done.err
    assert "webzeug/" not in done.err
