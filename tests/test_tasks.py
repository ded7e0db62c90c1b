"""
Tests for L{smsgw.tasks}.
"""

import os
import tempfile
import time
from pathlib import Path
from typing import cast

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from smsgw import ports
from smsgw.tasks import (
    STEPS,
    Signal,
    SteppedClock,
    SystemClock,
    Tasks,
    cancel_all,
    clock_over,
    sleep,
    spawn,
)


class SleepTests(SynchronousTestCase):
    """
    C{sleep} and the clock that offers it.
    """

    def test_fires_after_the_time(self) -> None:
        """
        A sleep ends when its seconds have passed, not before.
        """
        clock = Clock()
        asleep = sleep(clock, 2)
        clock.advance(1.9)
        self.assertNoResult(asleep)
        clock.advance(0.1)
        self.assertIsNone(self.successResultOf(asleep))

    def test_cancel_takes_the_timer_away(self) -> None:
        """
        A cancelled sleep leaves no timer behind.
        """
        clock = Clock()
        asleep = sleep(clock, 2)
        asleep.cancel()
        self.failureResultOf(asleep)
        self.assertEqual([], clock.getDelayedCalls())

    def test_system_clock_is_a_clock(self) -> None:
        """
        The system clock gives wall and monotonic time and sleeps on its reactor.
        """
        timers = Clock()
        clock: ports.Clock = SystemClock(timers)
        self.assertGreater(clock.now(), 1.6e9)
        self.assertLessEqual(clock.monotonic(), clock.monotonic())
        asleep = clock.sleep(1)
        timers.advance(1)
        self.successResultOf(asleep)


class SignalTests(SynchronousTestCase):
    """
    The latch between who notices and who acts.
    """

    def setUp(self) -> None:
        self.clock = Clock()
        self.signal = Signal(self.clock)

    def wait(self, timeout: float | None = None) -> Deferred[None]:
        """
        Begin to wait.
        """
        return Deferred.fromCoroutine(self.signal.wait(timeout))

    def test_set_before_wait_returns_at_once_and_once(self) -> None:
        """
        A set that nobody saw ends exactly the next wait.
        """
        self.signal.set()
        self.signal.set()
        self.successResultOf(self.wait())
        self.assertNoResult(second := self.wait())
        second.cancel()
        self.failureResultOf(second)

    def test_sets_of_one_turn_wake_once(self) -> None:
        """
        Many sets within one turn of the reactor are one wake.
        """
        waiting = self.wait()
        self.signal.set()
        self.signal.set()
        self.assertNoResult(waiting)
        self.clock.advance(0)
        self.successResultOf(waiting)
        again = self.wait()
        self.clock.advance(0)
        self.assertNoResult(again)
        self.signal.set()
        self.clock.advance(0)
        self.successResultOf(again)

    def test_timeout_ends_the_wait(self) -> None:
        """
        A wait with a timeout returns without a set and leaves no timer.
        """
        waiting = self.wait(5)
        self.clock.advance(5)
        self.successResultOf(waiting)
        self.signal.set()
        self.successResultOf(self.wait(5))
        self.assertEqual([], self.clock.getDelayedCalls())

    def test_timeout_is_dropped_when_set(self) -> None:
        """
        A set before the timeout takes the timer away.
        """
        waiting = self.wait(5)
        self.signal.set()
        self.clock.advance(0)
        self.successResultOf(waiting)
        self.assertEqual([], self.clock.getDelayedCalls())

    def test_cancel_keeps_the_set(self) -> None:
        """
        A set whose waiter was cancelled is there for the next waiter.
        """
        waiting = self.wait()
        self.signal.set()
        waiting.cancel()
        self.failureResultOf(waiting)
        self.assertEqual([], self.clock.getDelayedCalls())
        self.successResultOf(self.wait())


class TasksTests(SynchronousTestCase):
    """
    Fire and forget.
    """

    def test_failure_is_logged_with_its_name(self) -> None:
        """
        What fails in the background is logged once, under its name.
        """

        async def fail() -> None:
            raise ValueError("broken")

        task = Tasks().spawn("counting", fail())
        (failure,) = self.flushLoggedErrors(ValueError)
        self.assertEqual("broken", failure.getErrorMessage())
        self.assertEqual("counting", task.name)
        self.assertTrue(task.finished)

    def test_stop_cancels_and_waits(self) -> None:
        """
        Stopping cancels what runs and returns when it has cleaned up.
        """
        clock = Clock()
        steps: list[str] = []

        async def work() -> None:
            try:
                await sleep(clock, 10)
            finally:
                await sleep(clock, 1)
                steps.append("clean")

        tasks = Tasks()
        tasks.spawn("work", work())
        self.assertEqual(["work"], tasks.names())
        stopping = Deferred.fromCoroutine(tasks.stop())
        self.assertNoResult(stopping)
        clock.advance(1)
        self.successResultOf(stopping)
        self.assertEqual(["clean"], steps)
        self.assertEqual([], tasks.names())

    def test_canceled_from_within_is_logged(self) -> None:
        """
        A task that dies of somebody else's cancellation does not die silently.
        """
        clock = Clock()
        inner = sleep(clock, 1)

        async def work() -> None:
            await inner

        Tasks().spawn("work", work())
        inner.cancel()
        self.assertEqual(1, len(self.flushLoggedErrors()))

    def test_spawn_ends_with_cancel_all(self) -> None:
        """
        The service's stop ends whatever C{spawn} began.
        """
        clock = Clock()

        async def work() -> None:
            await sleep(clock, 10)

        task = spawn("work", work())
        self.assertFalse(task.finished)
        self.successResultOf(Deferred.fromCoroutine(cancel_all()))
        self.assertTrue(task.finished)
        self.assertEqual([], clock.getDelayedCalls())


class SteppedClockTests(SynchronousTestCase):
    """
    The clock of trials, and who gets it.
    """

    def test_its_file_steps_it(self) -> None:
        """
        Not before there is one; what is no number changes nothing.
        """
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        steps = Path(folder.name) / "steps"
        clock = SteppedClock(Clock(), steps)
        self.assertApproximates(time.time(), clock.now(), 5)
        for text, off in (("-3600\n", -3600), ("x", -3600), ("90", 90)):
            steps.write_text(text, "utf-8")
            clock._looked_at = float("-inf")
            self.assertApproximates(time.time() + off, clock.now(), 5)

    def test_only_where_the_environment_asks_for_it(self) -> None:
        """
        As a rule wall time is the machine's.
        """
        self.patch(os, "environ", {})
        self.assertIs(SystemClock, type(clock_over(Clock())))
        self.patch(os, "environ", {STEPS: "steps"})
        self.assertEqual(Path("steps"), cast(SteppedClock, clock_over(Clock())).steps)
