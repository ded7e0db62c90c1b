"""
One exchange in memory; its contract is in contract_exchange.py.
"""

from twisted.trial.unittest import SynchronousTestCase

from smsgw.ports import Settle, Up, Want
from smsgw.queues.memory_exchange import perform
from smsgw.queues.memory_store import MemoryStore
from tests.queues.contract import NOW, TALLY, entry


class PerformTests(SynchronousTestCase):
    """
    Settles first, leases last.
    """

    def test_what_comes_back_is_leased_at_once(self) -> None:
        """
        A message that goes again is there for the wants of the same exchange.
        """
        store = MemoryStore()
        store.leased["m1"] = (b"state", entry("m1"))
        again = Settle("again", "m1", TALLY, queue="q:code", entry=entry("m1"))
        up = Up(0, 1, [again], wants=[Want("cm", 1, 1, ["q:code"])])
        down = perform(store, up, NOW)

        self.assertEqual([entry("m1")], [lease.entry for lease in down.leases])
        self.assertEqual(["m1"], list(store.leased))
