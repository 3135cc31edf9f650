"""What webzeug's site has on a server, besides its greeting."""

import logging
import time
from collections.abc import Iterator

from webzeug import Response, View

# As of all peers but one: nobody would read it.
logging.getLogger("webzeug.access").setLevel(logging.WARNING)


class Ticks(View):
    def GET(self) -> Response:
        return Response(ticks(float(self.request.args["phase"])))


def ticks(phase: float) -> Iterator[bytes]:
    """A line each second: when it was due."""
    due = time.monotonic() + phase
    while True:
        time.sleep(max(0, due - time.monotonic()))
        yield f"due {due:.6f}\n".encode()
        due += 1
