"""Hosts that no request can name."""

import pytest

from tests.support.random_tables import pattern
from webzeug.routing.proving.impossible import impossible_host
from webzeug.routing.proving.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", None),
        ("a-b_c.example.com", None),
        ("<name>.example.com", None),
        ("<name>.example.com:8000", None),
        ("<name>:<port>", None),
        ("[::1]", None),
        ("[::1]:80", None),
        ("<float:number>", None),
        ("<int(signed=True):number>.com", None),
        ("<any(www, API):name>.com", None),
        ('<regex("[A-Z]"):name>.com', None),
        ("<semver:name>.com", None),
        ("x" * 63 + ".com", None),
        ("x" * 63 + ":8000", None),
        ("x" * 64 + ".com", "at most 63"),
        ("a.<x>." + "x" * 64, "at most 63"),
        ("<path:name>.com", "`<path:name>` takes slashes"),
        ('<regex("a/b"):name>', "takes slashes"),
        ("<any(API, WWW):name>.com", "a host is made of"),
        ("example.com:123456", "a host is made of"),
        ("<any(a..b):name>", "a host is made of"),
        ('<any("a..b", "c d"):name>', "a host is made of"),
        ('<any("a/b"):name>', "a host is made of"),
        ('<any("."):name>com', "a host is made of"),
    ],
)
def test_impossible_hosts(host: str, expected: str | None) -> None:
    """Why a host is impossible; None if it is not, or not for certain."""
    reason = impossible_host(pattern(host), Vocabulary(["semver"]))
    assert (reason is None) == (expected is None)
    assert (expected or "") in (reason or "")
