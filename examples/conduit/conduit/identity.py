"""Who asks: signed tokens and hashed passwords."""

from dataclasses import dataclass

from gevent import get_hub
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.security import check_password_hash, generate_password_hash

from conduit.database import Database
from conduit.problems import Unauthorized
from webzeug import App, Request


@dataclass(frozen=True, slots=True)
class User:
    """A user, without the password."""

    id: int
    email: str
    username: str
    bio: str | None
    image: str | None


class Tokens:
    """Signs and reads tokens."""

    def __init__(self, secret: str, lifetime: int) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="conduit.token")
        self._lifetime = lifetime

    def token(self, user: User) -> str:
        """A token that says who the user is."""
        token = self._signer.dumps(user.id)
        return token if isinstance(token, str) else token.decode()

    def user_id(self, token: str) -> int:
        """Whose token it is. Raises Unauthorized."""
        try:
            return int(self._signer.loads(token, max_age=self._lifetime))
        except BadSignature as error:
            raise Unauthorized("this token is not valid, or too old") from error


def open_tokens(app: App) -> Tokens:
    """What ``app.resources.tokens`` is."""
    return Tokens(app.config["secret"], app.config["token_lifetime"])


def user_of(request: Request, tokens: Tokens, db: Database) -> User | None:
    """Who sent a request, or None. Raises Unauthorized for a token that is not good."""
    given = request.authorization
    if given is None or given.type != "token" or not given.token:
        return None
    with db.transaction() as transaction:
        row = transaction.one(
            "select id, email, username, bio, image from users where id = %(id)s",
            id=tokens.user_id(given.token),
        )
    if row is None:
        raise Unauthorized("there is no such user any more")
    return User(**row)


# Hashing a password takes long on purpose. In a thread, it does not stop the other greenlets.
def hashed(password: str) -> str:
    """What is kept of a password."""
    return str(get_hub().threadpool.apply(generate_password_hash, (password,)))


def is_right(password: str, kept: str) -> bool:
    """Whether it is the password that this was kept of."""
    return bool(get_hub().threadpool.apply(check_password_hash, (kept, password)))
