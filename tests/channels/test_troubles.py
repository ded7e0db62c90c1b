"""
Words for what goes wrong with a connection.
"""

from twisted.internet.error import ConnectionRefusedError, DNSLookupError, TimeoutError

from smsgw.channels.troubles import REASONS, Trouble, login_words, of_connecting


def test_what_keeps_a_connection_from_coming_about() -> None:
    """
    Each is told apart, for each has its own advice.
    """
    assert "unknown" == of_connecting(DNSLookupError())
    assert "silent" == of_connecting(TimeoutError())
    assert "closed" == of_connecting(ConnectionRefusedError())
    assert "lost" == of_connecting(None)


def test_why_a_session_ended() -> None:
    """
    What we wanted is no trouble; what nobody knows is a broken line.
    """
    assert None is Trouble.of("terminated", 0, 5.0)
    assert Trouble("framing", 5.0) == Trouble.of("violations", 0, 5.0)
    assert Trouble("silent", 5.0) == Trouble.of("silent", 0, 5.0)
    assert Trouble("lost", 5.0) == Trouble.of("nonsense", 0, 5.0)
    assert Trouble("login_refused", 5.0, 3) == Trouble.of("login_refused", 3, 5.0)


def test_words() -> None:
    """
    In Chinese and English, and the carrier's own of a code.
    """
    for what, advice in REASONS.values():
        assert all(what)
        assert bool(advice[0]) == bool(advice[1])
    assert all(login_words("cmpp", 3))
    assert ("", "") == login_words("cmpp", 99_999)
