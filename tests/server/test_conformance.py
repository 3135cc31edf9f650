"""HTTP/1.1 on the wire, on a real ``serve``: each case of the table, whole and octet by octet."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.conformance import APP, CASES, MANIFEST, Case
from tests.support.http import Answer, Connection
from tests.support.project import Project
from tests.support.serving import Serving, serving

_SMALL = 600


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for all cases; at its end it has printed no traceback and no control octet."""
    folder: Path = tmp_path_factory.mktemp("conformance")
    project = Project(folder)
    project.write("routes.toml", MANIFEST)
    project.write("app.py", APP)
    with serving(project) as server:
        yield server
        result = server.stop()
    assert result.code == 0
    assert "Traceback" not in result.err
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.err) is None


def check(client: Connection, case: Case) -> None:
    """The answers are those of the case, and nothing follows."""
    for answer in case.answers:
        match answer.split(" ", 1):
            case ["closed"]:
                assert client.rest() == b""
                return
            case ["cut"]:
                return
            case ["tail"]:
                client.send("not HTTP\n")
                assert client.rest() == b"not HTTP\n"
                return
            case ["100"]:
                assert client.read().status == 100
                return
            case ["200"] if "cut" in case.answers:
                with pytest.raises(EOFError):
                    client.read()
            case [status]:
                assert final(client, case).status == int(status)
            case [status, body]:
                got = final(client, case)
                assert (got.status, got.body.decode("latin-1")) == (int(status), body)
    assert client.get("/probe").body == b"GET /probe? test"


def final(client: Connection, case: Case) -> Answer:
    """The next answer but 100, which comes where the server was faster than the body."""
    answer = client.read(case.method)
    return client.read(case.method) if answer.status == 100 else answer


@pytest.mark.parametrize("case", CASES, ids=str)
def test_conformance(server: Serving, case: Case) -> None:
    """A request is answered as its section says, and the connection stays in step or ends."""
    with server.connect() as client:
        client.send(case.sent)
        check(client, case)


@pytest.mark.parametrize("case", [case for case in CASES if len(case.sent) < _SMALL], ids=str)
def test_fragmented(server: Serving, case: Case) -> None:
    """It makes no difference if each octet comes alone (RFC 9112 2.2)."""
    with server.connect() as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in case.sent:
            client.send(octet)
        check(client, case)


def test_the_table_is_large() -> None:
    """There are at least 150 different cases."""
    assert len({case.sent for case in CASES}) >= 150
