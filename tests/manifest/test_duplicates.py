"""Two routes may not claim the same verb of the same host and pattern."""

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('"x.A"', '"x.B"'),
        ('{ view = "x.A" }', '{ view = "x.B", methods = ["GET"] }'),
        ('{ view = "x.A", methods = ["GET", "PUT"] }', '{ view = "x.B", methods = ["PUT"] }'),
        ('{ view = "x.A", methods = ["GET"] }', '"x.B"'),
        ('{ GET = "x.A", PUT = "x.A" }', '{ PUT = "x.B" }'),
        ('"x.A"', '{ redirect = "/b" }'),
        ('{ redirect = "/b" }', '{ redirect = "/b" }'),
        ('{ wsgi = "x.app" }', '{ wsgi = "x.app" }'),
    ],
)
def test_duplicates(project: Project, first: str, second: str) -> None:
    """The second one is told, and left out."""
    text = f'[routes]\n"/a/<int:x>" = {first}\n[routes."/a"]\n"/<int:y>" = {second}\n'
    manifest, diagnostics = read(project, text)
    assert told(diagnostics) in ([("WZ201", '"/<int:y>"')], [("WZ201", "PUT")])
    assert [d.others[0].span.line for d in diagnostics] == [2]
    assert {route.variables for route in manifest.routes} == {("x",)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('"/a" = "x.A"', '"/a/" = "x.B"'),
        ('"/a" = { GET = "x.A" }', '"/a" = { POST = "x.B" }'),
        ('"/a" = { view = "x.A", methods = ["GET"] }', '"/a" = { HEAD = "x.B" }'),
        ('"/a" = { WEBSOCKET = "x.A" }', '"/a" = { GET = "x.B" }'),
        ('"//a.test/a" = "x.A"', '"/a" = "x.B"'),
        ('"/<int:x>" = "x.A"', '"/<x>" = "x.B"'),
        ('"/<int:x>" = "x.A"', '"/<int(min=1):x>" = "x.B"'),
        ('"/a" = { wsgi = "x.app" }', '"/a" = "x.B"'),
        ('"/a" = { view = "x.A", build_only = true }', '"/a" = "x.B"'),
        ('"/a" = "x.A"', '"/a" = { view = "x.B", build_only = true }'),
    ],
)
def test_what_is_not_the_same(project: Project, first: str, second: str) -> None:
    """Another verb, slash, host or converter is another route; a mount is beside all routes."""
    manifest = sound(project, f'[routes]\n{first}\n[routes."/"]\n{second}\n'.replace("x.", "x.y."))
    assert len(manifest.routes) == 2


def test_each_is_told(project: Project) -> None:
    """Of three, the second and the third are told, both with the first."""
    text = '[routes]\n"/a" = "x.A"\n[routes."/"]\n"/a" = "x.B"\n[routes."/"."/"]\n"/a" = "x.C"\n'
    _, diagnostics = read(project, text)
    assert [(d.span.line, d.others[0].span.line) for d in diagnostics] == [(4, 2), (6, 2)]
