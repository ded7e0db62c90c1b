"""
Tests for L{smsgw.scribe}: the gateway's end, its child played by hand.
"""

from pathlib import Path
from typing import Any

import attrs
from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from smsgw.scribe import FIRST, STEADY, Scribe
from smsgw.tasks import Task, spawn
from tests.support.guests import Ticking

PATH = Path("etc/smsgw.toml")


@attrs.define(eq=False)
class Process:
    """
    What a child's transport is asked.
    """

    pid: int = 4711
    asked: list[str] = attrs.field(factory=list)

    def closeStdin(self) -> None:
        self.asked.append("close")

    def signalProcess(self, name: str) -> None:
        self.asked.append(name)


class Machine(Clock):
    """
    A reactor that starts no process.
    """

    def __init__(self) -> None:
        super().__init__()
        self.children: list[Any] = []
        self.words: list[list[str]] = []

    def spawnProcess(self, child: Any, path: str, words: list[str], **_: Any) -> None:
        self.children.append(child)
        self.words.append(words)
        child.transport = Process()


class ScribeTests(SynchronousTestCase):
    """
    One child at a time.
    """

    def setUp(self) -> None:
        """
        A scribe at work.
        """
        self.machine = Machine()
        self.scribe = Scribe(PATH, self.machine, Ticking(self.machine))
        self.task: Task = spawn("scribe", self.scribe.run())

    def end(self, number: int, code: int | None = 0) -> None:
        """
        A child ends: a status, or None for a signal.
        """
        reason: Exception = ProcessDone(0)
        if code != 0:
            reason = ProcessTerminated(code, None if code else 9, 0)
        self.machine.children[number].processEnded(Failure(reason))

    def test_it_learns_how_far_the_child_is(self) -> None:
        """
        Lines in any pieces; the newest counts.
        """
        child = self.machine.children[0]
        self.assertEqual(["-m", "smsgw", "record", "-c", str(PATH)], self.words())
        child.outReceived(b'{"recorded_at": 1.0}\n{"recorded_at": 2.5, "strays": 1}')
        self.assertEqual(1.0, self.scribe.recorded_at)
        child.outReceived(b'\n{"recorded_at": 3')
        self.assertEqual((2.5, 1, ""), self.told())
        child.outReceived(b'.5, "trouble": "disk full"}\n')
        self.assertEqual((3.5, 0, "disk full"), self.told())
        self.assertEqual(4711, self.scribe.pid)

    def words(self) -> list[str]:
        """
        The newest child's command line, without the interpreter.
        """
        return self.machine.words[-1][1:]

    def told(self) -> tuple[float, int, str]:
        """
        What the scribe knows.
        """
        return self.scribe.recorded_at, self.scribe.strays, self.scribe.trouble

    def test_a_child_that_ends_is_replaced(self) -> None:
        """
        Sooner the first time than the next, and soon again after a steady one.
        """
        self.end(0, None)
        self.assertEqual("the recorder ended: signal 9", self.scribe.trouble)
        self.assertEqual(0, self.scribe.pid)
        self.machine.advance(FIRST)
        self.assertEqual(2, len(self.machine.children))
        self.end(1, 1)
        self.machine.advance(FIRST)
        self.assertEqual(2, len(self.machine.children))
        self.machine.advance(FIRST)
        self.assertEqual(3, len(self.machine.children))
        self.machine.advance(STEADY + 1)
        self.end(2, 1)
        self.machine.advance(FIRST)
        self.assertEqual(4, len(self.machine.children))
        self.assertIn("status 1", self.scribe.trouble)

    def test_stop(self) -> None:
        """
        The child is told, and its end is waited for.
        """
        self.scribe.stop()
        self.assertEqual(["close"], self.machine.children[0].transport.asked)
        self.assertFalse(self.task.finished)
        self.end(0)
        self.assertTrue(self.task.finished)
        self.assertEqual(1, len(self.machine.children))

    def test_no_time_to_wait(self) -> None:
        """
        Whoever ends the task ends the child.
        """
        child = self.machine.children[0]
        self.task.cancel()
        self.assertEqual(["KILL"], child.transport.asked)
        self.assertEqual(0, self.scribe.pid)
