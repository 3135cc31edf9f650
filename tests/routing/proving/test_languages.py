"""What converters and patterns take, against the converters themselves and a Map."""

import itertools
import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, RequestRedirect, Rule, ValidationError

from tests.support.random_tables import pattern
from webzeug.manifest.patterns import Variable
from webzeug.routing.converters import known_converters
from webzeug.routing.proving.languages import Taken, taken_by
from webzeug.routing.proving.members import find_member
from webzeug.routing.proving.regular import contains, without
from webzeug.routing.proving.vocabulary import Ending, UnknownConverterError, Vocabulary

NUMBERS = st.sampled_from([None, -20, -3, -1, 0, 1, 2, 9, 10, 15, 99, 120])
SIZES = st.sampled_from([0, 1, 2, 3, 4])
UUIDS = ("12345678-1234-4234-8234-123456789abc", "12345678-1234-4234-8234-123456789aBC")


def named(**arguments: object) -> str:
    """Arguments of a converter as they are written; those that are None are left out."""
    written = (f"{name}={value}" for name, value in arguments.items() if value is not None)
    return ", ".join(written)


INTEGERS = st.builds(named, min=NUMBERS, max=NUMBERS, fixed_digits=SIZES, signed=st.booleans())
FLOATS = st.builds(named, min=NUMBERS, max=NUMBERS, signed=st.booleans())
STRINGS = st.builds(named, minlength=SIZES, maxlength=st.none() | SIZES) | st.builds(
    named, length=SIZES
)
ITEMS = st.lists(st.sampled_from(["a", "ab", "12", "a b", "1.5", ""]), min_size=1).map(
    lambda items: ", ".join(f'"{item}"' for item in items)
)
REGEXES = st.sampled_from(['"ab"', '"[ab]+"', r'"\d*"', '"a-b"', '"a|12"', '".*"'])

VARIABLES = st.one_of(
    *[
        st.builds(Variable, st.just("x"), st.just(name), arguments)
        for name, arguments in (
            ("int", INTEGERS),
            ("float", FLOATS),
            ("string", STRINGS),
            ("any", ITEMS),
            ("regex", REGEXES),
            ("default", st.just("")),
            ("path", st.just("")),
            ("uuid", st.just("")),
        )
    ]
)

TEXTS = [
    *["".join(text) for size in range(4) for text in itertools.product("01-a./٣\n", repeat=size)],
    *("2", "9", "10", "15", "99", "100", "120", "121", "0015", "-20", "-21", "٠٩", "-٣", "999"),
    *("ab", "a b", "a|12", "1.50", "12", *UUIDS, f"{UUIDS[0]}0", "abcde", "1.1.1"),
]


def made(variable: Variable) -> BaseConverter | None:
    """A variable's converter; None if it does not take its arguments."""
    try:
        return Vocabulary().converter(variable)
    except UnknownConverterError:
        return None


def accepts(converter: BaseConverter, text: str) -> bool:
    """What Werkzeug does once the expression has matched."""
    try:
        converter.to_python(text)
    except ValidationError:
        return False
    return True


def wrong(taken: Taken, converter: BaseConverter, texts: Iterable[str]) -> list[str]:
    """The texts about which a language is wrong."""
    expression = re.compile(rf"(?:{converter.regex})\Z")
    return [
        text
        for text in texts
        for is_matched in [expression.match(text) is not None]
        for is_accepted in [is_matched and accepts(converter, text)]
        if (contains(taken.matched.least, text), contains(taken.accepted.least, text))
        > (is_matched, is_accepted)
        or contains(taken.matched.most, text) < is_matched
        or contains(taken.accepted.most, text) < is_accepted
        or (contains(taken.accepted.least, text) and not is_accepted)
    ]


@given(VARIABLES)
@settings(deadline=None, database=None, max_examples=150)
def test_a_converter_takes_what_its_language_has(variable: Variable) -> None:
    """At least and at most what is matched, and what is accepted, hold for every text."""
    converter = made(variable)
    if converter is not None:
        assert wrong(taken_by(converter), converter, TEXTS) == []


@given(VARIABLES.filter(lambda variable: variable.converter not in ("regex", "float")))
@settings(deadline=None, database=None, max_examples=100)
def test_built_in_converters_are_known_exactly(variable: Variable) -> None:
    """Only regular expressions, and floats with bounds, are not."""
    converter = made(variable)
    if converter is not None:
        taken = taken_by(converter)
        assert taken.matched.least == taken.matched.most
        assert taken.accepted.least == taken.accepted.most


@given(VARIABLES, VARIABLES)
@settings(deadline=None, database=None, max_examples=200)
def test_inclusion_holds_for_every_text(first: Variable, second: Variable) -> None:
    """If one converter is proved to take all that another does, no text says the contrary."""
    inner, outer = made(first), made(second)
    if inner is None or outer is None:
        return
    left = find_member(without(taken_by(inner).matched.most, [taken_by(outer).matched.least]))
    inside, outside = (re.compile(rf"(?:{each.regex})\Z") for each in (inner, outer))
    lost = [text for text in TEXTS if inside.match(text) and not outside.match(text)]
    assert left is not None or lost == []


