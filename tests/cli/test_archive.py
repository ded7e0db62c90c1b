"""
Tests for L{smsgw.cli.archive}.
"""

import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest

from smsgw.cli.archive import Manifest, copy_queue, copy_record, held, pack, unpack
from smsgw.errors import Refused

MADE = Manifest(1_800_000_000.0, "node1", "0.1", False, {})


def archive(folder: Path) -> Path:
    """
    Two files, one in a folder of its own.
    """
    source = folder / "source"
    (source / "queue").mkdir(parents=True)
    (source / "record.sqlite").write_bytes(b"record")
    (source / "queue" / "a.aof").write_bytes(b"queue")
    path = folder / "backup.tar"
    pack(source, MADE, path)
    return path


def test_there_and_back(tmp_path: Path) -> None:
    """
    Every octet; only its owner reads the archive.
    """
    path, into = archive(tmp_path), tmp_path / "new"
    assert 0o600 == path.stat().st_mode & 0o777
    told = unpack(path, into)
    assert ("node1", {"record.sqlite", "queue/a.aof"}) == (told.node, set(told.files))
    assert (into / "queue" / "a.aof").read_bytes() == b"queue"
    assert sorted(one.name for one in into.iterdir()) == ["queue", "record.sqlite"]


def test_what_is_no_backup_leaves_nothing(tmp_path: Path) -> None:
    """
    Other files, changed files, files of a newer release, files that reach outside.
    """
    into = tmp_path / "new"
    plain = tmp_path / "plain"
    plain.write_text("x", "utf-8")
    changed, newer, outside = (tmp_path / one for one in ("a.tar", "b.tar", "c.tar"))
    body = {"made": 0.0, "node": "n", "version": "9", "keys": False}
    _tar(changed, {**body, "files": {"x": "0" * 64}}, {"x": b"1"})
    _tar(newer, {**body, "files": {}, "format": 99}, {})
    _tar(outside, {**body, "files": {}}, {"../evil": b"1"})
    for path in (plain, changed, newer, outside):
        with pytest.raises(Refused):
            unpack(path, into)
        assert [] == list(into.iterdir())
    assert not (tmp_path / "evil").exists()


def _tar(path: Path, manifest: object, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as tar:
        whole = {"manifest.json": json.dumps(manifest).encode(), **files}
        for name, body in whole.items():
            head = tarfile.TarInfo(name)
            head.size = len(body)
            tar.addfile(head, io.BytesIO(body))


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """
    A data directory is never overwritten.
    """
    into = tmp_path / "used"
    into.mkdir()
    (into / "record.sqlite").write_text("mine", "utf-8")
    with pytest.raises(Refused, match="not empty"):
        unpack(archive(tmp_path), into)
    assert (into / "record.sqlite").read_text("utf-8") == "mine"


def test_the_record_is_copied_while_it_is_held(tmp_path: Path) -> None:
    """
    Nobody else writes meanwhile, and the copy is whole.
    """
    path, into = tmp_path / "record.sqlite", tmp_path / "copy" / "record.sqlite"
    writer = sqlite3.connect(path, timeout=0, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE t (a)")
    writer.execute("INSERT INTO t VALUES (1)")
    with held(path):
        copy_record(path, into)
        with pytest.raises(sqlite3.OperationalError):
            writer.execute("INSERT INTO t VALUES (2)")
    writer.execute("INSERT INTO t VALUES (2)")
    copied = sqlite3.connect(into)
    assert [(1,)] == copied.execute("SELECT a FROM t").fetchall()
    copied.close()
    writer.close()


def test_no_queue_is_no_trouble(tmp_path: Path) -> None:
    """
    A gateway that never ran.
    """
    copy_queue(tmp_path, tmp_path / "into")
    assert not (tmp_path / "into").exists()
