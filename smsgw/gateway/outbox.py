"""
What piles up for the next exchange, and who is told when it is durable.
"""

from collections.abc import Callable, Iterable, Sequence

import attrs

from smsgw.gateway.flight import Flight
from smsgw.message import Fact, Inbound, Receipt, encode
from smsgw.ports import Settle, Up, Want

__all__ = ["LIMIT", "Outbox"]

LIMIT = 500


@attrs.define(eq=False)
class Outbox:
    """
    Settles, facts, receipts and replies of all channels since the last exchange.

    C{wake} is called when there is something worth an exchange. C{sorted} may name
    another shard's outbox, by a receipt's key, that knows the message. C{heard} is
    shown the facts of each exchange.
    """

    wake: Callable[[], None]
    settles: list[Settle] = attrs.field(factory=list)
    facts: list[Fact] = attrs.field(factory=list)
    receipts: list[tuple[str, Receipt]] = attrs.field(factory=list)
    inbound: list[tuple[str, bytes]] = attrs.field(factory=list)
    done: list[str] = attrs.field(factory=list)
    orphans: list[str] = attrs.field(factory=list)
    acks: list[Callable[[], None]] = attrs.field(factory=list)
    dirty: dict[str, Flight] = attrs.field(factory=dict)
    extended: list[Flight] = attrs.field(factory=list)
    sorted: "Callable[[str], Outbox | None] | None" = None
    heard: Callable[[Sequence[Fact]], None] | None = None
    _prefix: str = ""
    _count: int = 0

    def start(self, epoch: int) -> None:
        """
        A new epoch: inbox ids begin anew under it.
        """
        self._prefix, self._count = f"{epoch}.", 0

    def empty(self) -> bool:
        """
        Nothing has to go up.
        """
        return not (
            self.settles
            or self.facts
            or self.receipts
            or self.inbound
            or self.done
            or self.orphans
            or self.dirty
        )

    def settle(self, settle: Settle, *facts: Fact) -> None:
        """
        A message moves; its facts are kept in the same step.
        """
        self.dirty.pop(settle.id, None)
        self.settles.append(settle)
        self.facts.extend(facts)
        self.wake()

    def note(self, *facts: Fact) -> None:
        """
        Facts alone.
        """
        self.facts.extend(facts)
        self.wake()

    def touch(self, flight: Flight, *facts: Fact) -> None:
        """
        A leased flight's state changed and is to be kept.
        """
        self.dirty[flight.message.id] = flight
        self.note(*facts)

    def extend(self, flight: Flight) -> None:
        """
        More segments of a flight are asked for; its carrier hears when granted.
        """
        self.extended.append(flight)
        self.touch(flight)

    def keep_receipt(self, receipt: Receipt, acknowledge: Callable[[], None]) -> None:
        """
        A receipt came; C{acknowledge} is called once it is durable.
        """
        key = f"{receipt.channel}|{receipt.carrier_id}"
        if self.sorted is not None and (other := self.sorted(key)) is not None:
            other.keep_receipt(receipt, acknowledge)
            return
        self.receipts.append((key, receipt))
        self.acks.append(acknowledge)
        self.wake()

    def keep_inbound(self, inbound: Inbound, acknowledge: Callable[[], None]) -> None:
        """
        A reply, or a part of one, came; likewise.
        """
        self.inbound.append((self._inbox_id(), encode(inbound)))
        self.acks.append(acknowledge)
        self.wake()

    def orphans_gone(self, key: str) -> None:
        """
        A receipt leaves the basket.
        """
        self.orphans.append(key)
        self.wake()

    def _inbox_id(self) -> str:
        self._count += 1
        return f"{self._prefix}{self._count}"

    def take(
        self,
        epoch: int,
        number: int,
        wants: Iterable[Want],
        taken: Sequence[tuple[str, str, int]] = (),
    ) -> "Parcel":
        """
        All that piled up, as one exchange.
        """
        for flight in self.dirty.values():
            self.settles.append(flight.settle("progress"))
        if self.heard is not None and self.facts:
            self.heard(self.facts)
        up = Up(
            epoch,
            number,
            self.settles,
            [(self._inbox_id(), key, encode(one)) for key, one in self.receipts],
            self.inbound,
            self.done,
            self.orphans,
            [encode(self.facts)] if self.facts else [],
            list(wants),
            list(taken),
        )
        parcel = Parcel(up, self.acks, self.extended)
        self.settles, self.facts, self.receipts = [], [], []
        self.inbound, self.done, self.orphans = [], [], []
        self.acks, self.extended, self.dirty = [], [], {}
        return parcel


@attrs.frozen
class Parcel:
    """
    One exchange's upward part with those who wait for it to be durable.
    """

    up: Up
    acks: list[Callable[[], None]]
    extended: list[Flight]
