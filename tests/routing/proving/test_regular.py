"""Regular languages: what they contain."""

from hypothesis import given, settings

from tests.support.random_languages import LANGUAGES, TEXTS, Pair
from webzeug.routing.proving.regular import EVERYTHING, Text, both, choice, contains


@given(LANGUAGES)
@settings(deadline=None, database=None)
def test_a_language_contains_its_members(pair: Pair) -> None:
    """Derivatives agree with what the combinations mean."""
    language, has = pair
    assert [text for text in TEXTS if has(text)] == [t for t in TEXTS if contains(language, t)]


def test_equal_languages_of_one_form_are_equal() -> None:
    """The order and the repetition of alternatives do not count."""
    assert choice(Text("a"), Text("b")) == choice(Text("b"), Text("a"), Text("b"))
    assert both(Text("a"), both(Text("b"), EVERYTHING)) == both(Text("b"), Text("a"))
    assert choice(Text("a"), EVERYTHING) == EVERYTHING
