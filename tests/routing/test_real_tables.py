"""Real tables, written as manifests, answer as hand-made Maps of the same rules do."""

from dataclasses import dataclass, replace

import pytest
from werkzeug.routing import Map

from tests.support.project import Project
from tests.support.real_tables import (
    FOLDER,
    METHODS,
    RealTable,
    path_of,
    read_table,
    requests_near,
    values_of,
)
from tests.support.rules import (
    Row,
    Rules,
    differences,
    manifest_of,
    map_of,
    one_row_per_verb,
)
from tests.support.tables import ask, hit, read_text, refused, request, table_of
from webzeug.loader import read
from webzeug.routing.table import RouteTable
from webzeug.routing.urls import URLOptions, base_of_request, build_url

GROUP_SIZE = 3

FILES = [
    "go_github.json",
    "go_gplus.json",
    "go_parse.json",
    "go_static.json",
    "mlflow.json.gz",
    "oa_stripe_com.json.gz",
    "superset.json.gz",
]

# Each is claimed by an earlier rule of the same pattern, so that this one never answers it.
UNSAYABLE = {
    "superset.json.gz": {
        "LocaleView.index": "GET",  # /lang/<string:locale> is patch_flask_locale's
        "AuthDBView.login": "GET",  # /login/ is SupersetAuthView's; POST is this one's
        "AnnotationLayerRestApi.info": "GET",  # its pattern is AnnotationRestApi's
    }
}

needs_tables = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there is no folder {FOLDER}")


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rules of a program, its manifest compiled, and the Map of the rules as they are."""

    real: RealTable
    table: RouteTable[str]
    map: Map


@pytest.fixture(scope="module", params=FILES)
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Each table, as far as a manifest can say it."""
    real = read_table(request.param, UNSAYABLE.get(request.param))
    path = tmp_path_factory.mktemp("real") / "routes.toml"
    table = table_of(read_text(path, manifest_of(real.written, GROUP_SIZE)))
    return Compiled(real, table, map_of(real.rules))


@needs_tables
def test_every_request_near_a_rule_is_answered_alike(compiled: Compiled) -> None:
    """Route by route: endpoint, values, methods, redirects, 404 and 405."""
    rows = compiled.real.rules.rows
    assert differences(compiled.table, compiled.map, requests_near(rows))[:3] == []


@needs_tables
def test_options_lists_what_the_map_would_take(compiled: Compiled) -> None:
    """Nobody writes OPTIONS into a manifest: the App answers it from what is allowed."""
    adapter = compiled.map.bind("test")
    for path in map(path_of, compiled.real.rules.rows):
        allowed = refused(*adapter.allowed_methods(path))
        assert ask(compiled.table, request(path, "OPTIONS")) == allowed


@needs_tables
def test_every_url_is_built_alike(compiled: Compiled) -> None:
    """Name by name, with a value for each variable."""
    adapter, base = compiled.map.bind("test"), base_of_request(request())
    for row in compiled.real.written.rows:
        expected = adapter.build(row.name, values_of(row))
        assert build_url(compiled.table, base, row.name, values_of(row), URLOptions()) == expected


@needs_tables
@pytest.mark.parametrize("file", UNSAYABLE)
def test_what_cannot_be_said_is_refused(file: str, project: Project) -> None:
    """Written all the same, in a group of its own, each of them is told as a duplicate."""
    text, everything = manifest_of(read_table(file, UNSAYABLE[file]).written), read_table(file)
    patterns = []
    for row in everything.written.rows:
        if (verb := UNSAYABLE[file].get(row.name)) is not None:
            group, slash, rest = row.pattern[1:].partition("/")
            text += f'[routes."/{group}"]\n"{slash}{rest}" = {{ {verb} = "{row.view}" }}\n'
            patterns.append(row.pattern)
    project.write("routes.toml", text)
    errors = [found for found in read(str(project.manifest)).diagnostics if found.is_error]
    assert [error.kind.code for error in errors] == ["WZ201"] * len(UNSAYABLE[file])
    assert all(row in str(error) for row, error in zip(patterns, errors, strict=True))


FLASK_LIKE = Rules(
    (
        Row("/", "index"),
        Row("/releases/", "releases", ("GET",), defaults={"page": 1, "kind": "stable"}),
        Row("/releases/<any(stable, beta):kind>/", "releases", ("GET",), defaults={"page": 1}),
        Row("/releases/<any(stable, beta):kind>/<int:page>", "releases", ("GET",)),
        Row("/release/<semver:version>", "release", ("GET", "DELETE")),
        Row("/release/<semver:version>/notes/", "notes", ("GET",)),
        Row("/release/<semver:version>/notes/", "edit-notes", ("PUT", "PATCH")),
        Row('/<regex("[a-z]{2}"):lang>/', "home", ("GET",)),
        Row('/<regex("[a-z]{2}(-[A-Z]{2})?"):lang>/help', "help"),
        Row("/files/<path:name>", "file", strict_slashes=False),
        Row("/raw//<path:name>", "raw", merge_slashes=False),
        Row("/<slug>", "page", ("GET",), defaults={"draft": False, "section": None}),
    ),
    converters={"semver": "project_converters.SemVer"},
)

CONVERTERS = """
    from werkzeug.routing import BaseConverter, ValidationError

    class SemVer(BaseConverter):
        regex = r"\\d+(?:\\.\\d+){0,2}"

        def to_python(self, value):
            numbers = tuple(map(int, value.split(".")))
            if len(numbers) != 3:
                raise ValidationError
            return numbers

        def to_url(self, value):
            return ".".join(map(str, value))
"""

FLASK_LIKE_PATHS = [
    "/",
    "/releases",
    "/releases/",
    "/releases/stable/",
    "/releases/stable",
    "/releases/beta/",
    "/releases/beta/1",
    "/releases/stable/1",
    "/releases/beta/2",
    "/releases/nightly/",
    "/release/1.2.3",
    "/release/1.2",
    "/release/x",
    "/release/1.2.3/notes",
    "/release/1.2.3/notes/",
    "/release//1.2.3/notes/",
    "/release/1.2/notes/",
    "/de/",
    "/de",
    "/deu/",
    "/de-CH/help",
    "/de-ch/help",
    "/files/a/b/",
    "/files//a",
    "/raw//a//b",
    "/raw/a",
    "/about",
    "/caf%C3%A9",
]


def test_a_table_with_all_that_flask_users_write(project: Project) -> None:
    """Converters of the project's own, ``any``, expressions, defaults that share a name."""
    project.write("project_converters.py", CONVERTERS)
    project.write("routes.toml", manifest_of(FLASK_LIKE))
    table = project.load().table
    rows = one_row_per_verb(FLASK_LIKE.rows)
    by_hand = map_of(replace(FLASK_LIKE, rows=rows), {"semver": table.map.converters["semver"]})
    requests = [request(f"{path}?q=1", method) for path in FLASK_LIKE_PATHS for method in METHODS]
    assert differences(table, by_hand, requests) == []
    assert ask(table, request("/release/1.2.3")) == hit("release", version=(1, 2, 3))
