"""What the log says of a reload."""

import pytest

from tests.support.project import Project
from webzeug.loader import Options, build
from webzeug.reloading import Site
from webzeug.reporting.reloads import render_reload

VIEWS = """
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            return Response("hello")
    """

MANIFEST = '[routes]\n"/" = "shop.Index"\n'


@pytest.fixture
def site(project: Project) -> Site:
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    path, options = str(project.manifest), Options(environ={})
    return Site(path, options, build(path, options))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (MANIFEST, "kept the table as it was: the files have not changed"),
        (MANIFEST + '"/new" = "shop.Index"\n', "added /new"),
        (
            MANIFEST + "[config]\nx = 1\n[server]\ngrace = 1\n",
            "kept the table as it was: [config], [server] can only change with a new start",
        ),
        (MANIFEST + '"/new" = "shop.Indeks"\n', "kept the table as it was: 1 error"),
    ],
)
def test_the_last_line_says_what_was_done(
    site: Site, project: Project, text: str, last: str
) -> None:
    """All that is wrong stands before it."""
    project.manifest.write_text(text, "utf-8")
    *before, line = render_reload(site.reload()).splitlines()
    assert line.endswith(last)
    assert bool(before) == ("error" in last)
