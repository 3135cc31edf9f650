"""Articles: lists, the feed, one article, and who likes it."""

import re
import secrets
import unicodedata
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from conduit.base import Endpoint
from conduit.database import Row, Transaction
from conduit.identity import User
from conduit.moments import moment, now
from conduit.profiles import profile
from webzeug import Response, abort, json_response

Text = Annotated[str, msgspec.Meta(min_length=1)]

SELECT = """
    select a.id, a.slug, a.title, a.description, a.body, a.created_at, a.updated_at, a.author,
        u.username, u.bio, u.image,
        exists (
            select 1 from follows where follower = %(viewer)s and followed = u.id
        ) as following,
        exists (
            select 1 from favorites where article = a.id and fan = %(viewer)s
        ) as favorited,
        (select count(*) from favorites where article = a.id) as favorites
    from articles a join users u on u.id = a.author
"""

FILTERS = {
    "author": "u.username = %(author)s",
    "tag": "exists (select 1 from tags where article = a.id and tag = %(tag)s)",
    "favorited": """
        exists (
            select 1 from favorites join users fan on fan.id = fan
            where article = a.id and fan.username = %(favorited)s
        )
    """,
}
"""What a list can be filtered by in the query."""

FOLLOWED = "exists (select 1 from follows where follower = %(viewer)s and followed = u.id)"


class NewArticle(msgspec.Struct):
    title: Text
    description: Text
    body: Text
    tags: list[Text] = msgspec.field(default_factory=list, name="tagList")


class Changes(msgspec.Struct):
    title: Text | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    body: Text | UnsetType = UNSET


class NewArticleBody(msgspec.Struct):
    article: NewArticle


class ChangesBody(msgspec.Struct):
    article: Changes


class _Lists(Endpoint):
    def answer(self, viewer: User | None, conditions: list[str], **values: str) -> Response:
        """The articles that fulfil all conditions, the newest first, a page of them."""
        where = " and ".join(conditions) or "true"
        known = {"viewer": viewer and viewer.id, **values}
        page = {"limit": self.number("limit", 20, 100), "offset": self.number("offset", 0, 10**9)}
        with self.app.resources.db.transaction() as transaction:
            total = transaction.one(
                f"""
                select count(*) as n from articles a join users u on u.id = a.author
                where {where}
                """,
                **known,
            )
            rows = transaction.all(
                f"{SELECT} where {where} order by a.id desc limit %(limit)s offset %(offset)s",
                **known,
                **page,
            )
            shown = _shown(transaction, rows)
        for article in shown:
            del article["body"]
        return json_response({"articles": shown, "articlesCount": total and total["n"]})


class Articles(_Lists):
    def GET(self) -> Response:
        values = {name: self.request.args[name] for name in FILTERS if name in self.request.args}
        return self.answer(self.viewer(), [FILTERS[name] for name in values], **values)

    def POST(self) -> Response:
        user = self.user()
        new = self.body(NewArticleBody).article
        slug = _slug(new.title)
        with self.app.resources.db.transaction() as transaction:
            row = transaction.one(
                """
                insert into articles
                    (slug, title, description, body, author, created_at, updated_at)
                values
                    (%(slug)s, %(title)s, %(description)s, %(body)s, %(author)s, %(now)s, %(now)s)
                returning id
                """,
                slug=slug,
                title=new.title,
                description=new.description,
                body=new.body,
                author=user.id,
                now=now(),
            )
            assert row is not None
            for tag in set(new.tags):
                transaction.all("insert into tags values (%(id)s, %(tag)s)", id=row["id"], tag=tag)
            return _answer(transaction, find(transaction, slug, user), status=201)


class Feed(_Lists):
    def GET(self) -> Response:
        return self.answer(self.user(), [FOLLOWED])


class Article(Endpoint):
    def GET(self, slug: str) -> Response:
        viewer = self.viewer()
        with self.app.resources.db.transaction() as transaction:
            return _answer(transaction, find(transaction, slug, viewer))

    def PUT(self, slug: str) -> Response:
        user = self.user()
        changes = msgspec.structs.asdict(self.body(ChangesBody).article)
        values = {name: value for name, value in changes.items() if value is not UNSET}
        if "title" in values:
            values["slug"] = _slug(values["title"])
        columns = ", ".join(f"{column} = %({column})s" for column in (*values, "updated_at"))
        with self.app.resources.db.transaction() as transaction:
            id = _own(find(transaction, slug, user), user)["id"]
            transaction.all(
                f"update articles set {columns} where id = %(id)s",
                id=id,
                **values,
                updated_at=now(),
            )
            return _answer(transaction, find(transaction, values.get("slug", slug), user))

    def DELETE(self, slug: str) -> Response:
        user = self.user()
        with self.app.resources.db.transaction() as transaction:
            id = _own(find(transaction, slug, user), user)["id"]
            transaction.all("delete from articles where id = %(id)s", id=id)
        return Response(status=204)


class Favorite(Endpoint):
    def POST(self, slug: str) -> Response:
        return self._set(
            slug, "insert into favorites values (%(id)s, %(me)s) on conflict do nothing"
        )

    def DELETE(self, slug: str) -> Response:
        return self._set(slug, "delete from favorites where article = %(id)s and fan = %(me)s")

    def _set(self, slug: str, statement: str) -> Response:
        user = self.user()
        with self.app.resources.db.transaction() as transaction:
            id = find(transaction, slug, user)["id"]
            transaction.all(statement, id=id, me=user.id)
            return _answer(transaction, find(transaction, slug, user))


def find(transaction: Transaction, slug: str, viewer: User | None) -> Row:
    """An article as the viewer sees it. Raises NotFound."""
    row = transaction.one(
        f"{SELECT} where a.slug = %(slug)s", slug=slug, viewer=viewer and viewer.id
    )
    return row or abort(404, "there is no such article")


def _own(row: Row, user: User) -> Row:
    """The article, if it is the user's. Raises Forbidden."""
    return row if row["author"] == user.id else abort(403, "this article is somebody else's")


def _answer(transaction: Transaction, row: Row, status: int = 200) -> Response:
    [article] = _shown(transaction, [row])
    return json_response({"article": article}, status=status)


def _shown(transaction: Transaction, rows: list[Row]) -> list[dict[str, Any]]:
    tags = _tags(transaction, [row["id"] for row in rows])
    return [
        {
            "slug": row["slug"],
            "title": row["title"],
            "description": row["description"],
            "body": row["body"],
            "tagList": tags[row["id"]],
            "createdAt": moment(row["created_at"]),
            "updatedAt": moment(row["updated_at"]),
            "favorited": bool(row["favorited"]),
            "favoritesCount": row["favorites"],
            "author": profile(row),
        }
        for row in rows
    ]


def _tags(transaction: Transaction, ids: list[int]) -> dict[int, list[str]]:
    """The tags of some articles, by their ids."""
    found: dict[int, list[str]] = {id: [] for id in ids}
    names = {f"id{number}": id for number, id in enumerate(ids)}
    if names:
        places = ", ".join(f"%({name})s" for name in names)
        query = f"select article, tag from tags where article in ({places}) order by tag"
        for row in transaction.all(query, **names):
            found[row["article"]].append(row["tag"])
    return found


def _slug(title: str) -> str:
    """A title for a URL, and something that makes it the only one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{words or 'article'}-{secrets.token_hex(4)}"
