"""Other applications on the server of ``webzeug serve``.

python -m benchmarks.peers.same_server bare|MODULE:FUNCTION PORT
"""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def bare_function() -> "WSGIApplication":
    """A function that greets, or ticks."""
    from benchmarks.peers.bare import respond
    from benchmarks.peers.webzeug_site import ticks

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/ticks":
            return respond(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return ticks(float(environ["QUERY_STRING"].removeprefix("phase=")))

    return answer


def main() -> None:
    from gevent import monkey

    monkey.patch_all()
    from benchmarks.peers import webzeug_site  # noqa: F401  # its log is the server's
    from benchmarks.worker import resolve
    from webzeug.manifest.model import Server as Options
    from webzeug.server.log import configure_logging
    from webzeug.server.serve import Server

    name, port = sys.argv[1:]
    app: WSGIApplication = bare_function() if name == "bare" else resolve(name)()
    configure_logging()
    options = Options(bind=f"127.0.0.1:{port}", max_connections=20000, backlog=4096)
    Server(app, options).run(lambda: None)


if __name__ == "__main__":
    main()
