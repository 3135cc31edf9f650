"""Diagnostics in a page: the lines around them, what is marked, and what is left out."""

import html
import re
from collections.abc import Sequence

import pytest

from tests.support.project import Project
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.loader import Options, read
from webzeug.reporting.pages.problems import article, headline
from webzeug.source import Source, Span

KIND = Kind("WZ999", "made-up", Severity.WARNING)

MANIFEST = """\
[routes]
"/"       = "shop.Index"

"/people" = "shop.People"
"/items"  = "shop.Items"


"/late"   = "shop.Late"
"""


def span(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


def plain(page: str) -> str:
    """The text of HTML, line numbers in front, what is marked in ``{}``."""
    page = re.sub(r"<mark( class=\"other\")?>", "{", page).replace("</mark>", "}")
    page = re.sub(r'<span class="line" data-line="(\d+)">', r"\1|", page)
    return html.unescape(re.sub("<[^>]*>", "", page)).strip()


def lines(diagnostic: Diagnostic) -> list[str]:
    """The lines of files that an article shows."""
    pres = re.findall('<pre class="lines">(.*?)</pre>', article(diagnostic), re.DOTALL)
    return [line for pre in pres for line in plain(pre).split("\n")]


def test_a_whole_article() -> None:
    """What is wrong, where, the lines around it, and how to mend it."""
    source = Source("routes.toml", MANIFEST)
    place = span(source, "People")
    diagnostic = Diagnostic(KIND, "there is no `People`", place, help="did you mean `People2`?")
    assert plain(article(diagnostic)).splitlines() == [
        "there is no People",
        "routes.toml:4:19 warning WZ999",
        '2|"/"       = "shop.Index"',
        "3|",
        '4|"/people" = "shop.{People}"',
        '5|"/items"  = "shop.Items"',
        "Help: did you mean People2?",
    ]
    assert article(diagnostic).startswith('<article class="warning">\n<h2>there is no <code>')


def test_several_places() -> None:
    """Those of one file together, a gap between what is far apart, then those of other files."""
    source, other = Source("routes.toml", MANIFEST), Source("shop.py", "class People:\n    x = 1\n")
    diagnostic = Diagnostic(
        KIND,
        "two",
        span(source, "/late"),
        (Label(span(source, "/people"), "first `here`"), Label(span(other, "People"), "this one")),
    )
    assert lines(diagnostic) == [
        '2|"/"       = "shop.Index"',
        "3|",
        '4|"{/people}" = "shop.People" first here',
        '5|"/items"  = "shop.Items"',
        "⋯",
        '8|"{/late}"   = "shop.Late"',
        "1|class {People}: this one",
        "2|    x = 1",
    ]
    assert "shop.py:1:7" in plain(article(diagnostic))


def test_the_traceback_comes_first() -> None:
    """What the user's code has raised is not in the manifest."""
    place = span(Source("routes.toml", MANIFEST), "shop")
    text = article(Diagnostic(KIND, "it raised", place, trace="Traceback:\n  File <x>\n"))
    assert text.index("Traceback:\n  File &lt;x&gt;") < text.index('<pre class="lines">')
    assert 'tabindex="0" role="region"' in text


def test_nothing_to_show() -> None:
    """A file that could not be read has no lines."""
    diagnostic = Diagnostic(KIND, "cannot read it", Span(Source("routes.toml", ""), 0, 0))
    assert plain(article(diagnostic)).splitlines() == [
        "cannot read it",
        "routes.toml warning WZ999",
    ]


def test_where_a_line_ends() -> None:
    """A mark of nothing is still to be seen."""
    source = Source("routes.toml", "[routes]\n")
    assert lines(Diagnostic(KIND, "?", Span(source, 8, 8))) == ["1|[routes]{ }"]


def test_everything_is_escaped() -> None:
    """Text of files, messages, names of files."""
    source = Source("<i>.toml", "[routes]\n'/<i>' = '<i>' \u202e\n")
    text = article(Diagnostic(KIND, "<i>", span(source, "/<i>"), (), "<i>", "<i>"))
    assert "<i>" not in text
    assert "&lt;U+202E&gt;" in text


def test_long_lines_are_cut() -> None:
    """Around what is marked; so are those near them."""
    long = f"# {'x' * 500}\n'/a' = '{'b' * 500}'\n"
    source = Source("routes.toml", f"[routes]\n{long}")
    first, second, third = lines(Diagnostic(KIND, "?", span(source, "/a")))
    assert (len(first), len(second) < 130, third.startswith("3|'{/a}' = 'bbb")) == (10, True, True)
    assert (second[-1], third[-1], len(third) < 130) == ("…", "…", True)


# What is left out


def diagnostics_of(project: Project, text: str, **options: str) -> Sequence[Diagnostic]:
    project.write("routes.toml", text)
    return read(str(project.manifest), Options(**options)).diagnostics  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        ("password = hunter2", "4|password = {…}"),
        ('password = "hunter2', "4|password = {…}"),
        ("password = 'hunter2\"", "4|password = {…}"),
        ('password = "hunter2" x', "4|password = {…}"),
        ('password = "hunter2"\npassword = 1', "5|{password} = …"),
        ('list = [\n  "hunter2",\n  hunter3\n]', "6|{…}"),
        ('a = 1\n[config.mail]\npassword = "hunter2', "6|password = {…}"),
    ],
)
def test_values_of_config_are_left_out(project: Project, config: str, shown: str) -> None:
    """In lines, near them, and where help repeats them: they may be passwords."""
    text = f'[routes]\n"/" = "shop.Index"\n[config]\n{config}\n[env]\nother = "hunter"\n'
    (diagnostic,) = diagnostics_of(project, text)
    assert shown in lines(diagnostic)
    page = article(diagnostic) + headline(diagnostic)
    assert not re.search("hunter[0-9]", page), page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('config.password = hunter2\n[routes]\n"/" = "shop.Index"', "1|config.password = {…}"),
        ('config = { password = "hunter2" } x\n[routes]\n"/" = "a.B"', "1|config = {…}"),
        ("[confg]\npassword = 'hunter2'\n[routes]", "2|password = …"),
        ('[routes]\n"/" = hunter2', '2|"/" = {hunter2}'),
        ('routes."/" = hunter2', '1|routes."/" = {hunter2}'),
        ("[server]\nbind = hunter2\n[routes]", "2|bind = {hunter2}"),
    ],
)
def test_other_tables_are_shown(project: Project, text: str, shown: str) -> None:
    """All that the language knows; what is unknown may be a slip for config."""
    found = [line for each in diagnostics_of(project, text) for line in lines(each)]
    assert shown in found


def test_a_config_file_has_nothing_else(project: Project) -> None:
    """Nor has what --set says."""
    project.write("prod.toml", '[server]\npassword = "hunter2" x\n')
    good = '[routes]\n"/" = "shop.Index"\n'
    (diagnostic,) = diagnostics_of(project, good, config=str(project.folder / "prod.toml"))
    assert "2|password = {…}" in lines(diagnostic)
    source = Source("--set", "config.page_size=hunter2")
    told = Diagnostic(KIND, "`config.page_size` does not fit", span(source, "hunter2"))
    assert lines(told) == ["1|config.page_size= {…}"]
    in_key = Diagnostic(KIND, "?", span(source, "config"))
    assert lines(in_key) == ["1|{config}.page_size= …"]
