"""
The header of entries; the exchange's contract is in contract_exchange.py.
"""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from smsgw.queues.memory_exchange import header_of

NUMBERS = st.integers(0, 2**40)


@given(st.text(), NUMBERS, st.text(max_size=70), NUMBERS, st.binary())
def test_header(name: str, expires_at: int, tally: str, size: int, rest: bytes) -> None:
    """
    The array at the start is read whatever follows it.
    """
    header = (name, expires_at, tally, size)
    assert header == header_of(msgspec.msgpack.encode(header) + rest)
