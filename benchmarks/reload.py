"""Reload under load: clients that never pause, while the manifest and the code are rewritten.

    python benchmarks/reload.py

Eight connections, four of them kept, ask ``serve --dev`` without a pause. Meanwhile the manifest
is rewritten 500 times in more than 20 ways, and a module 20 times; half of it is broken. Each
answer names the table that matched it, the table that its URL was built with, and the table whose
middleware it went through. A request has failed if it got no answer, or another one than 200; no
client asks twice.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

TIMEOUT = 30.0
LIMIT = 0.25
"""Seconds within which a change of the manifest is live, at the 95th percentile."""

VIEWS = """\
import gc
import os
import threading

import greenlet
from webzeug import Response, View

CODE = {code}


class Which(View):
    def GET(self, version):
        return Response(f"{{CODE}} {{version}} {{self.url_for('mark')}}")


class Extra(View):
    def GET(self, version):
        return Response(f"{{CODE}} {{version}} /")


class Counts(View):
    def GET(self):
        greenlets = sum(isinstance(thing, greenlet.greenlet) for thing in gc.get_objects())
        tasks = len(os.listdir("/proc/self/task"))
        descriptors = len(os.listdir("/proc/self/fd"))
        return Response(f"{{os.getpid()}} {{descriptors}} {{tasks}} {{greenlets}}")


class Mark:
    def __init__(self, app, version):
        self.app, self.version = app, version

    def __call__(self, environ, start_response):
        def start(status, headers, exc_info=None):
            return start_response(status, [*headers, ("X-Version", str(self.version))], exc_info)
        return self.app(environ, start)
"""

MANIFEST = """\
# Version {version}
[routes]
"/counts" = "app.views.Counts"
{filler}
[routes."/more"]
include = "extra.toml"

