"""
Five minutes of a channel, in one line.
"""

from smsgw.channels.history import SPAN, History, Period
from smsgw.rules.signs import Sample

BEGIN = 1_790_000_100.0


def test_a_period() -> None:
    """
    Counts are added, the fewest connections stay, delays become two figures.
    """
    history = History()
    delays = tuple(one / 100 for one in range(1, 21))
    history.count("cm", Sample(2, 2, taken=5, delays=delays), BEGIN + 1)
    history.count("cm", Sample(1, 2, refused=1, other=2, lost=3), BEGIN + 2)
    history.count("cm", Sample(2, 2, delivered=4, failed=1), BEGIN + SPAN - 1)
    assert [] == list(history.done)
    history.count("cm", Sample(2, 2), BEGIN + SPAN)
    wanted = Period("cm", BEGIN, 1, 2, 5, 1, 2, 3, 4, 1, 0.1, 0.19)
    assert [wanted] == list(history.done)


def test_a_channel_that_goes() -> None:
    """
    What is known of it stays; a clock that went back begins anew.
    """
    history = History()
    history.count("cm", Sample(1, 1, taken=1), BEGIN)
    history.close("cm")
    history.close("cm")
    history.count("cm", Sample(1, 1, taken=2), BEGIN)
    history.count("cm", Sample(1, 1, taken=4), BEGIN - SPAN)
    assert [1, 2] == [one.taken for one in history.done]
