"""
Bringing money from the ledger to the queue, entry by entry, each once.
"""

from typing import Protocol

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.storage.database import Database
from smsgw.storage.ledger import entries_since

__all__ = ["Granting"]


class Grants(Protocol):
    """
    What this needs of L{smsgw.ports.Queue}.
    """

    async def grant(self, wallet: str, ledger_id: int, amount: int) -> int: ...


@attrs.define(eq=False)
class Granting:
    """
    Reads entries after the last it knows; after a start from the first on, for the
    queue passes over what it applied before.
    """

    queue: Grants
    database: Database
    _last: int = attrs.field(default=0, init=False)

    log = Logger()

    async def look(self) -> int:
        """
        Apply what is new; how many entries were looked at.
        """
        count = 0
        try:
            while entries := await self.database.read(entries_since, self._last):
                for entry in entries:
                    await self.queue.grant(entry.account, entry.id, entry.amount)
                    self._last = entry.id
                count += len(entries)
        except Unavailable as trouble:
            self.log.warn("grants wait: {why}", why=trouble.detail)
        return count
