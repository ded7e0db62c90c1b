"""
The header of entries; the exchange's contract is in contract_exchange.py.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.queues.memory_exchange import header_of
from tests.queues.contract import header

SHORT, LONG = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)


@given(st.text(), LONG, st.text(max_size=70), SHORT, st.binary())
def test_header(name: str, expires_at: int, tally: str, size: int, rest: bytes) -> None:
    """
    What an entry begins with is read whatever follows it.
    """
    entry = header(name, expires_at, tally, size) + rest
    assert (name, expires_at, tally, size) == header_of(entry)
