"""
Items that arrive together go together.
"""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from smsgw.errors import Unavailable
from smsgw.group import Group


class GroupTests(SynchronousTestCase):
    """
    One call at a time, with all that waited.
    """

    def setUp(self) -> None:
        self.calls: list[list[int]] = []
        self.under_way: list[Deferred[None]] = []
        self.clock = Clock()
        self.group = Group(self.work, self.clock, most=3)

    async def work(self, items: list[int]) -> list[int]:
        self.calls.append(items)
        waiting: Deferred[None] = Deferred()
        self.under_way.append(waiting)
        await waiting
        return [item * 10 for item in items]

    def test_one_turn_is_one_call(self) -> None:
        """Items of one turn share a call and get their own results."""
        first, second = self.group(1), self.group(2)
        self.clock.advance(0)
        self.under_way.pop().callback(None)

        self.assertEqual([[1, 2]], self.calls)
        self.assertEqual(10, self.successResultOf(first))
        self.assertEqual(20, self.successResultOf(second))

    def test_later_items_wait_for_the_next_call(self) -> None:
        """What comes while a call is under way leaves with the next, in order."""
        self.group(1)
        self.clock.advance(0)
        later = [self.group(n) for n in (2, 3, 4, 5)]
        while self.under_way:
            self.under_way.pop().callback(None)

        self.assertEqual([[1], [2, 3, 4], [5]], self.calls)
        self.assertEqual([20, 30, 40, 50], [self.successResultOf(d) for d in later])

    def test_failure_reaches_every_caller(self) -> None:
        """A failed call fails each of its items, and the next call works."""
        first, second = self.group(1), self.group(2)
        self.clock.advance(0)
        self.under_way.pop().errback(Unavailable("gone"))
        self.failureResultOf(first, Unavailable)
        self.failureResultOf(second, Unavailable)
        third = self.group(3)
        self.clock.advance(0)
        self.under_way.pop().callback(None)

        self.assertEqual(30, self.successResultOf(third))
