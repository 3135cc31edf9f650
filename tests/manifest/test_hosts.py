"""Host keys: split from their path, and made what a Host header says."""

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project
from webzeug.manifest.hosts import parse_host, split_host_key


@pytest.mark.parametrize(
    ("key", "host", "path"),
    [
        ("//example.com/", "example.com", "/"),
        ("//example.com/a/<b>", "example.com", "/a/<b>"),
        ("//example.com", "example.com", ""),
        ('//<regex("a/b"):x>.com/c', '<regex("a/b"):x>.com', "/c"),
        ("//[::1]:8000/a", "[::1]:8000", "/a"),
        ("//a>b/c", "a>b", "/c"),
        ("///a", "", "/a"),
        ("//", "", ""),
    ],
)
def test_split(key: str, host: str, path: str) -> None:
    """The host ends at the first slash that is not inside of a variable."""
    assert split_host_key(key) == (host, path)


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("//example.com/", "example.com"),
        ("//EXAMPLE.Com/", "example.com"),
        ("//münchen.example/", "xn--mnchen-3ya.example"),
        ("//MÜNCHEN.example/", "xn--mnchen-3ya.example"),
        ("//a_b-c.example/", "a_b-c.example"),
        ("//localhost:8000/", "localhost:8000"),
        ("//localhost:<int:port>/", "localhost:<int:port>"),
        ("//127.0.0.1/", "127.0.0.1"),
        ("//[::1]/", "[::1]"),
        ("//[::FF]:80/", "[::ff]:80"),
        ("//<region>.Example.com/", "<region>.example.com"),
        ("//<any(A, B):letter>.test/", "<any(A, B):letter>.test"),
        ("//api./", "api.example.org:8000"),
        ("//<x>./", "<x>.example.org:8000"),
    ],
)
def test_a_host_as_it_is_sent(key: str, host: str) -> None:
    """A host is lower-case and IDNA; with a dot at its end, the server's name is added."""
    pattern, problems = parse_host(key, None, "Example.org:8000")
    assert pattern is not None
    assert (pattern.text, problems) == (host, [])


@pytest.mark.parametrize(
    "key",
    [
        "//a..b/", "//.a/", "//a b/", "//*.a/", "//a:b/", "//a:/", "//a@b/", "//ü" + "ü" * 70 + "/",
        "//::1/", "//a\\b/", "//-ü..b/", "//./",
    ],
)  # fmt: skip
def test_what_is_no_host(key: str) -> None:
    """A text that no Host header can hold is told, under the whole host."""
    pattern, (problem,) = parse_host(key, None, "example.org")
    assert pattern is None
    assert (problem.kind.code, problem.start) == ("WZ106", 2)
    assert problem.end == 2 + len(split_host_key(key)[0])


def test_hosts_in_a_manifest(project: Project) -> None:
    """A host stands in the key of a leaf or of a group, whose routes have no host in their keys."""
    manifest = sound(
        project,
        """
        [routes]
        "/" = "v.Any"
        "//API.example.com/status" = "v.Leaf"

        [routes."//api.<region>.example.com"]
        name = "api"
        "/" = "v.Root"
        "/users/" = "v.Users"

        [routes."//example.com/v1"]
        view = "v.Own"
        "/x" = "v.X"
        """,
    )
    assert [(route.path, route.name) for route in manifest.routes] == [
        ("/", "any"),
        ("//api.example.com/status", "leaf"),
        ("//api.<region>.example.com/", "api.root"),
        ("//api.<region>.example.com/users/", "api.users"),
        ("//example.com/v1", "own"),
        ("//example.com/v1/x", "x"),
    ]
    assert [route.variables for route in manifest.routes][2:4] == [("region",), ("region",)]


def test_the_server_name_of_a_setting(project: Project) -> None:
    """``--set matching.server_name`` says what a relative host is relative to."""
    text = '[routes]\n"//api./" = "v.V"\n'
    _, diagnostics = read(project, text)
    assert told(diagnostics) == [("WZ106", "api.")]
    path = project.manifest
    manifest = sound(project, f'{path.read_text("utf-8")}[matching]\nserver_name = "A.test"\n')
    assert [route.path for route in manifest.routes] == ["//api.a.test/"]


def test_a_bad_host_hides_nothing(project: Project) -> None:
    """Below a bad host every mistake is told, and nothing is said of what the host lacks."""
    _, diagnostics = read(
        project,
        """
        [routes."//a..b"]
        "/<x" = "v.V()"
        "/ok" = { view = "v.V", name = "ok" }

        [routes]
        "//<x-y>.com" = { veiw = "v.V" }
        "/old" = { redirect = "ok" }
        """,
    )
    assert told(diagnostics) == [
        ("WZ106", "a..b"),
        ("WZ101", "<x"),
        ("WZ014", "()"),
        ("WZ101", "<x-y>"),
        ("WZ010", "veiw"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"//example.com" = "v.V"', ("WZ101", '"//example.com"')),
        ('"//example.com" = { view = "v.V" }', ("WZ101", '"//example.com"')),
        ('"//example.com" = { GET = "v.V" }', ("WZ101", '"//example.com"')),
        ('"/a" = { "//example.com/" = "v.V" }', ("WZ106", "//")),
    ],
)
def test_where_a_host_cannot_stand(project: Project, text: str, expected: tuple[str, str]) -> None:
    """A host alone is no pattern, and a host below a group is none either."""
    _, diagnostics = read(project, f"[routes]\n{text}\n")
    assert told(diagnostics) == [expected]
