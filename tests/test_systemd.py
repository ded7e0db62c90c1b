"""
Tests for L{smsgw.systemd}, against a datagram socket as systemd has it.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgw.systemd import Systemd


@pytest.fixture(params=["path", "abstract"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[socket.socket]:
    """
    The manager's end.
    """
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    name = f"\0smsgw-test-{id(request)}"
    manager.bind(str(tmp_path / "notify") if request.param == "path" else name)
    manager.settimeout(5)
    yield manager
    manager.close()


def address(manager: socket.socket) -> str:
    """
    As the environment names it.
    """
    name = manager.getsockname()
    return f"@{name[1:].decode()}" if isinstance(name, bytes) else str(name)


def test_what_is_told(told: socket.socket) -> None:
    """
    Ready, alive, stopping.
    """
    systemd = Systemd(address(told))
    assert systemd.ready()
    assert told.recv(99) == b"READY=1"
    assert systemd.alive()
    assert told.recv(99) == b"WATCHDOG=1"
    assert systemd.stopping()
    assert told.recv(99) == b"STOPPING=1"


def test_without_systemd(tmp_path: Path) -> None:
    """
    Nothing is told, and nothing breaks.
    """
    assert not Systemd().ready()
    assert not Systemd(str(tmp_path / "nobody")).alive()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, Systemd()),
        ({"NOTIFY_SOCKET": "/n"}, Systemd("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "30000000"}, Systemd("/n", 15.0)),
        (
            {"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"},
            Systemd("/n", 1.0),
        ),
        (
            {"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "8"},
            Systemd("/n"),
        ),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, Systemd("/n")),
    ],
)
def test_environment(environ: dict[str, str], expected: Systemd) -> None:
    """
    Twice as often as it is wanted; another process' watchdog is none of ours.
    """
    assert expected == Systemd.of(environ, 7)
    assert "" == Systemd.here().address
