"""What ``import webzeug`` gives, and what it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import webzeug

SOURCE = Path(webzeug.__file__)


@pytest.mark.parametrize("name", webzeug.__all__)
def test_each_public_name_is_there(name: str) -> None:
    """Every name of ``__all__`` leads to something, and to the same thing each time."""
    assert getattr(webzeug, name) is getattr(webzeug, name)
    assert name in dir(webzeug)


def test_type_checkers_see_the_same_names() -> None:
    """The imports for type checkers are those that happen on first use."""
    guarded = next(node for node in ast.parse(SOURCE.read_bytes()).body if isinstance(node, ast.If))
    seen = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(seen) == webzeug.__all__
    for name, (module, original) in seen.items():
        assert module is not None
        home = __import__(module, fromlist=[original])
        assert getattr(webzeug, name) is getattr(home, original)


def test_other_names_are_not_there() -> None:
    """A name that does not exist is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match=r"module 'webzeug' has no attribute 'Veiw'"):
        _ = webzeug.Veiw
    assert not hasattr(webzeug, "__wrapped__")


def test_star_import() -> None:
    """``from webzeug import *`` brings the public names alone."""
    code = "from webzeug import *; print(*sorted(n for n in dir() if n[0] != '_'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert webzeug.__all__ == done.stdout.split()


def test_importing_it_imports_no_other_library() -> None:
    """``serve`` must be able to patch the standard library before Werkzeug is imported."""
    code = "import sys; old = set(sys.modules); import webzeug; print(*set(sys.modules) - old)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {"werkzeug", "gevent", "tomli", "click", "ssl", "socket", "threading"} == set()
