"""What the documentation shows is what happens."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
import tomli

from tests.support.project import Project
from tests.support.serving import serving
from webzeug.cli import main as cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

# Held by tests/test_explanations.py: mistakes on purpose.
SOUND = [page for page in PAGES if page.name != "codes.md"]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks(page: Path, language: str) -> Iterator[str]:
    for found, text in _BLOCK.findall(page.read_text("utf-8")):
        if found == language:
            yield text


@pytest.fixture
def hello(project: Project) -> Project:
    """The README's first application, as it stands there."""
    readme = ROOT / "README.md"
    project.write("routes.toml", next(_blocks(readme, "toml")))
    project.write("hello/views.py", next(_blocks(readme, "python")))
    return project


def test_the_readmes_first_application(hello: Project) -> None:
    """The README's first application answers, and its stream runs."""
    with serving(hello) as server:
        assert server.get("/").body == b"Try /people/bob/\n"
        assert server.get("/people/bob/").body == b"Hey there bob!\n"
        with server.connect() as client:
            client.send("GET /count/ HTTP/1.1\r\nHost: test\r\n\r\n")
            assert client.file.readline() == b"HTTP/1.1 200 OK\r\n"


def _shown(page: Path, command: str) -> str:
    """The output that a page shows below a command."""
    for block in _blocks(page, "console"):
        first, _, rest = block.partition("\n")
        if first == f"$ {command}":
            return rest
    raise AssertionError(f"{page.name} does not show {command}")


def test_the_mistake_that_the_readme_shows(hello: Project) -> None:
    """lint says of the misspelt View what the README shows."""
    text = hello.manifest.read_text("utf-8")
    hello.write("routes.toml", text.replace("hello.views.Hello", "hello.views.Helo"))
    done = hello.run("lint", "routes.toml")
    expected = _shown(ROOT / "README.md", "webzeug lint routes.toml")
    assert (1, expected) == (done.code, done.out)


@pytest.mark.parametrize(
    "command",
    [
        "webzeug routes routes.toml",
        "webzeug explain WZ206",
        "webzeug match GET /people/bob",
        "webzeug url routes.toml hello name=bob --query page=2",
    ],
)
def test_the_commands_that_the_docs_show(hello: Project, command: str) -> None:
    """What docs/commands.md shows below a command is what it prints."""
    done = hello.run(*command.split()[1:])
    assert (0, _shown(ROOT / "docs" / "commands.md", command)) == (done.code, done.out)


@pytest.mark.parametrize("page", SOUND, ids=lambda page: page.name)
def test_toml_blocks_are_sound(page: Path, project: Project) -> None:
    """Each TOML block is a manifest whose only faults are Views and files that are not there."""
    missing = {"WZ301", "WZ012", "WZ017", "WZ204", "WZ022"}
    for number, block in enumerate(_blocks(page, "toml")):
        tomli.loads(block)
        name = f"{number}.toml"
        project.write(name, block if "[routes" in block else f"{block}\n[routes]\n")
        done = project.run("lint", name)
        codes = set(re.findall(r"\[(WZ\d+)\]", done.out))
        assert codes <= missing, done.out


@pytest.mark.parametrize("page", SOUND, ids=lambda page: page.name)
def test_python_blocks_are_python(page: Path) -> None:
    """Each Python block compiles."""
    for block in _blocks(page, "python"):
        assert compile(block, page.name, "exec") is not None


@pytest.mark.parametrize("page", ["keys", "codes"])
def test_the_references_are_made_from_their_sources(page: str) -> None:
    """docs/keys.md is what docs/make_keys.py makes of the schema, codes.md of the explanations."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        reference = import_module(f"make_{page}").reference
    finally:
        sys.path.pop(0)
    assert reference() == (ROOT / "docs" / f"{page}.md").read_text("utf-8")


def test_every_command_is_documented() -> None:
    """README and docs/commands.md name every command that there is."""
    assert isinstance(cli, click.Group)
    names = cli.list_commands(click.Context(cli))
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert [name for name in names if f"`webzeug {name} " not in readme] == []
    assert [name for name in names if f"## {name}\n" not in commands] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_workflow_and_the_hook_lint(hello: Project) -> None:
    """The commands of docs/github-lint.yml and of the pre-commit hook pass on a sound manifest."""
    texts = [ROOT / "docs" / "github-lint.yml", ROOT / ".pre-commit-hooks.yaml"]
    found = [re.findall(r"(?:run|entry): webzeug ([^>\n]+)", text.read_text()) for text in texts]
    assert list(map(len, found)) == [2, 1]
    for command in (*found[0], *found[1]):
        done = hello.run(*command.split())
        assert (done.code, done.err) == (0, "")
