"""Behind the token that the group's middleware asks for."""

from webzeug import Response, View


class Index(View):
    def GET(self) -> Response:
        return Response(f"{len(self.app.table.routes)} routes\n")
