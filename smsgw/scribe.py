"""
The recorder in a process of its own: recording never holds up sending.

They talk in lines. The child tells how far it is; when its standard input ends,
because we say so or because we are gone, it records what is left and ends too.
"""

import os
import sys
from pathlib import Path
from typing import Any

import attrs
import msgspec
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import ProcessProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from smsgw.ports import Clock

__all__ = ["Progress", "Scribe"]

FIRST, LAST = 0.5, 30.0
STEADY = 60.0
_decode = msgspec.json.Decoder


class Progress(msgspec.Struct):
    """
    A line of the child: everything up to C{recorded_at} (epoch seconds) is in the
    record; C{trouble} is '' or why it stands still.
    """

    recorded_at: float = 0.0
    trouble: str = ""
    strays: int = 0
    position: int = 0


@attrs.define(eq=False)
class Scribe:
    """
    Keeps one child at work until stopped; one that ends too early is replaced.
    """

    config: Path
    reactor: Any
    clock: Clock
    shard: int = 0
    progress: Progress = attrs.field(factory=Progress, init=False)
    stopped: bool = attrs.field(default=False, init=False)
    _child: "Child | None" = attrs.field(default=None, init=False)

    log = Logger()

    @property
    def recorded_at(self) -> float:
        return self.progress.recorded_at

    @property
    def trouble(self) -> str:
        return self.progress.trouble

    @property
    def strays(self) -> int:
        return self.progress.strays

    @property
    def pid(self) -> int:
        """
        The child's process id, 0 while there is none.
        """
        return self._child.pid if self._child is not None else 0

    async def run(self) -> None:
        """
        Until stopped, and then until everything is recorded.
        """
        delay = FIRST
        while not self.stopped:
            began = self.clock.monotonic()
            self._child = child = Child(self._told)
            self._spawn(child)
            try:
                status = await child.ended
            except CancelledError:
                child.kill()
                raise
            finally:
                self._child = None
            if self.stopped:
                return
            if self.clock.monotonic() - began > STEADY:
                delay = FIRST
            self.progress.trouble = f"the recorder ended: {status}"
            self.log.error("{why}; another one begins", why=self.progress.trouble)
            await self.clock.sleep(delay)
            delay = min(LAST, 2 * delay)

    def _spawn(self, child: "Child") -> None:
        words = [sys.executable, "-m", "smsgw", "record", "-c", str(self.config)]
        if self.shard:
            words += ["--shard", str(self.shard)]
        streams = {0: "w", 1: "r", 2: 2}
        self.reactor.spawnProcess(
            child, sys.executable, words, env=os.environ, childFDs=streams
        )

    def _told(self, progress: Progress) -> None:
        if progress.trouble != self.progress.trouble:
            self.log.warn("recording: {trouble}", trouble=progress.trouble or "goes on")
        self.progress = progress

    def stop(self) -> None:
        """
        Record what is left, then end.
        """
        self.stopped = True
        if self._child is not None:
            self._child.finish()


class Child(ProcessProtocol):
    """
    The child's end of it: lines out of its output, one promise of its end.
    """

    def __init__(self, told: Any) -> None:
        self.ended: Deferred[str] = Deferred()
        self._told = told
        self._rest = b""
        self._decode = _decode(Progress).decode

    @property
    def pid(self) -> int:
        return int(self._process.pid or 0) if self.transport is not None else 0

    @property
    def _process(self) -> Any:
        return self.transport

    def outReceived(self, data: bytes) -> None:
        """
        Only the newest line counts.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        if lines:
            self._told(self._decode(lines[-1]))

    def finish(self) -> None:
        """
        Say that there will be no more.
        """
        self._process.closeStdin()

    def kill(self) -> None:
        """
        End it at once; nothing is lost by it.
        """
        self._process.signalProcess("KILL")

    def processEnded(self, reason: Failure) -> None:
        """
        It is gone, and has said all it had to say.
        """
        code = getattr(reason.value, "exitCode", None)
        name = getattr(reason.value, "signal", None)
        self.ended.callback(f"signal {name}" if name else f"status {code}")
