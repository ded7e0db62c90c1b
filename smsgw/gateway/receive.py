"""
Receipts find their message; parts of replies find each other.
"""

import attrs
import msgspec

from smsgw.gateway.flight import Flight
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.settlement import Settlement
from smsgw.message import Fact, Inbound, Receipt
from smsgw.ports import Match
from smsgw.text import Joiner, decode_text

__all__ = ["ORPHAN_WAIT", "Reception"]

ORPHAN_WAIT = 600.0
_receipt = msgspec.msgpack.Decoder(Receipt).decode
_inbound = msgspec.msgpack.Decoder(Inbound).decode


@attrs.define(eq=False)
class Reception:
    """
    Decides what kept receipts and replies mean; each is decided once.
    """

    outbox: Outbox
    settlement: Settlement
    _joiner: Joiner = attrs.field(factory=Joiner)
    _parts: dict[object, list[str]] = attrs.field(factory=dict)
    _orphans: dict[str, tuple[float, Receipt]] = attrs.field(factory=dict)

    def matched(self, matches: list[Match], now: float) -> None:
        """
        The receipts of one exchange, with the messages they belong to.
        """
        opened: dict[str, Flight] = {}
        for match in matches:
            receipt = _receipt(match.body)
            match match.kind:
                case "open":
                    flight = opened.get(match.message)
                    if flight is None:
                        flight = Flight.of("", 0, match.entry, match.state)
                        opened[match.message] = flight
                    self._opened(flight, match.part, receipt, now)
                    self.outbox.done.append(match.inbox_id)
                case "leased":
                    self._leased(match, receipt, now)
                    self.outbox.done.append(match.inbox_id)
                case "orphan":
                    self._orphan(match, receipt, now)
                case _:
                    pass
        for flight in opened.values():
            self._settle_open(flight, now)

    def _opened(self, flight: Flight, part: int, receipt: Receipt, now: float) -> None:
        if flight.attempt.parts[part].state != "taken":
            return
        fact = flight.receipted(part, receipt.state, receipt.code, now)
        self.outbox.facts.append(fact)

    def _settle_open(self, flight: Flight, now: float) -> None:
        if not flight.dirty:
            return
        state, code = flight.outcome()
        if not state:
            self.outbox.settle(flight.settle("update"))
            return
        settle = flight.settle("end")
        settle.carrier_ids = flight.all_ids()
        self.outbox.settle(settle, flight.fact("final", now, state, code=code))

    def _leased(self, match: Match, receipt: Receipt, now: float) -> None:
        flight = self.settlement.flights.get(match.message)
        if flight is None:
            return
        self.settlement.receipted(flight, match.part, receipt, now)

    def _orphan(self, match: Match, receipt: Receipt, now: float) -> None:
        key = f"{receipt.channel}|{receipt.carrier_id}"
        if self.settlement.resolve(receipt, now):
            self.outbox.orphans.append(key)
        else:
            self._orphans[key] = (now + ORPHAN_WAIT, receipt)

    def replies(self, kept: list[tuple[str, bytes]], now: float) -> None:
        """
        Replies that are durable now; long ones wait for their parts.
        """
        for inbox_id, body in kept:
            inbound = _inbound(body)
            if inbound.parts <= 1:
                text = decode_text(inbound.payload, inbound.coding)
                self._whole(inbound, text, [inbox_id], now)
                continue
            key = _key(inbound)
            self._parts.setdefault(key, []).append(inbox_id)
            joined = self._joiner.add(
                key, inbound.part, inbound.parts, inbound.payload, inbound.coding, now
            )
            if joined is not None:
                self._whole(inbound, joined.text, self._parts.pop(key), now)

    def _whole(
        self, inbound: Inbound, text: str, inbox_ids: list[str], now: float
    ) -> None:
        inbound.text, inbound.payload = text, b""
        delivery = f"{inbound.channel}|{inbound.delivery_id}|{inbound.number}"
        self.outbox.done.extend(inbox_ids)
        self.outbox.note(
            Fact("inbound", delivery, now, channel=inbound.channel, inbound=inbound)
        )

    def tick(self, now: float) -> None:
        """
        Orphans that nothing claimed go to the record; so do torn replies.
        """
        for key, (due, receipt) in list(self._orphans.items()):
            if due > now:
                break
            del self._orphans[key]
            self.outbox.orphans.append(key)
            self.outbox.note(
                Fact("orphan", "", now, channel=receipt.channel, receipt=receipt)
            )
        for torn in self._joiner.expired(now):
            inbox_ids = self._parts.pop(torn.key, [])
            inbound = _torn(torn.key)
            self._whole(inbound, torn.text, inbox_ids, now)

    def recover(self, orphans: list[tuple[str, bytes]], now: float) -> None:
        """
        Orphans that an earlier process left in the basket.
        """
        for key, body in orphans:
            self._orphans[key] = (now + ORPHAN_WAIT, _receipt(body))


_Key = tuple[str, str, str, int, int]


def _key(inbound: Inbound) -> _Key:
    return (
        inbound.channel,
        inbound.number,
        inbound.access_number,
        inbound.reference,
        inbound.parts,
    )


def _torn(key: object) -> Inbound:
    channel, number, access_number, reference, parts = key  # type: ignore[misc]
    return Inbound(
        channel,
        f"torn-{reference}-{parts}",
        number,
        access_number,
        b"",
        0,
        0.0,
        parts=parts,
        reference=reference,
    )
