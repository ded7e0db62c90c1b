"""
Tests for L{smsgw.cli.checking.machine}.
"""

import os
import socket
from pathlib import Path

import pytest

from smsgw.cli.checking.machine import folder, gather, port, secret
from smsgw.config import load


def test_folders(tmp_path: Path) -> None:
    """
    One that is there, and one whose parent is.
    """
    tmp_path.chmod(0o750)
    there, later = folder(tmp_path), folder(tmp_path / "a" / "b")

    assert (True, 0o750, True, True) == (
        there.exists,
        there.mode,
        there.own,
        there.writable,
    )
    assert 0 < there.free <= there.total
    assert (False, tmp_path / "a" / "b", tmp_path) == (
        later.exists,
        later.path,
        later.near,
    )
    assert not (tmp_path / "a").exists()


def test_secrets(tmp_path: Path) -> None:
    """
    Mode and size are told, the content is not read.
    """
    path = tmp_path / "s"
    path.write_text("made-up", "utf-8")
    path.chmod(0o640)
    found = secret("a", path)

    assert (0o640, 7, True) == (found.mode, found.size, found.readable)
    assert 0 == secret("b", tmp_path / "none").mode


@pytest.mark.real
def test_ports() -> None:
    """
    Free, then taken by this process; other kinds than TCP are not tried.
    """
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        plug.listen(1)
        number = plug.getsockname()[1]
        taken = port("http", f"tcp:{number}:interface=127.0.0.1")
    free = port("http", f"tcp:port={number}:interface=127.0.0.1")

    assert taken.trouble
    assert Path("/proc/self/cmdline").read_bytes().split(b"\0")[0].decode() in (
        taken.holder
    )
    assert "" == free.trouble
    assert "" == port("http", "unix:/nowhere/s").trouble


@pytest.mark.real
def test_ports_of_six() -> None:
    """
    An escaped IPv6 address is understood.
    """
    assert "" == port("http", r"tcp6:0:interface=\:\:1").trouble


def test_everything(config: Path) -> None:
    """
    Of this very machine, with the settings' folders, secrets and doors.
    """
    config.write_text(
        'data_dir = "data"\n[queue]\nkind = "redis"\nurl = "redis://127.0.0.1"\n'
        'password_file = "r"\n[database]\npassword_file = "d"\n[log]\ndir = "log"\n'
        '[http]\nlisten = ["unix:a"]\n[admin]\nlisten = ["unix:b"]\n'
        '[[servers]]\nprotocol = "cmpp"\nlisten = ["unix:c"]\n',
        "utf-8",
    )
    found = gather(load(config))

    assert 2 == len(found.folders)
    assert ["queue.password_file", "database.password_file", "protection.key_file"] == [
        one.name for one in found.secrets
    ]
    assert ["http", "admin", "cmpp"] == [one.name for one in found.ports]
    assert dict(found.libraries)["attrs>=24.2"]
    assert not any("extra" in wanted for wanted, _ in found.libraries)
    assert 0.0 == found.newest


def test_the_newest_file(config: Path) -> None:
    """
    The data's newest file tells when the clock stood later than now.
    """
    settings = load(config)
    (settings.data_dir / "queue").mkdir(parents=True)
    path = settings.data_dir / "queue" / "aof"
    path.touch()
    os.utime(path, (4e9, 4e9))

    assert 4e9 == gather(settings).newest
