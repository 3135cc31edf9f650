"""Converters whose code is not run: an explanation says where they decide, and only there."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, ValidationError

from tests.support.random_tables import questions, tables
from tests.support.tables import read_text
from webzeug.manifest.model import Route
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.converters import BaseConverter
from webzeug.routing.explaining import Explanation, Question, explain
from webzeug.routing.explaining.explanation import MOST_ASKED
from webzeug.routing.standins import StandIn, compile_without_code
from webzeug.routing.table import RouteTable


class Digits(BaseConverter):
    """Fits one of several words."""

    regex = r"\d+"


class Light(BaseConverter):
    """Goes before all others."""

    weight = 1


class Heavy(BaseConverter):
    """Goes after all others."""

    weight = 1000


class Wide(BaseConverter):
    """Takes slashes, and goes before all others."""

    regex = ".*"
    weight = 1


class Never(BaseConverter):
    """Fits everything, and then refuses it."""

    weight = 1

    def to_python(self, value: str) -> Any:
        raise ValidationError


REAL = (Digits, Light, Heavy, Wide, Never)
SEGMENTS = ("<own:V>", "<own:V>", "a-<own:V>")


def _end(table: RouteTable[Any], question: Question) -> tuple[object, ...]:
    """What a table does with a question."""
    try:
        return ("match", table.routes.index(table.match(question.environ()).route))
    except RequestRedirect as redirect:
        return ("redirect", redirect.new_url)
    except HTTPException as error:
        return (error.code, sorted(getattr(error, "valid_methods", None) or ()))


@settings(deadline=None, database=None, max_examples=60)
@given(tables(SEGMENTS, {"own": StandIn}), questions())
def test_without_a_dependence_the_converter_changes_nothing(
    table: tuple[list[Route], Ingredients], question: Question
) -> None:
    """Whatever a converter does that is not said to matter, the table does the same."""
    routes, ingredients = table
    guessed = compile_table(routes, lambda route: None, ingredients).table
    for step in explain(guessed, question).steps:
        if step.depends_on or step.outcome in ("leaves", "loops"):
            continue
        for converter in REAL:
            known = Ingredients(ingredients.matching, {"own": converter})
            compiled = compile_table(routes, lambda route: None, known)
            if not compiled.problems:
                assert _end(guessed, step.question) == _end(compiled.table, step.question)


def test_a_route_that_only_builds_urls_matters_to_nobody(tmp_path: Path) -> None:
    """It never matches, whatever its converter takes."""
    rows = '"/a/<own:x>" = { view = "v.V", build_only = true }'
    explanation = _explain(tmp_path, rows, "/a/b")
    assert explanation.depends_on == ()


def test_too_many_routes_to_ask_are_all_unsure(tmp_path: Path) -> None:
    """Nothing false is claimed to save time."""
    rows = "\n".join(f'"/<own({n}):x>" = "v.V{n}"' for n in range(MOST_ASKED + 2))
    end = _explain(tmp_path, f'{rows}\n"/a" = "v.Fixed"', "/a").end
    assert end.depends_on == ("own",)
    assert {"unknown"} == {miss.reason for miss in end.near_misses}


def test_too_many_converters_are_not_guessed(tmp_path: Path) -> None:
    """With four of one's own in a route, it is unsure without trying what they might be."""
    names = ("own", "two", "three", "four")
    rows = (
        f'"/a/{"/".join(f"<{name}:{name}>" for name in names)}" = "v.V"\n"/a/b/c/d/e" = "v.Fixed"'
    )
    assert tuple(sorted(names)) == _explain(tmp_path, rows, "/a/b/c/d/e", names).depends_on


def _explain(
    tmp_path: Path, rows: str, path: str, names: tuple[str, ...] = ("own",)
) -> Explanation:
    converters = "".join(f'{name} = "c.Own"\n' for name in names)
    text = f"[converters]\n{converters}[routes]\n{rows}\n"
    table = compile_without_code(read_text(tmp_path / "routes.toml", text)).table
    return explain(table, Question("GET", path))
