"""The Views of webzeug's applications."""

from webzeug import Response, View, json_response


class Hello(View):
    def GET(self) -> Response:
        return Response("Hello, World!")


class Person(View):
    def GET(self, name: str) -> Response:
        return Response(f"Hey there {name}!")


class Echo(View):
    def POST(self) -> Response:
        return json_response(self.request.get_json())
