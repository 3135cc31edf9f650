"""What goes wrong, and how it is said: JSON, as the RealWorld API has it."""

from werkzeug.exceptions import HTTPException, ServiceUnavailable, UnprocessableEntity
from werkzeug.exceptions import Unauthorized as WerkzeugUnauthorized

from webzeug import Response, View, json_response


class Invalid(UnprocessableEntity):
    """422: what is wrong, by field: ``Invalid(email="has already been taken")``."""

    def __init__(self, **problems: str) -> None:
        super().__init__(", ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.errors = {field: [problem] for field, problem in problems.items()}


class Unauthorized(WerkzeugUnauthorized):
    """401: nobody has said who asks, or not truly."""


class Away(ServiceUnavailable):
    """503: a database does not answer; the client may try again."""

    def __init__(self) -> None:
        super().__init__("the database is away, please try again", retry_after=1)


class Problem(View):
    """The page of every error."""

    def ERROR(self, error: HTTPException) -> Response:
        errors = getattr(error, "errors", None) or {"body": [error.description or error.name]}
        return json_response({"errors": errors})
