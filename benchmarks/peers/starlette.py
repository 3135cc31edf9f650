"""Starlette on uvicorn, and its router."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Match, Route

from benchmarks.routers import Outcome, Router, Row, hit, refused, specific_first


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("Hello, World!")


async def ticks(request: Request) -> StreamingResponse:
    return StreamingResponse(_lines(float(request.query_params["phase"])), media_type="text/plain")


async def _lines(phase: float) -> AsyncIterator[str]:
    due = time.monotonic() + phase
    while True:
        await asyncio.sleep(max(0, due - time.monotonic()))
        yield f"due {due:.6f}\n"
        due += 1


application = Starlette(routes=[Route("/", hello), Route("/ticks", ticks)])


def serve(port: int) -> None:
    """With uvloop and httptools, if they are there; without an access log."""
    import uvicorn

    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        backlog=4096,
    )


def router(rows: Sequence[Row]) -> Router:
    """The search that ``starlette.routing.Router`` does for each request."""
    routes = [
        Route(_path(row.pattern), hello, methods=row.methods, name=row.name)
        for row in specific_first(rows)
    ]

    def ask(scope: dict[str, Any]) -> Any:
        partial = None
        for route in routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                return route, child
            if match is Match.PARTIAL and partial is None:
                partial = route
        return partial

    return Router(_scope, ask, _outcome)


def _path(pattern: str) -> str:
    return re.sub(r"<(?:(int):)?(\w+)>", lambda m: f"{{{m[2]}{':int' if m[1] else ''}}}", pattern)


def _scope(path: str, method: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "path_params": {},
    }


def _outcome(answer: Any) -> Outcome:
    if answer is None:
        return refused(404)
    if isinstance(answer, Route):
        return refused(405)
    route, child = answer
    return hit(route.name, child["path_params"])
