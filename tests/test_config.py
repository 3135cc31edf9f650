"""Config: nobody can change it after the start."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.project import Project
from webzeug import App
from webzeug.config import freeze

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.dates()
KEYS = st.text(max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=8,
)
TREES = st.dictionaries(KEYS, VALUES, max_size=3)


def thawed(value: Any) -> Any:
    """A frozen tree in the types that it had, tuples as lists."""
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    return [thawed(item) for item in value] if isinstance(value, (list, tuple)) else value


def mutable_parts(value: Any) -> list[Any]:
    """All that can be changed in a tree."""
    if isinstance(value, Mapping):
        parts = [part for item in value.values() for part in mutable_parts(item)]
        return parts if not hasattr(value, "__setitem__") else [value, *parts]
    if isinstance(value, tuple):
        return [part for item in value for part in mutable_parts(item)]
    return [value] if isinstance(value, (list, set, bytearray)) else []


@settings(deadline=None, database=None)
@given(TREES)
def test_the_same_values_that_nobody_can_change(tree: dict[str, Any]) -> None:
    """Every value stays what it was, at every depth, and nothing of it can be changed."""
    frozen = freeze(tree)
    assert thawed(frozen) == thawed(tree)
    assert mutable_parts(frozen) == []


def test_it_is_a_copy() -> None:
    """What the tree was made of can change later, and the config does not."""
    hosts = ["a"]
    tree = {"mail": {"hosts": hosts}, "tags": {"x"}, "since": date(2026, 1, 2)}
    frozen = freeze(tree)
    hosts.append("b")
    tree["mail"] = {}
    assert frozen == {
        "mail": {"hosts": ("a",)},
        "tags": frozenset({"x"}),
        "since": date(2026, 1, 2),
    }


def test_assigning_fails() -> None:
    """Python says that it does not support item assignment."""
    config: Any = App(config={"mail": {"host": "localhost"}}).config
    with pytest.raises(TypeError, match="does not support item assignment"):
        config["new"] = 1
    with pytest.raises(TypeError, match="does not support item assignment"):
        config["mail"]["host"] = "elsewhere"


def test_the_config_of_a_manifest(project: Project) -> None:
    """It is the merged one: the manifest, a config file, the environment, settings."""
    project.write("prod.toml", "page_size = 30\n[mail]\nport = 26\n")
    project.write(
        "routes.toml",
        """
        [routes]
        [config]
        page_size = 20
        debug = false
        [config.mail]
        host = "localhost"
        port = 25
        [env]
        mail.host = "MAIL_HOST"
        """,
    )
    app = project.load(
        config=str(project.folder / "prod.toml"),
        environ={"MAIL_HOST": "mail.example.com"},
        settings=["config.debug=true"],
    )
    assert app.config == {
        "page_size": 30,
        "debug": True,
        "mail": {"host": "mail.example.com", "port": 26},
    }
