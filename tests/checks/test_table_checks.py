"""What lint says of a table, and where it says nothing. The golden files show the messages."""

import pytest

from tests.support.manifests import sound
from tests.support.project import Project
from webzeug.checks import TABLE_CHECKS, unreachable
from webzeug.checks.context import Context
from webzeug.checks.linting import CODE_CHECKS, LINT_CHECKS, STRICT_CHECKS
from webzeug.loader import Options, check
from webzeug.routing.proving.reachability import find_unreachable
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Vocabulary

VIEWS = """
from webzeug import Response, View

class A(View):
    def GET(self, **args):
        return Response("A")

    POST = GET

class B(A): ...
"""


def codes(project: Project, routes: str, *, strict: bool = False) -> list[str]:
    """The codes of all that lint finds in some routes."""
    project.write("shop.py", VIEWS)
    project.write("versions.py", "from werkzeug.routing import BaseConverter as SemVer")
    converters = '[converters]\nsemver = "versions.SemVer"\n'
    project.write("routes.toml", f"[routes]\n{routes}\n{converters}")
    found = check(str(project.manifest), Options(strict=strict)).diagnostics
    return [diagnostic.kind.code for diagnostic in found]


@pytest.mark.parametrize(
    "routes",
    [
        '"/<slug>" = "shop.A"\n"/about" = "shop.B"\n"/items/" = "shop.A"',
        '"/<path:rest>" = "shop.A"\n"/items/<int(min=1):id>" = "shop.B"\n"/" = "shop.B"',
        '"/<name>" = "shop.A"\n"/<int:id>" = "shop.B"',
        '"/<uuid:id>" = "shop.A"\n"/<name>" = "shop.B"',
        '"/<semver:v>" = "shop.A"\n"/<name>" = "shop.B"',
        '"/<name>" = "shop.B"\n"/<semver:v>" = "shop.A"',
        '"/<semver:v>" = "shop.A"\n"/<int(min=5):n>" = "shop.A"\n"/<name>" = "shop.B"',
        '"/<semver:v>" = "shop.A"\n"/x" = { POST = "shop.A" }\n"/x/" = { GET = "shop.B" }',
        '"/<semver:v>/x/" = "shop.A"\n"/<int(min=5):n>/x" = "shop.A"\n"/<name>/x" = "shop.B"',
        '"/x" = { POST = "shop.A" }\n"/x/" = { GET = "shop.B" }\n"/<path:p>" = { POST = "shop.A" }',
        '"/a" = { redirect = "/a/" }\n"/a/" = "shop.A"',
        '"//a.com/x" = "shop.A"\n"/x" = "shop.B"\n"//<h>.com/y" = "shop.B"',
        '"/static" = { static = "." }\n"/static/app.js" = "shop.A"\n"/<path:rest>" = "shop.B"',
        '"/" = { wsgi = "shop.A" }\n"/<path:rest>" = "shop.B"\n"/<int(min=2):n>" = "shop.A"',
        '"/<uuid:id>" = { view = "shop.A", build_only = true }\n"/<name>" = "shop.B"',
        '"/users/" = { view = "shop.A", name = "u", defaults = { page = 1 } }\n'
        '"/users/<int:page>" = { view = "shop.A", name = "u" }',
    ],
)
def test_what_people_mean_is_not_reported(project: Project, routes: str) -> None:
    """Overlaps that Werkzeug resolves as people mean them, and what cannot be decided."""
    assert codes(project, routes) == []


def test_ties_are_reported_if_asked_for(project: Project) -> None:
    """``strict`` adds what works and hangs on the order of the file."""
    routes = '"/<uuid:id>" = "shop.A"\n"/<name>" = "shop.B"'
    assert codes(project, routes) == []
    assert codes(project, routes, strict=True) == ["WZ211"]
    redirected = (
        '"/all" = { view = "shop.A", name = "n", defaults = { x = "a" } }\n'
        '"/<any(a):x>" = { view = "shop.A", name = "n" }\n"/<name>" = "shop.B"'
    )
    assert codes(project, redirected, strict=True) == []
    doubtful = f'"/<semver:v>" = "shop.A"\n{routes}'
    assert codes(project, doubtful, strict=True) == []


def test_a_route_without_use_does_not_stop_the_program(project: Project) -> None:
    """What only lint finds is no reason not to serve."""
    routes = '"/<name>" = "shop.A"\n"/<uuid:id>" = "shop.B"\n"//<path:h>/x" = "shop.A"'
    assert codes(project, routes) == ["WZ210", "WZ214"]
    assert project.load().test_client().get("/bob").status_code == 200


def test_a_host_is_reported_once(project: Project) -> None:
    """However many routes it has."""
    assert codes(project, '"//<path:h>/x" = "shop.A"\n"//<path:h>/y" = "shop.A"') == ["WZ214"]


def test_the_table_has_the_last_word(project: Project) -> None:
    """A proof that the compiled table contradicts is not reported."""
    manifest = sound(project, '[routes]\n"/<uuid:id>" = "shop.A"\n"/<name>" = "shop.B"\n')
    context = Context(manifest)
    turned = Search(manifest.routes[::-1], manifest.matching, Vocabulary())
    assert len(find_unreachable(turned)) == 1
    vars(context)["search"] = turned
    assert list(unreachable.check(context)) == []


def test_an_example_is_shown_only_if_it_is_sure(project: Project) -> None:
    """Where an application's converter may take the URL, nobody knows who answers it."""
    routes = '"/<semver:v>" = "shop.A"\n"/<name>" = "shop.A"\n"/<uuid:id>" = "shop.B"'
    assert codes(project, routes) == ["WZ210"]
    (diagnostic,) = check(str(project.manifest)).diagnostics
    assert diagnostic.help == "write this one above `/<name>`"


def test_each_check_is_in_one_list() -> None:
    """No check runs twice."""
    checks = (*TABLE_CHECKS, *LINT_CHECKS, *STRICT_CHECKS, *CODE_CHECKS)
    assert len(set(checks)) == len(checks)
