"""
Money reaches the queue once, whatever is repeated.
"""

from typing import Any

from smsgw.errors import Unavailable
from smsgw.granting import Granting
from smsgw.queues.memory import MemoryQueue
from smsgw.storage.ledger import Entry
from tests.support.record import now_or_never

ENTRIES = [
    Entry(1, "his", "grant", 1000, "", "admin", 0.0),
    Entry(2, "lis", "grant", 500, "", "admin", 0.0),
    Entry(3, "his", "correction", -200, "", "admin", 0.0),
]


class Record:
    """
    A ledger; away when told.
    """

    def __init__(self, *entries: Entry) -> None:
        self.entries = list(entries)
        self.away = False

    async def read(self, _call: Any, last: int) -> list[Entry]:
        if self.away:
            raise Unavailable("gone")
        return [one for one in self.entries if one.id > last][:2]


def test_each_entry_once() -> None:
    """
    Also after a restart, which begins with the first again.
    """
    queue, record = MemoryQueue(), Record(*ENTRIES[:2])
    some = Granting(queue, record)  # type: ignore[arg-type]  # only read is used
    assert 2 == now_or_never(some.look())
    assert 0 == now_or_never(some.look())
    record.entries.append(ENTRIES[2])
    again = Granting(queue, record)  # type: ignore[arg-type]  # only read is used
    assert 3 == now_or_never(again.look())
    assert 1 == now_or_never(some.look())
    wallets = now_or_never(queue.wallets(["his", "lis"]))
    assert (800, 500) == (wallets["his"].available, wallets["lis"].available)


def test_without_the_record_it_waits() -> None:
    """
    And goes on later.
    """
    queue, record = MemoryQueue(), Record(*ENTRIES)
    some = Granting(queue, record)  # type: ignore[arg-type]  # only read is used
    record.away = True
    assert 0 == now_or_never(some.look())
    record.away = False
    assert 3 == now_or_never(some.look())
