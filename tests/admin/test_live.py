"""
Live pages: one look for all, each in their language, none when nobody watches.
"""

from twisted.internet.task import Clock

from smsgw.admin.live import EACH, Live, event
from smsgw.tasks import SystemClock


def test_everybody_gets_each_look() -> None:
    """
    Until they leave; then it stands still.
    """
    clock, looks = Clock(), [0]

    async def look() -> None:
        looks[0] += 1

    live = Live(SystemClock(clock), look, lambda language: f"{language} {looks[0]}")
    one: list[bytes] = []
    two: list[bytes] = []
    leave_one = live.watch(one.append, "zh")
    leave_two = live.watch(two.append, "en")
    clock.advance(EACH)
    assert [event("zh 1"), event("zh 2")] == one
    assert [event("en 2")] == two
    assert 2 == live.watching
    leave_one()
    leave_two()
    clock.advance(EACH)
    clock.advance(EACH)
    assert 2 == looks[0]
    live.watch(one.append, "zh")()
    assert not live.watching


def test_events() -> None:
    """
    A line of data for each line of markup.
    """
    assert b"event: shown\ndata: a\ndata: b\n\n" == event("a\nb")
