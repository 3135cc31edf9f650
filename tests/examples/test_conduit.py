"""The RealWorld API, asked by its public collection, on both databases, and with one that dies."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.http import Answer
from tests.support.postgresql import PostgreSQL, needs_postgresql, postgresql
from tests.support.project import Project
from tests.support.serving import Serving, serving

FOLDER = Path(__file__).parents[2] / "examples" / "conduit"
COLLECTION = Path(__file__).parents[3] / "shared" / "conduit" / "Conduit.postman_collection.json"
PASSED = {"assertions": 311, "failures": []}
NEWMAN = shutil.which("newman")

needs_newman = pytest.mark.skipif(NEWMAN is None, reason="needs npm install -g newman")
needs_collection = pytest.mark.skipif(
    not COLLECTION.is_file(), reason=f"there is no file {COLLECTION}"
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgreSQL]:
    """A PostgreSQL for the tests that let it live."""
    with postgresql() as cluster:
        yield cluster


def conduit(folder: Path, database: str, *args: str) -> Any:
    """The server of the example, run in a folder of its own."""
    return serving(
        Project(folder), str(FOLDER / "routes.toml"), *args, environ={"DATABASE_URL": database}
    )


def run_collection(server: Serving, folder: Path) -> dict[str, Any]:
    """What newman counts, and what has failed."""
    names = {
        "APIURL": f"http://127.0.0.1:{server.port}/api",
        "USERNAME": "johnjacob",
        "EMAIL": "john@jacob.com",
        "PASSWORD": "johnnyjacob",
    }
    args = [arg for name, value in names.items() for arg in ("--global-var", f"{name}={value}")]
    assert NEWMAN is not None
    report = folder / "report.json"
    subprocess.run(
        [NEWMAN, "run", COLLECTION, *args, "-r", "json", "--reporter-json-export", report],
        capture_output=True,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
        check=False,
    )
    run: dict[str, Any] = json.loads(report.read_text())["run"]
    return {
        "assertions": run["stats"]["assertions"]["total"],
        "failures": [failure["error"]["message"] for failure in run["failures"]],
    }


@needs_newman
@needs_collection
@needs_postgresql
def test_the_public_collection_passes_on_postgresql(cluster: PostgreSQL, tmp_path: Path) -> None:
    """All 311 assertions of the RealWorld project hold."""
    with conduit(tmp_path, cluster.url) as server:
        assert run_collection(server, tmp_path) == PASSED
        assert server.stop().code == 0


@needs_newman
@needs_collection
def test_the_public_collection_passes_on_sqlite(tmp_path: Path) -> None:
    """The same on the database that needs no server."""
    with conduit(tmp_path, "sqlite:conduit.db") as server:
        assert run_collection(server, tmp_path) == PASSED


class Author:
    """Somebody who has registered."""

    def __init__(self, server: Serving, name: str) -> None:
        self._server = server
        self.token = ""
        user = {"username": name, "email": f"{name}@x.org", "password": "secret"}
        self.token = json.loads(self.post("/users", {"user": user}).body)["user"]["token"]

    def send(self, method: str, path: str, value: object = None) -> Answer:
        """A request with the token, on a connection of its own, and its answer."""
        body = b"" if value is None else json.dumps(value).encode()
        token = f"Authorization: Token {self.token}\r\n" if self.token else ""
        head = f"{method} /api{path} HTTP/1.1\r\nHost: test\r\n{token}"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        with self._server.connect() as client:
            client.send(request)
            return client.read(method)

    def get(self, path: str) -> Any:
        """What a GET answers."""
        return json.loads(self.send("GET", path).body)

    def post(self, path: str, value: object = None) -> Answer:
        """The answer to a POST."""
        return self.send("POST", path, value)

    def write(self, title: str) -> str:
        """A new article's slug."""
        article = {"title": title, "description": "d", "body": "b", "tagList": ["x"]}
        answer = self.post("/articles", {"article": article})
        assert answer.status == 201, answer
        slug: str = json.loads(answer.body)["article"]["slug"]
        return slug


