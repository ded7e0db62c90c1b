"""
The error of a node that lost its shard.
"""

from twisted.trial.unittest import SynchronousTestCase

from smsgw.errors import Unavailable
from smsgw.queues.stale import Stale


class StaleTests(SynchronousTestCase):
    """
    Losing a shard is not a passing trouble.
    """

    def test_not_to_be_repeated(self) -> None:
        """
        Whoever repeats calls that are unavailable does not repeat this one.
        """
        self.assertFalse(issubclass(Stale, Unavailable))
