"""Flask. Its routes are Werkzeug's, so it is not among the routers."""

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from benchmarks.wrapping import wrapped

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """Its middlewares are WSGI's, around ``wsgi_app``."""
    app = Flask("benchmark")

    @app.get("/")
    def hello() -> Response:
        return Response("Hello, World!", mimetype="text/plain")

    @app.get("/people/<name>/")
    def person(name: str) -> Response:
        return Response(f"Hey there {name}!", mimetype="text/plain")

    @app.post("/echo")
    def echo() -> Any:
        return request.get_json()

    for n in range(routes):
        app.add_url_rule(f"/filler/{n}/<int:id>", f"filler{n}", hello)
    app.wsgi_app = wrapped(app.wsgi_app, middlewares)  # type: ignore[assignment]
    return app
