"""
Addresses that ask too often wait; the others do not.
"""

from smsgw.admin.knocks import Knocks


def test_some_at_once_then_slowly() -> None:
    """
    Each address has its own bucket, filled with time.
    """
    knocks = Knocks(burst=2, rate=0.5)
    told = [knocks.take("192.0.2.1", 100.0) for _ in range(3)]
    assert [True, True, False] == told
    assert knocks.take("192.0.2.2", 100.0)
    assert not knocks.take("192.0.2.1", 101.0)
    assert knocks.take("192.0.2.1", 102.0)


def test_bounded() -> None:
    """
    However many addresses come, the memory of them stays small.
    """
    knocks = Knocks(burst=1, rate=0.1, most=3)
    for number in range(9):
        assert knocks.take(f"192.0.2.{number}", 100.0)
    assert not knocks.take("192.0.2.8", 100.0)
    assert knocks.take("192.0.2.0", 100.0)  # forgotten: it was seen first
    assert knocks.take("192.0.2.50", 200.0)
    assert not knocks.take("192.0.2.50", 200.0)
