"""Importing in thought fails where Python's import fails, and never elsewhere."""

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.codebase import Codebase

MODULES = ("wz_m0", "wz_m1", "wz_m2", "wz_m3")
NAMES = ("a", "b")


@st.composite
def statements(draw: st.DrawFn) -> str:
    """One statement of a module that others may import."""
    module, name = draw(st.sampled_from(MODULES)), draw(st.sampled_from(NAMES))
    return draw(
        st.sampled_from(
            [
                f"import {module}",
                f"import {module} as {module}",
                f"from {module} import {name}",
                f"from {module} import {name} as c",
                f"{name} = 1",
                f"def {name}(x=1): return {module}.{name}",
                f"import {module}; use = [{module}.{name}]",
                f"import {module}\nclass C:\n    x = {module}.{name}",
                f"import {module}\nclass C([object, {module}.{name}][0]): pass",
                f"import {module}; f = lambda: {module}.{name}",
                f"def g():\n    import {module}",
                f"if 1:\n    import {module}",
                f"try:\n    from {module} import {name}\nexcept ImportError:\n    pass",
                f"from {module} import *",
            ]
        )
    )


PROGRAMS = st.fixed_dictionaries(
    {name: st.lists(statements(), max_size=4).map("\n".join) for name in MODULES}
)


def write(folder: str, program: dict[str, str]) -> None:
    """Write modules, each of which has all names in the end."""
    for name, text in program.items():
        names = "".join(f"\n{each} = type('T', (), {{}})()" for each in NAMES)
        Path(folder, f"{name}.py").write_text(text + names)


def fails(folder: str, order: list[str]) -> bool:
    """Whether Python fails to import modules in an order."""
    sys.path.insert(0, folder)
    try:
        for name in order:
            importlib.import_module(name)
    except (ImportError, AttributeError):
        return True
    finally:
        sys.path.remove(folder)
        for name in (*MODULES, *[n for n in sys.modules if n.startswith("wz_")]):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
    return False


@settings(deadline=None, database=None, max_examples=300)
@given(program=PROGRAMS, order=st.permutations(MODULES))
def test_a_failure_is_one(program: dict[str, str], order: list[str]) -> None:
    """What is called half built is a failure; without branches, every failure is found."""
    with TemporaryDirectory() as folder:
        write(folder, program)
        found = Codebase([folder]).first_failed_import(order)
        has_failed = fails(folder, order)
    if found is not None:
        assert has_failed, program
    text = "\n".join(program.values())
    if has_failed and not any(word in text for word in ("if 1", "try", "*", "def g", "def")):
        assert found is not None, program


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"m.py": "from n import x\ny = 1", "n.py": "from m import y\nx = 1"}, ("n.py", "y")),
        ({"m.py": "y = 1\nfrom n import x", "n.py": "from m import y\nx = 1"}, None),
        ({"m.py": "import n\ny = 1", "n.py": "import m\ndef f(): return m.y"}, None),
        ({"m.py": "import n\ny = 1", "n.py": "import m\nz = m.y"}, ("n.py", "y")),
        ({"m.py": "import n\ny = 1", "n.py": "import m\n@m.y\ndef f(): ..."}, ("n.py", "y")),
        ({"m.py": "import n\ny = 1", "n.py": "import m\ndef f(a=m.y): ..."}, ("n.py", "y")),
        (
            {
                "m.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import n\ny = 1",
                "n.py": "from m import y",
            },
            None,
        ),
        (
            {
                "m/__init__.py": "from m.a import x",
                "m/a.py": "from m import b\nx = 1",
                "m/b.py": "",
            },
            None,
        ),
        (
            {"m/__init__.py": "from .a import x\ny = 1", "m/a.py": "from . import y\nx = 1"},
            ("m/a.py", "y"),
        ),
        (
            {"m.py": "import n\ny = 1", "n.py": "import m\nglobals()['q'] = 1\nz = m.y"},
            None,
        ),
        ({"m.py": "import n\nglobals()['y'] = 1", "n.py": "from m import y"}, None),
        ({"m.py": "import n\ndef __getattr__(n): ...", "n.py": "from m import y"}, None),
        ({"m.py": "import n\ny = 1", "n.py": "from m import nothing"}, ("n.py", "nothing")),
    ],
)
def test_cases(files: dict[str, str], expected: tuple[str, str] | None, tmp_path: Path) -> None:
    """The file that uses what is half built, and the name; None where it works or may work."""
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    found = Codebase([str(tmp_path)]).first_failed_import(["m"])
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert (str(tmp_path / expected[0]), expected[1]) == (found[1].file, found[1].name)
