"""Tracebacks begin in the application's own code."""

import json
import os
from typing import NoReturn

import pytest
import werkzeug
from werkzeug.exceptions import NotFound

import webzeug
from webzeug import App, Response, View
from webzeug.linking import LinkError
from webzeug.manifest.model import Reference
from webzeug.tracebacks import (
    described,
    is_installed,
    shown_frames,
    users_frames,
    users_traceback,
)


class Fails(View):
    def GET(self) -> Response:
        raise fail()

    def POST(self) -> Response:
        return Response(self.url_for("nowhere"))


def fail() -> NoReturn:
    raise ValueError("deep")


def raised(method: str) -> BaseException:
    """What the View raises, as it leaves the App."""
    app = App([("/", "fails", Fails)], propagate_errors=True)
    with pytest.raises(LookupError if method == "POST" else ValueError) as caught:
        app.test_client().open("/", method=method)
    error = caught.value
    # pytest and the test client have their own frames in front.
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_name != "__call__":
        frames = frames.tb_next
    return error.with_traceback(frames)


def functions(error: BaseException) -> list[str]:
    names: list[str] = []
    frames = users_frames(error.__traceback__)
    while frames is not None:
        names.append(frames.tb_frame.f_code.co_qualname)
        frames = frames.tb_next
    return names


def test_frames_of_ours_in_front_are_left_out() -> None:
    """From the View on, nothing is missing, be it ours or not."""
    assert functions(raised("GET")) == ["Fails.GET", "fail"]
    assert functions(raised("POST"))[:2] == ["Fails.POST", "View.url_for"]


def test_the_text() -> None:
    """As Python prints it; empty where the application has no part in it."""
    text = users_traceback(raised("GET"))
    assert text.startswith("Traceback (most recent call last):\n  File ")
    assert text.endswith("ValueError: deep\n")
    assert "webzeug/app.py" not in text
    assert users_traceback(None) == ""
    assert users_traceback(ValueError("never raised")) == ""


def test_frames_to_show() -> None:
    """Where the user's code has no part, all but ours."""
    assert shown_frames(ValueError("never raised")) is None
    error = raised("GET")
    assert shown_frames(error) == users_frames(error.__traceback__)
    ours = LinkError(Reference("a.B"), "there is no module `a`")
    for raised_error, is_shown in ((ValueError("theirs"), True), (ours, False)):
        with pytest.raises(type(raised_error)) as caught:
            exec(  # as if the machinery of imports had raised it
                compile("raise error", "<frozen importlib._bootstrap>", "exec"),
                {"error": raised_error},
            )
        frames = caught.value.__traceback__
        assert frames is not None
        shown = shown_frames(caught.value.with_traceback(frames.tb_next))
        assert (shown is not None) == is_shown


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (os.__file__, True),
        (json.__file__, True),
        (werkzeug.__file__, True),
        (webzeug.__file__, True),
        ("<frozen importlib._bootstrap>", True),
        ("<string>", True),
        (__file__, False),
        ("views.py", False),
        (f"{os.path.dirname(webzeug.__file__)}-shop/views.py", False),
    ],
)
def test_what_is_installed(file: str, expected: bool) -> None:
    """The standard library, packages and webzeug itself; all else is the user's."""
    assert is_installed(file) == expected


def test_a_syntax_error_needs_no_frames() -> None:
    """It says itself where it is."""
    with pytest.raises(SyntaxError) as caught:
        compile("x = (", "views.py", "exec")
    text = users_traceback(caught.value.with_traceback(None))
    assert 'File "views.py", line 1' in text
    assert text.endswith("SyntaxError: '(' was never closed\n")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("x"), "ValueError: x"),
        (ValueError("one\ntwo"), "ValueError: one"),
        (ValueError(), "ValueError"),
        (KeyError("key"), "KeyError: 'key'"),
        (
            NotFound(),
            "NotFound: 404 Not Found: The requested URL was not found on the server. If "
            "you entered the URL manually please check your spelling and try again.",
        ),
    ],
)
def test_described(error: BaseException, expected: str) -> None:
    """Its type, and the first line of what it says."""
    assert described(error) == expected
