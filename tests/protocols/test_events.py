"""
Events are compared by what they say.
"""

from smsgw.protocols.events import Closing, Expired


def test_equality() -> None:
    """
    Equal events are equal; a closing without tokens has none.
    """
    assert Expired(1, "a") == Expired(1, "a")
    assert Expired(1, "a") != Expired(2, "a")
    assert [] == Closing("framing").tokens
