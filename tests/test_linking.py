"""Dotted paths: found on first use, and clear about what failed."""

import subprocess
import sys
import threading
from contextlib import suppress
from importlib import import_module

import gevent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.project import Project
from webzeug.linking import Linker, LinkError
from webzeug.manifest.document import parse_document
from webzeug.manifest.model import Reference
from webzeug.source import shown_path

VIEWS = """
    import os
    from os import path as os_path
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            return Response("index")

        class Inner(View):
            def GET(self):
                return Response("inner")

    class Child(Index):
        pass

    class Plain:
        attribute = 3

    def function(environ, start_response):
        return Response("function")(environ, start_response)

    instance = Plain()
    number = 3
"""


def linker_of(project: Project) -> Linker:
    """A Linker for the project's folder, which is found first."""
    sys.path.insert(0, str(project.folder))
    return Linker(str(project.folder))


def reference_to(path: str) -> Reference:
    """A reference that knows its place: the value of ``x`` in a file."""
    document, _ = parse_document(f'x = "{path}"\n'.encode(), "routes.toml")
    assert document is not None
    return Reference(path, document.place("x"))


def failure(linker: Linker, path: str, is_view: bool = True) -> LinkError:
    reference = reference_to(path)
    with pytest.raises(LinkError) as caught:
        (linker.find_view if is_view else linker.find)(reference)
    assert caught.value.reference is reference
    return caught.value


def test_what_is_found(project: Project) -> None:
    """A class of a module, a class in a class, anything else that a module holds."""
    project.write("shop/views.py", VIEWS)
    linker = linker_of(project)
    index = linker.find_view(Reference("shop.views.Index"))
    assert index.__name__ == "Index"
    assert linker.find_view(Reference("shop.views:Index")) is index
    assert linker.find_view(Reference("shop.views:Index.Inner")).__qualname__ == "Index.Inner"
    assert linker.find(Reference("shop.views.number")) == 3
    assert linker.find_callable(Reference("shop.views.function")).__name__ == "function"
    assert linker.find(Reference("shop.views:instance")) is not None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b.C", "a.b"),
        ("a:C", "a"),
        ("a.b:C.D", "a.b"),
        ("a.C", "a"),
    ],
)
def test_the_module_of_a_path(path: str, expected: str) -> None:
    """All before the colon, or all but the last part."""
    assert Reference(path).module == expected


@pytest.mark.parametrize(
    ("path", "message", "help_text", "part"),
    [
        ("shp.views.Index", "there is no module `shp`", "did you mean `shop`?", "shp"),
        (
            "shop.viws.Index",
            "there is no module `shop.viws`",
            "did you mean `shop.views`?",
            "shop.viws",
        ),
        (
            "shop.views.deep.Index",
            "there is no module `shop.views.deep`",
            "`shop.views` is a module, not a package",
            "shop.views.deep",
        ),
        (
            "nothing_like_it.X",
            "there is no module `nothing_like_it`",
            "it is looked for in the manifest's folder (or --app-dir), then in sys.path",
            "nothing_like_it",
        ),
        ("shop.views.Indx", "shop.views has no `Indx`", "did you mean `Index`?", "Indx"),
        ("shop.views:Index.Iner", "Index has no `Iner`", "did you mean `Inner`?", "Iner"),
        ("shop.views:Child.Inner", "Child has no `Inner`", "", "Inner"),
        (
            "shop.views:instance.attribute",
            "Plain has no `attribute`",
            "",
            "attribute",
        ),
        ("shop.views:number.real", "int has no `real`", "", "real"),
        (
            "shop.views:os.getcwd",
            "`os` is the module os",
            'write "os.getcwd"',
            "os",
        ),
        ("shop.views.os", "`os` is the module os", "a path ends with a name in a module", "os"),
        ("shop.sub", "`sub` is the module shop.sub", "a path ends with a name in a module", "sub"),
        (
            "shop.views.Plain",
            "shop.views.Plain is a class that is not a View",
            "write class Plain(View)",
            None,
        ),
        (
            "shop.views.function",
            "shop.views.function is a function that is not a View",
            "write class function(View)",
            None,
        ),
        (
            "shop.views.number",
            "shop.views.number is a value of type int that is not a View",
            "write class number(View)",
            None,
        ),
    ],
)
def test_what_is_not(
    project: Project, path: str, message: str, help_text: str, part: str | None
) -> None:
    """The message says what is missing, the help what to do, the span which part is wrong."""
    project.write("shop/__init__.py", "from . import sub\n")
    project.write("shop/sub.py", "")
    project.write("shop/views.py", VIEWS)
    error = failure(linker_of(project), path)
    assert (error.message, error.help) == (message, help_text)
    assert error.__cause__ is None
    expected = f'"{path}"' if part is None else part
    assert error.span_in(error.reference).text == expected
    suffix = f" ({help_text})" if help_text else ""
    column = 5 if part is None else 6 + path.rindex(part)
    assert str(error) == f"routes.toml:1:{column}: {message}{suffix}"


