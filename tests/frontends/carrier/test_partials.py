"""
Long messages whose rest never came.
"""

import pytest

from smsgw.errors import Unavailable
from smsgw.frontends.carrier.partials import PATIENCE, Partials
from smsgw.frontends.carrier.ticket import Stub
from smsgw.message import Piece
from smsgw.queues.memory_parts import MemoryParts
from smsgw.tasks import spawn
from tests.support.guests import CONTRACTS, LOGIN, House, Ticking
from tests.support.worlds import NOW, run

PROTOCOLS = sorted({protocol for protocol, _ in CONTRACTS})


def partials(house: House) -> Partials:
    """
    Over the house's parts and its one door.
    """
    return Partials(
        house.parts,
        lambda login: house.desk if login == LOGIN else None,
        Ticking(house.timers),
    )


def begin(house: House, carrier_id: str, login: str = LOGIN, wants: bool = True) -> str:
    """
    The first of two parts; its message's key.
    """
    stub = Stub(carrier_id, login, "10690000", "13800138000", wants)
    piece = Piece(f"{login} {carrier_id}", 1, 2, b"...", stub.written())
    run(house.parts.keep([piece], NOW))
    return piece.key


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_sender_is_told(protocol: str) -> None:
    """
    After ten minutes each part that came gets the end of its time as receipt.
    """
    house = House(protocol)
    system = house.connect()
    carrier_id = house.desk.new_id(system.guest.host, 5)
    begin(house, carrier_id)
    sweeper = partials(house)
    assert 0 == run(sweeper.sweep())
    house.timers.advance(1.0)
    sweeper.clock = Ticking(house.timers)
    house.timers.rightNow = PATIENCE + 1.0
    work = spawn("sweep", sweeper.sweep())
    system.pump.flush()
    assert work.finished
    (receipt,) = system.receipts
    assert (carrier_id, "expired") == (receipt.carrier_id, receipt.state)
    assert [] == run(house.parts.begun(NOW * 2))


def test_a_sender_who_is_away_is_waited_for() -> None:
    """
    Nothing is dropped before it was told; who wants no receipt, or is gone for
    good, is not waited for.
    """
    house = House("cmpp")
    kept = begin(house, "0a")
    begin(house, "0b", wants=False)
    begin(house, "0c", login="gone")
    house.timers.rightNow = PATIENCE + 1.0
    assert 2 == run(partials(house).sweep())
    assert [kept] == [key for key, _ in run(house.parts.begun(NOW * 2))]


def test_a_sender_who_refuses() -> None:
    """
    A receipt that was not taken is told again at the next sweep.
    """
    house = House("cmpp")
    system = house.connect()
    system.takes = False
    begin(house, "0a")
    house.timers.rightNow = PATIENCE + 1.0
    work = spawn("sweep", partials(house).sweep())
    system.pump.flush()
    system.guest.abort()
    system.pump.flush()
    assert work.finished
    assert 1 == len(run(house.parts.begun(NOW * 2)))


def test_it_goes_on_through_trouble() -> None:
    """
    A store that is away for a while ends nothing.
    """
    house = House("cmpp")
    sweeper = partials(house)
    seen = []

    class Away(MemoryParts):
        """
        Parts that cannot be read.
        """

        async def begun(self, before: float, count: int = 100) -> list[object]:
            seen.append(before)
            raise Unavailable("away")

    sweeper.parts = Away()
    work = spawn("partials", sweeper.run())
    for _ in range(3):
        house.timers.advance(30.0)
    assert 3 == len(seen)
    work.cancel()