@pytest.mark.parametrize(
    ("variable", "samples"),
    [
        (Variable("x"), ("abc", "en", "7")),
        (Variable("x", "int"), ("7", "1234")),
        (Variable("x", "int", "min=5000"), ("5111", "5112")),
        (Variable("x", "int", "fixed_digits=2"), ("11", "12")),
        (Variable("x", "float"), ("1.5",)),
        (Variable("x", "path"), ("a/b", "abc", "en")),
        (Variable("x", "uuid"), ("12345678-1234-4234-8234-123456789abc",)),
        (Variable("x", "any", "left, right"), ("left", "right")),
        (Variable("x", "any", "left"), ("left",)),
        (Variable("x", "regex", '"[A-Z]{2}"'), ("AB",)),
        (Variable("x", "regex", '"[!]{9}"'), ()),
        (Variable("x", "int", "min=3, max=2"), ()),
    ],
)
def test_samples_are_accepted(variable: Variable, samples: tuple[str, ...]) -> None:
    """The examples in messages are what people would write, if that is accepted."""
    assert samples == Vocabulary().word(variable).samples


@pytest.mark.parametrize(
    "variable",
    [
        Variable("x", "semver"),
        Variable("x", "nothing_like_it"),
        Variable("x", "string", "minlength=5, maxlength=3"),
        Variable("x", "string", "minlength=1000000"),
        Variable("x", "int", "min='q'"),
        Variable("x", "regex", '"("'),
    ],
)
def test_what_cannot_be_made_is_not_known(variable: Variable) -> None:
    """Converters of the application's own, with wrong arguments, and with too large ones."""
    with pytest.raises(UnknownConverterError, match=re.escape(str(variable))):
        Vocabulary(["semver"]).word(variable)


def test_a_built_in_name_may_be_the_applications_own() -> None:
    """The converters of a manifest hide those of the same name."""
    with pytest.raises(UnknownConverterError):
        Vocabulary(["int"]).word(Variable("x", "int"))


@pytest.mark.parametrize(
    ("arguments", "accepted"),
    [("min=inf", False), ("min=nan", False), (f"min={10**30}", False), ("min=1.5", True)],
)
def test_bounds_may_be_any_number(arguments: str, *, accepted: bool) -> None:
    """What is accepted is not known for bounds that are no usual numbers; what is matched, is."""
    taken = Vocabulary().word(Variable("x", "int", arguments)).taken
    assert contains(taken.matched.least, "77")
    assert accepted == contains(taken.accepted.least, "77")


SEGMENTS = ("", "a", "ab", "7", "12", "1.5", "a/b", "x-7", "\n", "a\nb", "7a")
PATHS = sorted(
    path
    for path in {f"/{a}/{b}{c}" for a in SEGMENTS for b in SEGMENTS for c in ("", "/", "//")}
    # A Map drops all but one of the slashes in front.
    if not path.startswith("//")
)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/a",
        "/a/",
        "/<x>",
        "/<x>/",
        "/<x>/<int:y>",
        "/<x>/<int:y>/",
        "/<path:x>",
        "/<path:x>/",
        "/<path:x>/<y>",
        "/<path:x>/<int(max=9):y>/",
        "/a/<path:x>",
        "/a/<path:x>/b",
        "/x-<int:x>",
        "/<x>-<int:y>",
        '/<any("a/b", ab):x>',
        '/<path:x>/<any("a/b", ab):y>',
        '/<regex("a.b"):x>',
        '/<regex("a/b"):x>',
        '/<regex("a/b"):x>/',
        '/a/<regex("[^-]*"):x>',
    ],
)
@pytest.mark.parametrize("is_strict", [True, False])
def test_a_pattern_takes_what_a_map_takes(text: str, *, is_strict: bool) -> None:
    """With each ending: as it is, without its slash (redirected if strict), with one more."""
    map_ = Map(
        [Rule(text, endpoint="", strict_slashes=is_strict)],
        converters=known_converters({}),
        merge_slashes=False,
    )
    adapter = map_.bind("test")

    def outcome(path: str) -> str:
        try:
            adapter.match(path)
        except RequestRedirect:
            return "redirect"
        except HTTPException:
            return "nothing"
        return "match"

    vocabulary = Vocabulary()
    short, long = ("redirect", "nothing") if is_strict else ("match", "match")
    outcomes = {Ending.EXACT: "match", Ending.SHORT: short, Ending.LONG: long}
    languages = [
        # A redirect is made before a converter can refuse.
        (outcome, taken.matched if outcome == "redirect" else taken.accepted)
        for ending, outcome in outcomes.items()
        if outcome != "nothing" and (taken := vocabulary.taken(pattern(text), ending))
    ]
    for path in PATHS:
        sure = {made for made, language in languages if contains(language.least, path)}
        possible = {made for made, language in languages if contains(language.most, path)}
        assert sure <= {outcome(path)} <= possible | ({"nothing"} if not sure else set()), path