def test_the_part_is_the_one_that_is_wrong(project: Project) -> None:
    """Also where the same letters stand elsewhere in the path."""
    project.write("a.py", "class a:\n    class a:\n        pass\n")
    error = failure(linker_of(project), "a:a.a.a", is_view=False)
    assert error.part == (6, 7)


def test_a_name_that_nothing_is_near(project: Project) -> None:
    """The help names the file, relative to where the user stands; of a foreign one, whole."""
    project.write("shop/views.py", VIEWS)
    linker = linker_of(project)
    ours = failure(linker, "shop.views.Xyz").help
    assert ours == f"define it in {shown_path(str(project.folder / 'shop/views.py'))}"
    assert failure(linker, "json.Xyz").help.startswith("it was found in ")
    assert failure(linker, "sys.Xyz").help == ""


def test_what_cannot_be_called(project: Project) -> None:
    """A mount, a middleware or a resource must be callable."""
    project.write("shop.py", "number = 3\n")
    with pytest.raises(LinkError, match=r"shop\.number is a value of type int, which cannot be"):
        linker_of(project).find_callable(Reference("shop.number"))


def test_the_module_raised(project: Project) -> None:
    """Its exception is the cause, and the traceback begins in the module."""
    project.write("shop/broken.py", "def f():\n    return {}['key']\n\nf()\n")
    error = failure(linker_of(project), "shop.broken.View")
    assert error.message == "importing shop.broken raised KeyError: 'key'"
    assert error.span_in(error.reference).text == "shop.broken"
    assert not error.module_was_imported
    assert isinstance(error.__cause__, KeyError)
    traceback = error.__cause__.__traceback__
    assert traceback is not None
    assert traceback.tb_frame.f_code.co_filename == str(project.folder / "shop/broken.py")
    assert traceback.tb_lineno == 4


@pytest.mark.parametrize(
    ("text", "message", "help_text"),
    [
        (
            "import not_there.at_all",
            "importing shop raised ModuleNotFoundError: No module named 'not_there'",
            "`shop` is there, but not the module `not_there` that it needs",
        ),
        (
            "raise ModuleNotFoundError('made up')",
            "importing shop raised ModuleNotFoundError: made up",
            "",
        ),
        (
            "class A(:",
            "importing shop raised SyntaxError: invalid syntax (shop.py, line 1)",
            "",
        ),
        ("x = 1\0", "importing shop raised ", ""),
        (
            "import sys; sys.exit('bye')",
            "importing shop raised SystemExit: bye",
            'what ends the program belongs under `if __name__ == "__main__":`',
        ),
        ("raise ValueError('one\\ntwo')", "importing shop raised ValueError: one", ""),
        ("raise ValueError", "importing shop raised ValueError", ""),
    ],
)
def test_kinds_of_raising(project: Project, text: str, message: str, help_text: str) -> None:
    """A module that it imports is missing, bad syntax, an exit: the message tells them apart."""
    (project.folder / "shop.py").write_text(text, "utf-8")
    error = failure(linker_of(project), "shop.View")
    assert error.message.startswith(message)
    assert error.help == help_text
    assert error.__cause__ is not None


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "gevent.GreenletExit", "gevent.Timeout(1)"])
def test_what_ends_a_greenlet_passes_through(project: Project, error: str) -> None:
    """It is not about the module, which is imported anew at the next request."""
    project.write("shop.py", f"import gevent, helper\nif not helper.fixed: raise {error}\nA = 1\n")
    project.write("helper.py", "fixed = False\n")
    linker = linker_of(project)
    expected = (KeyboardInterrupt, gevent.GreenletExit, gevent.Timeout)
    with pytest.raises(expected):
        linker.find(Reference("shop.A"))
    project.write("helper.py", "fixed = True  # another length, for the cached bytecode\n")
    assert linker.find(Reference("shop.A")) == 1


