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
        (MANIFEST, "): the files have not changed"),
        (MANIFEST + '"/new" = "shop.Index"\n', "added /new"),
        (
            MANIFEST + "[config]\nx = 1\n[server]\ngrace = 1\n",
            "): [config], [server] can only change with a new start",
        ),
        (MANIFEST + '"/new" = "shop.Indeks"\n', "): 1 error"),
    ],
)
def test_the_last_line_says_what_was_done(
    site: Site, project: Project, text: str, last: str
) -> None:
    """All that is wrong stands before it."""
    project.manifest.write_text(text, "utf-8")
    *before, line = render_reload(site.reload()).splitlines()
    assert line.endswith(last)
    is_new = "added" in last
    assert line.startswith(f"{'' if is_new else 'kept '}table {1 + is_new} ({site.digest})")
    assert bool(before) == ("error" in last)
