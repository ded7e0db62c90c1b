"""
Octets on their way can be cut, glued, dribbled and swallowed.
"""

from typing import Any

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.faults import Faults
from smsgw.simulator.scenario import Latency, Scenario
from smsgw.simulator.wire import Wire
from tests.support.network import Pipe
from tests.support.simulated import Simulated, account

PDU = b"0123456789AB"
NUMBER = "13800138000"


class Heard:
    """
    The other end.
    """

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.lost = False

    def dataReceived(self, data: bytes) -> None:
        self.pieces.append(data)

    def connectionLost(self, reason: Any) -> None:
        self.lost = True


class Ends:
    """
    A wire and who hears it.
    """

    def __init__(self, **switches: object) -> None:
        self.clock, self.faults, self.heard = Clock(), Faults(), Heard()
        self.faults.set(**switches)
        self.flushed: list[int] = []
        own, other = Pipe(self.clock, Heard()), Pipe(self.clock, self.heard)
        own.other, other.other = other, own
        self.wire = Wire(own, self.clock, self.faults, lambda: self.flushed.append(1))

    def wait(self, seconds: float) -> list[bytes]:
        """
        Time passes in small steps.
        """
        for _ in range(int(seconds / 0.001)):
            self.clock.advance(0.001)
        return self.heard.pieces


def test_without_a_fault_a_write_is_a_write() -> None:
    """
    As it is, after what has to be safe before it.
    """
    ends = Ends()
    ends.wire.writeSequence([PDU, PDU])

    assert ([1], [PDU * 2]) == (ends.flushed, ends.wait(0.01))
    assert (ends.wire.getHost(), ends.wire.getPeer()) is not None


def test_a_cut_is_inside_of_the_last_pdu() -> None:
    """
    What comes before arrives whole; then the connection is gone.
    """
    ends = Ends(cut=1)
    ends.wire.write(PDU + PDU)

    assert [(PDU + PDU)[:-5]] == ends.wait(0.01)
    assert ends.heard.lost
    assert ends.faults.calm


def test_nothing_follows_a_cut() -> None:
    """
    Else the next PDU's octets would be taken for the missing ones: a response would
    say what nobody meant.
    """
    ends, socket = Ends(cut=1), StringTransport()
    ends.wire.transport = socket
    ends.wire.write(PDU)
    ends.wire.write(PDU)

    assert PDU[:-5] == socket.value()


def test_octet_by_octet() -> None:
    """
    In their order, also what is written meanwhile and before the end.
    """
    ends = Ends(bytewise=True)
    ends.wire.write(PDU)
    ends.wire.write(b"XY")
    ends.wire.loseConnection()
    pieces = ends.wait(0.1)

    assert PDU + b"XY" == b"".join(pieces)
    assert {1} == {len(one) for one in pieces}
    assert ends.heard.lost


def test_glued() -> None:
    """
    Several writes arrive as one.
    """
    ends = Ends(glue=0.05)
    for _ in range(3):
        ends.wire.write(PDU)
    assert [] == ends.wait(0.04)

    assert [PDU * 3] == ends.wait(0.02)


def test_mute() -> None:
    """
    Nothing arrives, and nobody is told.
    """
    ends = Ends(mute=True)
    ends.wire.write(PDU)

    assert [] == ends.wait(0.1)
    assert not ends.heard.lost


def test_an_abort_forgets_what_waits() -> None:
    """
    The rest is not written any more.
    """
    ends = Ends(bytewise=True)
    ends.wire.write(PDU)
    ends.wire.abortConnection()

    assert [] == ends.wait(0.1)
    assert ends.heard.lost


@pytest.mark.parametrize("protocol", SPOKEN)
@pytest.mark.parametrize("switches", [{"bytewise": True}, {"glue": 0.1}])
def test_a_session_does_not_mind(protocol: str, switches: dict[str, Any]) -> None:
    """
    However its octets come, all of them are understood.
    """
    faults = Faults()
    faults.set(**switches)
    simulated = Simulated(
        Scenario((account(),), (), Latency(0.0, 0.0, 0.1), faults, protocol=protocol)
    )
    guest = simulated.enter()
    simulated.advance(0.5)
    guest.submit(NUMBER, NUMBER)
    simulated.advance(0.5)

    assert (2, 2, 0) == (
        len(guest.ids),
        len(guest.receipts),
        guest.link.session.violations,
    )


@pytest.mark.parametrize("protocol", SPOKEN)
def test_who_was_deaf_hears_it_later(protocol: str) -> None:
    """
    What was not read waits in the socket.
    """
    simulated = Simulated(
        Scenario((account(),), (), Latency(0.0, 0.0, 0.1), protocol=protocol)
    )
    guest = simulated.enter()
    simulated.carrier.faults.set(deaf=True)
    guest.submit(NUMBER)
    guest.submit(NUMBER)
    simulated.advance(1.0)
    assert [] == guest.outcomes

    simulated.carrier.faults.set(deaf=False)
    simulated.carrier.wake()
    simulated.advance(1.0)
    assert (2, 2) == (len(guest.ids), len(guest.receipts))
