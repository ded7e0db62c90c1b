"""
The contract on L{SealedQueue}, and what the queue below it gets to see.
"""

from smsgw.ports import Queue, Settle, Up
from smsgw.queues.memory import MemoryQueue
from smsgw.queues.sealed import SealedQueue, protected
from smsgw.security.fields import Fields
from smsgw.security.provider import KEY_OCTETS, CryptoError, OpenSsl
from tests.queues.contract import (
    NOW,
    TALLY,
    AcceptContract,
    QueueCase,
    admission,
    entry,
)
from tests.queues.contract_exchange import ExchangeContract, ReceiptContract, want
from tests.queues.contract_money import MoneyContract

KEY = bytes(range(KEY_OCTETS))
SECRET = "13800138000 您好".encode()


class SealedQueueTests(
    AcceptContract, ExchangeContract, ReceiptContract, MoneyContract
):
    """
    All of it, sealed.
    """

    async def make(self, high_water: int) -> Queue:
        """
        An empty queue over one in memory.
        """
        return SealedQueue(MemoryQueue(high_water), OpenSsl(KEY))


class SealingTests(QueueCase):
    """
    What is kept, and who can read it.
    """

    below: MemoryQueue

    async def make(self, high_water: int) -> Queue:
        """
        A sealed queue whose insides can be looked at.
        """
        self.below = MemoryQueue(high_water)
        return SealedQueue(self.below, OpenSsl(KEY))

    async def test_nothing_is_readable(self) -> None:
        """
        Bodies, entries, facts, receipts, replies and answers are sealed.
        """
        one = admission("1", 1, key="k", answer=SECRET)
        one.chunks[0].body = SECRET
        await self.accept(one)
        await self.put([entry("m1") + SECRET, entry("m2") + SECRET], "all:notice")
        await self.exchange(wants=[want(9)])
        back = entry("m1") + SECRET
        up = Up(
            self.epoch,
            50,
            [Settle("again", "m1", TALLY, queue="all:notice", entry=back)],
            [("i1", "cm|X", SECRET)],
            [("i2", SECRET)],
            facts=[SECRET],
        )
        await self.queue.exchange(up, NOW)
        await self.queue.save_snapshot(SECRET)

        self.assertNotIn(SECRET[:11], repr(self.below).encode())
        self.assertEqual(SECRET, await self.queue.load_snapshot())
        found = await self.queue.recover(self.epoch, NOW)
        self.assertEqual([("i2", SECRET)], list(found.inbound))

    async def test_plain_values_of_before(self) -> None:
        """
        What was queued before the policy changed is read in both directions.
        """
        await self.fill("m1")
        self.queue = SealedQueue(self.below, OpenSsl(KEY), sealing=False)
        await self.fill("m2")
        self.queue = SealedQueue(self.below, OpenSsl(KEY))
        down = await self.exchange(wants=[want(9)])
        self.assertEqual(
            [entry("m1"), entry("m2")], [lease.entry for lease in down.leases]
        )

    async def test_policy(self) -> None:
        """
        It seals when any kind of field is protected, by itself or as an index.
        """
        for fields in (
            Fields(phone="on", key=KEY),
            Fields(text="index-only", key=KEY),
            Fields(patient="on", key=KEY),
        ):
            self.assertTrue(protected(self.below, fields).sealing)
        self.assertFalse(protected(self.below, Fields(key=KEY)).sealing)

    async def test_another_key(self) -> None:
        """
        With the wrong key nothing is taken for something else.
        """
        await self.accept(admission("1", 1))
        self.queue = SealedQueue(self.below, OpenSsl(bytes(KEY_OCTETS)))
        with self.assertRaises(CryptoError):
            await self.queue.peek("notice", 1)


del AcceptContract, ExchangeContract, MoneyContract, ReceiptContract
