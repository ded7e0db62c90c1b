"""
The contract on L{MemoryLeases}.
"""

from smsgw.queues.leases import SECONDS
from smsgw.queues.memory_leases import MemoryLeases
from tests.queues.contract_leases import LeasesContract


class MemoryLeasesTests(LeasesContract):
    """
    All of it, in memory.
    """

    time = 0.0

    async def make(self) -> MemoryLeases:
        """
        Leases over this test's time.
        """
        return MemoryLeases(lambda: self.time)

    async def run_out(self) -> None:
        """
        Time passes at once.
        """
        self.time += SECONDS


del LeasesContract