def test_a_failure_leaves_nothing_half_made(project: Project) -> None:
    """Whatever a failed import has imported of the user's is forgotten, other modules are not."""
    project.write("shop/__init__.py", "")
    project.write("shop/models.py", "from shop import views\n")
    project.write("shop/views.py", "import colorsys\nfrom shop import models\n1 / 0\n")
    before = set(sys.modules)
    sys.modules.pop("colorsys", None)
    linker = linker_of(project)
    failure(linker, "shop.views.Index")
    assert set(sys.modules) - before <= {"colorsys"}
    assert "colorsys" in sys.modules


def test_a_failure_is_tried_again(project: Project) -> None:
    """When the file is mended, the same path leads to the View, and to no older module."""
    project.write("shop/models.py", "from shop import views\nclass Model: pass\n")
    broken = "from shop import models\nfrom webzeug import View\nclass Index(View): pass\n"
    project.write("shop/views.py", f"{broken}1 / 0\n")
    linker = linker_of(project)
    failure(linker, "shop.views.Index")
    failure(linker, "shop.views.Index")
    project.write("shop/views.py", f"{broken}# it was a division by zero\n")
    view = linker.find_view(Reference("shop.views.Index"))
    views, models = import_module("shop.views"), import_module("shop.models")
    assert view is views.Index
    assert models.views is views
    assert views.models is models


def test_a_failure_forgets_no_installed_package(project: Project) -> None:
    """Not even where the virtual environment is inside of the user's folder."""
    site = project.folder / ".venv/lib/site-packages"
    project.write(".venv/lib/site-packages/installed.py", "")
    project.write("shop.py", "import installed, own\n1 / 0\n")
    project.write("own.py", "")
    sys.path.append(str(site))
    failure(linker_of(project), "shop.View")
    assert "installed" in sys.modules
    assert "own" not in sys.modules


def test_a_missing_module_forgets_nothing(project: Project) -> None:
    """A package that imports well is not made twice because of a misspelt module in it."""
    project.write("shop/__init__.py", "things = []\n")
    linker = linker_of(project)
    failure(linker, "shop.viws.Index")
    assert import_module("shop").things == []
    first = import_module("shop")
    failure(linker, "shop.viws.Index")
    assert import_module("shop") is first


CYCLE = {
    "a.py": """
        import b
        from webzeug import Response, View

        class A(View):
            def GET(self):
                return Response(f"A knows {b.B.__name__}")
    """,
    "b.py": """
        import a
        from webzeug import Response, View

        class B(View):
            def GET(self):
                return Response(f"B knows {a.A.__name__}")
    """,
    "routes.toml": """
        [routes]
        "/a" = "a.A"
        "/b" = "b.B"
    """,
}


