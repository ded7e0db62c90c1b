"""
The header of entries, as our side reads it.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.queues.entries import account_of, header_of, price_in, with_price
from tests.queues.contract import header

SHORT, LONG = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
TALLIES = st.text(max_size=70)


@given(st.text(), LONG, TALLIES, SHORT, LONG, st.binary())
def test_header(
    name: str, expires_at: int, tally: str, size: int, price: int, rest: bytes
) -> None:
    """
    What an entry begins with is read whatever follows it.
    """
    entry = header(name, expires_at, tally, size, price) + rest
    assert (name, expires_at, size, price, tally) == header_of(entry)
    assert price == price_in(entry)


@given(LONG, LONG)
def test_another_price(before: int, after: int) -> None:
    """
    Only the price changes.
    """
    entry = header("m1", 7, "his|20260921", 2, before)
    assert header("m1", 7, "his|20260921", 2, after) == with_price(entry, after)


def test_account() -> None:
    """
    A tally without its day.
    """
    assert "his" == account_of("his|20260921")
    assert "" == account_of("")
