"""
A backup as one file: record, queue, settings, and a manifest with their checksums.
"""

import contextlib
import hashlib
import io
import json
import shutil
import socket
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from smsgw.errors import Refused, Unavailable
from smsgw.queues.valkey_files import ValkeyFiles

__all__ = ["FORMAT", "Manifest", "copy_queue", "copy_record", "pack", "unpack"]

FORMAT = 1
RECORD, QUEUE = "record.sqlite", "queue/appendonlydir"
_MANIFEST = "manifest.json"
_BAD = 2001


@attrs.frozen
class Manifest:
    """
    What an archive holds: C{made} is epoch seconds, C{files} are SHA-256 by name.
    """

    made: float
    node: str
    version: str
    keys: bool
    files: Mapping[str, str]
    format: int = FORMAT


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """
    Nobody writes the record meanwhile, so the queue forgets nothing that the copy of
    the record lacks; sending goes on.
    """
    holder = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
    finally:
        holder.close()


def copy_record(path: Path, into: Path) -> None:
    """
    The record as it is now, whole, while readers and a writer have it.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    with (
        contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(into)) as target,
    ):
        source.backup(target)


def copy_queue(data_dir: Path, into: Path) -> None:
    """
    The queue's append-only files; a running server rewrites none of them meanwhile.
    """
    files = ValkeyFiles.prepare(data_dir).at_recorded_socket()
    source = files.folder / "appendonlydir"
    if not source.exists():
        return
    lives = files.server_lives()
    with _no_rewrite(files.socket) if lives else contextlib.nullcontext():
        shutil.copytree(source, into)


@contextlib.contextmanager
def _no_rewrite(path: Path) -> Iterator[None]:
    setting = ("CONFIG", "SET", "auto-aof-rewrite-percentage")
    _ask(path, *setting, "0")
    try:
        if b"aof_rewrite_in_progress:1" in _ask(path, "INFO", "persistence"):
            raise Unavailable("the queue server rewrites its files; again in a minute")
        yield
    finally:
        _ask(path, *setting, "100")


def _ask(path: Path, *words: str) -> bytes:
    """
    One command; the raw reply.
    """
    packed = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.settimeout(10)
        plug.connect(str(path))
        plug.sendall(f"*{len(words)}\r\n{packed}".encode())
        reply = plug.recv(65536)
    if reply.startswith(b"-"):
        raise Unavailable(f"queue server: {reply.decode('utf-8', 'replace').strip()}")
    return reply


def pack(folder: Path, manifest: Manifest, out: Path) -> Manifest:
    """
    The folder's files and their manifest as one file, that only its owner reads.
    """
    names = sorted(
        one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()
    )
    sums = {name: _checksum(folder / name) for name in names}
    whole = attrs.evolve(manifest, files=sums)
    out.touch(mode=0o600, exist_ok=False)
    with tarfile.open(out, "w") as tar:
        body = json.dumps(attrs.asdict(whole), indent=1).encode()
        head = tarfile.TarInfo(_MANIFEST)
        head.size, head.mode = len(body), 0o600
        tar.addfile(head, io.BytesIO(body))
        for name in names:
            tar.add(folder / name, name)
    return whole


def unpack(path: Path, into: Path) -> Manifest:
    """
    An archive's files into an empty folder, each checked; L{Refused} says what is
    wrong, and then nothing is left there.
    """
    if into.exists() and any(into.iterdir()):
        raise Refused(_BAD, f"{into} is not empty: choose another folder", "into")
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tarfile.open(path) as tar:
            tar.extractall(into, filter="data")
        return _checked(into)
    except (tarfile.TarError, OSError, KeyError, ValueError) as error:
        _empty(into)
        raise Refused(_BAD, f"{path} is no backup: {error}", "file") from error
    except Refused:
        _empty(into)
        raise


def _checked(folder: Path) -> Manifest:
    told: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
    manifest = Manifest(**told)
    if manifest.format > FORMAT:
        raise Refused(_BAD, f"made by a newer release ({manifest.version})", "file")
    for name, wanted in manifest.files.items():
        if _checksum(folder / name) != wanted:
            raise Refused(_BAD, f"{name} was changed since it was backed up", "file")
    (folder / _MANIFEST).unlink()
    return manifest


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
