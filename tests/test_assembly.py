"""Assembly: everything is linked before an eager App is made, and each cause is told once."""

from collections.abc import Sequence

import pytest

from tests.support.project import Project
from webzeug import ManifestError
from webzeug.assembly import MAX_LABELS
from webzeug.diagnostics import Diagnostic

VIEWS = """
    from webzeug import Response, View

    class Index(View):
        def GET(self, **args):
            return Response(repr(args))

        def ERROR(self, error):
            return Response("page")

    def wrap(app, **options):
        return app

    def opener(app):
        return 3

    def app(environ, start_response):
        return Response("mounted")(environ, start_response)
"""


def problems(project: Project, manifest: str, eager: bool = True) -> Sequence[Diagnostic]:
    """What keeps a manifest from becoming an App."""
    project.write("routes.toml", manifest)
    with pytest.raises(ManifestError) as caught:
        project.load(eager=eager)
    return caught.value.diagnostics


def shown(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Place, code and message of each, then its labels."""
    lines: list[str] = []
    for each in diagnostics:
        span = each.span
        lines.append(f"{span.line}:{span.column} {each.kind.code} {each.message}")
        lines += [f"  {label.span.line}:{label.span.column} {label.text}" for label in each.others]
    return lines


EVERYTHING = """
    [routes]
    "/" = "absent.Index"
    "/typo" = "views.Indx"
    "/mount" = { wsgi = "views.absent" }
    "/verb" = { PUT = "views.Index" }
    "/own/<odd:x>" = "views.Index"
    "/own2/<odd:x>" = "views.Index"
    "/broken/<broken:x>" = "views.Index"
    "/args/<int(nonsense=1):x>" = "views.Index"
    "/unknown/<unheard:x>" = "views.Index"
    "/to" = { redirect = "nowhere" }
    "/fine" = "views.Index"
    [routes."/group"]
    middleware = ["views.missing"]
    "/in" = "views.Index"
    [converters]
    odd = "views.app"
    broken = "raises.Converter"
    [[middleware]]
    use = "raises.wrap"
    [resources]
    db = "views:opener.deep"
    [errors]
    404 = "raises.Page"
"""


def test_all_failures_at_once(project: Project) -> None:
    """In file order, with what the checks have found; a cause that spoils much is told once.

    A route is not reported for a converter that is reported itself.
    """
    project.write("views.py", VIEWS)
    project.write("raises.py", "raise LookupError('not today')\n")
    assert shown(problems(project, EVERYTHING)) == [
        "2:8 WZ305 there is no module `absent`",
        "3:18 WZ305 views has no `Indx`",
        "4:28 WZ305 views has no `absent`",
        "5:19 WZ305 views.Index has no method PUT",
        "9:13 WZ109 the converter `int` does not take (nonsense=1)",
        "10:12 WZ108 there is no converter `unheard`",
        "11:22 WZ204 no route has the name `nowhere`",
        "14:22 WZ305 views has no `missing`",
        "17:7 WZ305 views.app is not a converter",
        "18:11 WZ305 importing raises raised LookupError: not today",
        "  20:8 needed here too",
        "  24:8 needed here too",
        "22:20 WZ305 opener has no `deep`",
    ]


def test_a_lazy_app_needs_its_converters_alone(project: Project) -> None:
    """What a table cannot be compiled without is imported at once, the rest later."""
    project.write("views.py", VIEWS)
    project.write("raises.py", "raise LookupError('not today')\n")
    assert shown(problems(project, EVERYTHING, eager=False)) == [
        "9:13 WZ109 the converter `int` does not take (nonsense=1)",
        "10:12 WZ108 there is no converter `unheard`",
        "11:22 WZ204 no route has the name `nowhere`",
        "17:7 WZ305 views.app is not a converter",
        "18:11 WZ305 importing raises raised LookupError: not today",
    ]


def test_a_lazy_app_works_beside_a_broken_view(project: Project) -> None:
    """Only the routes that need it fail."""
    project.write("views.py", VIEWS)
    project.write(
        "routes.toml",
        """
        [routes]
        "/" = "views.Index"
        "/broken" = "absent.Index"
        [errors]
        500 = "absent.Page"
        """,
    )
    client = project.load().test_client()
    assert [client.get(path).status_code for path in ("/", "/broken", "/")] == [200, 500, 200]


def test_one_cause_behind_many_modules(project: Project) -> None:
    """Modules that fail for the same line, or want the same package, are one diagnostic."""
    project.write("broken.py", "1 / 0\n")
    project.write("a.py", "import broken\n")
    project.write("b.py", "import broken\n")
    project.write("c.py", "import not_installed\n")
    project.write("d.py", "from not_installed import x\n")
    project.write("bad.py", "x = (\n")
    project.write("e.py", "import bad\n")
    project.write("f.py", "import bad\n")
    project.write("g.py", "import another_one\n")
    project.write("h.py", "y = (\n")
    rows = "".join(f'"/{name}" = "{name}.V"\n' for name in "abcdefgh")
    found = problems(project, f"[routes]\n{rows}")
    assert shown(found) == [
        "2:9 WZ305 importing a raised ZeroDivisionError: division by zero",
        "  3:9 needed here too",
        "4:9 WZ305 importing c raised ModuleNotFoundError: No module named 'not_installed'",
        "  5:9 needed here too",
        "6:9 WZ305 importing e raised SyntaxError: '(' was never closed (bad.py, line 1)",
        "  7:9 needed here too",
        "8:9 WZ305 importing g raised ModuleNotFoundError: No module named 'another_one'",
        "9:9 WZ305 importing h raised SyntaxError: '(' was never closed (h.py, line 1)",
    ]


def test_two_causes_in_one_module(project: Project) -> None:
    """Two exceptions from two lines are two diagnostics, though they say the same."""
    project.write("a.py", "raise ValueError('no')\n")
    project.write("b.py", "raise ValueError('no')\n")
    found = problems(project, '[routes]\n"/a" = "a.V"\n"/b" = "b.V"\n')
    assert [each.message for each in found] == [
        "importing a raised ValueError: no",
        "importing b raised ValueError: no",
    ]


def test_labels_end_somewhere(project: Project) -> None:
    """A package that a thousand routes need is shown at the first few of them."""
    project.write("views.py", "1 / 0\n")
    rows = "".join(f'"/{number}" = "views.V"\n' for number in range(50))
    (found,) = problems(project, f"[routes]\n{rows}")
    assert len(found.others) == MAX_LABELS
    assert found.span.line == 2


def test_a_broken_module_is_imported_once(project: Project) -> None:
    """However many routes need it."""
    project.write(
        "views.py",
        """
        from pathlib import Path
        with Path(__file__).with_name("log").open("a") as log:
            log.write("imported ")
        1 / 0
        """,
    )
    rows = "".join(f'"/{number}" = "views.V"\n' for number in range(9))
    problems(project, f"[routes]\n{rows}")
    assert (project.folder / "log").read_text() == "imported "


def test_the_trace_is_the_applications(project: Project) -> None:
    """It begins in the module, goes as deep as the exception, and names no file of ours."""
    project.write("deep.py", "def f():\n    raise ValueError('deep')\n")
    project.write("views.py", "import deep\n\ndef g():\n    deep.f()\n\ng()\n")
    (found,) = problems(project, '[routes]\n"/" = "views.V"\n')
    lines = [line.strip() for line in found.trace.splitlines()]
    folder = project.folder
    assert [line for line in lines if line.startswith("File")] == [
        f'File "{folder / "views.py"}", line 6, in <module>',
        f'File "{folder / "views.py"}", line 4, in g',
        f'File "{folder / "deep.py"}", line 2, in f',
    ]
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "ValueError: deep"


def test_a_converter_that_cannot_be_made(project: Project) -> None:
    """Werkzeug's words, at the pattern that it refuses."""
    project.write(
        "own.py",
        """
        from werkzeug.routing import BaseConverter

        class Picky(BaseConverter):
            def __init__(self, map, size):
                raise ValueError(f"{size} is no size")
        """,
    )
    manifest = """
        [routes]
        "/<picky(3):x>" = "own.V"
        "/<picky:x>/y" = { view = "own.V", ignore = ["WZ109"] }
        "/<unheard:x>/z" = "own.V"
        [converters]
        picky = "own.Picky"
    """
    found = shown(problems(project, manifest, eager=False))
    assert found[0] == ("2:1 WZ110 the pattern `/<picky(3):x>` does not compile: 3 is no size")
    assert found[1].startswith("3:1 WZ110 the pattern `/<picky:x>/y` does not compile: ")
    assert found[2] == "4:4 WZ108 there is no converter `unheard`"


def test_a_silenced_check_does_not_hide_a_route(project: Project) -> None:
    """If a route ignores what a check says, Werkzeug's refusal is still an error."""
    manifest = """
        [routes]
        "/<unheard:x>" = { view = "own.V", ignore = ["WZ108"] }
    """
    (line,) = shown(problems(project, manifest, eager=False))
    assert line.startswith("2:1 WZ110 the pattern `/<unheard:x>` does not compile: ")


def test_ctrl_c_stays_ctrl_c(project: Project) -> None:
    """Whatever the application was doing: importing, or making a middleware."""
    project.write("imports.py", "raise KeyboardInterrupt\n")
    project.write("makes.py", "def wrap(app):\n    raise KeyboardInterrupt\n")
    for manifest in ('[routes]\n"/" = "imports.V"', 'middleware = ["makes.wrap"]\n[routes]'):
        project.write("routes.toml", manifest)
        with pytest.raises(KeyboardInterrupt):
            project.load(eager=True)


def test_what_serve_prints(project: Project) -> None:
    """All of it, and it does not listen."""
    project.write("views.py", VIEWS)
    project.write("broken.py", "raise LookupError('not today')\n")
    project.write(
        "routes.toml",
        """
        [routes]
        "/" = "views.Indx"
        "/b" = "broken.View"
        """,
    )
    done = project.run("serve", "--bind", "127.0.0.1:0")
    assert (done.code, done.out) == (1, "")
    broken = project.folder / "broken.py"
    assert (
        done.err
        == f"""\
routes.toml:2:14: error[WZ305]: views has no `Indx`
  |
2 | "/" = "views.Indx"
  |              ^^^^
  = help: did you mean `Index`?

routes.toml:3:9: error[WZ305]: importing broken raised LookupError: not today
  |
3 | "/b" = "broken.View"
  |         ^^^^^^
  | Traceback (most recent call last):
  |   File "{broken}", line 1, in <module>
  |     raise LookupError('not today')
  | LookupError: not today

2 errors
"""
    )
