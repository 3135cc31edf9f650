"""What stands in docs/deploy works as it stands: systemd's files, nginx and Caddy in front."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from websockets.sync.client import connect

from tests.support.ports import free_port
from tests.support.project import Project
from tests.support.serving import Serving, serving

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
PROXY_FIX = '[[middleware]]\nuse = "werkzeug.middleware.proxy_fix.ProxyFix"'

VIEWS = """
    from webzeug import EventStream, Response, View, json_response

    class Index(View):
        def GET(self):
            request = self.request
            names = ("HTTP_X_REQUEST_ID", "REMOTE_ADDR")
            seen = {name: request.environ.get(name, "") for name in names}
            return json_response({"url": request.url, **seen})

        def POST(self):
            return Response(str(len(self.request.get_data())))

        def WEBSOCKET(self, ws):
            for message in ws:
                ws.send(message)

    class Events(View):
        def GET(self):
            return EventStream(self.app, self.events())

        def events(self):
            yield "first"
            self.app.draining.wait()
    """


@pytest.fixture
def server(project: Project) -> Iterator[Serving]:
    """The application behind the proxy, with the head of a manifest that the README shows."""
    readme = (DEPLOY / "README.md").read_text("utf-8")
    head = readme.partition("```toml\n")[2].partition("```")[0]
    project.write("shop.py", VIEWS)
    project.write(
        "routes.toml", f'{head}\n[routes]\n"/" = "shop.Index"\n"/events" = "shop.Events"\n'
    )
    with serving(project) as running:
        yield running


@contextmanager
def _running(*command: str, folder: Path, port: int) -> Iterator[str]:
    """A proxy in the foreground; the origin that it serves on."""
    environ = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def _nginx(folder: Path, upstream: int) -> Iterator[str]:
    port = free_port()
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "" if os.geteuid() else "user root;\n"  # who may write below the folder
    (folder / "site.conf").write_text(site, "utf-8")
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log stderr;\nevents {{ }}\n"
        f"http {{\naccess_log off;\n{paths}include {folder}/site.conf;\n}}\n",
        "utf-8",
    )
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin") or "nginx"
    config = ("-c", str(folder / "nginx.conf"), "-p", str(folder))
    subprocess.run([nginx, "-t", *config], check=True, capture_output=True)
    with _running(nginx, *config, "-g", "daemon off;", folder=folder, port=port) as origin:
        yield origin


@contextmanager
def _caddy(folder: Path, upstream: int) -> Iterator[str]:
    port = free_port()
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = text.replace("shop.example.com {", f"http://shop.example.com:{port} {{")
    options = "{\n\tadmin off\n\tauto_https off\n}\n"
    (folder / "Caddyfile").write_text(options + text, "utf-8")
    config = ("--config", str(folder / "Caddyfile"), "--adapter", "caddyfile")
    subprocess.run(["caddy", "validate", *config], check=True, capture_output=True)
    with _running("caddy", "run", *config, folder=folder, port=port) as origin:
        yield origin


Proxy = Callable[[Path, int], AbstractContextManager[str]]

PROXIES = [
    pytest.param(
        _nginx,
        id="nginx",
        marks=pytest.mark.skipif(
            not shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin"),
            reason="needs nginx",
        ),
    ),
    pytest.param(
        _caddy,
        id="caddy",
        marks=pytest.mark.skipif(not shutil.which("caddy"), reason="needs caddy"),
    ),
]


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_in_front(
    proxy: Proxy, server: Serving, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Requests, what a client may not say of itself, bodies, WebSockets and streams."""
    with proxy(tmp_path_factory.mktemp("proxy"), server.port) as origin:
        port = origin.partition(":")[2]
        host = {"Host": f"shop.example.com:{port}" if proxy is _caddy else "shop.example.com"}
        lies = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
        with urlopen(Request(f"http://{origin}/", headers=host | lies)) as answer:
            seen = answer.read().decode()
        assert re.search(r'"url": ?"http://shop\.example\.com(:\d+)?/"', seen)
        assert '"REMOTE_ADDR": "127.0.0.1"' in seen.replace('":"', '": "')
        assert re.search(r'"HTTP_X_REQUEST_ID": ?"[0-9a-f-]{32,36}"', seen)
        with urlopen(Request(f"http://{origin}/", b"x" * 100_000, host)) as answer:
            assert answer.read() == b"100000"
        with connect(f"ws://shop.example.com:{port}/", sock=_socket(port)) as client:
            client.send("hello")
            assert client.recv() == "hello"
        with urlopen(Request(f"http://{origin}/events", headers=host), timeout=10) as stream:
            assert b"data: first\n" in [stream.readline() for _ in range(4)]


def _socket(port: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(port)), 10)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_units_of_systemd(tmp_path: Path) -> None:
    """They are what systemd understands, once the program is where they say."""
    (tmp_path / "srv/venv/bin").mkdir(parents=True)
    (tmp_path / "srv/venv/bin/python").symlink_to(sys.executable)
    units = tmp_path / "units"
    units.mkdir()
    for name in ("webzeug.service", "webzeug.socket"):
        text = (DEPLOY / name).read_text("utf-8").replace("/srv/shop", str(tmp_path / "srv"))
        (units / name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(units.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "webzeug" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_the_files_agree() -> None:
    """Ports, probes and times are the same everywhere."""
    readme = (DEPLOY / "README.md").read_text("utf-8")
    cluster = (DEPLOY / "kubernetes.yaml").read_text("utf-8")
    image = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert PROXY_FIX.partition("\n")[2] in readme
    for key, path in re.findall(r'^(health|ready) = "(.*)"$', readme, re.MULTILINE):
        assert f"httpGet: {{path: {path}, port: http}}" in cluster, key
    assert "containerPort: 8000" in cluster
    assert "0.0.0.0:8000" in image
    assert "terminationGracePeriodSeconds: 45" in cluster
    assert "TimeoutStopSec=40" in (DEPLOY / "webzeug.service").read_text("utf-8")
    for path in DEPLOY.iterdir():
        assert path.name == "README.md" or f"({path.name})" in readme
