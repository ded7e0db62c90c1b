"""
Tests for L{smsgw.cli.proving.whole}.
"""

from smsgw.cli.proving.whole import Wholes, long_text


def test_a_long_text_is_long_enough() -> None:
    """
    And not much longer.
    """
    assert 1000 <= len(long_text()) < 1040


def test_all_must_be_whole_and_delivered() -> None:
    """
    Of three carriers, and of at least one.
    """
    good = {"mobile": (True, 16, "delivered"), "unicom": (True, 16, "delivered")}
    assert Wholes(good).right
    assert not Wholes({}).right
    assert not Wholes({**good, "telecom": (False, 16, "delivered")}).right
    assert not Wholes({**good, "telecom": (True, 16, "submitted")}).right
