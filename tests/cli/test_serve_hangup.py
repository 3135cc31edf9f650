"""SIGHUP lets a plain `webzeug serve` read its manifest again."""

import os
import re
import signal
import subprocess
import sys

import pytest

from tests.support.http import TIMEOUT
from tests.support.project import Project
from tests.support.serving import serving

VIEWS = """
    import os, sys
    from webzeug import Response, View

    print("imported", file=sys.stderr, flush=True)

    class Index(View):
        def GET(self):
            return Response("hello")

    class Numbers(View):
        def GET(self):
            return Response(self.numbers())

        def numbers(self):
            from gevent import sleep
            yield "0"
            while not os.path.exists("enough"):
                sleep(0.01)
            yield "9"
    """

MANIFEST = """
    [routes]
    "/" = "shop.Index"
    "/numbers" = "shop.Numbers"
    """


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    return project


def add(project: Project, text: str) -> None:
    project.manifest.write_text(project.manifest.read_text("utf-8") + text, "utf-8")


def test_a_sound_manifest_is_swapped_in(shop: Project) -> None:
    """In the same process; connections and streams go on."""
    with serving(shop) as server, server.connect() as kept, server.connect() as stream:
        assert kept.get().body == b"hello"
        stream.send("GET /numbers HTTP/1.1\r\nHost: test\r\n\r\n")
        received = b""
        while b"1\r\n0\r\n" not in received:
            received += stream.file.read1()
        shop.write("routes.toml", MANIFEST.replace("/numbers", "/other"))
        server.signal(signal.SIGHUP)
        assert server.hear("swapped").endswith(": added /other; removed /numbers\n")
        assert (kept.get("/numbers").status, kept.get().body) == (404, b"hello")
        shop.write("enough", "")
        while not received.endswith(b"1\r\n9\r\n0\r\n\r\n"):
            received += stream.file.read1()
        assert server.stop().code == 0


def test_a_broken_manifest_is_kept_out(shop: Project) -> None:
    """All that is wrong is logged, and what was there goes on; so it is with other tables."""
    with serving(shop) as server:
        add(shop, '"/a" = "shop.Nobody"\n"/b" = "shop.Nothing"\n')
        server.signal(signal.SIGHUP)
        server.hear("has no `Nobody`")
        server.hear("has no `Nothing`")
        assert re.fullmatch(r"kept table 1 \([0-9a-f]{12}\): 2 errors\n", server.hear("kept"))
        assert server.get().body == b"hello"
        shop.write("routes.toml", MANIFEST + "    [config]\n    size = 1\n")
        server.signal(signal.SIGHUP)
        assert "[config] can only change with a new start" in server.hear("kept")
        shop.write("routes.toml", MANIFEST)
        server.signal(signal.SIGHUP)
        assert "the files have not changed" in server.hear("kept")
        assert server.stop().err.count("imported") == 1


def test_one_that_comes_during_the_start(shop: Project) -> None:
    """It does not end the process, and is seen to when it serves."""
    shop.write("shop.py", VIEWS + "\n    import time; time.sleep(0.5)\n")
    with serving(shop, starts=False) as server:
        server.hear("imported")
        server.signal(signal.SIGHUP)
        assert "the files have not changed" in server.hear("kept")
        assert server.get().body == b"hello"


IN_TERMINAL = """
import os, sys
os.setsid()
terminal = os.open(sys.argv[1], os.O_RDWR)  # becomes the one that controls this session
for descriptor in (0, 1, 2):
    os.dup2(terminal, descriptor)
os.execv(sys.executable, [sys.executable, "-m", "webzeug", "serve", "--bind", "unix:x.sock"])
"""


def test_a_terminal_that_is_closed(shop: Project) -> None:
    """A server in the foreground of a terminal ends with it, as other programs do."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", IN_TERMINAL, os.ttyname(theirs)]
    with subprocess.Popen(command, cwd=shop.folder) as process:
        said = b""
        while b"Ctrl-C" not in said:
            said += os.read(ours, 1000)
        os.close(theirs)
        os.close(ours)
        assert process.wait(TIMEOUT) == 0
    assert not (shop.folder / "x.sock").exists()


def test_follow(shop: Project) -> None:
    """With `--follow`, a change needs no signal; a broken one is logged and kept out."""
    with serving(shop, "--follow") as server, server.connect() as kept:
        assert kept.get().body == b"hello"
        add(shop, '"/new" = "shop.Index"\n')
        assert re.search(r"table 2 \([0-9a-f]{12}\): swapped .*added /new", server.hear("swapped"))
        assert kept.get("/new").body == b"hello"
        add(shop, '"/broken" = "shop.Nobody"\n')
        assert re.fullmatch(r"kept table 2 \([0-9a-f]{12}\): 1 error\n", server.hear("kept"))
        assert (kept.get("/new").status, kept.get("/broken").status) == (200, 404)
        shop.write("more.toml", '[routes]\n"/b" = "shop.Index"\n')
        shop.write("routes.toml", MANIFEST + '    [routes."/a"]\n    include = "more.toml"\n')
        server.hear("table 3")
        shop.write("more.toml", '[routes]\n"/c" = "shop.Index"\n')
        server.hear(r"table 4 .*added /a/c; removed /a/b")
        assert kept.get("/a/c").status == 200
        assert server.stop().code == 0


def test_secrets_stay_out_of_logs_and_pages(shop: Project) -> None:
    """Whatever fails, no value of [config], of its file or of the environment is told."""
    secrets = ("hunter-in-file", "hunter-on-top", "hunter-in-environ", "hunter-set")
    config = (
        '    [config]\n    key = "hunter-in-file"\n    token = "x"\n    top = "y"\n    size = 1\n'
    )
    env = '    [env]\n    token = "TOKEN"\n'
    shop.write("shop.py", VIEWS + "\n    class Fails(View):\n        def GET(self): 1 / 0\n")
    routes = MANIFEST + '    "/fails" = "shop.Fails"\n'
    shop.write("routes.toml", routes + config + env)
    shop.write("prod.toml", 'top = "hunter-on-top"\n')
    options = ("--config", "prod.toml", "--set", "config.key=hunter-set")
    with serving(shop, *options, environ={"TOKEN": "hunter-in-environ"}) as server:
        pages = [server.get("/fails").body, server.get("/nowhere").body]
        for broken in (
            routes + config.replace('"hunter', "hunter") + env,
            routes + config.replace("key", "other") + env,
            routes + config.replace('file"', "file") + env,
        ):
            shop.write("routes.toml", broken)
            server.signal(signal.SIGHUP)
            server.hear("kept table")
        shop.write("routes.toml", routes + config + env + "# changed\n")
        for text in ("top = hunter-on-top\n", 'size = "hunter-on-top"\n'):
            shop.write("prod.toml", text)
            server.signal(signal.SIGHUP)
            server.hear("kept table")
        result = server.stop()
    assert "division by zero" in result.err
    told = [result.err, result.out, *(page.decode() for page in pages)]
    assert [secret for secret in secrets for text in told if secret in text] == []


def test_secrets_stay_out_of_what_the_start_says(shop: Project) -> None:
    """Nor is one told when it does not start."""
    shop.write("routes.toml", MANIFEST + "    [config]\n    key = hunter2\n")
    result = shop.run("serve", "--set", "config.key=hunter3")
    assert (result.code, "hunter" in result.err) == (2, False)
    shop.write("routes.toml", MANIFEST + "    [config]\n    key = 1\n")
    result = shop.run("serve", "--set", "config.key=hunter3")
    assert (result.code, "hunter" in result.err) == (1, False)
