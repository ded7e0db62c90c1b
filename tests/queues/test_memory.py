"""
The contract on L{MemoryQueue}.
"""

from smsgw.ports import Queue
from smsgw.queues.memory import MemoryQueue
from tests.queues.contract import AcceptContract
from tests.queues.contract_exchange import ExchangeContract, ReceiptContract
from tests.queues.contract_money import MoneyContract


class MemoryQueueTests(
    AcceptContract, ExchangeContract, ReceiptContract, MoneyContract
):
    """
    All of it, in memory.
    """

    async def make(self, high_water: int) -> Queue:
        """
        An empty queue.
        """
        return MemoryQueue(high_water)


del AcceptContract, ExchangeContract, MoneyContract, ReceiptContract
