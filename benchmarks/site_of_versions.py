"""A site whose answers name the version of the manifest that they are made with, three times.

The match, a URL that is built and a middleware each add theirs, so that an answer that mixes two
tables shows.
"""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

APP = """\
import os
import time

from webzeug import Response, View


class Which(View):
    def GET(self, version):
        return Response(f"{os.getpid()} {version} {self.url_for('mark')}")


class Slow(View):
    def GET(self, version):
        time.sleep(0.3)
        return Response(f"{os.getpid()} {version} {self.url_for('mark')}")


class Ticks(View):
    def GET(self, version):
        return Response(self.ticks(version))

    def ticks(self, version):
        yield f"{version} {self.url_for('mark')}\\n"
        while not self.app.draining.wait(0.5):
            yield f"{version} {self.url_for('mark')}\\n"


class Mark:
    def __init__(self, app, version):
        self.app, self.version = app, version

    def __call__(self, environ, start_response):
        def start(status, headers, exc_info=None):
            return start_response(status, [*headers, ("X-Version", str(self.version))], exc_info)
        return self.app(environ, start)
"""

MANIFEST = """\
[routes."/site"]
middleware = [{{ use = "app.Mark", with = {{ version = {version} }} }}]
"/which" = {{ view = "app.Which", name = "which", defaults = {{ version = {version} }} }}
"/slow" = {{ view = "app.Slow", name = "slow", defaults = {{ version = {version} }} }}
"/ticks" = {{ view = "app.Ticks", name = "ticks", defaults = {{ version = {version} }} }}
"/mark/{version}" = {{ view = "app.Which", name = "mark", defaults = {{ version = 0 }} }}
{filler}
"""

FILLER = "\n".join(
    f'"/filler/{number}/<int:id>" = {{ view = "app.Which", name = "filler{number}" }}'
    for number in range(40)
)


class Site:
    """The files; the manifest is a link into a folder that is a link, as in a mounted ConfigMap."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = 1
        (folder / "app.py").write_text(APP)
        self.exchange_links(self.text(1))
        self.link()

    @property
    def manifest(self) -> Path:
        return self.folder / "routes.toml"

    def link(self) -> None:
        """Have the manifest in its place."""
        if not self.manifest.is_symlink():
            self.manifest.symlink_to(Path("..data", "routes.toml"))

    def text(self, version: int) -> str:
        return MANIFEST.format(version=version, filler=FILLER)

    def write(self, text: str) -> None:
        self.manifest.write_text(text)

    def rename_over(self, text: str) -> None:
        new = self.folder / "..data" / "new"
        new.write_text(text)
        os.replace(new, self.folder / "..data" / "routes.toml")

    def exchange_links(self, text: str) -> None:
        data = self.folder / f"..{time.time_ns()}"
        data.mkdir()
        (data / "routes.toml").write_text(text)
        link = self.folder / "..new"
        link.symlink_to(data.name)
        os.replace(link, self.folder / "..data")

    def break_it(self, kind: str) -> None:
        """Put something that is not sound in the manifest's place; ``link`` and a way mend it."""
        if kind == "gone":
            self.manifest.unlink()
        else:
            self.rename_over(BROKEN[kind](self.text(self.version + 1)))


WAYS: Mapping[str, Callable[[Site, str], None]] = {
    "written": Site.write,
    "renamed over": Site.rename_over,
    "links exchanged": Site.exchange_links,
}

BROKEN: Mapping[str, Callable[[str], str]] = {
    "not TOML": lambda text: text + "[broken\n",
    "cut off": lambda text: text[: text.index("defaults") + 4],
    "no such View": lambda text: text.replace("app.Slow", "app.Missing"),
    "a route twice": lambda text: text + '"/which" = "app.Which"\n',
    "other config": lambda text: text + "[config]\nsize = 1\n",
    "a middleware that fails": lambda text: text.replace("{ version =", "{ wrong =", 1),
    "no routes": lambda text: "[routes]\n",
}