[routes."/site"]
middleware = [{{ use = "app.views.Mark", with = {{ version = {version} }} }}]
"/which" = {{ view = "app.views.Which", defaults = {{ version = {version} }} }}
"/mark/{version}" = {{ view = "app.views.Which", name = "mark", defaults = {{ version = 0 }} }}
"""

EXTRA = """\
[routes]
"/extra" = {{ view = "app.views.Extra", defaults = {{ version = {version} }} }}
"""

FILLER = "\n".join(
    f'"/filler/{number}/<int:id>" = {{ view = "app.views.Counts", name = "filler{number}" }}'
    for number in range(40)
)


Counts = dict[str, int]

# The clients


class Client:
    """One connection to the server at a time."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self._buffer = b""

    def get(self, path: str, *, keep: bool = True) -> tuple[int, dict[str, str], str]:
        """Ask once; raises OSError or EOFError if there is no answer."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        close = "" if keep else "Connection: close\r\n"
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\n{close}\r\n".encode())
        head, body = self._read()
        status, *lines = head.split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines)
        if fields.get("connection") == "close":
            self.close()
        return int(status.split(" ")[1]), fields, body

    def _read(self) -> tuple[str, str]:
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: (\d+)", head)
        length = int(found[1]) if found else 0
        while len(self._buffer) < length:
            self._more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return head.decode(), body.decode()

    def _more(self) -> None:
        assert self._socket is not None
        block = self._socket.recv(65536)
        if not block:
            raise EOFError("closed by the server")
        self._buffer += block

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, b""


def hammer(address: tuple[str, int], connections: int) -> dict[str, Any]:
    """Ask without a pause on so many connections until stdin ends; returns what was counted."""
    counts: Counter[str] = Counter()
    failures: list[str] = []
    is_over = threading.Event()

    def ask(number: int) -> None:
        client, keep, last = Client(address), number % 2 == 0, 0
        while not is_over.is_set():
            try:
                status, fields, body = client.get("/site/which", keep=keep)
            except (OSError, EOFError, ValueError) as error:
                failures.append(f"{'kept' if keep else 'fresh'}: {error!r}")
                client.close()
                continue
            counts["requests"] += 1
            counts["closed"] += keep and fields.get("connection") == "close"
            if status != 200:
                failures.append(f"status {status}: {body[:200]}")
                continue
            _, version, mark = body.split(" ")
            if not version == mark.rpartition("/")[2] == fields["x-version"]:
                counts["mixed"] += 1
            counts["went back"] += int(version) < last
            last = int(version)
        client.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    is_over.set()
    for thread in threads:
        thread.join()
    return {**counts, "failed": len(failures), "failures": failures[:20]}


@contextmanager
def hammering(address: tuple[str, int], connections: int = 8) -> Iterator[dict[str, Any]]:
    """Let a process of its own hammer the server; the result is filled in at the end."""
    command = [sys.executable, __file__, "--hammer", *map(str, (*address, connections))]
    result: dict[str, Any] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield result
        finally:
            out, _ = process.communicate()
            result.update(json.loads(out or b"{}"))


# The server


class Server:
    """``serve --dev`` in a folder, and what it says."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "webzeug", "serve", "--dev", "--bind", "127.0.0.1:0"]
        self._said = folder / "said.txt"
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                command, cwd=folder, stderr=said, stdin=subprocess.DEVNULL
            )
        self._read = 0
        self.lines: list[str] = []
        started = self.wait_for(r"on http://127\.0\.0\.1:(\d+)/", 0)
        self.address = ("127.0.0.1", int(started[1]))

    def read(self) -> list[str]:
        """All lines so far, but those of the access log."""
        with self._said.open() as said:
            said.seek(self._read)
            text, newline, _ = said.read().rpartition("\n")
        self._read += len(text + newline)
        self.lines += [line for line in text.splitlines() if '" 200 ' not in line]
        return self.lines

    def wait_for(self, pattern: str, start: int) -> "re.Match[str]":
        """The first line, from a number on, that matches."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            for line in self.read()[start:]:
                if found := re.search(pattern, line):
                    return found
            time.sleep(0.005)
        raise TimeoutError(f"nothing matches {pattern!r} in {self.lines[start:]}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(TIMEOUT)

    def counts(self) -> Counts:
        """What the supervisor holds."""
        proc = Path("/proc") / str(self.process.pid)
        return {
            "supervisor's descriptors": len(os.listdir(proc / "fd")),
            "supervisor's threads": len(os.listdir(proc / "task")),
        }


# The ways to rewrite a manifest


@dataclass(slots=True)
class Site:
    """The application on disk; ``version`` is that of the last sound manifest."""

    folder: Path
    version: int = 1
    extra: int = 1
    code: int = 1

    def __post_init__(self) -> None:
        for name in ("app", "elsewhere", "versions"):
            (self.folder / name).mkdir()
        (self.folder / "app" / "__init__.py").write_text("")
        self.write_code()
        self.path.write_text(self.text())
        (self.folder / "extra.toml").write_text(EXTRA.format(version=1))

    @property
    def path(self) -> Path:
        return self.folder / "routes.toml"

    def text(self, version: int | None = None) -> str:
        return MANIFEST.format(version=version or self.version, filler=FILLER)

    def write_code(self, more: str = "") -> None:
        (self.folder / "app" / "views.py").write_text(VIEWS.format(code=self.code) + more)

    def clear(self) -> None:
        """Nothing stands in the manifest's place."""
        if self.path.is_dir() and not self.path.is_symlink():
            self.path.rmdir()
        else:
            self.path.unlink(missing_ok=True)

    def into_place(self, text: str | bytes) -> None:
        """Write the manifest itself, whatever stands there."""
        if self.path.is_symlink() or not self.path.is_file():
            self.clear()
        self.path.write_bytes(text.encode() if isinstance(text, str) else text)


def write(site: Site, text: str) -> None:
    site.into_place(text)


def rename_over(site: Site, text: str) -> None:
    new = site.folder / "routes.toml.new"
    new.write_text(text)
    if site.path.is_dir():
        site.clear()
    os.replace(new, site.path)


def rename_from_elsewhere(site: Site, text: str) -> None:
    elsewhere = site.folder / "elsewhere"
    (elsewhere / "x").write_text(text)
    if site.path.is_dir():
        site.clear()
    os.replace(elsewhere / "x", site.path)


def delete_and_create(site: Site, text: str) -> None:
    site.clear()
    time.sleep(0.05)
    site.path.write_text(text)


def backup_and_create(site: Site, text: str) -> None:
    if site.path.exists() and not site.path.is_dir():
        os.replace(site.path, site.folder / "routes.toml~")
    else:
        site.clear()
    site.path.write_text(text)
    (site.folder / "routes.toml~").unlink(missing_ok=True)


