"""aiohttp: its server, and its router."""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from aiohttp.web_urldispatcher import MatchInfoError, UrlDispatcher

from benchmarks.routers import Outcome, Router, Row, hit, refused


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="Hello, World!")


async def ticks(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(request)
    due = time.monotonic() + float(request.query["phase"])
    while True:
        await asyncio.sleep(max(0, due - time.monotonic()))
        await response.write(f"due {due:.6f}\n".encode())
        due += 1


def serve(port: int) -> None:
    """On asyncio's own loop; without an access log."""
    app = web.Application()
    app.add_routes([web.get("/", hello), web.get("/ticks", ticks)])
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None, backlog=4096)


def router(rows: Sequence[Row]) -> Router:
    """``UrlDispatcher.resolve``, a coroutine that never waits."""
    dispatcher = UrlDispatcher()
    for row in rows:
        for method in row.methods or ():
            dispatcher.add_route(method, _path(row.pattern), _handler(row.name))
    resolve = dispatcher.resolve

    def ask(request: Any) -> Any:
        try:
            resolve(request).send(None)
        except StopIteration as done:
            return done.value

    return Router(lambda path, method: make_mocked_request(method, path), ask, _outcome)


def _handler(name: str) -> Callable[[web.Request], Coroutine[Any, Any, web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=name)

    handle.__name__ = name
    return handle


def _path(pattern: str) -> str:
    return re.sub(
        r"<(?:(int):)?(\w+)>", lambda m: f"{{{m[2]}:\\d+}}" if m[1] else f"{{{m[2]}}}", pattern
    )


def _outcome(answer: Any) -> Outcome:
    if isinstance(answer, MatchInfoError):
        return refused(answer.http_exception.status)
    return hit(answer.handler.__name__, dict(answer))
