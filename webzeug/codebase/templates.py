"""Calls of ``url_for`` in Jinja templates, which jinja2 parses, where it is installed."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webzeug.codebase.url_calls import OPTIONS, URLValues
from webzeug.source import Source, Span, shown_path

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

FOLDER = "templates"
_SUFFIXES = (".html", ".htm", ".xml", ".txt", ".jinja", ".jinja2", ".j2", ".svg", ".md")
_EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.debug")
_URL_FOR = "url_for"


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """A call in a template, and where it names its route."""

    values: URLValues
    span: Span


def template_calls(folder: str) -> Iterator[TemplateCall]:
    """The calls in all templates below a folder, as far as Jinja itself can parse them."""
    try:
        import jinja2
    except ImportError:
        return
    environment = jinja2.Environment(extensions=_EXTENSIONS, autoescape=True)
    for path in _files(folder):
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            if _URL_FOR in text:
                yield from _calls(environment, path, text)
        except (OSError, UnicodeDecodeError, jinja2.TemplateSyntaxError, RecursionError):
            continue


def _files(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(place, file) for file in sorted(files) if file.endswith(_SUFFIXES))


def _calls(environment: "Environment", path: str, text: str) -> Iterator[TemplateCall]:
    from jinja2 import nodes

    tree = environment.parse(text)
    named = tree.find_all(nodes.Name)
    if any(node.name == _URL_FOR and node.ctx != "load" for node in named) or _imports(tree):
        return
    source = Source(shown_path(path), text)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == _URL_FOR:
            values = _values(call)
            if values is not None:
                yield TemplateCall(values, _span(source, call.lineno, values.name))


def _imports(tree: "nodes.Template") -> bool:
    """Whether another template gives the name another meaning."""
    from jinja2 import nodes

    imported = [name for node in tree.find_all(nodes.FromImport) for name in node.names]
    return any((name if isinstance(name, str) else name[1]) == _URL_FOR for name in imported)


def _values(call: "nodes.Call") -> URLValues | None:
    from jinja2 import nodes

    match call.args:
        case [nodes.Const(value=str(name))]:
            pass
        case _:
            return None
    items: list[tuple[str | None, bool]] = [
        (keyword.key, isinstance(keyword.value, nodes.Const) and keyword.value.value is None)
        for keyword in call.kwargs
        if keyword.key not in OPTIONS
    ]
    is_open = call.dyn_args is not None or call.dyn_kwargs is not None
    return URLValues.of(name, [*items, *[(None, False)] * is_open])


def _span(source: Source, line: int, name: str) -> Span:
    """The name in a call on or after a line, of which Jinja tells no column."""
    start = source.line_starts[line - 1]
    written = re.compile(rf"""\burl_for\s*\(\s*(["']{re.escape(name)}["'])""")
    found = written.search(source.text, start)
    return Span(source, *found.span(1)) if found else Span(source, start, start)
