"""Addresses to listen on."""

import pytest

from webzeug.manifest.address import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address", "url"),
    [
        ("127.0.0.1:8000", Address("127.0.0.1", 8000), "http://127.0.0.1:8000/"),
        ("localhost:0", Address("localhost", 0), "http://localhost:0/"),
        (":80", Address("0.0.0.0", 80), "http://127.0.0.1:80/"),
        ("[::1]:65535", Address("::1", 65535), "http://[::1]:65535/"),
        ("[::]:80", Address("::", 80), "http://[::1]:80/"),
        ("[fe80::1%eth0]:80", Address("fe80::1%eth0", 80), "http://[fe80::1%eth0]:80/"),
        ("unix:/run/app.sock", Address(path="/run/app.sock"), "unix:/run/app.sock"),
    ],
)
def test_addresses(text: str, address: Address, url: str) -> None:
    """Host and port, IPv6 in brackets, a port alone, or a Unix socket."""
    assert parse_address(text) == address
    assert address.url == url
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["", "8000", "localhost", "::1:80", "a b:80", "a:b", "a:80/", "a:-1", "a:65536", "unix:",
     "[zz]:80", "[1.2.3.4]:80", "http://a:80", "a:" + "9" * 5000, "a:٨٠"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    """Anything else is a ValueError that says what to write, or what is too large."""
    with pytest.raises(ValueError, match=r"write|65535"):
        parse_address(text)
