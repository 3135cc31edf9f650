"""Profiles: what everybody sees of a user, and following."""

from typing import Any

from conduit.base import Endpoint
from conduit.database import Row, Transaction
from conduit.identity import User
from webzeug import Response, abort, json_response


class Profile(Endpoint):
    def GET(self, username: str) -> Response:
        viewer = self.viewer()
        with self.app.resources.db.transaction() as transaction:
            return answer(find(transaction, username, viewer))


class Follow(Endpoint):
    def POST(self, username: str) -> Response:
        return self._set(
            username, "insert into follows values (%(me)s, %(them)s) on conflict do nothing"
        )

    def DELETE(self, username: str) -> Response:
        return self._set(
            username, "delete from follows where follower = %(me)s and followed = %(them)s"
        )

    def _set(self, username: str, statement: str) -> Response:
        user = self.user()
        with self.app.resources.db.transaction() as transaction:
            them = find(transaction, username, user)["id"]
            transaction.all(statement, me=user.id, them=them)
            return answer(find(transaction, username, user))


def find(transaction: Transaction, username: str, viewer: User | None) -> Row:
    """A user, and whether the viewer follows them. Raises NotFound."""
    row = transaction.one(
        """
        select id, username, bio, image, exists (
            select 1 from follows where follower = %(viewer)s and followed = users.id
        ) as following from users where username = %(username)s
        """,
        username=username,
        viewer=viewer and viewer.id,
    )
    return row or abort(404, "there is no such user")


def answer(row: Row) -> Response:
    """The answer with a profile."""
    return json_response({"profile": profile(row)})


def profile(row: Row) -> dict[str, Any]:
    """A profile, from a row that has its columns."""
    shown = {name: row[name] for name in ("username", "bio", "image")}
    return {**shown, "following": bool(row["following"])}