def slowly(site: Site, text: str) -> None:
    if not site.path.is_file() or site.path.is_symlink():
        site.clear()
    lines = text.splitlines(keepends=True)
    with site.path.open("w") as file:
        for start in range(0, len(lines), 12):
            file.writelines(lines[start : start + 12])
            file.flush()
            time.sleep(0.06)


def half(site: Site, text: str) -> None:
    if not site.path.is_file() or site.path.is_symlink():
        site.clear()
    cut = text.index('[routes."/site"]')
    with site.path.open("w") as file:
        file.write(text[:cut])
        file.flush()
        time.sleep(0.2)
        file.write(text[cut:])


def crlf(site: Site, text: str) -> None:
    site.into_place(text.replace("\n", "\r\n"))


def with_bom(site: Site, text: str) -> None:
    site.into_place(b"\xef\xbb\xbf" + text.encode())


def swap_link(site: Site, text: str) -> None:
    versions = site.folder / "versions"
    target = versions / f"{time.time_ns()}.toml"
    target.write_text(text)
    link = site.folder / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    if site.path.is_dir():
        site.clear()
    os.replace(link, site.path)


def config_map(site: Site, text: str) -> None:
    """As Kubernetes updates a mounted ConfigMap."""
    fresh = site.folder / f"..{time.time_ns()}"
    fresh.mkdir()
    (fresh / "routes.toml").write_text(text)
    data, temporary = site.folder / "..data", site.folder / "..data_tmp"
    former = os.readlink(data) if data.is_symlink() else None
    temporary.symlink_to(fresh.name)
    os.replace(temporary, data)
    if not site.path.is_symlink() or os.readlink(site.path) != "..data/routes.toml":
        site.clear()
        site.path.symlink_to("..data/routes.toml")
    if former is not None:
        shutil.rmtree(site.folder / former)


def burst(site: Site, text: str) -> None:
    for number in range(10):
        site.into_place(text.replace("# Version", f"# Draft {number}, version"))
    site.into_place(text)


SOUND: dict[str, Callable[[Site, str], None]] = {
    "written": write,
    "renamed over": rename_over,
    "renamed from elsewhere": rename_from_elsewhere,
    "deleted, created": delete_and_create,
    "backup, created": backup_and_create,
    "slowly written": slowly,
    "half written": half,
    "CRLF": crlf,
    "BOM": with_bom,
    "link swapped": swap_link,
    "ConfigMap": config_map,
    "burst": burst,
}


def no_toml(site: Site) -> None:
    site.into_place(site.text(99999) + "\n[routes\n")


def bad_pattern(site: Site) -> None:
    site.into_place(site.text(99999).replace("<int:id>", "<nope:id>"))


def no_view(site: Site) -> None:
    site.into_place(site.text(99999).replace("app.views.Which", "app.views.Witch"))


def not_utf8(site: Site) -> None:
    site.into_place(site.text(99999).encode() + b"# \xff\n")


def emptied(site: Site) -> None:
    site.into_place("")


def removed(site: Site) -> None:
    site.clear()


def fifo(site: Site) -> None:
    site.clear()
    os.mkfifo(site.path)


def folder(site: Site) -> None:
    site.clear()
    site.path.mkdir()


BROKEN: dict[str, Callable[[Site], None]] = {
    "no TOML": no_toml,
    "bad pattern": bad_pattern,
    "no such View": no_view,
    "not UTF-8": not_utf8,
    "emptied": emptied,
    "removed": removed,
    "FIFO": fifo,
    "folder": folder,
}


def touched(site: Site) -> None:
    os.utime(site.path)


def mode_changed(site: Site) -> None:
    site.path.chmod(0o600 if site.path.stat().st_mode & 0o77 else 0o644)


def same_content(site: Site) -> None:
    site.path.write_bytes(site.path.read_bytes())


SAME: dict[str, Callable[[Site], None]] = {
    "touched": touched,
    "mode changed": mode_changed,
    "same content": same_content,
}

CODE = ("sound", "syntax error", "raises", "exits")


# The run


