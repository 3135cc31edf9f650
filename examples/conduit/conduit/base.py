"""What every View of this application has: typed resources, the user, the body."""

from typing import TypeVar

import msgspec

import webzeug
from conduit.database import Database
from conduit.identity import Tokens, User, user_of
from conduit.problems import Invalid, Unauthorized

Body = TypeVar("Body", bound=msgspec.Struct)


class Pools(webzeug.Resources):
    """The names under ``[resources]``, with their types."""

    db: Database
    tokens: Tokens


class Conduit(webzeug.App):
    """The App, as a type checker shall see it."""

    resources: Pools


class Endpoint(webzeug.View):
    """A View of this application."""

    app: Conduit

    def viewer(self) -> User | None:
        """Who asks, or None. Raises Unauthorized for a token that is not good."""
        return user_of(self.request, self.app.resources.tokens, self.app.resources.db)

    def user(self) -> User:
        """Who asks. Raises Unauthorized."""
        viewer = self.viewer()
        if viewer is None:
            raise Unauthorized("this needs a token: Authorization: Token ...")
        return viewer

    def body(self, shape: type[Body]) -> Body:
        """The JSON body in its shape. Raises Invalid."""
        try:
            return msgspec.json.decode(self.request.get_data(), type=shape)
        except msgspec.MsgspecError as error:
            raise Invalid(body=str(error)) from error

    def number(self, name: str, default: int, most: int) -> int:
        """A number of the query, between 0 and ``most``; the default for anything that is none."""
        return min(max(self.request.args.get(name, default, type=int), 0), most)
