"""The database: PostgreSQL through a pool, or SQLite in a file, behind one small interface.

Queries are written once, in the SQL that both know, with psycopg's placeholders: ``%(name)s``.
"""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from conduit.problems import Away
from webzeug import App

Row = dict[str, Any]

FOLDER = Path(__file__).parent

CONNECT_TIMEOUT = 2
"""Seconds; psycopg takes no less."""


class ConflictError(Exception):
    """A row that must be the only one of its kind is not."""


class Transaction(Protocol):
    """What can be done between begin and commit."""

    def all(self, query: str, **values: object) -> list[Row]:
        """All rows of a query; none of a statement that returns none."""
        ...

    def one(self, query: str, **values: object) -> Row | None:
        """The first row of a query, if there is one."""
        ...


class Database(Protocol):
    """A place to keep things."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits at the end of the block, rolls back if it raises.

        Raises ConflictError, and Away if the database does not answer.
        """
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


def open_database(app: App) -> Database:
    """What ``app.resources.db`` is."""
    url: str = app.config["database"]
    if url.startswith("sqlite:"):
        return SQLite(url.removeprefix("sqlite:"))
    return PostgreSQL(url, app.config["pool_size"], app.config["pool_timeout"])


class PostgreSQL:
    """A pool of connections. Waiting for it or for an answer lets other greenlets run."""

    def __init__(self, url: str, size: int, timeout: float) -> None:
        # Not by the pool, whose error would be that it waited in vain, and not why.
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT) as connection:
            connection.execute((FOLDER / "schema.postgresql.sql").read_bytes())
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            url,
            connection_class=psycopg.Connection[Row],
            min_size=1,
            max_size=size,
            timeout=timeout,
            # Soon given up, soon tried again: by the next who needs a connection.
            reconnect_timeout=timeout,
            # A connection that died in the pool is replaced, and nobody gets it.
            check=ConnectionPool.check_connection,
            kwargs={"row_factory": dict_row, "connect_timeout": CONNECT_TIMEOUT},
            open=True,
        )

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A connection of the pool, for as long as the block takes."""
        try:
            with self._pool.connection() as connection:
                yield _PostgreSQLTransaction(connection)
        except psycopg.errors.UniqueViolation as error:
            raise ConflictError from error
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise Away from error

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _PostgreSQLTransaction:
    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def all(self, query: str, **values: object) -> list[Row]:
        cursor = self._connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def one(self, query: str, **values: object) -> Row | None:
        return self._connection.execute(query.encode(), values).fetchone()


class SQLite:
    """One connection to a file. A query stops the whole program while it runs: for trying out."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = _row
        self._connection.executescript((FOLDER / "schema.sqlite.sql").read_text())

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """The connection, for one greenlet or thread at a time."""
        try:
            with self._lock, self._connection:
                yield _SQLiteTransaction(self._connection)
        except sqlite3.IntegrityError as error:
            raise ConflictError from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _SQLiteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, query: str, **values: object) -> list[Row]:
        return self._connection.execute(_named(query), values).fetchall()

    def one(self, query: str, **values: object) -> Row | None:
        rows = self.all(query, **values)
        return rows[0] if rows else None


def _named(query: str) -> str:
    """A query with SQLite's placeholders."""
    return re.sub(r"%\((\w+)\)s", r":\1", query)


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}
