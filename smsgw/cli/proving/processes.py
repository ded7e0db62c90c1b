"""
What the processes of a stage cost: CPU seconds and memory, from the system.
"""

import contextlib
import os
import time
from pathlib import Path

import attrs

from smsgw.cli.proving.faults import valkey_pid
from smsgw.cli.stage import Stage

__all__ = ["Cost", "valkey_pid"]

_TICK = os.sysconf("SC_CLK_TCK")


def _process(*words: str) -> int:
    """
    The process with all of these words in its command line, 0 for none.
    """
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if all(word in line for word in words):
                return int(entry.name)
    return 0


def _cpu(pid: int) -> float:
    """
    Seconds; 0 for a process that is gone.
    """
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
    return 0.0


def _everything() -> float:
    """
    Seconds of CPU of the whole machine that were not idle.
    """
    words = Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    times = [int(word) for word in words]
    return (sum(times) - times[3] - times[4]) / _TICK


def _memory(pid: int) -> float:
    """
    Megabytes; 0 for a process that is gone.
    """
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


@attrs.define
class Cost:
    """
    CPU of each process since the beginning of a scenario.
    """

    pids: dict[str, int]
    began: dict[str, float] = attrs.field(factory=dict)
    _all: float = attrs.field(factory=_everything, init=False)
    _at: float = attrs.field(factory=time.monotonic, init=False)

    @classmethod
    def of(cls, stage: Stage) -> "Cost":
        """
        Begin to count; C{source} is this process, which makes the load.
        """
        pids = {name: process.pid for name, process in stage.processes.items()}
        pids["valkey"] = valkey_pid(stage)
        pids["recorder"] = _process("record", str(stage.config))
        pids["source"] = os.getpid()
        return cls.over({name: pid for name, pid in pids.items() if pid})

    @classmethod
    def over(cls, pids: dict[str, int]) -> "Cost":
        """
        Begin to count these processes.
        """
        return cls(pids, {name: _cpu(pid) for name, pid in pids.items()})

    def per_message(self, messages: int) -> dict[str, float]:
        """
        Microseconds of CPU per message, by process.
        """
        return {
            name: round(
                max(0.0, _cpu(pid) - self.began[name]) / max(1, messages) * 1e6, 2
            )
            for name, pid in self.pids.items()
        }

    def others(self) -> float:
        """
        Cores that everybody else on this machine used since the beginning.
        """
        ours = sum(
            max(0.0, _cpu(pid) - self.began[name]) for name, pid in self.pids.items()
        )
        seconds = max(0.01, time.monotonic() - self._at)
        return round(max(0.0, _everything() - self._all - ours) / seconds, 2)

    def memory(self) -> dict[str, int]:
        """
        Resident megabytes, by process.
        """
        return {name: int(mb) for name, mb in self.megabytes().items()}

    def megabytes(self) -> dict[str, float]:
        """
        Likewise, to the kilobyte.
        """
        return {name: round(_memory(pid), 3) for name, pid in self.pids.items()}
