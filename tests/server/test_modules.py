"""Where imported code comes from."""

import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from webzeug.server.modules import Modules


def add(monkeypatch: pytest.MonkeyPatch, name: str, file: object) -> None:
    module = ModuleType(name)
    module.__file__ = file  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, name, module)


def test_the_folders_of_the_users_own_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told once; those of the standard library and of installed packages are not."""
    modules = Modules()
    before = modules.new_folders()
    assert not any(
        "site-packages" in folder or "webzeug" in folder.split("/")[-1:] for folder in before
    )
    assert str(Path(pytest.__file__).parent) not in before
    assert modules.new_folders() == {}
    add(monkeypatch, "first_own_module", str(tmp_path / "a" / "x.py"))
    add(monkeypatch, "second_own_module", str(tmp_path / "a" / "y.py"))
    add(monkeypatch, "third_own_module", str(tmp_path / "b" / "z.py"))
    assert list(modules.new_folders()) == [str(tmp_path / "a"), str(tmp_path / "b")]
    add(monkeypatch, "fourth_own_module", str(tmp_path / "a" / "w.py"))
    assert modules.new_folders() == {}


def test_what_is_no_code_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Extensions, namespaces, and whatever programs put among the modules."""
    modules = Modules()
    modules.new_folders()
    for number, file in enumerate((None, str(tmp_path / "x.so"), 7)):
        add(monkeypatch, f"odd_module_{number}", file)

    class Lazy(ModuleType):
        def __getattribute__(self, name: str) -> object:
            raise AssertionError(f"{name} was asked for")

    monkeypatch.setitem(sys.modules, "lazy_module", Lazy("lazy_module"))
    monkeypatch.setitem(sys.modules, "no_module", object())
    assert modules.new_folders() == {}


def test_when_they_were_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the call before, so what was written before that is what was imported."""
    modules = Modules()
    modules.new_folders()
    before = time.time()
    assert modules.new_folders() == {}
    after = time.time()
    add(monkeypatch, "own_module", str(tmp_path / "x.py"))
    ((folder, since),) = modules.new_folders().items()
    assert (folder, before <= since <= after) == (str(tmp_path), True)
