"""Values from outside: [config] < --config < [env] < --set (4.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project
from webzeug.diagnostics import Diagnostic
from webzeug.manifest.document import parse_document
from webzeug.manifest.model import Manifest, Server
from webzeug.manifest.settings import Overrides

TEXT = """
    [routes]

    [config]
    page_size = 20
    name = "default"
    mail = { host = "localhost", port = 25 }

    [env]
    page_size = "PAGE_SIZE"
    token = "TOKEN"
    mail.host = "MAIL_HOST"
"""
ENVIRONMENT = {"PAGE_SIZE": "40", "TOKEN": "12345", "MAIL_HOST": "env.example", "NAME": "unused"}


def _overrides(
    sets: Sequence[str] = (), config: str | None = None, environ: Mapping[str, str] | None = None
) -> Overrides:
    document = None
    if config is not None:
        document, diagnostics = parse_document(config.encode(), "prod.toml")
        assert diagnostics == []
    return Overrides(sets, document, environ)


def _config(project: Project, *args: Any, **options: Any) -> Mapping[str, Any]:
    return sound(project, TEXT, _overrides(*args, **options)).config


def _found(
    project: Project, text: str, *args: Any, **options: Any
) -> tuple[Manifest, tuple[Diagnostic, ...]]:
    return read(project, text, _overrides(*args, **options))


# Precedence


def test_each_source_wins_over_the_one_before(project: Project) -> None:
    """[config], then --config, then the environment, then --set."""
    config = 'page_size = 30\nname = "prod"\nmail.host = "prod.example"'
    sets = ["config.page_size=50", "config.mail.host=set.example"]
    assert _config(project) == {
        "page_size": 20, "name": "default", "mail": {"host": "localhost", "port": 25},
    }  # fmt: skip
    assert _config(project, config=config) == {
        "page_size": 30, "name": "prod", "mail": {"host": "prod.example", "port": 25},
    }  # fmt: skip
    assert _config(project, config=config, environ=ENVIRONMENT) == {
        "page_size": 40, "name": "prod", "mail": {"host": "env.example", "port": 25},
        "token": "12345",
    }  # fmt: skip
    assert _config(project, sets, config=config, environ=ENVIRONMENT) == {
        "page_size": 50, "name": "prod", "mail": {"host": "set.example", "port": 25},
        "token": "12345",
    }  # fmt: skip


def test_looking_commands_read_no_environment(project: Project) -> None:
    """Without an environment nothing is read from one, and nothing is missing."""
    manifest = sound(project, TEXT)
    assert [(variable.key, variable.name) for variable in manifest.env] == [
        (("page_size",), "PAGE_SIZE"),
        (("token",), "TOKEN"),
        (("mail", "host"), "MAIL_HOST"),
    ]


# --set


def test_a_set_makes_new_keys(project: Project) -> None:
    """A --set of a key that [config] lacks makes it, tables included."""
    sets = ["config.new.deep=[1, 2]", "config.word=some text", "config.mail.port=2525"]
    config = _config(project, sets)
    assert (config["new"], config["word"]) == ({"deep": [1, 2]}, "some text")
    assert config["mail"] == {"host": "localhost", "port": 2525}


def test_the_last_set_wins(project: Project) -> None:
    """Of two --set for one key the last one counts."""
    sets = ["config.page_size=1", "config.page_size=2", "server.bind=:1", "server.bind=:2"]
    manifest = sound(project, TEXT, _overrides(sets))
    assert (manifest.config["page_size"], manifest.server.bind) == (2, ":2")


def test_sets_reach_matching_and_server(project: Project) -> None:
    """--set overrides [matching] and [server], by each key's own type."""
    sets = [
        "server.bind=[::1]:80", "server.grace=1.5", "server.backlog=7",
        "matching.server_name=example.com", "matching.strict_slashes=false",
        " server.max_connections = 3 ",
    ]  # fmt: skip
    manifest = sound(project, f"{TEXT}\n    [server]\n    bind = ':9'\n", _overrides(sets))
    assert manifest.server == Server("[::1]:80", 1.5, 3, 7)
    assert (manifest.matching.server_name, manifest.matching.strict_slashes) == (
        "example.com",
        False,
    )


def test_an_equals_sign_in_the_value(project: Project) -> None:
    """Only the first = separates; a value may be empty."""
    config = _config(project, ["config.name=a=b=c", "config.other="])
    assert (config["name"], config["other"]) == ("a=b=c", "")


