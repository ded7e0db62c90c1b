"""
Blows to a running gateway: processes killed or stopped, its database held, its links
cut, its disk full, its clock stepped.
"""

import contextlib
import os
import random
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import attrs

from smsgw.cli.proving.load import call
from smsgw.cli.proving.records import PostgresRecord, Record, SqliteRecord
from smsgw.cli.proving.small_disk import SmallDisk
from smsgw.cli.stage import Stage
from smsgw.queues.valkey_files import ValkeyFiles

__all__ = ["KINDS", "Blow", "Blows", "valkey_pid"]

#: In this order, again and again. A stopped process goes on after 2 to 4 seconds.
KINDS = (
    "gateway",
    "recorder",
    "gateway",
    "valkey",
    "both",
    "twice",
    "gateway stopped",
    "valkey stopped",
    "carrier stopped",
    "database held",
    "recorder, held",
    "links cut",
    "clock stepped",
    "disk full",
)
#: Seconds that the wall clock is off; less than a code is valid for.
_OFF = (-120.0, -60.0, 60.0, 120.0)
_CUTS = 3
_KILLS = {"gateway": 1, "valkey": 1, "both": 2, "twice": 2}


@attrs.frozen
class Blow:
    """
    What was done, how many kill -9 that was, seconds until the gateway was ready.
    """

    kind: str
    kills: int
    recovery: float


@attrs.define(eq=False)
class Blows:
    """
    Strikes a stage; everything it stops goes on, what it kills is started again as a
    supervisor would. Without a C{disk} of its own no disk is filled.
    """

    stage: Stage
    chance: random.Random
    disk: SmallDisk | None = None
    record: Record = attrs.field()

    @record.default
    def _sqlite(self) -> Record:
        return SqliteRecord(self.stage.folder / "data" / "record.sqlite")

    @property
    def kinds(self) -> tuple[str, ...]:
        """
        Those that can be struck here.
        """
        here = (kind for kind in KINDS if kind != "disk full" or self.disk)
        return (*self.record.kinds, *here)

    def strike(self, kind: str) -> int:
        """
        One blow; how many kill -9 it was.
        """
        if kind in PostgresRecord.kinds:
            return self._strike_database(kind)
        if kind.endswith(" stopped"):
            self._stop(kind.removesuffix(" stopped"))
            return 0
        other: dict[str, Callable[[], int]] = {
            "recorder": lambda: int(self._kill(self.recorder_pid())),
            "database held": self._hold_database,
            "recorder, held": lambda: self._hold_database(self.recorder_pid()),
            "links cut": self._cut_links,
            "clock stepped": self._step_clock,
            "disk full": self._fill_disk,
        }
        return other.get(kind, lambda: self._kill_some(kind))()

    def _kill_some(self, kind: str) -> int:
        if kind in ("valkey", "both"):
            self._kill(valkey_pid(self.stage))
        if kind != "valkey":
            self._gateway_anew()
        if kind == "twice":
            time.sleep(self.chance.uniform(0.2, 2.5))
            self._gateway_anew()
        return _KILLS[kind]

    def _gateway_anew(self) -> None:
        process = self.stage.processes["gateway"]
        process.kill()
        process.wait()
        self.stage.start_gateway()

    def _kill(self, pid: int) -> bool:
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(pid)

    def _stop(self, who: str) -> None:
        """
        SIGSTOP, and SIGCONT some seconds later.
        """
        pid = {
            "gateway": lambda: self.stage.processes["gateway"].pid,
            "valkey": lambda: valkey_pid(self.stage),
            "carrier": lambda: self.stage.processes["simulator"].pid,
        }[who]()
        if not pid:
            return
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(self.chance.uniform(2.0, 4.0))
        finally:
            os.kill(pid, signal.SIGCONT)

    def _hold_database(self, victim: int = 0) -> int:
        """
        Somebody else writes for some seconds: the recorder waits. C{victim}, if any,
        is killed meanwhile, so that its successor begins before a held database.
        """
        killed = False
        with self.record.held(alone=bool(victim)):
            killed = self._kill(victim)
            time.sleep(self.chance.uniform(2.0, 4.0))
        return int(killed)

    def _strike_database(self, kind: str) -> int:
        """
        The server is gone, or stands still, for some seconds.
        """
        assert isinstance(self.record, PostgresRecord)
        server, seconds = self.record.server, self.chance.uniform(2.0, 4.0)
        if kind == "database stopped":
            with server.frozen():
                time.sleep(seconds)
            return 0
        server.kill()
        time.sleep(seconds)
        server.start()
        return 1

    def _cut_links(self) -> int:
        """
        Every carrier breaks off in the middle of its next writes, and so do the
        connections.
        """
        port = self.stage.ports["control"]
        _, names = call(port, "", "GET", "/carriers")
        for name in names:
            call(port, "", "POST", f"/carriers/{name}/faults", {"cut": _CUTS})
        time.sleep(self.chance.uniform(1.0, 2.0))
        return 0

    def _step_clock(self) -> int:
        """
        The gateway's wall clock jumps, and back again some seconds later.
        """
        for off in (self.chance.choice(_OFF), self.chance.choice(_OFF), 0.0):
            self.stage.steps.write_text(f"{off}\n", "utf-8")
            time.sleep(self.chance.uniform(1.2, 2.0))
        return 0

    def _fill_disk(self) -> int:
        """
        To the last page, whatever is let go meanwhile.
        """
        if self.disk is not None:
            self.disk.fill(self.chance.uniform(2.0, 4.0))
        return 0

    def recorder_pid(self) -> int:
        """
        The gateway's recorder, 0 when there is none at this moment.
        """
        wanted = ["record", "-c", str(self.stage.config)]
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if words[3:6] == wanted:
                return int(entry.name)
        return 0


def valkey_pid(stage: Stage) -> int:
    """
    The private queue server's process, 0 when none answers.
    """
    path = str(ValkeyFiles.prepare(stage.folder / "data").socket)
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as plug:
        plug.settimeout(5)
        plug.connect(path)
        plug.sendall(b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n")
        for line in plug.recv(65536).decode("utf-8", "replace").splitlines():
            if line.startswith("process_id:"):
                return int(line.partition(":")[2])
    return 0
