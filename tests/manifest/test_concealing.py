"""Values of [config] are concealed, whatever is wrong with the file that they stand in."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.project import Project
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.loader import ManifestError, Options, load, read
from webzeug.manifest.concealing import conceal
from webzeug.reporting.text import render
from webzeug.source import Source, Span

SECRET = "hunter2"


def shown(
    project: Project, text: str, config: str | None = None, set_: Sequence[str] = ()
) -> tuple[str, str]:
    """What lint shows of a manifest, and what a log may show of the same."""
    project.manifest.write_text(text, "utf-8")
    options = Options(settings=set_, environ={"WORD": SECRET}, config=config)
    diagnostics = read(str(project.manifest), options).diagnostics
    assert diagnostics
    return render(diagnostics), render(conceal(diagnostics, config))


ROUTES = '[routes]\n"/" = "shop.Index"\n'


@pytest.mark.parametrize(
    "text",
    [
        f'[config]\npassword = "{SECRET}\n' + ROUTES,
        f"[config]\npassword = {SECRET}\n" + ROUTES,
        f'{ROUTES}[config]\npassword = "{SECRET}" x\n',
        f'{ROUTES}[config]\n"my password" = "{SECRET}" x\n',
        f"{ROUTES}[config.mail]\npassword = {{ a = '{SECRET}' b }}\n",
        f'config.password = "{SECRET}\n' + ROUTES,
        f'config = {{ password = "{SECRET} }}\n' + ROUTES,
        f'{ROUTES}[config]\nlist = [\n  ["routes"],\n  ["{SECRET}" 1],\n]\n',
        f'{ROUTES}[config]\npassword = "{SECRET}" # was {SECRET}1\npassword = "{SECRET}"\n',
        f"{ROUTES}[config]\n{SECRET}\n",
    ],
)
def test_in_the_manifest(project: Project, text: str) -> None:
    """Lint shows the line, a log shows stars in the same places."""
    lint, log = shown(project, text)
    assert SECRET in lint
    assert SECRET not in log
    assert "*" * len(SECRET) in log or "not shown" in log
    assert lint.split(" ")[0] == log.split(" ")[0]


@pytest.mark.parametrize(
    "text",
    [
        f"[config\npassword = '{SECRET}'\n" + ROUTES,
        f'{ROUTES}[config]\npassword = """\n{SECRET}\n{SECRET}=\n',
    ],
)
def test_near_by(project: Project, text: str) -> None:
    """What is wrong is on another line."""
    lint, log = shown(project, text)
    assert (SECRET in lint, SECRET in log) == (False, False)


def test_a_file_of_values(project: Project) -> None:
    """Of the file that `--config` names, no value is shown, and no number in the sentence."""
    project.write("routes.toml", ROUTES + "[config]\nname = 'x'\npin = 'y'\n")
    config = str(project.write("prod.toml", f"name = ['{SECRET}']\npin = 4711\n"))
    text = project.manifest.read_text("utf-8")
    lint, log = shown(project, text, config=config)
    assert (SECRET in lint, "4711" in lint) == (True, True)
    assert (SECRET in log, "4711" in log) == (False, False)
    assert "`name` must be a string, like its default\n" in log


def test_the_command_line(project: Project) -> None:
    """A value that `--set` gives [config] is not shown; one of another table is."""
    text = ROUTES + "[config]\nsize = 1\n"
    lint, log = shown(project, text, set_=(f"config.size={SECRET}", "server.grace=many"))
    assert (SECRET in lint, SECRET in log) == (True, False)
    assert "server.grace=many" in log


def test_other_tables(project: Project) -> None:
    """What stands elsewhere is shown as it is."""
    lint, log = shown(project, '[config]\na = "b"\n[routes]\n"/" = "shop.Index"\n"x" = "a b"\n')
    assert lint == log
    lint, log = shown(project, '[config]\na = "b"\n[routes]\n"/a" = shop\n')
    assert lint == log


def test_the_environment(project: Project) -> None:
    """What a variable holds stands in no message."""
    text = ROUTES + "[config]\nsize = 1\n[env]\nsize = 'WORD'\n"
    lint, log = shown(project, text)
    assert SECRET not in lint
    assert lint == log


def test_an_exception(project: Project) -> None:
    """The text of a ManifestError is fit for a log; its diagnostics are whole."""
    project.write("routes.toml", f"{ROUTES}[config]\npassword = {SECRET}\n")
    with pytest.raises(ManifestError) as caught:
        load(project.manifest)
    assert SECRET not in str(caught.value)
    assert SECRET in render(caught.value.diagnostics)


@settings(deadline=None, database=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_offsets_stay(text: str) -> None:
    """What is concealed is as long as it was, so that marks stand where they stood."""
    source = Source("routes.toml", f"[config]\n{text}")
    span = Span(source, len(source.text), len(source.text))
    (concealed,) = conceal([Diagnostic(Kind("WZ999", "any"), "any", span)], None)
    assert list(map(len, concealed.span.source.text.split("\n"))) == list(
        map(len, source.text.split("\n"))
    )
    assert str(concealed.span) == str(span)
