"""
The folder, the locks and the socket's path of the private server.
"""

import os
import tempfile
from pathlib import Path

import pytest

from smsgw.errors import Unavailable
from smsgw.queues.valkey_files import LONGEST_LOG, ValkeyFiles, _quoted


def test_short_and_long_socket(tmp_path: Path) -> None:
    """
    The socket is beside the data, or under a short path that is stable.
    """
    with tempfile.TemporaryDirectory() as short:
        files = ValkeyFiles.prepare(Path(short))
        assert files.socket == files.folder / "valkey.sock"
    deep = tmp_path / ("d" * 100)
    files = ValkeyFiles.prepare(deep)
    assert len(os.fsencode(files.socket)) < 100
    assert files == ValkeyFiles.prepare(deep)
    assert files.socket != ValkeyFiles.prepare(tmp_path / ("e" * 100)).socket


def test_one_gateway(tmp_path: Path) -> None:
    """
    The gateway's lock is held once, and free again when let go.
    """
    files = ValkeyFiles.prepare(tmp_path)
    lock = files.lock_gateway()
    with pytest.raises(Unavailable, match=f"pid {os.getpid()}"):
        files.lock_gateway()
    os.close(lock)
    os.close(files.lock_gateway())


def test_server_lock(tmp_path: Path) -> None:
    """
    A server lives as long as someone holds its lock.
    """
    files = ValkeyFiles.prepare(tmp_path)
    assert not files.server_lives()
    lock = files.lock_server()
    assert lock is not None
    assert files.server_lives()
    assert files.lock_server() is None
    os.close(lock)
    assert not files.server_lives()
    assert files.holders() == []


def test_instance_is_stable(tmp_path: Path) -> None:
    """
    The instance id is made once per data directory.
    """
    files = ValkeyFiles.prepare(tmp_path)
    assert files.instance == ValkeyFiles.prepare(tmp_path).instance
    assert files.instance != ValkeyFiles.prepare(tmp_path / "other").instance


def test_recorded_socket(tmp_path: Path) -> None:
    """
    A running server is looked for where it was told to listen.
    """
    files = ValkeyFiles.prepare(tmp_path)
    assert files == files.at_recorded_socket()
    (files.folder / "socket").write_text("/elsewhere/s", "utf-8")
    assert files.at_recorded_socket().socket == Path("/elsewhere/s")


def test_nobody_listens(tmp_path: Path) -> None:
    """
    Without a server nothing is reachable and there are no last words.
    """
    files = ValkeyFiles.prepare(tmp_path)
    assert not files.reachable()
    assert files.last_words() == ""


def test_foreign_folder_refused(tmp_path: Path) -> None:
    """
    A folder that is a link to somewhere else is not taken for ours.
    """
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "queue").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable, match="not a folder of this user"):
        ValkeyFiles.prepare(tmp_path)


def test_quoting() -> None:
    """
    Quotes and backslashes in a path survive the server's settings file.
    """
    assert _quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


def test_the_servers_log_is_bounded(tmp_path: Path) -> None:
    """
    Above its bound it is put aside, one such file is kept.
    """
    files = ValkeyFiles.prepare(tmp_path)
    log, aside = files.folder / "valkey.log", files.folder / "valkey.log.1"
    files.turn_log()
    for size, turned in ((LONGEST_LOG, False), (LONGEST_LOG + 1, True)):
        with log.open("wb") as file:
            file.truncate(size)
        files.turn_log()
        assert turned is aside.exists()
        assert turned is not log.exists()
    log.write_text("new", "utf-8")
    files.turn_log()
    assert "new" == files.last_words()
