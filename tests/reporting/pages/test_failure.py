"""An exception in a page: the user's own calls first, and the values of no variable."""

import html
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import Project
from webzeug.linking import LinkError
from webzeug.manifest.model import Reference
from webzeug.reporting.pages.failure import failure, traceback_text

CODE = """
    import json

    class Shop:
        def total(self, text):
            prices = json.loads(text)
            return sum(
                prices.values()
            )

        def guarded(self, text):
            try:
                return self.total(text)
            except TypeError as error:
                raise ValueError("these cannot be added") from error

        def handled(self, text):
            try:
                return self.total(text)
            except TypeError:
                return missing

        def silent(self, text):
            try:
                return self.total(text)
            except TypeError:
                raise ValueError("nothing behind this") from None

        def noted(self, text):
            error = ValueError("first line\\nsecond <line>")
            error.add_note("a note")
            raise error

        def deep(self, number):
            return self.deep(number - 1) if number else 1 / 0

    def circle(text):
        first, second = ValueError("first"), ValueError("second")
        first.__cause__, second.__cause__ = second, first
        raise first
    """


@pytest.fixture
def shop(project: Project, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The names of a module of the user's."""
    monkeypatch.chdir(project.folder)
    return runpy.run_path(str(project.write("shop.py", CODE)))


def raised(shop: dict[str, object], name: str, *args: object) -> Exception:
    """What a function raises, or a method of Shop."""
    found = shop.get(name) or getattr(shop["Shop"](), name)  # type: ignore[operator]
    try:
        found(*args)  # type: ignore[operator]
    except Exception as error:
        # Without the frame of this function, which is no user's.
        return error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
    raise AssertionError("nothing was raised")


def calls(page: str) -> list[tuple[str, str]]:
    """The places of the calls, and their functions."""
    found = re.findall(r'<code class="place">(.*?)</code> in <code>(.*?)</code>', page)
    return [(html.unescape(place), html.unescape(function)) for place, function in found]


def lines(page: str) -> Iterator[list[str]]:
    """The lines of each call, what is marked in ``{}``."""
    for pre in re.findall('<pre class="lines">(.*?)</pre>', page, re.DOTALL):
        pre = pre.replace("<mark>", "{").replace("</mark>", "}")
        pre = re.sub(r'<span class="line( here)?" data-line="(\d+)">', r"\2|", pre)
        yield html.unescape(re.sub("<[^>]*>", "", pre)).split("\n")


def headings(page: str) -> list[str]:
    found = re.findall("<h2>(.*?)</h2>", page)
    return [html.unescape(re.sub("<[^>]*>", "", heading)) for heading in found]


def test_the_users_calls(shop: dict[str, object]) -> None:
    """Without those of the standard library, the most recent first, with the lines around."""
    page = failure(raised(shop, "total", '"text'))
    assert calls(page) == [("shop.py:5", "Shop.total")]
    assert next(lines(page)) == [
        "3|class Shop:",
        "4|    def total(self, text):",
        "5|        prices = {json.loads(text)}",
        "6|        return sum(",
        "7|            prices.values()",
        "8|        )",
    ]
    assert headings(page) == ["Your code, most recent call first"]


def test_an_expression_over_lines(shop: dict[str, object]) -> None:
    """It is marked to the end of its first line."""
    page = failure(raised(shop, "total", '{"a": null}'))
    assert "6|        return {sum(}" in next(lines(page))


def test_what_is_behind(shop: dict[str, object]) -> None:
    """Causes and what was handled, as Python tells of them; what is silenced stays so."""
    added = "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'"
    first = "Your code, most recent call first"
    expected = {
        "guarded": [first, f"Caused by: {added}"],
        "handled": [first, f"While handling: {added}"],
        "silent": [first],
    }
    for name, found in expected.items():
        assert headings(failure(raised(shop, name, '{"a": null}'))) == found
    page = failure(raised(shop, "guarded", '{"a": null}'))
    assert [function for _, function in calls(page)] == [
        "Shop.guarded",
        "Shop.total",
        "Shop.guarded",
    ]


def test_exceptions_that_lead_to_each_other(shop: dict[str, object]) -> None:
    """Each is shown once."""
    found = headings(failure(raised(shop, "circle", "")))
    assert found[1:] == ["Caused by: ValueError: second"]


def test_all_that_an_exception_says(shop: dict[str, object]) -> None:
    """More lines than one, and notes."""
    page = failure(raised(shop, "noted", ""))
    message = re.search('<pre class="message">(.*?)</pre>', page, re.DOTALL)
    assert message is not None
    assert message[1] == "ValueError: first line\nsecond &lt;line&gt;\na note"
    assert "message" not in failure(raised(shop, "total", '"text'))


def test_of_many_calls_some_are_shown(shop: dict[str, object]) -> None:
    """The rest is in the whole traceback."""
    page = failure(raised(shop, "deep", 49))
    assert len(calls(page)) == 20
    assert "<p>30 calls more in the whole traceback.</p>" in page


def test_the_whole_traceback(shop: dict[str, object]) -> None:
    """Closed at first, as Python prints it; open where no call is the user's."""
    page = failure(raised(shop, "total", '"text'))
    assert "<details>\n" in page
    assert "json/decoder.py" in page
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads('"text')
    frames = caught.value.__traceback__
    assert frames is not None
    page = failure(caught.value.with_traceback(frames.tb_next))
    assert "<p>Your own code is not in the traceback.</p>" in page
    assert "<details open>\n" in page
    assert traceback_text(caught.value).count("json/") >= 2


def test_an_error_of_ours_says_all_in_its_message() -> None:
    """Our frames tell nobody anything."""
    error = LinkError(Reference("a.B"), "there is no module `a`")
    with pytest.raises(LinkError) as caught:
        raise error
    # pytest has its own frames in front.
    assert caught.value.__traceback__ is not None
    text = traceback_text(caught.value.with_traceback(None))
    assert text == "webzeug.linking.LinkError: there is no module `a`\n"


def test_the_text_begins_with_the_users_code(shop: dict[str, object]) -> None:
    """Whatever installed code has called it."""

    def through_a_library() -> object:
        return json.loads("{}", object_hook=lambda _: shop["Shop"]().deep(0))  # type: ignore[operator]

    with pytest.raises(ZeroDivisionError) as caught:
        through_a_library()
    frames = caught.value.__traceback__
    while frames is not None and "json" not in frames.tb_frame.f_code.co_filename:
        frames = frames.tb_next
    text = traceback_text(caught.value.with_traceback(frames))
    assert f'File "{Path(__file__)}"' in text.splitlines()[1]


def test_syntax_errors_show_their_line() -> None:
    """It is in none of the calls."""
    with pytest.raises(SyntaxError) as caught:
        compile("x = (", "shop.py", "exec")
    page = failure(caught.value)
    assert "x = (" in page
    assert "&#39;(&#39; was never closed" in page


def test_everything_is_escaped(shop: dict[str, object]) -> None:
    """Messages, and lines of code."""
    page = failure(raised(shop, "noted", ""))
    assert "<line>" not in page
    assert "&lt;line&gt;" in page
