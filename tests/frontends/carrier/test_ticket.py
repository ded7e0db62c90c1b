"""
Tickets and stubs: written, read, and told from other people's data.
"""

import pytest

from smsgw.frontends.carrier.ticket import Stub, Ticket, read_stub, read_ticket

TICKET = Ticket("700001", ["00ff", "0100"], "1069000001", True)


def test_a_ticket_comes_back() -> None:
    """
    As callback data and back.
    """
    assert TICKET == read_ticket(TICKET.written())


@pytest.mark.parametrize("data", [None, "", "order 7", "peer:", "peer:{}", 7])
def test_what_is_no_ticket(data: object) -> None:
    """
    An application's own data is not mistaken for one.
    """
    assert read_ticket(data) is None


def test_a_stub_comes_back() -> None:
    """
    As a piece's note and back.
    """
    stub = Stub("00ff", "700001", "1069000001", "13800138000", False)
    assert stub == read_stub(stub.written())
