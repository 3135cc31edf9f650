"""Cold start: from nothing to the import, and to the first response."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.children import spend
from benchmarks.figures import Collection, Figures
from benchmarks.peers.webzeug import manifest_text
from benchmarks.routers import environ_of
from benchmarks.running import Run
from benchmarks.workers import ROOT, Peer

BARE = "bare Python"

FIRST_RESPONSE = """\
import io
{make}
environ = {environ!r}
environ["wsgi.input"] = io.BytesIO()
b"".join(app(environ, lambda status, fields, exc_info=None: None))
"""
APPLICATION = "from {module} import {name} as make; app = make(routes={routes})"
LOAD = "import webzeug; app = webzeug.load({path!r}, environ={{}}, app_dir={root!r}{eager})"

PEERS = (
    Peer("webzeug, load()", "webzeug"),
    Peer("webzeug, load(eager=True)", "webzeug"),
    Peer("webzeug, table in code", "webzeug:from_code"),
    Peer("Bottle", "bottle:application", "bottle"),
    Peer("raw Werkzeug", "werkzeug:application"),
    Peer("Falcon", "falcon:application", "falcon"),
    Peer("Pyramid", "pyramid:application", "pyramid"),
    Peer("Flask", "flask:application", "flask"),
    Peer("Django", "django:application", "django"),
)


def run(run: Run) -> Iterator[Figures]:
    """CPU time above that of a Python that does nothing, of the same round."""
    peers, found = run.peers(PEERS), Collection(notes=run.missing(PEERS))
    many = run.effort.cold_routes
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            (case, peer.name): code
            for peer in peers
            for case, code in _codes(peer, Path(folder), many).items()
        }
        for code in commands.values():
            spend([sys.executable, "-c", code])  # compiles
        for number in range(run.effort.cold_rounds):
            run.say(f"cold start: round {number + 1}")
            base = spend([sys.executable, "-c", "pass"]).cpu
            for key in run.dice.sample(list(commands), len(commands)):
                spent = spend([sys.executable, "-c", commands[key]]).cpu
                found.add(*key, (spent - base) * 1000)
    names = [peer.name for peer in PEERS]
    ordered = {case: found.samples[case] for case in ("import", "1 route", f"{many:,} routes")}
    found.samples = ordered
    yield found.figures("cold", "cold start, above bare Python", "ms", names, "raw Werkzeug")


def _codes(peer: Peer, folder: Path, many: int) -> dict[str, str]:
    """The programs of a peer, by case."""
    module, _, name = peer.make.partition(":")
    codes = {} if "load" in peer.name else {"import": f"from {_IMPORTS[module]}"}
    for routes in (0, many):
        if name:
            where = f"benchmarks.peers.{module}"
            make = APPLICATION.format(module=where, name=name, routes=routes)
        else:
            path = folder / f"{routes}.toml"
            path.write_text(manifest_text(routes=routes), "utf-8")
            eager = ", eager=True" if "eager" in peer.name else ""
            make = LOAD.format(path=str(path), root=str(ROOT), eager=eager)
        case = f"{routes:,} routes" if routes else "1 route"
        codes[case] = FIRST_RESPONSE.format(make=make, environ=environ_of("/people/bob/", "GET"))
    return codes


_IMPORTS = {
    "webzeug": "webzeug import App, Response, View",
    "bottle": "bottle import Bottle, response",
    "werkzeug": "werkzeug.routing import Map; from werkzeug.wrappers import Request, Response",
    "falcon": "falcon import App",
    "pyramid": "pyramid.config import Configurator; from pyramid.response import Response",
    "flask": "flask import Flask, Response",
    "django": "django.http import HttpResponse",
}
