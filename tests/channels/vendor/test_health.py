"""
A vendor that fails is left alone for a while.
"""

from smsgw.channels.vendor.health import Health


def test_rests_longer_each_time() -> None:
    """
    1 s doubling to 60 s; failures at the same time count once.
    """
    health, now, waits = Health(lambda: 0.5), 100.0, []
    for _ in range(8):
        assert health.well(now)
        health.unreached(now)
        health.unreached(now)
        begun = now
        while not health.well(now):
            now += 0.5
        waits.append(now - begun)
    assert [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0] == waits


def test_silence_counts_from_the_third() -> None:
    """
    An answer ends it.
    """
    health = Health(lambda: 0.5)
    health.unanswered(1.0)
    health.unanswered(1.0)
    assert health.well(1.0)
    health.unanswered(1.0)
    assert not health.well(1.0)
    health.answered()
    assert health.well(1.0)
    assert 0 == health.failed
