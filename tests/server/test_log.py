"""What is logged: a client's octets as escapes, an application's lines as records."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.server.log import MAX_LENGTH, ErrorStream, escaped


@settings(deadline=None, database=None)
@given(st.text(st.characters(max_codepoint=0xFF)))
def test_no_octet_controls_the_log(text: str) -> None:
    """Whatever Latin-1 text a client sends, it is logged as one line without controls."""
    safe = escaped(text)
    assert len(safe.splitlines()) <= 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in safe)


@settings(deadline=None, database=None)
@given(st.text(st.characters(max_codepoint=0xFF), max_size=MAX_LENGTH))
def test_escapes_can_be_told_from_text(text: str) -> None:
    """The backslash is escaped as well, so that the escapes can be undone."""
    assert escaped(text).encode("latin-1").decode("unicode_escape") == text


def test_long_texts_are_cut() -> None:
    """More than 1,000 characters are cut, and that is shown."""
    assert escaped("x" * MAX_LENGTH) == "x" * MAX_LENGTH
    assert escaped("x" * MAX_LENGTH + "y") == "x" * MAX_LENGTH + "..."


class Records:
    """A stream for `wsgi.errors`, and what was logged of it."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.stream = ErrorStream()
        self._caplog = caplog

    @property
    def messages(self) -> list[str]:
        for record in self._caplog.records:
            assert (record.name, record.levelno) == ("webzeug.error", logging.ERROR)
        return self._caplog.messages


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture) -> Records:
    return Records(caplog)


def test_printed_lines(errors: Records) -> None:
    """What `print` writes piece by piece is one record for each line."""
    print("the answer", "is", 42, file=errors.stream)
    print("100%", file=errors.stream)
    assert errors.messages == ["the answer is 42", "100%"]


def test_a_text_of_many_lines_is_one_record(errors: Records) -> None:
    """A traceback that is written at once stays together."""
    assert errors.stream.write("Traceback\n  line\nError\n") == 23
    assert errors.messages == ["Traceback\n  line\nError"]


def test_a_line_without_an_end_waits_for_flush(errors: Records) -> None:
    """Half a line is kept until its end comes, or until it is flushed."""
    errors.stream.writelines(["one\n", "t", "w"])
    assert errors.messages == ["one"]
    errors.stream.write("o")
    errors.stream.flush()
    errors.stream.flush()
    assert errors.messages == ["one", "two"]


def test_empty_lines_are_not_logged(errors: Records) -> None:
    """A lone line end logs nothing."""
    errors.stream.write("\n")
    errors.stream.write("")
    assert errors.messages == []
