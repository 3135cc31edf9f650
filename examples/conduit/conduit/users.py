"""Users: registration, login, and one's own account."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from conduit.base import Endpoint
from conduit.database import ConflictError
from conduit.identity import User, hashed, is_right
from conduit.problems import Invalid, Unauthorized
from webzeug import Response, json_response

Text = Annotated[str, msgspec.Meta(min_length=1)]

COLUMNS = "id, email, username, bio, image"


class NewUser(msgspec.Struct):
    email: Text
    username: Text
    password: Text


class Credentials(msgspec.Struct):
    email: str
    password: str


class Changes(msgspec.Struct):
    email: Text | UnsetType = UNSET
    username: Text | UnsetType = UNSET
    password: Text | UnsetType = UNSET
    bio: str | UnsetType | None = UNSET
    image: str | UnsetType | None = UNSET


class RegistrationBody(msgspec.Struct):
    user: NewUser


class LoginBody(msgspec.Struct):
    user: Credentials


class ChangesBody(msgspec.Struct):
    user: Changes


class _Users(Endpoint):
    def answer(self, user: User, status: int = 200) -> Response:
        shown = {
            "email": user.email,
            "token": self.app.resources.tokens.token(user),
            "username": user.username,
            "bio": user.bio,
            "image": user.image,
        }
        return json_response({"user": shown}, status=status)


class Registration(_Users):
    def POST(self) -> Response:
        new = self.body(RegistrationBody).user
        password = hashed(new.password)
        try:
            with self.app.resources.db.transaction() as transaction:
                row = transaction.one(
                    f"""
                    insert into users (email, username, password)
                    values (%(email)s, %(username)s, %(password)s) returning {COLUMNS}
                    """,
                    email=new.email,
                    username=new.username,
                    password=password,
                )
        except ConflictError as error:
            raise Invalid(user="has an email or a username that is already taken") from error
        assert row is not None
        return self.answer(User(**row), status=201)


class Login(_Users):
    def POST(self) -> Response:
        given = self.body(LoginBody).user
        with self.app.resources.db.transaction() as transaction:
            row = transaction.one(
                f"select {COLUMNS}, password from users where email = %(email)s", email=given.email
            )
        if row is None or not is_right(given.password, row.pop("password")):
            raise Unauthorized("the email or the password is not right")
        return self.answer(User(**row))


class Account(_Users):
    def GET(self) -> Response:
        return self.answer(self.user())

    def PUT(self) -> Response:
        user = self.user()
        values = _given(self.body(ChangesBody).user)
        if not values:
            return self.answer(user)
        if "password" in values:
            values["password"] = hashed(values["password"])
        changes = ", ".join(f"{column} = %({column})s" for column in values)
        try:
            with self.app.resources.db.transaction() as transaction:
                row = transaction.one(
                    f"update users set {changes} where id = %(id)s returning {COLUMNS}",
                    id=user.id,
                    **values,
                )
        except ConflictError as error:
            raise Invalid(user="has an email or a username that is already taken") from error
        assert row is not None
        return self.answer(User(**row))


def _given(changes: msgspec.Struct) -> dict[str, Any]:
    """The fields that the client has sent."""
    fields = msgspec.structs.asdict(changes)
    return {name: value for name, value in fields.items() if value is not UNSET}
