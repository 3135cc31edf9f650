"""Tags: the ones that articles have, the most used first."""

from conduit.base import Endpoint
from webzeug import Response, json_response


class Tags(Endpoint):
    def GET(self) -> Response:
        with self.app.resources.db.transaction() as transaction:
            rows = transaction.all(
                "select tag from tags group by tag order by count(*) desc, tag limit 100"
            )
        return json_response({"tags": [row["tag"] for row in rows]})
