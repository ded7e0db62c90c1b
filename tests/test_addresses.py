"""
Lists of addresses.
"""

from smsgw.addresses import welcome, within


def test_within() -> None:
    """
    Networks of both kinds; an IPv4 address may come dressed as IPv6.
    """
    networks = ("10.0.0.0/8", "2001:db8::/32")
    inside = ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1")
    assert [True] * 3 == [within(one, networks) for one in inside]
    outside = ("11.1.2.3", "2001:db9::1", "", "host")
    assert [False] * 4 == [within(one, networks) for one in outside]


def test_no_list_lets_everybody_in() -> None:
    """
    A list that is there does not.
    """
    assert welcome("11.1.2.3", ())
    assert not welcome("11.1.2.3", ("10.0.0.0/8",))