@pytest.mark.parametrize("order", [("/a", "/b"), ("/b", "/a")])
@pytest.mark.parametrize("eager", [True, False])
def test_modules_that_import_each_other(
    project: Project, order: tuple[str, str], eager: bool
) -> None:
    """Both work, whichever URL is asked first."""
    for name, text in CYCLE.items():
        project.write(name, text)
    client = project.load(eager=eager).test_client()
    answers = {path: client.get(path).text for path in order}
    assert answers == {"/a": "A knows B", "/b": "B knows A"}


def test_modules_that_need_each_others_names(project: Project) -> None:
    """What Python cannot do is said with its usual mending."""
    project.write("a.py", "from b import B\nclass A: pass\n")
    project.write("b.py", "from a import A\nclass B: pass\n")
    error = failure(linker_of(project), "a.A")
    assert error.message.startswith("importing a raised ImportError: cannot import name 'A'")
    assert error.help.startswith("two modules import names from each other")


SLOW = """
    import time
    from webzeug import Response, View
    import counts

    counts.imports.append(1)
    time.sleep(0.05)

    class Slow(View):
        def GET(self):
            return Response("slow")
"""


def test_many_threads_ask_for_the_same_view(project: Project) -> None:
    """One imports it, the others wait, and nobody sees a half-made module."""
    project.write("counts.py", "imports = []\n")
    project.write("slow.py", SLOW)
    project.write("routes.toml", '[routes]\n"/" = "slow.Slow"\n')
    app = project.load()
    barrier = threading.Barrier(20)
    answers: list[str] = []

    def ask() -> None:
        client = app.test_client()
        barrier.wait()
        answers.append(client.get("/").text)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["slow"] * 20
    assert import_module("counts").imports == [1]


def test_many_greenlets_ask_for_the_same_view(project: Project) -> None:
    """The same in a patched process, where an import may switch to another greenlet."""
    project.write("counts.py", "imports = []\n")
    project.write("slow.py", SLOW)
    project.write("routes.toml", '[routes]\n"/" = "slow.Slow"\n')
    program = project.write(
        "ask.py",
        """
        from gevent import monkey
        monkey.patch_all()
        import gevent, webzeug

        app = webzeug.load("routes.toml", environ={})
        jobs = [gevent.spawn(lambda: app.test_client().get("/").text) for _ in range(20)]
        gevent.joinall(jobs, raise_error=True)
        import counts
        print({job.value for job in jobs}, len(jobs), counts.imports)
        """,
    )
    done = subprocess.run(
        [sys.executable, str(program)],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "{'slow'} 20 [1]\n"


@pytest.mark.parametrize(
    "path", ["shop._private.View", "shop.views._View", "shop:__builtins__", "_shop.View"]
)
def test_private_parts_are_refused(project: Project, path: str) -> None:
    """No part may begin with an underscore, whatever is there."""
    project.write("shop/_private.py", "from webzeug import View\n")
    project.write("routes.toml", f'[routes]\n"/" = "{path}"\n')
    with pytest.raises(Exception, match="is private"):
        project.load()


NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,8}", fullmatch=True)


@settings(deadline=None, database=None, max_examples=200)
@given(
    st.lists(NAMES, min_size=1, max_size=3),
    st.lists(NAMES, min_size=1, max_size=3),
    st.sampled_from(["os", "json", "webzeug.views", "collections.abc", "nowhere"]),
)
def test_no_path_fails_in_any_other_way(modules: list[str], names: list[str], module: str) -> None:
    """A path leads to something, or to a LinkError."""
    linker = Linker("/nowhere")
    for path in (f"{module}:{'.'.join(names)}", f"{module}.{'.'.join([*modules, *names])}"):
        for find in (linker.find, linker.find_view, linker.find_callable):
            with suppress(LinkError):
                find(Reference(path))


def test_a_re_exported_class(project: Project) -> None:
    """A re-exported class is as good as the original."""
    project.write("shop/views.py", VIEWS)
    project.write("shop/__init__.py", "from shop.views import Index\n")
    linker = linker_of(project)
    again = linker.find_view(Reference("shop.Index"))
    assert again is linker.find_view(Reference("shop.views.Index"))
