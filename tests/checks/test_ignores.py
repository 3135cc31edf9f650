"""Codes in `ignore` that silence nothing."""

import pytest

from tests.support.project import Project
from webzeug.loader import Options, check

VIEWS = "from webzeug import View\nclass A(View): ...\nclass B(View): ...\n"
HAZARD = '"/a" = { view = "shop.A", ignore = ["WZ213"] }\n"/a/" = "shop.B"\n'
TIE = '"/<uuid:a>" = "shop.A"\n"/<b>" = { view = "shop.B", ignore = ["WZ211"] }\n'


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    """Views to lead to."""
    project.write("shop.py", VIEWS)


def _codes(project: Project, routes: str, options: Options | None = None) -> list[str]:
    project.write("routes.toml", f"[routes]\n{routes}")
    found = check(str(project.manifest), options or Options()).diagnostics
    return [diagnostic.kind.code for diagnostic in found]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("routes", [HAZARD, TIE])
def test_used(project: Project, routes: str, strict: bool) -> None:
    """A code that silences something is silent, as is one whose check did not run."""
    assert _codes(project, routes, Options(strict=strict)) == []


def test_unused_with_strict(project: Project) -> None:
    """Only with --strict can a code of its checks be unused."""
    routes = '"/a" = { view = "shop.A", ignore = ["WZ211"] }\n'
    assert _codes(project, routes) == []
    assert _codes(project, routes, Options(strict=True)) == ["WZ410"]


def test_each_list_around_a_finding_is_used(project: Project) -> None:
    """A group's list and the route's own that say the same both count as used."""
    routes = f'[routes."/g"]\nignore = ["WZ213"]\n{HAZARD}'
    assert _codes(project, routes) == []


def test_a_group_whose_include_needs_it(project: Project) -> None:
    """What silences a finding in an included file is used, wherever the root writes it."""
    project.write("more.toml", '[routes]\n"/x" = "shop.A"\n"/x/" = "shop.B"\n')
    routes = '"/" = { view = "shop.A", ignore = ["WZ206"] }\n'
    routes += '[routes."/g"]\nignore = ["WZ213"]\ninclude = "more.toml"\n'
    assert _codes(project, routes) == ["WZ410"]


def test_lists_of_an_included_file(project: Project) -> None:
    """They may be needed by another manifest that includes the file."""
    project.write("more.toml", '[routes]\n"/x" = { view = "shop.A", ignore = ["WZ213"] }\n')
    assert _codes(project, '[routes."/g"]\ninclude = "more.toml"\n') == []


def test_what_may_hide_the_need(project: Project) -> None:
    """An error of the manifest and a setting may hide the finding: nothing is called unused."""
    unused = '"/a" = { view = "shop.A", ignore = ["WZ213"] }\n'
    assert _codes(project, unused) == ["WZ410"]
    assert _codes(project, f'{unused}"/b" = 1\n') == ["WZ011"]
    settings = Options(settings=["matching.strict_slashes=false"])
    assert _codes(project, unused, settings) == []


@pytest.mark.parametrize("code", ["WZ301", "WZ202"])
def test_codes_that_are_not_judged(project: Project, code: str) -> None:
    """Codes that depend on what is installed, or that no route's `ignore` silences, are silent."""
    assert _codes(project, f'"/a" = {{ view = "shop.A", ignore = ["{code}"] }}\n') == []


def test_a_silenced_finding(project: Project) -> None:
    """WZ410 and WZ411 are silenced like all others."""
    routes = '"/a" = { view = "shop.A", ignore = ["WZ213", "WZ410", "nonsense", "WZ411"] }\n'
    assert _codes(project, routes) == []
