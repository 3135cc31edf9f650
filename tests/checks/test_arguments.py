"""What lint says of calls of middlewares and resources. The golden files show the messages."""

import pytest

from tests.support.project import Project
from webzeug.loader import Options, build, check

SHOP = "from webzeug import View\nclass Home(View):\n    def GET(self): ...\n"
CALL = "    def __call__(self, environ, start_response): ..."


def codes(project: Project, manifest: str, code: str) -> list[str]:
    """What lint finds in a manifest and a module."""
    project.write("shop.py", f"{SHOP}{code}\n")
    project.write("routes.toml", f'[routes]\n"/" = "shop.Home"\n{manifest}\n')
    return [found.kind.code for found in check(str(project.manifest)).diagnostics]


@pytest.mark.parametrize(
    ("options", "code", "expected"),
    [
        ("", "def m(app): return app", []),
        ("", "def m(*args): return args[0]", []),
        ("", "def m(app, size=1): return app", []),
        ("", "def m(app, *, size=1): return app", []),
        ("size = 1", "def m(app, **options): return app", []),
        ("size = 1", "def m(app, size, /, **options): return app", ["WZ420"]),
        ("size = 1", "def m(app): return app", ["WZ420"]),
        ("app = 1", "def m(app): return app", ["WZ420"]),
        ("", "def m(app, size): return app", ["WZ420"]),
        ("", "def m(app, *, size): return app", ["WZ420"]),
        ("", "def m(): ...", ["WZ420"]),
        ("", f"class m:\n    def __init__(self, app): ...\n{CALL}", []),
        ("size = 1", f"class m:\n    def __init__(self, app, size): ...\n{CALL}", []),
        ("", "class m(object):\n    def __init__(self): ...", ["WZ420"]),
        ("size = 1", "class m:\n    def __init__(self, app): ...", ["WZ420"]),
    ],
)
def test_middlewares_fail_as_foretold(
    project: Project, options: str, code: str, expected: list[str]
) -> None:
    """What lint reports does not start, and what it does not report starts."""
    manifest = f'[[middleware]]\nuse = "shop.m"\nwith = {{ {options} }}'
    assert codes(project, manifest, code) == expected
    built = build(str(project.manifest), Options(environ={}, eager=True))
    assert (built.app is None) == bool(expected)


@pytest.mark.parametrize(
    "code",
    [
        "import functools\n@functools.wraps(print)\ndef m(): ...",
        "m = print",
        "if SHOP:\n    def m(): ...\nelse:\n    def m(app): ...",
        "import abc\nclass m(metaclass=abc.ABCMeta):\n    def __init__(self): ...",
        "class m:\n    def __new__(cls, app): ...\n    def __init__(self): ...",
        "class m(dict):\n    def __init__(self): ...",
        "class m(SHOP()):\n    def __init__(self): ...",
        "class m:\n    if SHOP:\n        def __init__(self): ...",
        "@print\nclass m:\n    def __init__(self): ...",
        "class m:\n    @print\n    def __init__(self): ...",
        "def m(): ...\nglobals()['m'] = print",
        "def m(): ...\nm = print(m)",
    ],
)
def test_what_is_not_certain_is_not_reported(project: Project, code: str) -> None:
    """Something else may be called."""
    assert codes(project, '[[middleware]]\nuse = "shop.m"', code) == []


def test_methods_are_not_followed(project: Project) -> None:
    """What is bound to a class is called in another way."""
    code = "class M:\n    @classmethod\n    def make(cls, app): ...\n    def made(app): ..."
    manifest = '[resources]\na = "shop:M.make"\nb = "shop:M.made"'
    assert codes(project, manifest, code) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def m(app): ...", []),
        ("def m(): ...", ["WZ420"]),
        ("def m(app, url): ...", ["WZ420"]),
        ("def m(app, *, url): ...", ["WZ420"]),
        ("import contextlib\n@contextlib.contextmanager\ndef m(): ...", ["WZ420"]),
        ("from contextlib import contextmanager as c\n@c\ndef m(app): ...", []),
    ],
)
def test_resources(project: Project, code: str, expected: list[str]) -> None:
    """They are given the App, and nothing else."""
    assert codes(project, '[resources]\ndb = "shop.m"', code) == expected


def test_installed_code_is_read_as_well(project: Project) -> None:
    """A misspelt option of Werkzeug's ProxyFix is found."""
    use = '[[middleware]]\nuse = "werkzeug.middleware.proxy_fix.ProxyFix"\n'
    assert codes(project, f"{use}with = {{ x_for = 1, x_proto = 1 }}", "") == []
    assert codes(project, f"{use}with = {{ x_fro = 1 }}", "") == ["WZ420"]
