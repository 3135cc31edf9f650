"""What the documentation shows is what happens."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
import tomli
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.documents import write_program
from tests.support.http import TIMEOUT
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


def _without_numbers(text: str) -> str:
    """What serve prints, with ports, hashes and durations that are always the same."""
    text = re.sub(r"(http://[\d.]+):\d+/", r"\1:8000/", text)
    text = re.sub(r"\b[0-9a-f]{12}\b", "5f2b8c0d91ae", text)
    return re.sub(r"\d+ ms", "60 ms", text)


SERVED = [
    ("README.md", "python -m webzeug serve routes.toml --dev", ["--dev"]),
    ("README.md", "webzeug serve routes.toml --follow", ["--follow"]),
    (
        "docs/commands.md",
        "webzeug serve routes.toml --bind :8080 --config prod.toml --set config.page_size=50",
        ["--bind", ":0", "--config", "prod.toml", "--set", "config.page_size=50"],
    ),
]


@pytest.mark.parametrize(("page", "command", "args"), SERVED)
def test_what_serve_says(hello: Project, page: str, command: str, args: list[str]) -> None:
    """The lines below a command are what it prints when it starts."""
    hello.write("prod.toml", "page_size = 10")
    with serving(hello, "routes.toml", *args) as server:
        server.wait_for("press Ctrl-C to stop")
        printed = server.stop()
    assert printed.code == 0
    expected = _without_numbers(_shown(ROOT / page, command))
    assert expected == _without_numbers(printed.err)


def test_what_serve_says_of_changes(hello: Project) -> None:
    """The lines of a swap and of a restart are as docs/commands.md shows them."""
    hello.write("routes.toml", hello.manifest.read_text("utf-8"))
    with serving(hello, "--dev") as server:
        server.wait_for("press Ctrl-C to stop")
        text = hello.manifest.read_text("utf-8")
        hello.write("routes.toml", f'{text}"/new/<int:n>/" = "hello.views.Hello"\n')
        server.wait_for("^swapped")
        text = (hello.folder / "hello/views.py").read_text("utf-8")
        hello.write("hello/views.py", f"{text}\n\nREADY = True\n")
        server.wait_for("^restarted")
        printed = server.stop()
    shown = _shown(ROOT / "docs" / "commands.md", "webzeug serve routes.toml --dev")
    assert _without_numbers(shown) == _without_numbers(printed.err)


def test_the_readmes_websocket_and_events(project: Project) -> None:
    """The echo comes back, the clock ticks; both end when the server stops."""
    write_program("../README.md", project)
    with serving(project) as server, server.connect() as clock:
        clock.send("GET /clock HTTP/1.1\r\nHost: test\r\n\r\n")
        while b"event: tick" not in clock.file.readline():
            pass
        url = f"ws://127.0.0.1:{server.port}/echo"
        with connect(url, proxy=None) as client:
            client.send("hello")
            assert client.recv(TIMEOUT) == "hello"
            server.signal()
            with pytest.raises(ConnectionClosed, match="1001"):
                client.recv(TIMEOUT)
        assert clock.file.read().endswith(b"\r\n0\r\n\r\n")
        assert server.wait().code == 0


def test_the_readmes_probes(hello: Project) -> None:
    """The paths that the README gives to them answer."""
    probes = next(block for block in _blocks(ROOT / "README.md", "toml") if "health" in block)
    hello.write("routes.toml", hello.manifest.read_text("utf-8") + probes)
    with serving(hello) as server:
        assert (server.get("/healthz").status, server.get("/readyz").status) == (200, 200)


def test_the_readmes_item(project: Project) -> None:
    """The View with two verbs answers, with a dictionary in place of a database."""
    item = next(block for block in _blocks(ROOT / "README.md", "python") if "class Item" in block)
    database = "class Items(dict):\n    find, save = dict.get, dict.__setitem__\n"
    project.write("shop/items.py", f"{item}\n\n{database}\n\ndef db(app):\n    return Items()\n")
    table = '[routes]\n"/items/<int:id>/" = "shop.items.Item"\n[resources]\ndb = "shop.items.db"\n'
    project.write("routes.toml", table)
    with project.load() as app:
        client = app.test_client()
        assert client.get("/items/7/").status_code == 404
        assert client.put("/items/7/", json={"name": "Tea"}).status_code == 204
        assert client.get("/items/7/").json == {"name": "Tea"}


def test_the_readmes_programs_without_a_server(hello: Project) -> None:
    """The App whose table is in code answers; so does the manifest's, in a script."""
    blocks = list(_blocks(ROOT / "README.md", "python"))
    script = next(block for block in blocks if "webzeug.load" in block)
    table = next(block for block in blocks if "app = App(" in block)
    ask = 'print(app.test_client().get("/").text)'
    for program, expected in ((script, "Hey there bob!"), (table + ask, "Try /people/bob/")):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=hello.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (0, "", expected) == (done.returncode, done.stderr, done.stdout.strip())


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
