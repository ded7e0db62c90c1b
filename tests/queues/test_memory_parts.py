"""
The contract on L{MemoryParts}.
"""

from smsgw.queues.memory_parts import MemoryParts
from tests.queues.contract_parts import PartsContract


class MemoryPartsTests(PartsContract):
    """
    All of it, in memory.
    """

    async def make(self) -> MemoryParts:
        """
        An empty one.
        """
        return MemoryParts()


del PartsContract
