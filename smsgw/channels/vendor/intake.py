"""
Reports on their way in: kept durably, and only then told so.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import attrs
from twisted.internet.defer import Deferred, succeed

from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vitals import Vitals
from smsgw.gateway.outbox import Outbox
from smsgw.ports import Clock

__all__ = ["Intake", "Taken"]


@attrs.frozen
class Taken:
    """
    What a document held: the ids, how many were kept, and when all are durable.
    """

    ids: list[str]
    kept: int
    durable: "Deferred[None]"


@attrs.define(eq=False)
class Intake:
    """
    Gives a channel's receipts and replies to the gateway.
    """

    contract: VendorContract
    clock: Clock
    outbox: Outbox
    vitals: Vitals = attrs.field(factory=Vitals)

    def take(self, kind: str, document: Any) -> Taken:
        """
        Keep all of a document's C{receipts} or C{inbound}.
        """
        reader, channel = self.contract.readers[kind], self.contract.channel.id
        rows, now, keeps = reader.rows(document), self.clock.now(), []
        for row in rows:
            if kind == "receipts":
                receipt = reader.receipt(row, channel, now)
                if receipt is not None:
                    self.vitals.receipt(receipt.state)
                    keeps.append(partial(self.outbox.keep_receipt, receipt))
            else:
                inbound = reader.inbound(row, channel, now)
                if inbound is not None:
                    keeps.append(partial(self.outbox.keep_inbound, inbound))
        ids = [one for row in rows if (one := reader.id(row))]
        return Taken(ids, len(keeps), _all(keeps))


def _all(keeps: Sequence[Callable[[Callable[[], None]], None]]) -> "Deferred[None]":
    """
    Fires when the last is durable.
    """
    if not keeps:
        return succeed(None)
    durable: Deferred[None] = Deferred(lambda _: None)
    left = len(keeps)

    def acknowledge() -> None:
        nonlocal left
        left -= 1
        if not left and not durable.called:
            durable.callback(None)

    for keep in keeps:
        keep(acknowledge)
    return durable
