"""What all commands share: help, mistakes in typing, start-up cost, terminals and pipes."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import webzeug
from tests.cli.conftest import Run
from tests.support.project import Project

COMMANDS = ("serve", "routes", "lint", "match", "url")

VIEWS = """
    from webzeug import Response, View

    class Home(View):
        def GET(self): ...
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A project with one route, whose modules leave a mark if they are run."""
    mark = f"open({str(project.folder / 'mark')!r}, 'w')\n"
    project.write("shop/__init__.py", mark)
    project.write("shop/views.py", mark + "from webzeug import View\nclass Home(View): ...\n")
    project.write("shop/parts.py", mark)
    project.write(
        "routes.toml",
        """
        [routes]
        "/" = "shop.views.Home"
        "/mount" = { wsgi = "shop.parts.app" }
        "/<own:x>" = { view = "shop.views.Home", name = "own", middleware = ["shop.parts.inner"] }
        [converters]
        own = "shop.parts.Own"
        [[middleware]]
        use = "shop.parts.outer"
        [resources]
        db = "shop.parts.db"
        [errors]
        404 = "shop.parts.Absent"
        [config]
        secret = "x"
        [env]
        secret = "SECRET"
        """,
    )
    return project


@pytest.mark.parametrize("args", [(), ("--help",), ("-h",)])
def test_help_names_the_commands(run: Run, args: tuple[str, ...]) -> None:
    """Alone or with --help, each command stands with a line that says what it is for."""
    done = run(*args)
    text = done.out + done.err
    assert done.code == (0 if args else 2)
    for command in COMMANDS:
        assert f"\n  {command} " in text
    assert 'eval "$(_WEBZEUG_COMPLETE=bash_source webzeug)"\n' in text


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run: Run, command: str) -> None:
    """The help of a command says what its exit codes or its end are, and shows every option."""
    done = run(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: webzeug {command} [OPTIONS] ")
    assert "--set" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_version(run: Run) -> None:
    """--version says the program's name and version."""
    assert run("--version").out == f"webzeug {webzeug.__version__}\n"


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["route"], "No such command 'route'. Did you mean 'routes'?"),
        (["lnt"], "No such command 'lnt'. Did you mean 'lint'?"),
        (["xyzzy"], "No such command 'xyzzy'."),
        (["--vresion"], "No such option '--vresion'. Did you mean '--version'?"),
        (["routes", "--pth", "x"], "No such option '--pth'."),
        (["routes", "--format", "yaml"], "Invalid value for '--format': 'yaml' is not one of"),
        (["routes", "--path"], "Option '--path' requires an argument."),
        (["routes", "a.toml", "b.toml"], "Got unexpected extra argument (b.toml)"),
        (["lint", "--app-dir", "absent"], "Directory 'absent' does not exist."),
        (["url"], "Missing argument 'MANIFEST'."),
        (["url", "routes.toml"], "Missing argument 'NAME'."),
        (["routes"], "cannot read routes.toml: there is no such file"),
    ],
)
def test_mistakes_in_typing(run: Run, args: list[str], problem: str) -> None:
    """A wrong command or option is said on stderr, with what may have been meant, and exits 2."""
    done = run(*args)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err


def test_both_names_are_the_same_program(shop: Project) -> None:
    """``python -m webzeug`` and the script ``webzeug`` run the same commands."""
    script = Path(sys.executable).parent / "webzeug"
    if not script.exists():
        pytest.skip("webzeug is not installed beside this Python")
    by_script = subprocess.run(
        [script, "routes"], cwd=shop.folder, capture_output=True, text=True, check=False
    )
    by_module = shop.run("routes")
    assert (by_module.code, by_module.out) == (by_script.returncode, by_script.stdout)


@pytest.mark.parametrize(
    "args",
    [
        ("routes",),
        ("routes", "--format", "json"),
        ("lint",),
        ("match", "GET", "/"),
        ("match", "GET", "/mount/own"),
        ("url", "routes.toml", "home"),
        ("url", "routes.toml", "own", "x=1"),
    ],
)
def test_looking_runs_nothing(shop: Project, args: tuple[str, ...]) -> None:
    """Commands that look neither run the application nor read the environment."""
    done = shop.run(*args, environ={"SECRET": "from the environment"})
    assert done.code in (0, 1)
    assert done.out
    assert "SECRET" not in done.err
    assert not (shop.folder / "mark").exists()


