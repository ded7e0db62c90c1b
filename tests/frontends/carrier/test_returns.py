"""
Receipts and replies back to systems.
"""

from typing import Any

import attrs
import pytest

from smsgw.directory import Directory, Webhook
from smsgw.errors import Unavailable
from smsgw.frontends.carrier.returns import Lane, Returns, deliveries
from smsgw.frontends.carrier.ticket import Ticket
from smsgw.frontends.marks import Lot
from smsgw.protocols.neutral import InboundPart, ReceiptIn
from smsgw.tasks import spawn
from smsgw.text import decode_text
from smsgw.views import EventView
from tests.support.guests import ACCESS, CONTRACTS, LOGIN, House, Ticking, peer
from tests.support.worlds import NOW, run

PEER = peer("cmpp")
PROTOCOLS = sorted({protocol for protocol, _ in CONTRACTS})


def report(
    kind: str, ids: list[str], login: str = LOGIN, registered: bool = True, **more: Any
) -> EventView:
    """
    An event about a message of a system.
    """
    ticket = Ticket(login, ids, ACCESS + "01", registered).written()
    body = {"to": "13800138000", "callback_data": ticket, **more}
    return EventView(1, "e1", kind, "M1", NOW, body)


def reply(text: str, to: str = ACCESS) -> EventView:
    """
    A reply of a phone.
    """
    body: dict[str, object] = {
        "from": "13800138000",
        "text": text,
        "access_number": to,
        "inbound_id": "i1",
    }
    return EventView(2, "e2", "inbound.received", "", NOW, body)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("message.delivered", "delivered"),
        ("message.failed", "undelivered"),
        ("message.expired", "expired"),
        ("message.unknown", "unknown"),
        ("message.canceled", "canceled"),
        ("message.late", "delivered"),
    ],
)
def test_each_part_has_its_receipt(kind: str, state: str) -> None:
    """
    As many receipts as the system sent parts, with the time of China.
    """
    made = deliveries(PEER, report(kind, ["a", "b"], code="MK:0001"))
    assert ["a", "b"] == [one.carrier_id for one in made if isinstance(one, ReceiptIn)]
    first = made[0]
    assert isinstance(first, ReceiptIn)
    assert (state, "MK:0001", "2609212213") == (
        first.state,
        first.code,
        first.done_time,
    )


def test_what_is_not_for_this_system() -> None:
    """
    Another's message, one without receipts, an event on the way, an HTTP caller's.
    """
    own = ["a"]
    assert [] == deliveries(PEER, report("message.delivered", own, "700002"))
    assert [] == deliveries(PEER, report("message.delivered", own, registered=False))
    assert [] == deliveries(PEER, report("message.submitted", own))
    plain = EventView(3, "e3", "message.delivered", "M1", NOW, {"callback_data": "x"})
    assert [] == deliveries(PEER, plain)
    deaf = attrs.evolve(PEER, receipts=False, inbound=False)
    assert [] == deliveries(deaf, report("message.delivered", own))
    assert [] == deliveries(deaf, reply("好的"))
    assert [] == deliveries(PEER, reply("好的", "10010"))
    assert [] == deliveries(PEER, reply(""))


@attrs.define(eq=False)
class Marked:
    """
    Marks over a list of events; C{trouble} comes first, once.
    """

    lots: list[list[EventView]]
    trouble: bool = False
    at: list[int] = attrs.field(factory=list)

    async def due(self, webhook: Webhook, now: float, limit: int = 100) -> Lot | None:
        if self.trouble:
            self.trouble = False
            raise Unavailable("away")
        return Lot(self.lots.pop(0)) if self.lots else None

    async def delivered(self, webhook_id: str, seq: int, now: float) -> None:
        self.at.append(seq)

    async def failed(
        self, webhook_id: str, failures: int, due_at: float, note: str, now: float
    ) -> None:
        raise AssertionError("a lane here fails by itself")


def lane(house: House, marks: Marked) -> Lane:
    """
    The way back to the one system.
    """
    return Lane(
        peer(house.protocol),
        house.desk,
        marks,
        Ticking(house.timers),
        lambda: 0.5,
        house.metrics,
    )


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_over_the_wire(protocol: str, version: str) -> None:
    """
    Receipts name the ids that the submits were answered with; a long reply comes
    in parts that can be read.
    """
    house = House(protocol)
    system = house.connect(version)
    ids = [house.desk.new_id(system.guest.host, 7 + n) for n in range(2)]
    events = [report("message.delivered", ids), reply("好的，收到。" * 20)]
    work = spawn("lane", lane(house, Marked([])).deliver(events))
    for _ in range(5):
        house.timers.advance(9.0)
        system.pump.flush()
    assert work.finished
    assert ids == [one.carrier_id for one in system.receipts]
    assert {"delivered"} == {one.state for one in system.receipts}
    parts = [one for one in system.given if isinstance(one, InboundPart)]
    assert len(parts) > 1
    assert {ACCESS} == {one.access_number for one in parts}
    first = decode_text(parts[0].payload[6:], parts[0].coding)
    assert first.startswith("好的")


def test_refused_deliveries_come_again() -> None:
    """
    What a system does not take is repeated until it does.
    """
    house = House("cmpp")
    system = house.connect()
    system.takes = False
    busy = lane(house, Marked([]))
    work = spawn("lane", busy.deliver([report("message.delivered", ["0a", "0b"])]))
    system.pump.flush()
    assert not work.finished
    system.guest.abort()
    system.pump.flush()
    again = house.connect()
    for _ in range(5):
        house.timers.advance(9.0)
        again.pump.flush()
    assert work.finished
    assert ["000000000000000a", "000000000000000b"] == [
        one.carrier_id for one in again.receipts
    ]


def test_the_mark_moves_with_the_answers() -> None:
    """
    The record may be away for a while; then lot by lot.
    """
    house = House("cmpp")
    marks = Marked([[report("message.submitted", ["0a"])], [reply("")]], True)
    work = spawn("lane", lane(house, marks).run())
    assert [] == marks.at
    house.timers.advance(9.0)
    assert [1, 2] == marks.at
    work.cancel()


def test_lanes_follow_the_directory() -> None:
    """
    One per active system whose protocol has a door.
    """
    house = House("cmpp")
    returns = Returns(
        {"cmpp": house.desk},
        Marked([]),
        Ticking(house.timers),
        lambda: 0.5,
        house.metrics,
    )
    returns.follow(house.directory)
    assert {LOGIN} == returns.lanes()
    other = peer("other", id="700009")
    asleep = peer("cmpp", id="700008", active=False)
    changed = peer("cmpp", window=3)
    for peers in ((other, asleep, changed), ()):
        returns.follow(Directory(peers={one.id: one for one in peers}))
        assert {LOGIN} & {one.id for one in peers} == returns.lanes()
    run(returns.stop())
