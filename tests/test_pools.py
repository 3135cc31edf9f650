"""docs/resources.md, word by word: PostgreSQL and Redis behind one View, under a real server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from mypy import api as mypy
from redis import Redis

from tests.support.documents import write_program
from tests.support.http import Answer
from tests.support.postgresql import PostgreSQL, needs_postgresql, postgresql
from tests.support.project import Project
from tests.support.redis_server import RedisServer, needs_redis, redis_server
from tests.support.serving import Serving, serving

pytestmark = [needs_postgresql, needs_redis]

WAITING = """
    import gevent

    from shop.base import ShopView
    from webzeug import Response

    class Wait(ShopView):
        def GET(self):
            with self.app.resources.db.connection() as connection:
                connection.execute("select pg_advisory_lock_shared(1)")
                connection.execute("select pg_advisory_unlock_shared(1)")
            return Response("done")

    class GiveUp(ShopView):
        def GET(self):
            with gevent.Timeout(0.1, False):
                with self.app.resources.db.connection() as connection:
                    connection.execute("select pg_sleep(60)")
            return Response("given up")
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgreSQL]:
    with postgresql() as cluster:
        yield cluster


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


@contextmanager
def shop(project: Project, cluster: PostgreSQL, cache: RedisServer) -> Iterator[Serving]:
    """The program of the document, with two more Views."""
    write_program("resources.md", project)
    project.write("shop/waiting.py", WAITING)
    routes = '[routes]\n"/wait" = "shop.waiting.Wait"\n"/give-up" = "shop.waiting.GiveUp"\n'
    project.manifest.write_text(project.manifest.read_text().replace("[routes]\n", routes))
    environ = {"DATABASE_URL": cluster.url, "REDIS_URL": cache.url}
    with serving(project, "routes.toml", environ=environ) as server:
        yield server


def post(server: Serving) -> Answer:
    return server.get("/visits/home", "POST", "Content-Length: 0\r\n")


def test_the_program_counts(project: Project, cluster: PostgreSQL, cache: RedisServer) -> None:
    """PostgreSQL counts, Redis remembers, and both are closed at the stop."""
    with shop(project, cluster, cache) as server, psycopg.connect(cluster.url) as watcher:
        assert [json.loads(post(server).body) for _ in range(2)] == [{"visits": 1}, {"visits": 2}]
        assert json.loads(server.get("/visits/home").body) == {"visits": 2}
        others = "select count(*) from pg_stat_activity where backend_type = 'client backend'"
        assert watcher.execute(others).fetchone() != (1,)
        assert server.stop().code == 0
        watcher.rollback()
        while watcher.execute(others).fetchone() != (1,):  # the server says so a moment later
            watcher.rollback()
        with Redis.from_url(cache.url) as client:
            assert len(client.client_list()) == 1


def test_a_type_checker_knows_the_resources(project: Project) -> None:
    """mypy finds nothing in the program, and knows what hangs on the app."""
    write_program("resources.md", project)
    project.write(
        "ask.py",
        """
        from shop.visits import Visits

        def ask(view: Visits) -> None:
            reveal_type(view.app.resources.db)
            view.app.resources.nothing
        """,
    )
    files = [str(project.folder / name) for name in ("ask.py", "shop")]
    cache = str(project.folder / "cache")
    options = ["--strict", "--config-file=", "--explicit-package-bases", "--cache-dir", cache]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYPYPATH", str(project.folder))
        out, _, _ = mypy.run([*options, *files])
    assert 'Revealed type is "psycopg_pool.pool.ConnectionPool[' in out
    assert ": error:" not in out


def test_queries_wait_beside_each_other(
    project: Project, cluster: PostgreSQL, cache: RedisServer
) -> None:
    """Twenty requests wait for one lock at the same time, each with a connection of its own."""
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    answers: list[Answer] = []
    with (
        shop(project, cluster, cache) as server,
        psycopg.connect(cluster.url, autocommit=True) as watcher,
    ):
        watcher.execute("select pg_advisory_lock(1)")
        clients = [
            threading.Thread(target=lambda: answers.append(server.get("/wait"))) for _ in range(20)
        ]
        for client in clients:
            client.start()
        while watcher.execute(waiting).fetchone() != (20,):
            assert not answers
        watcher.execute("select pg_advisory_unlock(1)")
        for client in clients:
            client.join()
    assert [answer.body for answer in answers] == [b"done"] * 20


def test_a_timeout_in_a_query_does_not_poison_the_pool(
    project: Project, cluster: PostgreSQL, cache: RedisServer
) -> None:
    """After more timeouts than the pool has connections, all of them are good."""
    with shop(project, cluster, cache) as server:
        before = json.loads(post(server).body)["visits"]
        given_up = [server.get("/give-up").body for _ in range(25)]
        assert given_up == [b"given up"] * 25
        counted = [json.loads(post(server).body)["visits"] for _ in range(25)]
        assert list(range(before + 1, before + 26)) == counted


def test_a_redis_that_is_away_is_a_503_and_comes_back(
    project: Project, cluster: PostgreSQL, cache: RedisServer
) -> None:
    """What was acknowledged is still there."""
    with shop(project, cluster, cache) as server:
        kept = json.loads(post(server).body)
        cache.kill()
        assert [server.get("/visits/home").status, post(server).status] == [503, 503]
        cache.start()
        assert kept == json.loads(server.get("/visits/home").body)
        assert post(server).status == 200
