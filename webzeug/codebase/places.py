"""Places in Python files, as spans that a diagnostic can show."""

import ast
import re
import tokenize

from webzeug.source import Source, Span, shown_path

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.arg


class Places:
    """Knows the texts of Python files, each read when something in it is first shown."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    def span(self, file: str, node: ast.expr | ast.stmt | ast.arg | ast.alias) -> Span:
        """Where a node stands; of one that goes over several lines, its first line."""
        source = self._source(file)
        start = _offset(source, node.lineno, node.col_offset)
        if node.end_lineno == node.lineno and node.end_col_offset is not None:
            return Span(source, start, _offset(source, node.lineno, node.end_col_offset))
        return Span(source, start, _offset(source, node.lineno))

    def name(self, file: str, node: Named) -> Span:
        """Where the name of a function, class or parameter stands."""
        source = self._source(file)
        start = _offset(source, node.lineno, node.col_offset)
        if isinstance(node, ast.arg):
            return Span(source, start, start + len(node.arg))
        found = re.compile(rf"\w+\s+(?:def\s+)?{node.name}\b").match(source.text, start)
        end = found.end() if found else start
        return Span(source, max(end - len(node.name), start), end)

    def _source(self, file: str) -> Source:
        if file not in self._sources:
            self._sources[file] = Source(shown_path(file), _text(file))
        return self._sources[file]


def _text(file: str) -> str:
    """The text of a Python file, its encoding declared or not (PEP 263)."""
    try:
        with tokenize.open(file) as stream:
            return stream.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ""


def _offset(source: Source, line: int, column: int | None = None) -> int:
    """The offset of a line, counted from 1, and a column, in octets of UTF-8, or its end."""
    if line > len(source.line_starts):  # the file has been changed meanwhile
        return len(source.text)
    before = source.line(line).encode("utf-8", "surrogatepass")[:column]
    return source.line_starts[line - 1] + len(before.decode("utf-8", "replace"))
