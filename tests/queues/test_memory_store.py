"""
Time buckets and due entries of the store in memory.
"""

from twisted.trial.unittest import SynchronousTestCase

from smsgw.queues.memory_store import Buckets, MemoryStore


class BucketsTests(SynchronousTestCase):
    """
    Keys that are forgotten by time.
    """

    def test_find(self) -> None:
        """
        The newest value is found while its bucket is looked at.
        """
        buckets: Buckets[int] = Buckets(10.0, 2)
        buckets.put("a", 1, 5.0)
        buckets.put("a", 2, 15.0)
        self.assertEqual(2, buckets.find("a", 19.0))
        self.assertEqual(2, buckets.find("a", 29.0))
        self.assertIsNone(buckets.find("a", 30.0))

    def test_take(self) -> None:
        """
        The newest value that fits is taken out; the one before is found then.
        """
        buckets: Buckets[int] = Buckets(10.0, 3)
        buckets.put("a", 1, 5.0)
        buckets.put("a", 2, 15.0)
        self.assertIsNone(buckets.take("a", 25.0, 1))
        self.assertEqual(1, buckets.take("a", 15.0, fits=lambda value: value == 1))
        self.assertEqual(2, buckets.take("a", 15.0))
        self.assertEqual([], buckets.items(15.0))

    def test_old_buckets_go(self) -> None:
        """
        What is not looked at any more is not kept.
        """
        buckets: Buckets[int] = Buckets(10.0, 2)
        for now in range(0, 100, 10):
            buckets.put("a", 1, float(now))
        self.assertEqual(2, len(buckets.by_number))


class MemoryStoreTests(SynchronousTestCase):
    """
    Moves that steps share.
    """

    def test_due_in_order(self) -> None:
        """
        What falls due together goes by time, then by its octets.
        """
        store = MemoryStore()
        for entry, due in ((b"c", 5.0), (b"b", 4.0), (b"a", 5.0), (b"d", 6.0)):
            store.put("q", entry, due, 1.0, False)
        self.assertEqual(3, store.promote(5.0))
        self.assertEqual([b"b", b"a", b"c"], list(store.out["q"]))
        self.assertEqual(1, store.depth["due"])