@needs_postgresql
@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_what_is_wrong_is_said(engine: str, cluster: PostgreSQL, tmp_path: Path) -> None:
    """Errors are JSON, have the right status, and leave nothing half done."""
    url = cluster.url if engine == "postgresql" else "sqlite:conduit.db"
    with conduit(tmp_path, url) as server:
        ada, bob = Author(server, "ada"), Author(server, "bob")
        slug = ada.write("Notes on the Engine")
        anybody = Author(server, "eve")
        anybody.token = "forged"
        taken = {"user": {"username": "ada", "email": "new@x.org", "password": "x"}}
        cases = [
            (bob.post("/users", taken), 422, {"user"}),
            (bob.post("/users", {"user": {"email": "e"}}), 422, {"body"}),
            (bob.post("/users", []), 422, {"body"}),
            (bob.send("PUT", "/user", {"user": {"username": "ada"}}), 422, {"user"}),
            (bob.send("PUT", f"/articles/{slug}", {"article": {"body": "mine"}}), 403, {"body"}),
            (bob.send("DELETE", f"/articles/{slug}"), 403, {"body"}),
            (bob.send("GET", "/articles/nothing"), 404, {"body"}),
            (bob.send("PATCH", "/articles"), 405, {"body"}),
            (anybody.send("GET", "/user"), 401, {"body"}),
        ]
        for answer, status, fields in cases:
            assert (status, fields) == (answer.status, set(json.loads(answer.body)["errors"]))
        assert ada.get(f"/articles/{slug}")["article"]["body"] == "b"
        assert ada.get("/articles?author=ada")["articlesCount"] == 1


@needs_postgresql
def test_nothing_that_was_acknowledged_is_lost_when_postgresql_is_killed(tmp_path: Path) -> None:
    """While it is away there are 503s and nothing else, and all works again when it is back."""
    with postgresql() as cluster, conduit(tmp_path, cluster.url) as server:
        slug = Author(server, "ada").write("Under load")
        kept: list[str] = []
        statuses: list[int] = []
        has_failed, is_back, finish = threading.Event(), threading.Event(), threading.Event()

        def comment(name: str) -> None:
            author, number = Author(server, name), 0
            while not finish.is_set():
                number += 1
                text = f"{name} {number}"
                answer = author.post(f"/articles/{slug}/comments", {"comment": {"body": text}})
                statuses.append(answer.status)
                if answer.status == 201:
                    kept.append(text)
                    if has_failed.is_set():
                        is_back.set()
                if answer.status == 503:
                    assert answer.field("Retry-After") == "1"
                    has_failed.set()

        writers = [threading.Thread(target=comment, args=(f"user{n}",)) for n in range(8)]
        for writer in writers:
            writer.start()
        while len(kept) < 50:
            assert not finish.wait(0.01)
        cluster.kill()
        assert has_failed.wait(30)
        cluster.start()
        assert is_back.wait(30)
        finish.set()
        for writer in writers:
            writer.join()
        assert {201, 503} == set(statuses)
        reader = Author(server, "reader")
        comments = reader.get(f"/articles/{slug}/comments")["comments"]
        assert set(kept) <= {comment["body"] for comment in comments}
        assert server.stop().code == 0


@needs_postgresql
def test_a_database_that_is_away_stops_the_start_with_one_message(tmp_path: Path) -> None:
    """It names the resource, and says why."""
    with serving(
        Project(tmp_path),
        str(FOLDER / "routes.toml"),
        environ={"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
        starts=False,
    ) as server:
        result = server.wait()
    assert result.code == 1
    assert "error[WZ306]: the resource `db` could not be opened: OperationalError" in result.err
    assert "Connection refused" in result.err
    assert result.err.endswith("\n1 error\n")