@pytest.mark.parametrize(
    ("setting", "under", "message"),
    [
        ("page_size=5", "page_size", "--set reaches [config], [matching] and [server]"),
        ("routes.x=5", "routes.x", "--set reaches"),
        ("config", "config", "is not of the form table.key=value"),
        ("config=1", "config", "is not of the form"),
        ("config.a", "config.a", "is not of the form"),
        ("config.=1", "config.", "is not of the form"),
        ("config..a=1", "config..a", "is not of the form"),
        ("=1", "", "is not of the form"),
        ("", "", "is not of the form"),
        ("server.port=1", "server.port", "[server] has no key `port`"),
        ("server.a.b=1", "server.a.b", "[server] has no key `a.b`"),
        ("server.grace=soon", "soon", "it must be a number of seconds"),
        ("server.grace=nan", "nan", "it must be between"),
        ("server.grace=inf", "inf", "it must be between"),
        ("server.bind=nowhere", "nowhere", "is not an address"),
        ("matching.strict_slashes=1", "1", "it must be true or false"),
        ("config.page_size=x", "x", "it must be a whole number"),
    ],
)
def test_bad_sets(project: Project, setting: str, under: str, message: str) -> None:
    """What is wrong with a --set is told under its own text, and it changes nothing."""
    manifest, (diagnostic,) = _found(project, TEXT, [setting])
    assert (diagnostic.kind.code, diagnostic.span.text) == ("WZ020", under)
    assert message in diagnostic.message
    assert manifest == sound(project, TEXT)


def test_a_bad_set_hides_nothing(project: Project) -> None:
    """A bad --set is told, and so is what is wrong with the manifest."""
    _, diagnostics = _found(project, "[config]\n", ["config.a"])
    assert [code for code, _ in told(diagnostics)] == ["WZ020", "WZ013"]


def test_all_bad_sets_are_told(project: Project) -> None:
    """Several bad --set are told in the order in which they were given."""
    _, diagnostics = _found(project, TEXT, ["b.x=1", "server.a=1", "config.page_size=x"])
    assert [text for _, text in told(diagnostics)] == ["b.x", "server.a", "x"]


# --config


def test_a_config_file_that_does_not_fit(project: Project) -> None:
    """A value of another type than its default is an error, a key near to another a warning."""
    config = 'page_size = "30"\nnmae = "x"\nmail = 5\nunlike.anything = 1\n'
    manifest, diagnostics = _found(project, TEXT, config=config)
    assert told(diagnostics) == [("WZ011", '"30"'), ("WZ023", "nmae"), ("WZ011", "5")]
    assert [diagnostic.is_error for diagnostic in diagnostics] == [True, False, True]
    assert manifest.config["unlike"] == {"anything": 1}


def test_a_config_file_without_defaults(project: Project) -> None:
    """A key that no default is near to may be anything."""
    manifest = sound(project, "[routes]", _overrides(config="a = 1\nb.c = [2]"))
    assert manifest.config == {"a": 1, "b": {"c": [2]}}


def test_a_config_file_with_the_header(project: Project) -> None:
    """A --config file with the header [config] would make a table config.config: that is told."""
    _, diagnostics = _found(project, TEXT, config="[config]\npage_size = 1\n")
    assert told(diagnostics) == [("WZ015", "[config]")]
    text = "[routes]\n[config.config]\na = 1\n"
    manifest = sound(project, text, _overrides(config="[config]\na = 2\n"))
    assert manifest.config == {"config": {"a": 2}}


# [env]


def test_all_missing_variables_are_told(project: Project) -> None:
    """A variable is missing if it is not set and has no default, in [config] or in --config."""
    text = '[routes]\n[env]\na = "A"\nb = "B"\nc = "C"\nd = "D"\n'
    _, diagnostics = _found(project, text, ["config.d=1"], 'b = "x"', {"A": "1"})
    assert told(diagnostics) == [("WZ021", '"C"')]


@pytest.mark.parametrize("text", ["12345", "true", "1e5", "", "[1]", '"x"'])
def test_a_variable_without_a_default_is_a_text(project: Project, text: str) -> None:
    """Without a default the value is the text itself: a password may look like anything."""
    assert _config(project, environ={**ENVIRONMENT, "TOKEN": text})["token"] == text


def test_a_variable_of_the_wrong_type(project: Project) -> None:
    """A value that does not fit is told without being shown, and the default stays."""
    environ = {**ENVIRONMENT, "PAGE_SIZE": "s3cret"}
    manifest, (diagnostic,) = _found(project, TEXT, environ=environ)
    assert (diagnostic.kind.code, diagnostic.span.text) == ("WZ022", '"PAGE_SIZE"')
    assert "s3cret" not in str(diagnostic)
    assert manifest.config["page_size"] == 20


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ('a = "A B"', ("WZ022", '"A B"')),
        ('a = ""', ("WZ022", '""')),
        ('a = "1A"', ("WZ022", '"1A"')),
        ("a = 1", ("WZ011", "1")),
        ('a = ["A"]', ("WZ011", '["A"]')),
        ('mail = "MAIL"', ("WZ022", "mail")),
        ('page_size = { x = "X" }', ("WZ022", "page_size")),
        ('mail.hots = { y = "Y Z" }', ("WZ022", '"Y Z"')),
    ],
)
def test_bad_env(project: Project, env: str, expected: tuple[str, str]) -> None:
    """[env] is a tree like [config], whose values are names of variables."""
    text = "[routes]\n[config]\npage_size = 20\nmail = { host = 'x' }\n"
    _, diagnostics = read(project, f"{text}[env]\n{env}\n")
    assert told(diagnostics) == [expected]
