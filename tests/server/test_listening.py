"""Where the server listens, and what it says where it cannot."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from webzeug.manifest.address import Address, parse_address
from webzeug.server.listening import BindError, address_of, open_listener


@pytest.fixture
def taken() -> Iterator[Address]:
    """An address that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield address_of(other)


def message(address: Address) -> str:
    """What is said of an address that cannot be listened on."""
    with pytest.raises(BindError) as caught:
        open_listener(address, 1)
    return str(caught.value)


def test_port_0_becomes_a_free_port() -> None:
    """The address says which port the system has chosen."""
    with open_listener(parse_address("127.0.0.1:0"), 5) as listener:
        address = address_of(listener)
        assert (address.host, address.port > 0) == ("127.0.0.1", True)
        socket.create_connection(("127.0.0.1", address.port)).close()


def test_names_are_resolved() -> None:
    """A host may be a name; the address that it stands for is what is shown."""
    with open_listener(parse_address("localhost:0"), 5) as listener:
        assert address_of(listener).host == "127.0.0.1"


def test_all_interfaces() -> None:
    """Without a host, the server listens on all IPv4 addresses."""
    with open_listener(parse_address(":0"), 5) as listener:
        assert address_of(listener).host == "0.0.0.0"


def test_ipv6() -> None:
    """An address in brackets is IPv6."""
    with open_listener(parse_address("[::1]:0"), 5) as listener:
        assert listener.family == socket.AF_INET6
        assert address_of(listener).host == "::1"


def test_a_port_in_use(taken: Address) -> None:
    """A port in use is said to be, with one to try instead."""
    assert message(taken) == (
        f"cannot listen on {taken}: another program does already; "
        f"try --bind 127.0.0.1:{taken.port + 1}"
    )


def test_the_last_port_in_use() -> None:
    """After the last port comes the first."""
    try:
        other = socket.create_server(("127.0.0.1", 65535))
    except OSError:
        pytest.skip("port 65535 is not free on this machine")
    with other:
        assert message(Address("127.0.0.1", 65535)).endswith("try --bind 127.0.0.1:1")


def test_a_port_that_was_just_in_use_is_free() -> None:
    """A server can be started again at once, though connections of the last one linger."""
    with open_listener(parse_address("127.0.0.1:0"), 5) as listener:
        address = address_of(listener)
        client = socket.create_connection(("127.0.0.1", address.port))
        accepted, _ = listener.accept()
        accepted.close()  # the server's side closes first, and so is in TIME_WAIT
        client.close()
    open_listener(address, 5).close()


def test_an_address_of_another_machine() -> None:
    """An address that this machine does not have (here one for documentation) is refused."""
    assert message(Address("192.0.2.1", 8000)) == (
        "cannot listen on 192.0.2.1:8000: it is not an address of this machine"
    )


def test_a_host_that_does_not_exist() -> None:
    """A name without an address is refused."""
    expected = "cannot listen on no-such-host.invalid:80: there is no host `no-such-host.invalid`"
    assert message(Address("no-such-host.invalid", 80)) == expected


@pytest.mark.skipif(os.geteuid() == 0, reason="root may listen on every port")
def test_a_privileged_port() -> None:
    """A port that needs rights is refused, with the way out."""
    assert message(Address("127.0.0.1", 1)).endswith("permission denied; try a port above 1023")


def test_a_unix_socket(tmp_path: Path) -> None:
    """A path is listened on; its address is the path."""
    path = str(tmp_path / "socket")
    with open_listener(Address(path=path), 5) as listener:
        assert address_of(listener) == Address(path=path)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)


def test_a_dead_socket_is_replaced(tmp_path: Path) -> None:
    """A socket that a server which was killed has left behind is no obstacle."""
    address = Address(path=str(tmp_path / "socket"))
    open_listener(address, 5).close()
    assert os.path.exists(address.path)
    open_listener(address, 5).close()


def test_a_live_socket_is_not_replaced(tmp_path: Path) -> None:
    """A path that another program listens on is in use, and stays."""
    address = Address(path=str(tmp_path / "socket"))
    with open_listener(address, 5) as other:
        assert message(address).endswith("another program does already; try another path")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(address.path)
            other.accept()[0].close()


def test_a_socket_of_another_kind_is_not_replaced(tmp_path: Path) -> None:
    """A datagram socket in the way is not ours to remove."""
    address = Address(path=str(tmp_path / "socket"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(address.path)
        assert "another program does already" in message(address)
        assert os.path.exists(address.path)


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    """A regular file in the way is somebody's work."""
    file = tmp_path / "app.py"
    file.write_text("precious")
    assert message(Address(path=str(file))).endswith("the file exists, and is not a socket")
    assert file.read_text() == "precious"


def test_paths_that_cannot_be(tmp_path: Path) -> None:
    """A path in a folder that does not exist, and one that is too long, are refused."""
    missing = Address(path=str(tmp_path / "missing" / "socket"))
    assert message(missing) == f"cannot listen on {missing}: there is no such folder"
    assert message(Address(path="/tmp/" + "x" * 200)).endswith("path too long")
