"""Comments on articles."""

from typing import Annotated, Any

import msgspec

from conduit.articles import find
from conduit.base import Endpoint
from conduit.database import Row
from conduit.moments import moment, now
from conduit.profiles import profile
from webzeug import Response, abort, json_response

SELECT = """
    select c.id, c.body, c.created_at, c.updated_at, c.author, u.username, u.bio, u.image, exists (
        select 1 from follows where follower = %(viewer)s and followed = u.id
    ) as following
    from comments c join users u on u.id = c.author
"""


class NewComment(msgspec.Struct):
    body: Annotated[str, msgspec.Meta(min_length=1)]


class CommentBody(msgspec.Struct):
    comment: NewComment


class Comments(Endpoint):
    def GET(self, slug: str) -> Response:
        viewer = self.viewer()
        with self.app.resources.db.transaction() as transaction:
            rows = transaction.all(
                f"{SELECT} where c.article = %(article)s order by c.id desc",
                article=find(transaction, slug, viewer)["id"],
                viewer=viewer and viewer.id,
            )
        return json_response({"comments": [_shown(row) for row in rows]})

    def POST(self, slug: str) -> Response:
        user = self.user()
        body = self.body(CommentBody).comment.body
        with self.app.resources.db.transaction() as transaction:
            new = transaction.one(
                """
                insert into comments (article, author, body, created_at, updated_at)
                values (%(article)s, %(author)s, %(body)s, %(now)s, %(now)s) returning id
                """,
                article=find(transaction, slug, user)["id"],
                author=user.id,
                body=body,
                now=now(),
            )
            assert new is not None
            row = transaction.one(f"{SELECT} where c.id = %(id)s", id=new["id"], viewer=user.id)
        assert row is not None
        return json_response({"comment": _shown(row)}, status=201)


class Comment(Endpoint):
    def DELETE(self, slug: str, id: int) -> Response:
        user = self.user()
        with self.app.resources.db.transaction() as transaction:
            row = transaction.one(
                "select author from comments where id = %(id)s and article = %(article)s",
                id=id,
                article=find(transaction, slug, user)["id"],
            )
            if row is None:
                abort(404, "there is no such comment")
            if row["author"] != user.id:
                abort(403, "this comment is somebody else's")
            transaction.all("delete from comments where id = %(id)s", id=id)
        return Response(status=204)


def _shown(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "createdAt": moment(row["created_at"]),
        "updatedAt": moment(row["updated_at"]),
        "body": row["body"],
        "author": profile(row),
    }
