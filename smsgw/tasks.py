"""
Time and background work on a reactor: the clock, the latch, fire and forget.
"""

import contextlib
import os
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import CancelledError, Deferred, DeferredList
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

__all__ = [
    "STEPS",
    "Signal",
    "SteppedClock",
    "SystemClock",
    "Task",
    "Tasks",
    "cancel_all",
    "clock_over",
    "sleep",
    "spawn",
]

#: For trials only: names the file that steps a L{SteppedClock}.
STEPS = "SMSGW_CLOCK_STEPS"


def sleep(clock: IReactorTime, seconds: float) -> Deferred[None]:
    """
    Fires after C{seconds}; cancelling it takes the timer away.
    """
    done: Deferred[None] = Deferred(lambda _: call.cancel())
    call = clock.callLater(seconds, done.callback, None)
    return done


@attrs.define(eq=False)
class SystemClock:
    """
    L{smsgw.ports.Clock} over the machine's clocks and a reactor's timers.
    """

    _reactor: IReactorTime

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> Deferred[None]:
        return sleep(self._reactor, seconds)


@attrs.define(eq=False)
class SteppedClock(SystemClock):
    """
    For trials of what a stepped system clock does: C{steps} is a file with the
    seconds that wall time is off, looked at once a second.
    """

    steps: Path
    _off: float = attrs.field(default=0.0, init=False)
    _looked_at: float = attrs.field(default=float("-inf"), init=False)

    def now(self) -> float:
        if time.monotonic() >= self._looked_at + 1.0:
            self._looked_at = time.monotonic()
            with contextlib.suppress(OSError, ValueError):
                self._off = float(self.steps.read_text("utf-8"))
        return time.time() + self._off


def clock_over(reactor: IReactorTime) -> SystemClock:
    """
    The machine's clock, or a stepped one where the environment names its file.
    """
    steps = os.environ.get(STEPS)
    return SteppedClock(reactor, Path(steps)) if steps else SystemClock(reactor)


@attrs.define(eq=False)
class Signal:
    """
    A latch: C{set} wakes who waits in the reactor's next turn, so that many
    sets of one turn are one wake; C{wait} clears it on return.
    """

    _clock: IReactorTime
    _is_set: bool = attrs.field(default=False, init=False)
    _waiting: list[Deferred[None]] = attrs.field(factory=list, init=False)
    _wake_call: IDelayedCall | None = attrs.field(default=None, init=False)

    def set(self) -> None:
        self._is_set = True
        if self._waiting and self._wake_call is None:
            self._wake_call = self._clock.callLater(0, self._wake)

    async def wait(self, timeout: float | None = None) -> None:
        """
        Return once set, or after C{timeout} seconds.
        """
        if self._is_set:
            self._is_set = False
            return
        woken: Deferred[None] = Deferred()
        timer = None
        if timeout is not None:
            timer = self._clock.callLater(timeout, woken.callback, None)
        self._waiting.append(woken)
        try:
            await woken
        finally:
            self._leave(woken, timer)

    def _leave(self, woken: Deferred[None], timer: IDelayedCall | None) -> None:
        if woken in self._waiting:
            self._waiting.remove(woken)
        if timer is not None and timer.active():
            timer.cancel()
        if not self._waiting and self._wake_call is not None:
            self._wake_call.cancel()
            self._wake_call = None

    def _wake(self) -> None:
        self._wake_call = None
        self._is_set = False
        woken, self._waiting = self._waiting, []
        for one in woken:
            if not one.called:
                one.callback(None)


@attrs.define(eq=False)
class Task:
    """
    A coroutine that runs in the background, by name.
    """

    name: str
    finished: bool = attrs.field(default=False, init=False)
    _running: Deferred[None] | None = attrs.field(default=None, init=False)
    _canceled: bool = attrs.field(default=False, init=False)

    log = Logger()

    def cancel(self) -> None:
        self._canceled = True
        if self._running is not None:
            self._running.cancel()

    async def _guard(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except CancelledError:
            if not self._canceled:
                self.log.failure("{task} was canceled from within", task=self.name)
        except Exception:
            self.log.failure("{task} failed", task=self.name)
        finally:
            self.finished = True


@attrs.define(eq=False)
class Tasks:
    """
    Background work of one owner: what was spawned ends with C{stop}.
    """

    _tasks: dict[Task, Deferred[None]] = attrs.field(factory=dict, init=False)

    def spawn(self, name: str, work: Coroutine[Any, Any, object]) -> Task:
        """
        Run C{work} in the background; its failure is logged under C{name}.
        """
        task = Task(name)
        running = Deferred.fromCoroutine(task._guard(work))
        task._running = running
        if not task.finished:
            self._tasks[task] = running.addCallback(lambda _: self._forget(task))
        return task

    def names(self) -> list[str]:
        """
        What runs at this moment.
        """
        return sorted(task.name for task in self._tasks)

    async def stop(self) -> None:
        """
        Cancel everything and wait until it has ended.
        """
        tasks = dict(self._tasks)
        for task in tasks:
            task.cancel()
        await DeferredList(list(tasks.values()))

    def _forget(self, task: Task) -> None:
        del self._tasks[task]


_all = Tasks()


def spawn(name: str, work: Coroutine[Any, Any, object]) -> Task:
    """
    Fire and forget: logged by name if it fails, cancelled at the service's stop.
    """
    return _all.spawn(name, work)


async def cancel_all() -> None:
    """
    End what L{spawn} began; the service calls it last.
    """
    await _all.stop()
