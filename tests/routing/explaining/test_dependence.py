"""Converters whose code is not run: an explanation says where they decide, and only there."""

from typing import Any

from hypothesis import given, settings
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, ValidationError

from tests.support.random_tables import questions, tables
from webzeug.manifest.model import Route
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.converters import BaseConverter
from webzeug.routing.explaining import Question, explain
from webzeug.routing.standins import StandIn
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
