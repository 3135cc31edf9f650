"""Where things stand in Python files."""

import ast
from pathlib import Path

from webzeug.codebase.places import Places

TEXT = "class A: ...\n\n\n@A\nclass Ünï(A):\n    x = 'ü', A.ü\n    def  f(self, ä): ...\n"


def _view(text: str) -> ast.ClassDef:
    node = ast.parse(text).body[-1]
    assert isinstance(node, ast.ClassDef)
    return node


def test_names_and_expressions(tmp_path: Path) -> None:
    """Columns are counted in characters, whatever the file's encoding."""
    path = tmp_path / "shop.py"
    for encoding in ("utf-8", "latin-1"):
        text = f"# coding: {encoding}\n{TEXT}"
        path.write_text(text, encoding)
        places, node = Places(), _view(text)
        assignment, function = node.body
        assert isinstance(assignment, ast.Assign)
        assert isinstance(assignment.value, ast.Tuple)
        assert isinstance(function, ast.FunctionDef)
        spans = [
            places.name(str(path), node),
            places.span(str(path), assignment.value.elts[1]),
            places.name(str(path), function),
            places.name(str(path), function.args.args[1]),
        ]
        assert [span.text for span in spans] == ["Ünï", "A.ü", "f", "ä"]
        assert (spans[1].line, spans[1].column) == (7, 14)


def test_of_several_lines_the_first_is_shown(tmp_path: Path) -> None:
    """A label underlines one line."""
    path = tmp_path / "shop.py"
    path.write_text("x = [\n    1,\n]\n")
    (node,) = ast.parse(path.read_text()).body
    assert Places().span(str(path), node).text == "x = ["


def test_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    """The file is read again for the message, and may be shorter, broken or gone by then."""
    path = tmp_path / "shop.py"
    node = _view(TEXT)
    for octets in (b"\n", b"\xff\n\n", b"# coding: none\n"):
        path.write_bytes(octets)
        span = Places().name(str(path), node)
        assert (span.start, span.text) == (span.end, "")
    path.unlink()
    assert Places().span(str(path), node).text == ""
