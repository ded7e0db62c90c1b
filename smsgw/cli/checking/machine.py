"""
Facts about this machine: folders, secret files, ports, limits, versions. Nothing
is judged here, and nothing changed.
"""

import os
import platform
import resource
import socket
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import attrs

from smsgw.config import Settings

__all__ = ["Folder", "Port", "Secret", "folder", "gather", "port", "secret"]


@attrs.frozen
class Folder:
    """
    A folder the service writes to; C{near} is it, or its nearest parent there is.
    """

    path: Path
    near: Path
    mode: int
    own: bool
    writable: bool
    free: int
    total: int

    @property
    def exists(self) -> bool:
        """
        Whether it was made already.
        """
        return self.path == self.near


@attrs.frozen
class Secret:
    """
    A file with a secret; C{mode} is 0 if there is none.
    """

    name: str
    path: Path
    mode: int = 0
    size: int = 0
    readable: bool = False
    needed: bool = True


@attrs.frozen
class Port:
    """
    A place to listen at, and what came of trying: '' is free, else an errno's name.
    C{holder} is the command line of the process that has it, if that can be seen.
    """

    name: str
    endpoint: str
    trouble: str = ""
    holder: str = ""


@attrs.frozen
class Machine:
    """
    Everything that can be seen without a server.
    """

    folders: tuple[Folder, ...]
    secrets: tuple[Secret, ...]
    ports: tuple[Port, ...]
    files: int
    python: tuple[int, ...]
    libraries: tuple[tuple[str, str], ...]
    system: str
    overcommit: int
    newest: float


def gather(settings: Settings) -> Machine:
    """
    The facts, as they are now.
    """
    folders = [settings.data_dir, *([settings.log.dir] if settings.log.dir else [])]
    return Machine(
        tuple(folder(path) for path in folders),
        tuple(_secrets(settings)),
        tuple(port(name, endpoint) for name, endpoint in _endpoints(settings)),
        resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        tuple(sys.version_info[:3]),
        tuple(_libraries(metadata.requires("smsgw") or ())),
        f"{platform.system()} {platform.release()} {platform.machine()}",
        _overcommit(),
        _newest(settings.data_dir),
    )


def folder(path: Path) -> Folder:
    """
    What can be told of a folder, made or not.
    """
    near = path.resolve()
    whole = near
    while not near.exists():
        near = near.parent
    found, room = near.stat(), os.statvfs(near)
    return Folder(
        whole,
        near,
        found.st_mode & 0o777,
        found.st_uid == os.getuid(),
        os.access(near, os.W_OK | os.X_OK),
        room.f_bavail * room.f_frsize,
        room.f_blocks * room.f_frsize,
    )


def secret(name: str, path: Path, needed: bool = True) -> Secret:
    """
    What can be told of a secret without reading it.
    """
    try:
        found = path.stat()
    except OSError:
        return Secret(name, path, needed=needed)
    readable = os.access(path, os.R_OK)
    return Secret(name, path, found.st_mode & 0o777, found.st_size, readable, needed)


def _secrets(settings: Settings) -> Iterable[Secret]:
    if settings.queue.password_file:
        yield secret("queue.password_file", settings.queue.password_file)
    if settings.database.password_file:
        yield secret("database.password_file", settings.database.password_file)
    key = settings.protection.key_file
    # Without a key the first start makes one.
    yield secret("protection.key_file", key or settings.data_dir / "fields.key", False)


def _endpoints(settings: Settings) -> Iterable[tuple[str, str]]:
    yield from (("http", str(one)) for one in settings.http.listen)
    yield from (("admin", str(one)) for one in settings.admin.listen)
    for server in settings.servers:
        yield from ((server.protocol, str(one)) for one in server.listen)


def port(name: str, endpoint: str) -> Port:
    """
    Whether one could listen there. Other kinds than TCP are not tried.
    """
    kind, *parts = endpoint.replace("\\:", "\0").split(":")
    words = dict(one.partition("=")[::2] for one in parts if "=" in one)
    number = words.get("port") or next((one for one in parts if "=" not in one), "")
    if kind not in ("tcp", "tcp6", "ssl") or not number.isdigit():
        return Port(name, endpoint)
    host = words.get("interface", "").replace("\0", ":")
    six = kind == "tcp6" or ":" in host
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET) as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            plug.bind((host, int(number)))
            plug.listen(1)
        except OSError as trouble:
            why = os.strerror(trouble.errno or 0)
            return Port(name, endpoint, why, _holder(int(number)))
    return Port(name, endpoint)


def _holder(number: int) -> str:
    """
    The command line of who listens at a port; '' if it is not ours to see.
    """
    sockets = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for row in table.read_text("ascii").splitlines()[1:] if table.exists() else ():
            cells = row.split()
            if cells[3] == "0A" and int(cells[1].rpartition(":")[2], 16) == number:
                sockets.add(f"socket:[{cells[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(one) in sockets for one in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                return words.decode("utf-8", "replace").strip()
        except OSError:
            continue
    return ""


def _libraries(requirements: Iterable[str]) -> Iterable[tuple[str, str]]:
    """
    Each library as asked for, and the version that is there ('' without).
    """
    for one in requirements:
        if "extra ==" in one:
            continue
        name = one
        for mark in "<>=!~[; (":
            name = name.partition(mark)[0]
        try:
            yield one, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield one, ""


def _overcommit() -> int:
    """
    The kernel's word on memory that a fork may need; -1 where it has none.
    """
    path = Path("/proc/sys/vm/overcommit_memory")
    return int(path.read_text("ascii")) if path.exists() else -1


def _newest(data_dir: Path) -> float:
    """
    When anything in the data was written last.
    """
    times = [0.0]
    for path in (data_dir, data_dir / "queue", data_dir / "queue" / "appendonlydir"):
        if path.is_dir() and os.access(path, os.R_OK | os.X_OK):
            times += [one.lstat().st_mtime for one in path.iterdir()]
    return max(times)
