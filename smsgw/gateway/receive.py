"""
Receipts find their message; parts of replies find each other.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import msgspec

from smsgw.gateway.flight import Flight
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.settlement import Settlement, is_news
from smsgw.message import Fact, Inbound, Receipt
from smsgw.ports import Match
from smsgw.text import Joined, Joiner

__all__ = ["Reception"]

_receipt = msgspec.msgpack.Decoder(Receipt).decode
_inbound = msgspec.msgpack.Decoder(Inbound).decode


@attrs.define(eq=False)
class Reception:
    """
    Decides what kept receipts and replies mean; each is decided once. C{heard} is
    told of every whole reply.
    """

    outbox: Outbox
    settlement: Settlement
    heard: Callable[[Inbound, float], None]
    _joiner: Joiner = attrs.field(factory=Joiner)

    def decide(self, now: float) -> None:
        """
        Receipts of messages that are known here need nothing of the store but to
        be kept with what they mean; it is asked about the rest.
        """
        places, receipts = self.settlement.places, self.outbox.receipts
        unknown: list[tuple[str, Receipt]] = []
        opened: dict[str, Flight] = {}
        for row in receipts:
            place = places.get(row[0])
            if place is None:
                unknown.append(row)
            else:
                self._known(*place, row[1], opened, now)
        self.outbox.receipts = unknown
        for flight in opened.values():
            self.settlement.settle_opened(flight, now)

    def _known(
        self,
        flight: Flight,
        part: int,
        receipt: Receipt,
        opened: dict[str, Flight],
        now: float,
    ) -> None:
        if self.settlement.flights.get(flight.message.id) is flight:
            self.settlement.receipted(flight, part, receipt, now)
        else:
            opened[flight.message.id] = flight
            self._opened(flight, part, receipt, now)

    def matched(self, matches: Sequence[Match], now: float) -> None:
        """
        The receipts of one exchange, with the messages they belong to.
        """
        opened: dict[str, Flight] = {}
        for match in matches:
            receipt = _receipt(match.body)
            if match.kind == "orphan":
                self._orphan(receipt, now)
                continue
            self.settlement.orphans.claimed(receipt)
            if match.kind == "double":
                self._double(receipt, now)
                continue
            self._matched(match, receipt, opened, now)
            self.outbox.done.append(match.inbox_id)
        for flight in opened.values():
            self.settlement.settle_opened(flight, now)

    def _matched(
        self, match: Match, receipt: Receipt, opened: dict[str, Flight], now: float
    ) -> None:
        """
        What is known here is newer than what the store found: a message that it
        calls leased may be answered since, one that waits may have ended.
        """
        settlement = self.settlement
        name = match.message
        flight = settlement.flights.get(name)
        if flight is not None:
            settlement.receipted(flight, match.part, receipt, now)
            return
        flight = opened.get(name) or settlement.opened.get(name)
        if flight is None and match.kind == "open":
            flight = Flight.of("", 0, match.entry, match.state)
        if flight is not None:
            opened[name] = flight
            self._opened(flight, match.part, receipt, now)

    def _opened(self, flight: Flight, part: int, receipt: Receipt, now: float) -> None:
        if not is_news(flight, part, receipt):
            return
        fact = flight.receipted(part, receipt.state, receipt.code, now)
        self.outbox.facts.append(fact)

    def _double(self, receipt: Receipt, now: float) -> None:
        """
        Of an attempt that is over. That it was delivered after all is for the
        record, which knows whether this is news.
        """
        if receipt.state == "delivered":
            self._tell(receipt, now)

    def _tell(self, receipt: Receipt, now: float) -> None:
        self.outbox.note(Fact("orphan", "", now, "", receipt.channel, receipt=receipt))

    def _orphan(self, receipt: Receipt, now: float) -> None:
        orphans = self.settlement.orphans
        if self.settlement.resolve(receipt, now):
            orphans.drop(receipt)
        else:
            orphans.keep(receipt, now)

    def replies(self, kept: Sequence[tuple[str, bytes]], now: float) -> None:
        """
        Replies that are durable now; long ones wait for their parts.
        """
        for inbox_id, body in kept:
            inbound = _inbound(body)
            joined = self._joiner.add(
                _key(inbound),
                inbound.part,
                inbound.parts,
                inbound.payload,
                inbound.coding,
                now,
                inbox_id,
            )
            if joined is not None:
                self._whole(inbound, joined, now)

    def _whole(self, inbound: Inbound, joined: Joined, now: float) -> None:
        self.outbox.done.extend(joined.tokens)
        if joined.kind == "double":
            self.outbox.wake()
            return
        inbound.text, inbound.payload = joined.text, b""
        self.heard(inbound, now)
        note = ",".join(f"part {part} missing" for part in joined.missing)
        name = f"{inbound.channel}|{inbound.delivery_id}|{inbound.number}"
        self.outbox.note(
            Fact("inbound", name, now, "", inbound.channel, note=note, inbound=inbound)
        )

    def tick(self, now: float) -> None:
        """
        Orphans that nothing claimed go to the record; so do torn replies.
        """
        for receipt in self.settlement.orphans.expired(now):
            self._tell(receipt, now)
        for torn in self._joiner.expired(now):
            self._whole(_torn(torn), torn, now)

    def recover(self, orphans: Sequence[tuple[str, bytes]], now: float) -> None:
        """
        Orphans that an earlier process left in the basket.
        """
        for _key, body in orphans:
            self.settlement.orphans.keep(_receipt(body), now)


def _key(inbound: Inbound) -> tuple[str, str, str, int, int]:
    return (
        inbound.channel,
        inbound.number,
        inbound.access_number,
        inbound.reference,
        inbound.parts,
    )


def _torn(torn: Joined) -> Inbound:
    """
    A reply of which parts never came, from the key its parts shared.
    """
    key: Any = torn.key
    channel, number, access_number, reference, parts = key
    return Inbound(
        channel,
        f"torn-{reference}-{int(torn.first_at)}",
        number,
        access_number,
        b"",
        0,
        torn.first_at,
        parts=parts,
        reference=reference,
    )
