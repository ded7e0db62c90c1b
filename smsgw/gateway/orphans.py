"""
Receipts that match no message yet: their response may still come, or never.
"""

from collections.abc import Callable

import attrs

from smsgw.message import Receipt

__all__ = ["ORPHAN_WAIT", "Orphans"]

ORPHAN_WAIT = 600.0


@attrs.define(eq=False)
class Orphans:
    """
    What lies in the store's basket, oldest first; keyed by channel and carrier id.

    C{take_out} tells the store that a key is wanted no longer.
    """

    take_out: Callable[[str], None]
    _kept: dict[str, tuple[float, Receipt]] = attrs.field(factory=dict, init=False)

    def keep(self, receipt: Receipt, now: float) -> None:
        """
        Remember one; a repeat waits anew.
        """
        key = _key(receipt)
        self._kept.pop(key, None)
        self._kept[key] = (now + ORPHAN_WAIT, receipt)

    def claimed(self, receipt: Receipt) -> None:
        """
        The store found the message itself.
        """
        self._kept.pop(_key(receipt), None)

    def fitting(self, channel: str, number: str) -> list[Receipt]:
        """
        Those that came over a channel for a number.
        """
        return [
            receipt
            for _, receipt in self._kept.values()
            if (receipt.channel, receipt.number) == (channel, number)
        ]

    def waiting(self) -> dict[str, Receipt]:
        """
        All of them, oldest first, by what they are kept under.
        """
        return {key: receipt for key, (_, receipt) in self._kept.items()}

    def drop(self, receipt: Receipt) -> None:
        """
        It has its message, or the record has it.
        """
        self._kept.pop(_key(receipt), None)
        self.take_out(_key(receipt))

    def expired(self, now: float) -> list[Receipt]:
        """
        Those that waited too long, dropped here.
        """
        late = []
        for due, receipt in self._kept.values():
            if due > now:
                break
            late.append(receipt)
        for receipt in late:
            self.drop(receipt)
        return late


def _key(receipt: Receipt) -> str:
    return f"{receipt.channel}|{receipt.carrier_id}"
