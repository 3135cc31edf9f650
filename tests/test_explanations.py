"""Every code is explained, and what its explanation shows is what happens."""

import pkgutil
import re
import shlex
from collections.abc import Iterator
from importlib import import_module

import pytest
from click.testing import CliRunner

import webzeug
from tests.support.project import Project
from webzeug.assembly import resource_diagnostic
from webzeug.cli import main
from webzeug.diagnostics import Kind
from webzeug.explanations import EXAMPLE, INSTEAD, PARTS, codes, explanation
from webzeug.loader import Options, build
from webzeug.resources import ResourceError

# What only a server that runs, or that follows changes, finds; tests/server has their cases. WZ308
# is about what is not installed: tests/checks/test_extras.py.
NOT_RUN = {"WZ024", "WZ030", "WZ307", "WZ308"}

# Modules that are run and not imported: they change the process, the second by gevent's patches.
PROGRAMS = {"webzeug.__main__", "webzeug.cli.child"}

_BLOCK = re.compile(r"^```(\w+)(?: ([\w-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ([\w/]+\.(?:toml|py))\n")
_FIXED = """from webzeug import View


class Every(View):
    def GET(self, **variables): ...
    def POST(self, **variables): ...
    def PUT(self, **variables): ...
    def DELETE(self, **variables): ...


"""


def _kinds() -> Iterator[Kind]:
    """Every Kind that a module of the package defines."""
    for module in pkgutil.walk_packages(webzeug.__path__, "webzeug."):
        if module.name not in PROGRAMS:
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Kind):
                    yield value


def test_every_kind_is_explained() -> None:
    """Each Kind has an explanation with its code, name and severity, and there are no others."""
    explained = [explanation(code) for code in codes()]
    assert {(each.code, each.name, each.severity) for each in explained} == {
        (kind.code, kind.name, str(kind.severity)) for kind in _kinds()
    }
    assert [each.code for each in explained] == list(codes())


@pytest.mark.parametrize("code", codes())
def test_every_part_is_there(code: str) -> None:
    """An explanation has all parts, in their order, and none is empty."""
    parts = explanation(code).parts
    assert list(parts) == list(PARTS)
    assert all(parts.values())


@pytest.mark.parametrize("code", [code for code in codes() if code not in NOT_RUN])
def test_the_example_is_one(code: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example gives the code and no other."""
    monkeypatch.chdir(project.folder)
    assert {code} == _found(project, explanation(code).parts[EXAMPLE])


@pytest.mark.parametrize("code", [code for code in codes() if code not in NOT_RUN])
def test_what_to_write_instead_is_clean(
    code: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands below "Use instead" gives no finding at all."""
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("SECRET", "x")
    assert set() == _found(project, explanation(code).parts[INSTEAD])


def _found(project: Project, markdown: str) -> set[str]:
    """The codes that come of the files and the command in a part of an explanation."""
    command = "webzeug lint"
    modules = {"shop.py": _stubs(markdown)}
    for language, encoding, text in _BLOCK.findall(markdown):
        if language == "console":
            command = text.strip().removeprefix("$ ")
            continue
        match = _FILE.match(text)
        name = match[1] if match else "routes.toml"
        modules.pop(name, None)
        project.write(name, "").write_bytes(text.encode(encoding or "utf-8"))
    for name, text in modules.items():
        project.write(name, text)
    if command == "webzeug serve":
        return _of_serving(project)
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    assert done.exit_code in (0, 1, 2)
    return set(re.findall(r"\[(WZ\d+)\]", done.stdout))


def _stubs(markdown: str) -> str:
    """A module with all Views that the manifests name."""
    names = sorted(set(re.findall(r"\bshop\.([A-Z]\w*)", markdown)))
    return _FIXED + "\n\n".join(f"class {name}(Every): ..." for name in names)


def _of_serving(project: Project) -> set[str]:
    """What ``webzeug serve`` finds before it listens, without any environment variable."""
    built = build(str(project.manifest), Options(environ={"SECRET": "x"}, eager=True))
    found = {diagnostic.kind.code for diagnostic in built.diagnostics}
    if built.app is not None and built.manifest is not None:
        try:
            with built.app:
                pass
        except ResourceError as error:
            found.add(resource_diagnostic(built.manifest, error).kind.code)
    return found
