"""A real browser without a window: Debian's Chromium, driven by WebDriver (W3C) over HTTP."""

import base64
import http.client
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.http import TIMEOUT

Json = dict[str, Any]

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

needs_browser = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None,
    reason="no chromium and chromedriver (Debian: apt-get install chromium chromium-driver)",
)

KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c"}

_ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class Browser:
    """One tab of a browser. Made by ``browsing``."""

    def __init__(self, port: int, session: str) -> None:
        self._port = port
        self._session = session

    def do(self, command: str, body: Json | None = None) -> Any:
        """A WebDriver command of the session: GET without a body, else POST."""
        method = "GET" if body is None else "POST"
        return command_driver(self._port, method, f"/session/{self._session}{command}", body)

    def open(self, url: str) -> None:
        """Open a page, and wait until it is loaded."""
        self.do("/url", {"url": url})

    @property
    def title(self) -> str:
        title: str = self.do("/title")
        return title

    def run(self, script: str, *args: object) -> Any:
        """The value of a JavaScript expression; ``arguments`` are the other ones."""
        return self.do("/execute/sync", {"script": f"return ({script});", "args": args})

    def wait_for(self, expression: str) -> None:
        """Wait until a JavaScript expression is true, whatever page is loaded meanwhile."""
        end = time.monotonic() + TIMEOUT
        while not self._holds(expression):
            assert time.monotonic() < end, f"not true of {self.title!r}: {expression}"
            time.sleep(0.02)

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.run(expression))
        except ScriptError:
            return False

    def text(self, selector: str = "body") -> str:
        """The text of the first element that a CSS selector finds, as it is to be seen."""
        text: str = self.run("document.querySelector(arguments[0]).innerText", selector)
        return text

    def press(self, *keys: str) -> None:
        """Press and release keys, one after another: characters, or names of KEYS."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self.do("/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def emulate(self, method: str, **params: object) -> Any:
        """A command of the DevTools protocol."""
        return self.do("/goog/cdp/execute", {"cmd": method, "params": params})

    def resize(self, width: int, height: int) -> None:
        """Make the viewport of this size, in CSS pixels."""
        self.emulate(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def prefer(self, **features: str) -> None:
        """Set media features, such as ``color_scheme="dark"``."""
        values = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value}
            for name, value in features.items()
        ]
        self.emulate("Emulation.setEmulatedMedia", features=values)

    def requests(self) -> list[str]:
        """The URLs that were asked for since the last call."""
        entries = self.do("/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """What the browser's console has said since the last call, but for failed statuses."""
        entries = self.do("/se/log", {"type": "browser"})
        return [e["message"] for e in entries if "responded with a status of" not in e["message"]]

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Save what is to be seen, or the whole page, as a PNG."""
        shot = self.emulate("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))


class ScriptError(Exception):
    """A script has failed, perhaps because its page was left."""


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser with a fresh profile in a folder; nothing of it is left at the end."""
    assert CHROMIUM is not None
    assert DRIVER is not None
    arguments = [*_ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    capabilities = {
        "browserName": "chrome",
        "pageLoadStrategy": "normal",
        "timeouts": {"script": int(TIMEOUT * 1000), "pageLoad": int(TIMEOUT * 1000)},
        "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
        "goog:chromeOptions": {"binary": CHROMIUM, "args": arguments},
    }
    with _driver(folder) as port:
        body = {"capabilities": {"alwaysMatch": capabilities}}
        session = command_driver(port, "POST", "/session", body)["sessionId"]
        try:
            yield Browser(port, session)
        finally:
            command_driver(port, "DELETE", f"/session/{session}")


@contextmanager
def _driver(folder: Path) -> Iterator[int]:
    """A running chromedriver; the value is its port."""
    assert DRIVER is not None
    with subprocess.Popen(
        [DRIVER, "--port=0"],
        env={**os.environ, "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if match := re.search(r"started successfully on port (\d+)", line):
                    break
            else:
                raise AssertionError("chromedriver does not start")
            yield int(match[1])
        finally:
            process.terminate()


def command_driver(port: int, method: str, path: str, body: Json | None = None) -> Any:
    """A WebDriver command; returns its value. Raises AssertionError for an error of WebDriver."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2 * TIMEOUT)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        value = json.loads(answer.read())["value"]
    finally:
        connection.close()
    if answer.status == 200:
        return value
    if value["error"] == "javascript error":
        raise ScriptError(value["message"])
    raise AssertionError(f"{method} {urlsplit(path).path}: {value['error']}: {value['message']}")
