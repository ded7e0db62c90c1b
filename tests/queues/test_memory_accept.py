"""
Admissions in memory; their contract is in contract.py.
"""

from twisted.trial.unittest import SynchronousTestCase

from smsgw.queues.memory_accept import Admitting
from smsgw.queues.memory_store import MemoryStore
from tests.queues.contract import NOW, admission


class AdmittingTests(SynchronousTestCase):
    """
    One admission after the other.
    """

    def test_refused_keeps_nothing(self) -> None:
        """
        A refused admission leaves the store and the memory of names alone.
        """
        admitting = Admitting(MemoryStore(), 1)
        self.assertEqual("accepted", admitting.admit(admission("1"), NOW).kind)
        full = admission("2", nonce="n", key="k", refs=[("r", "m", b"")])
        self.assertEqual("full", admitting.admit(full, NOW).kind)
        self.assertEqual(["c1"], list(admitting.store.chunks))
        for names in (admitting.nonces, admitting.keys, admitting.refs):
            self.assertEqual({}, names.by_number)