@dataclass(slots=True)
class Result:
    """What was measured; durations in seconds."""

    live: dict[str, list[float]] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    code_live: list[float] = field(default_factory=list)
    code_kept: int = 0
    growth: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    hammered: dict[str, Any] = field(default_factory=dict)
    exit_code: int | None = None

    @property
    def p95(self) -> float:
        """Of the durations until a change of the manifest was live."""
        return quantiles([took for kind in self.live.values() for took in kind], n=20)[-1]


class Run:
    """Rewrites an application that is hammered."""

    def __init__(self, site: Site, server: Server) -> None:
        self.site = site
        self.server = server
        self.result = Result()
        self._probe = Client(server.address)

    def close(self) -> None:
        self._probe.close()

    def _ask(self, path: str) -> tuple[int, int]:
        status, _, body = self._probe.get(path)
        if status != 200:
            raise AssertionError(f"{path} answered {status}: {body}")
        code, version, _ = body.split(" ")
        return int(code), int(version)

    def _wait(self, path: str, wanted: tuple[int, int]) -> float:
        start = time.monotonic()
        while self._ask(path) != wanted:
            if time.monotonic() - start > TIMEOUT:
                raise TimeoutError(f"{path} does not become {wanted}: {self.server.lines[-20:]}")
            time.sleep(0.002)
        return time.monotonic() - start

    def _is_still(self, what: str) -> None:
        for path, version in (("/site/which", self.site.version), ("/more/extra", self.site.extra)):
            found = self._ask(path)
            if found != (self.site.code, version):
                self.result.wrong.append(f"{what}: {path} is {found}")

    def sound(self, kind: str) -> None:
        start = len(self.server.read())
        self.site.version += 1
        SOUND[kind](self.site, self.site.text())
        took = self._wait("/site/which", (self.site.code, self.site.version))
        self.result.live.setdefault(kind, []).append(took)
        self.server.wait_for(f"swapped .* /site/mark/{self.site.version}", start)

    def broken(self, kind: str) -> None:
        start = len(self.server.read())
        BROKEN[kind](self.site)
        self.server.wait_for("kept the last good state", start)
        self._is_still(kind)
        self.result.kept[kind] += 1

    def same(self, kind: str) -> None:
        if not self.site.path.is_file():
            return
        start = len(self.server.read())
        SAME[kind](self.site)
        time.sleep(0.15)
        self._is_still(kind)
        if said := [line for line in self.server.read()[start:] if "swapped" in line]:
            self.result.wrong.append(f"{kind}: {said}")
        self.result.same[kind] += 1

    def include_changed(self) -> None:
        self.site.extra += 1
        (self.site.folder / "extra.toml").write_text(EXTRA.format(version=self.site.extra))
        took = self._wait("/more/extra", (self.site.code, self.site.extra))
        self.result.live.setdefault("include changed", []).append(took)

    def include_removed(self) -> None:
        start = len(self.server.read())
        (self.site.folder / "extra.toml").unlink()
        self.server.wait_for("kept the last good state", start)
        self._is_still("include removed")
        self.result.kept["include removed"] += 1
        self.include_changed()

    def change_code(self, kind: str) -> None:
        broken = {"syntax error": "x = (", "raises": "1 / 0", "exits": "import os; os._exit(3)"}
        if kind == "sound":
            self.site.code += 1
            self.site.write_code()
            took = self._wait("/site/which", (self.site.code, self.site.version))
            self.result.code_live.append(took)
            return
        start = len(self.server.read())
        self.site.write_code(broken[kind])
        self.server.wait_for("kept the last good state", start)
        self._is_still(kind)
        self.result.code_kept += 1
        self.site.write_code()
        self.server.wait_for("mended", start)

    def pid(self) -> int:
        """The process that serves."""
        return int(self._probe.get("/counts")[2].split()[0])

    def stay(self, pid: int) -> None:
        if self.pid() != pid:
            self.result.wrong.append("a change of the manifest has restarted the process")

    def counts(self) -> Counts:
        """What both processes hold while nobody but us asks."""
        former: Counts = {}
        while True:
            numbers = [int(number) for number in self._probe.get("/counts")[2].split()[1:]]
            counts = dict(zip(("descriptors", "threads", "greenlets"), numbers, strict=True))
            counts |= self.server.counts()
            if counts == former:
                return counts
            former = counts
            time.sleep(0.3)

    def manifest_steps(self) -> Iterator[Callable[[], None]]:
        """One round through all kinds of rewriting a manifest; broken ones are mended."""
        sound, broken = list(SOUND), list(BROKEN)
        for number, kind in enumerate(sound):
            yield lambda kind=kind: self.sound(kind)  # type: ignore[misc]
            if number < len(broken):
                yield lambda kind=broken[number]: self.broken(kind)  # type: ignore[misc]
            elif number - len(broken) < len(SAME):
                name = list(SAME)[number - len(broken)]
                yield lambda kind=name: self.same(kind)  # type: ignore[misc]
        yield lambda: self.sound("written")
        yield self.include_changed
        yield self.include_removed


