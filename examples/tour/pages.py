"""Plain pages: text, HTML with links that are built from names, config, and an error's page."""

from html import escape

from webzeug import HTTPException, Response, View


class Home(View):
    def GET(self) -> Response:
        links = {
            "a greeting": self.url_for("hello", name="bob"),
            "a page of the feed": self.url_for("feed", query={"page": 2}),
            "the notes": self.url_for("api.notes"),
            "a stream": self.url_for("ticks"),
            "a file": self.url_for("static", filename="hello.txt"),
        }
        items = "".join(f'<li><a href="{escape(url)}">{text}</a>' for text, url in links.items())
        html = f"<!doctype html><title>webzeug</title><h1>webzeug</h1><ul>{items}</ul>\n"
        return Response(html, mimetype="text/html")


class Hello(View):
    def GET(self, name: str) -> Response:
        return Response(f"{self.app.config['greeting']} {name}!\n")


class Feed(View):
    """``limit`` is no variable: it comes from the route's ``defaults``."""

    def GET(self, limit: int) -> Response:
        page = self.request.args.get("page", 1, type=int)
        return Response(f"page {page}, {limit} entries\n")


class Release(View):
    def GET(self, version: tuple[int, int, int]) -> Response:
        major, minor, patch = version
        return Response(f"release {major}, {minor}, {patch}\n")


class Status(View):
    def GET(self) -> Response:
        return Response("ok\n")


class Area(View):
    def GET(self, area: str) -> Response:
        return Response(f"the shop in {area}\n")


class Avatar(View):
    """Another program answers this URL; the route only builds it."""


class NotFound(View):
    """The page of status 404, named under [errors]."""

    def ERROR(self, error: HTTPException) -> Response:
        return Response(f"There is nothing at {self.request.path}.\n")
