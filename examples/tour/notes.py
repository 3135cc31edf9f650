"""Notes in SQLite: a resource that is opened at the start, and Views that use it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from webzeug import App, Response, View, abort, json_response


@contextmanager
def open_notes(app: App) -> Iterator[sqlite3.Connection]:
    """What ``app.resources.notes`` is; the part after ``yield`` runs at the stop."""
    connection = sqlite3.connect(app.config["notes"]["file"], check_same_thread=False)
    connection.execute("create table if not exists notes (id integer primary key, text text)")
    try:
        yield connection
    finally:
        connection.close()


class Notes(View):
    def GET(self) -> Response:
        size = self.app.config["page_size"]
        rows = self.app.resources.notes.execute("select id, text from notes limit ?", (size,))
        return json_response([{"id": id, "text": text} for id, text in rows])

    def POST(self) -> Response:
        text = self.request.form.get("text") or abort(400, "the form field `text` is missing")
        with self.app.resources.notes as notes:
            id = notes.execute("insert into notes (text) values (?)", (text,)).lastrowid
        location = self.url_for("api.note", id=id)
        return json_response({"id": id}, status=201, headers={"Location": location})


class Show(View):
    def GET(self, id: int) -> Response:
        row = self.app.resources.notes.execute("select text from notes where id = ?", (id,))
        note = row.fetchone() or abort(404)
        return json_response({"id": id, "text": note[0]})


class Remove(View):
    def DELETE(self, id: int) -> Response:
        with self.app.resources.notes as notes:
            notes.execute("delete from notes where id = ?", (id,))
        return Response(status=204)