def run(where: Path, edits: int, code_edits: int) -> Result:
    """Rewrite an application in an empty folder so many times, and measure.

    The code is rewritten during the first half, so that one process sees the other half.
    """
    site = Site(where)
    server = Server(where)
    running = Run(site, server)
    steps: Iterator[Callable[[], None]] = iter(())
    try:
        for kind in SOUND:
            running.sound(kind)
        before = running.counts()
        with hammering(server.address) as hammered:
            pid = running.pid()
            for number in range(edits):
                step = next(steps, None)
                if step is None:
                    steps = running.manifest_steps()
                    step = next(steps)
                step()
                done = (number + 1) * code_edits * 2 // edits
                if done > number * code_edits * 2 // edits and number < edits // 2:
                    running.sound("renamed over")
                    running.stay(pid)
                    running.change_code(CODE[done % len(CODE)])
                    running.sound("written")
                    pid = running.pid()
            running.sound("renamed over")
            running.stay(pid)
        after = running.counts()
        running.result.growth = {name: after[name] - before[name] for name in before}
        running.result.hammered = hammered
        running.close()
    finally:
        running.result.exit_code = server.stop()
    return running.result


def table(result: Result) -> str:
    """The result for people."""
    lines = [
        f"{'change of the manifest':28}{'times':>6}{'median':>9}{'p95':>9}{'worst':>9}  outcome"
    ]
    for kind, took in result.live.items():
        marks = quantiles(took * 2 if len(took) == 1 else took, n=20)
        times = "".join(f"{mark * 1000:>6.0f} ms" for mark in (marks[9], marks[18], max(took)))
        lines.append(f"{kind:28}{len(took):>6}{times}  live")
    for kind, times_kept in result.kept.items():
        lines.append(f"{kind:28}{times_kept:>6}{'':27}  last good one kept")
    for kind, times_same in result.same.items():
        lines.append(f"{kind:28}{times_same:>6}{'':27}  no reload")
    hammered = result.hammered
    lines += [
        "",
        f"all manifests live: p95 {result.p95 * 1000:.0f} ms (limit {LIMIT * 1000:.0f} ms)",
        f"code live: {len(result.code_live)} times, "
        f"worst {max(result.code_live, default=0) * 1000:.0f} ms; kept: {result.code_kept} times",
        f"requests: {hammered.get('requests', 0)}, failed: {hammered.get('failed')}, "
        f"mixed tables: {hammered.get('mixed', 0)}, older table after newer: "
        f"{hammered.get('went back', 0)}, kept connections closed: {hammered.get('closed', 0)}",
        f"growth: {', '.join(f'{name} {number}' for name, number in result.growth.items())}",
        *hammered.get("failures", ()),
        *result.wrong,
    ]
    return "\n".join(lines)


def is_good(result: Result) -> bool:
    """Whether nothing failed and everything was in time."""
    hammered = result.hammered
    bad = (hammered["failed"], hammered.get("mixed"), hammered.get("went back"), result.wrong)
    grown = any(number > 0 for number in result.growth.values())
    return not any(bad) and not grown and result.p95 <= LIMIT and result.exit_code == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edits", type=int, default=500, help="of the manifest")
    parser.add_argument("--code-edits", type=int, default=20, help="of a module")
    parser.add_argument("--hammer", nargs=3, metavar=("HOST", "PORT", "N"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.hammer:
        host, port, connections = args.hammer
        print(json.dumps(hammer((host, int(port)), int(connections))))
        return
    with tempfile.TemporaryDirectory() as where:
        result = run(Path(where), args.edits, args.code_edits)
    print(table(result))
    sys.exit(0 if is_good(result) else 1)


if __name__ == "__main__":
    main()