_LOADED = """
import json, sys
before = set(sys.modules)
from webzeug.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""


def _loaded(project: Project, *args: str) -> set[str]:
    """The top-level modules that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *args],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (("--help",), {"werkzeug", "gevent", "watchdog", "tomli", "asyncio", "difflib"}),
        (("serve", "--help"), {"werkzeug", "gevent", "watchdog", "tomli", "difflib"}),
        (("routes",), {"gevent", "watchdog", "asyncio", "shop"}),
        (("lint",), {"gevent", "watchdog", "asyncio", "shop"}),
        (("match", "GET", "/"), {"gevent", "watchdog", "asyncio", "shop"}),
        (("url", "routes.toml", "home"), {"gevent", "watchdog", "asyncio", "shop"}),
    ],
)
def test_what_is_not_needed_is_not_imported(
    shop: Project, args: tuple[str, ...], unwanted: set[str]
) -> None:
    """Help needs no web library, and looking needs no server; none imports the application."""
    assert _loaded(shop, *args) & unwanted == set()


def test_a_reader_that_leaves_ends_it_quietly(project: Project) -> None:
    """In ``webzeug routes | head -1`` nothing is said about the broken pipe."""
    lines = "\n".join(f'"/{number}" = "shop.views.Home"' for number in range(5000))
    project.write("routes.toml", f"[routes]\n{lines}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "webzeug", "routes"],
        cwd=project.folder,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline().startswith(b"PATH")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.wait(60) == 1


def test_a_closed_stdout(shop: Project) -> None:
    """A command whose stdout is closed does its work, for the sake of its exit code."""
    done = subprocess.run(
        f"{sys.executable} -m webzeug routes >&-",
        shell=True,
        cwd=shop.folder,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "environ",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii:strict"},
    ],
)
def test_poor_terminals(shop: Project, environ: dict[str, str]) -> None:
    """A character that the terminal lacks is written as an escape, or as UTF-8 all the same."""
    shop.write("routes.toml", '[routes]\n"/日本/" = "shop.views.Home"\n"/é/" = "shop.views.Home"\n')
    done = subprocess.run(
        [sys.executable, "-m", "webzeug", "routes", "--format", "tree"],
        cwd=shop.folder,
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "日".encode() in done.stdout or b"\\u65e5" in done.stdout


def _in_terminal(project: Project, args: list[str], environ: dict[str, str]) -> str:
    """What a command writes if its stdout and stderr are a terminal."""
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "webzeug", *args],
            cwd=project.folder,
            env={**os.environ, "NO_COLOR": "", "COLUMNS": "20", **environ},
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        text = b""
        while block := _block(terminal.fileno()):
            text += block
        process.wait(60)
    return text.decode().replace("\r\n", "\n")


def _block(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # EIO: on Linux, the other side of the terminal is closed
        return b""


@pytest.mark.parametrize("command", ["routes", "lint"])
def test_colours_for_terminals_alone(shop: Project, command: str) -> None:
    """A terminal gets colours unless NO_COLOR is set; a pipe gets none. Neither cuts a line."""
    shop.write("routes.toml", '[routes]\n"/" = "shop.views.Home"\n"//" = "shop.views.Absent"\n')
    plain = shop.run(command)
    coloured = _in_terminal(shop, [command], {})
    assert "\x1b[1m" in coloured
    assert "\x1b" not in plain.out + plain.err
    assert _in_terminal(shop, [command], {"NO_COLOR": "1"}) == plain.err + plain.out


def _completions(project: Project, words: str) -> list[str]:
    """What bash is offered after some words, the last of which is being typed."""
    done = subprocess.run(
        [sys.executable, "-c", "from webzeug.cli import main; main(prog_name='webzeug')"],
        cwd=project.folder,
        env={
            **os.environ,
            "_WEBZEUG_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_completion(shop: Project) -> None:
    """Commands, options and the names of routes are completed."""
    assert _completions(shop, "webzeug r") == ["routes"]
    assert _completions(shop, "webzeug routes --so") == ["--sort"]
    assert _completions(shop, "webzeug routes --sort ") == ["file", "path", "name", "view"]
    assert _completions(shop, "webzeug url routes.toml ho") == ["home"]
    assert _completions(shop, "webzeug url absent.toml ho") == []
