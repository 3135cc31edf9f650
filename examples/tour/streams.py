"""A stream: an ordinary generator, one greenlet a client."""

import time
from collections.abc import Iterator

from webzeug import Response, View


class Ticks(View):
    def GET(self) -> Response:
        return Response(ticks())


def ticks() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{number}\n"
        time.sleep(1)  # gevent's, since `serve` patches the standard library
