"""
A digest is good once.
"""

from smsgw.frontends.carrier.replays import FRESH, MOST, Replays


def test_a_digest_grows_stale() -> None:
    """
    Good for connections made at once, not for who comes with it later.
    """
    replays = Replays()
    assert not replays.stale("700001", b"d1", 0.0)
    assert not replays.stale("700001", b"d1", FRESH)
    assert replays.stale("700001", b"d1", FRESH + 1)
    assert not replays.stale("700002", b"d1", FRESH + 1)
    assert not replays.stale("700001", b"", 9 * FRESH)


def test_they_are_bounded() -> None:
    """
    Strangers cannot fill the memory.
    """
    replays = Replays()
    for number in range(MOST + 10):
        replays.stale("700001", b"%d" % number, 0.0)
    assert not replays.stale("700001", b"0", 2 * FRESH)
    assert replays.stale("700001", b"%d" % (MOST + 9), 2 * FRESH)
